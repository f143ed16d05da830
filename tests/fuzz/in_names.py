"""What goes wrong in whatever names something: ids, addresses, files, and courses that extend others."""

from __future__ import annotations

import random

from .in_yaml import put, refused_value, spots
from .mutant import Mutant, Refused, mutator
from .seeds import Seed

BAD_IDS = (
    "../../etc/passwd", "..", "/etc/passwd", "a/b", "a\\\\b", "Soil", "a b", "sоil", "soil-", "-soil",
    "a--b", "a_b", "ａ", "é", "a.b", "%2e%2e", "a\\u0000", "<script>", "{{ x }}", "C:", "~", "$HOME",
    "a" * 61, "a;b", "a|b", "#a", "naïve", "ſoil",
)  # fmt: skip
BAD_FILES = (
    "../secret.svg", "/etc/passwd", "..%2fa.svg", "a\\\\b.svg", "C:\\\\a.svg", "file:///etc/passwd",
    "http://a.org/b.svg", "//a.org/b.svg", "./a.svg", "a//b.svg", "a/../../b.svg", "data:image/png,x",
    "~/a.svg", "a b.svg", "bed.svg?x", "bed.svg#x", "bed.svg\\u0000", "-rf", "|id", "logos/", "{{ x }}",
)  # fmt: skip
BAD_URLS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>", "file:///etc/passwd",
    "ftp://a.org", "//a.org", "http:/a.org", "a.org", "https://", "https://a b", "http://a\\nb",
    " https://a.org", "vbscript:x", "https://a.org/\\\"><script>", "https://<x>", "mailto:a@b.org",
)  # fmt: skip


@mutator
def bad_id(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(seed, chance, f'"{chance.choice(BAD_IDS)}"', "Id", has_followers=True)


@mutator
def unknown_id(seed: Seed, chance: random.Random) -> Mutant | None:
    """Let something name what is not there, or give what is named another name."""
    names = {"comparison", "facts", "term", "source", "subjects", "criteria", "sections", "tags", "extends",
             "hide", "hide_tags", "handouts", "after", "before"}  # fmt: skip
    fit = [
        (file, spot)
        for file, spot in spots(seed, "Id")
        if spot.name in names and not ("guides/" in file and spot.name == "tags")
    ]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, "not-there-at-all", Refused(file, spot.line, has_followers=True))


@mutator
def duplicate_id(seed: Seed, chance: random.Random) -> Mutant | None:
    file = next(name for name in seed.yaml_files if name.startswith("content/guides/"))
    ids = [spot for spot in seed.spots[file] if spot.sort == "Id" and spot.path[-1] == "id"]
    if len(ids) < 2:
        return None
    first, second = sorted(chance.sample(ids, 2), key=lambda spot: spot.start)
    return put(seed, file, second, str(first.value), Refused(file, second.line, has_followers=True))


@mutator
def bad_address(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(seed, chance, f'"{chance.choice(BAD_URLS)}"', "Url")


@mutator
def bad_file_name(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed) if s.path[-1] in ("file", "logo")]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, f'"{chance.choice(BAD_FILES)}"', Refused(file, spot.line))


@mutator
def missing_file(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed) if s.path[-1] in ("file", "logo")]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    other = "lost" + str(spot.value)[-3:]
    return put(seed, file, spot, other, Refused(file, spot.line))


@mutator
def circle_of_courses(seed: Seed, chance: random.Random) -> Mutant | None:
    length = chance.choice([1, 2, 3, 15])
    head = "format: 1\ntitle: A course\nextends: "
    files = {
        f"content/courses/round-{n}.yaml": f"{head}round-{(n + 1) % length}\n".encode()
        for n in range(length)
    }
    expected = Refused("content/courses/round-0.yaml", 3, has_followers=True)
    return Mutant(seed, {**seed.files, **files}, expected)


@mutator
def chain_of_courses(seed: Seed, chance: random.Random) -> Mutant | None:
    length = chance.choice([20, 300])
    head = "format: 1\ntitle: A course\n"
    files = {
        f"content/courses/link-{n}.yaml": f"{head}extends: link-{n + 1}\n".encode()
        for n in range(length)
    }
    files[f"content/courses/link-{length}.yaml"] = head.encode()
    expected = Refused("content/courses/link-0.yaml", 3, has_followers=True)
    return Mutant(seed, {**seed.files, **files}, expected)

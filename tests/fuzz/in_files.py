"""What goes wrong with files and folders, locks and settings."""

from __future__ import annotations

import random
from dataclasses import replace

from .mutant import Accepted, Mutant, Refused, Undecided, edited, line_of, mutator
from .seeds import Seed

GUIDES = "content/guides"


def any_place(chance: random.Random, ending: str = ".yaml") -> str:
    folder = chance.choice([GUIDES, "content/comparisons", "content/courses"])
    return f"{folder}/new{ending}"


@mutator
def reserved_name(seed: Seed, chance: random.Random) -> Mutant:
    stem = chance.choice(["con", "nul", "aux", "prn", "com1", "lpt9"])
    name = any_place(chance).replace("new", stem)
    return Mutant(seed, {**seed.files, name: b"format: 1\n"}, Refused(name))


@mutator
def bad_name(seed: Seed, chance: random.Random) -> Mutant:
    stems = [
        "A",
        "a b",
        "a_b",
        "é",
        "-a",
        "a..b",
        "a" * 61,
        "a;b",
        "$x",
        "a'b",
        "{{x}}",
        "<x>",
        "a%2fb",
    ]
    name = any_place(chance).replace("new", chance.choice(stems))
    return Mutant(seed, {**seed.files, name: b"format: 1\n"}, Refused(name))


@mutator
def bad_picture_name(seed: Seed, chance: random.Random) -> Mutant:
    stem = chance.choice(
        ["a b", "é", "-a", "_a", "a'b", "a(1)", "{{x}}", "<x>", "a&b", "a#b", "a?b"]
    )
    name = f"content/figures/{stem}.svg"
    content = seed.files.get("content/figures/bed.svg", b"")
    return Mutant(seed, {**seed.files, name: content}, Refused(name))


@mutator
def stray_file(seed: Seed, chance: random.Random) -> Mutant:
    """What is never read is told as a warning, and harms nothing."""
    names = ["content/x.yaml", "content/guides/a.yml", "content/guides/a.txt", "content/shared/more.yaml",
             "content/figures/a.gif", "content/Guides/a.yaml", "content/courses/a.md", "x.yaml",
             "content/guides/.hidden.yaml", "content/guides/README.yaml", "content/figures/a.svg.bak"]  # fmt: skip
    return Mutant(seed, {**seed.files, chance.choice(names): b"\xff\0"}, Accepted(is_same=True))


@mutator
def dangling_link(seed: Seed, chance: random.Random) -> Mutant:
    name = any_place(chance, chance.choice([".yaml", ".yaml", ".yaml"]))
    return Mutant(seed, seed.files, Refused(name), links={name: "not-there.yaml"})


@mutator
def link_to_itself(seed: Seed, chance: random.Random) -> Mutant:
    name = any_place(chance)
    return Mutant(
        seed, seed.files, Refused(name), links={name: chance.choice(["new.yaml", "./new.yaml"])}
    )


@mutator
def link_out_of_the_project(seed: Seed, chance: random.Random) -> Mutant:
    target = chance.choice(
        ["/etc/passwd", "../../../../../etc/hosts", "/dev/zero", "/proc/self/environ"]
    )
    name = chance.choice(
        [any_place(chance), "content/figures/new.png", f"{GUIDES}/new.labels.lock"]
    )
    return Mutant(seed, seed.files, Refused(name), links={name: target})


@mutator
def link_within_the_project(seed: Seed, chance: random.Random) -> Mutant:
    name = next(name for name in seed.yaml_files if name.startswith(GUIDES))
    files = {**seed.files, "elsewhere.yaml": seed.files[name]}
    del files[name]
    return Mutant(seed, files, Accepted(is_same=True), links={name: "../../elsewhere.yaml"})


@mutator
def folder_like_a_file(seed: Seed, chance: random.Random) -> Mutant:
    name = chance.choice([any_place(chance), "content/shared/more.yaml", "content/figures/new.svg"])
    expected = (
        Refused(name) if name.startswith((GUIDES, "content/com", "content/cou")) else Accepted()
    )
    return Mutant(seed, seed.files, expected, folders=(name,))


@mutator
def pipe_like_a_file(seed: Seed, chance: random.Random) -> Mutant:
    name = chance.choice([any_place(chance), "content/figures/new.png"])
    return Mutant(seed, seed.files, Refused(name), pipes=(name,))


@mutator
def file_like_a_folder(seed: Seed, chance: random.Random) -> Mutant:
    folder = chance.choice(["figures", "courses", "comparisons", "shared"])
    files = {n: each for n, each in seed.files.items() if not n.startswith(f"content/{folder}/")}
    name = f"content/{folder}"
    expected = Refused(name, 1, has_followers=True) if folder != "shared" else Undecided()
    return Mutant(seed, {**files, name: b"x"}, expected)


@mutator
def very_many_files(seed: Seed, chance: random.Random) -> Mutant:
    """One time in ten only, since making them is what takes long."""
    is_too_many = chance.random() < 0.1
    folder = chance.choice(["figures", "guides"])
    count = 5_100 if is_too_many else 200
    files = {f"content/{folder}/n{n}.svg": b"" for n in range(count)}
    expected = Refused(f"content/{folder}", 1, has_followers=True) if is_too_many else Undecided()
    return Mutant(seed, {**seed.files, **files}, expected)


@mutator
def deep_folders(seed: Seed, chance: random.Random) -> Mutant:
    name = "content/figures/" + "a/" * chance.choice([12, 100])
    place = "content/figures/" + "/".join("a" * 8)
    return replace(Mutant(seed, seed.files, Refused(place)), folders=(name,))


@mutator
def deleted_file(seed: Seed, chance: random.Random) -> Mutant:
    files = dict(seed.files)
    del files[chance.choice([*files])]
    return Mutant(seed, files, Undecided(), folders=("content",))


@mutator
def broken_lock(seed: Seed, chance: random.Random) -> Mutant | None:
    locks = [name for name in seed.files if name.endswith(".lock")]
    if not locks:
        return None
    text = seed.text(locks[0])
    labels = [line for line in text.split("\n") if line and not line.startswith("#")]
    junk = chance.choice(["junk", "A1", "A1 table", "Z section a b", "1A table x", "a1 table x", "A section",
                          "A1 section x", "Z table x", "<script>", "{{ x }}", "AA١ table x", labels[0],
                          labels[-1], labels[0] + "-x", "\tA section x"])  # fmt: skip
    return edited(seed, locks[0], text + junk + "\n", Refused(locks[0], line_of(text, len(text))))


@mutator
def broken_settings(seed: Seed, chance: random.Random) -> Mutant:
    faults = [("format: 2\n", 1), ("format: 1\nback_offset:\n  x: far\n", 3), ("- a\n", 1), ("format: [1]\n", 1),
              ("format: 1\nback_offset: 3\n", 2), ("format: 1\nback_ofset: {x: 1}\n", 2), ("a\n", 1),
              ("format: 1\nback_offset:\n  x: 99\n", 3), ("format: 1\nback_offset:\n  z: 1\n", 3), ("", 1),
              ("format: 1\nback_offset:\n  x: nan\n", 3), ("format: 1\nback_offset:\n  x: &a 1\n", 3),
              ("format: 1\nback_offset:\n  x: [1]\n", 3), ("format: 1\nback_offset: [1, 2]\n", 2),
              ("back_offset: {x: 1}\n", 1), ("format: 1\nback_offset:\n  x: ٣\n", 3), ("format: 1\nformat: 1\n", 2),
              ("format: 1\nback_offset:\n  x: 0x1\n", 3), ("format: \"1\nx: 2\n", 1), ("format:\n", 1)]  # fmt: skip
    text, line = chance.choice(faults)
    return edited(seed, "settings.yaml", text, Refused("settings.yaml", line, has_followers=True))

"""What goes wrong in YAML, and what is another way to write the same."""

from __future__ import annotations

import json
import random
import re

from .in_bytes import any_file
from .mutant import Accepted, Expectation, Mutant, Refused, Undecided, edited, line_of, mutator
from .seeds import Seed, Spot

TEXTS = frozenset({"Name", "Alt", "Inline", "Markdown"})


def quoted(text: str) -> str:
    """Return ``text`` in double quotes, which stands anywhere in YAML."""
    return json.dumps(text, ensure_ascii=False)


def spots(seed: Seed, *sorts: str) -> list[tuple[str, Spot]]:
    """Return the spots of these sorts with their files; all without sorts."""
    return [
        (file, spot)
        for file, found in seed.spots.items()
        for spot in found
        if spot.path and (not sorts or spot.sort in sorts)
    ]


def put(seed: Seed, file: str, spot: Spot, source: str, expectation: Expectation) -> Mutant:
    """Write ``source`` in the place of the value at ``spot``."""
    text = seed.text(file)
    end = spot.end
    while text[end - 1] in " \n" and end > spot.start:
        end -= 1
    return edited(seed, file, text[: spot.start] + source + text[end:], expectation)


def refused_value(
    seed: Seed, chance: random.Random, source: str, *sorts: str, has_followers: bool = False
) -> Mutant | None:
    """Write ``source`` in the place of some value, where it must be refused."""
    fit = spots(seed, *sorts)
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, source, Refused(file, spot.line, has_followers))


def plain_spots(seed: Seed) -> list[tuple[str, Spot]]:
    """Return the texts and words that stand on the line of their key, outside of brackets."""
    return [
        (file, spot)
        for file, spot in spots(seed, *TEXTS, "word", "Id", "Date")
        if not spot.is_flow
        and not spot.is_block
        and spot.key_start is not None
        and "\n" not in seed.text(file)[spot.key_start : spot.end]
    ]


def on_plain_spot(
    seed: Seed, chance: random.Random, source: str, *, has_followers: bool = True
) -> Mutant | None:
    """Write ``source`` in the place of a text that stands outside of brackets."""
    fit = plain_spots(seed)
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, source, Refused(file, spot.line, has_followers))


def indented_line(seed: Seed, chance: random.Random) -> tuple[str, int, int] | None:
    """Return the file, the number and the start of a line with a value below the top level."""
    fit = [(f, s) for f, s in plain_spots(seed) if len(s.path) > 1]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return file, spot.line, seed.text(file).rindex("\n", 0, spot.start) + 1


@mutator
def tab(seed: Seed, chance: random.Random) -> Mutant | None:
    if not (found := indented_line(seed, chance)):
        return None
    file, line, start = found
    text = seed.text(file)
    return edited(
        seed, file, text[:start] + "\t" + text[start:].lstrip(" "), Refused(file, line, True)
    )


@mutator
def unclosed_double_quote(seed: Seed, chance: random.Random) -> Mutant | None:
    return on_plain_spot(seed, chance, '"never closed')


@mutator
def unclosed_single_quote(seed: Seed, chance: random.Random) -> Mutant | None:
    return on_plain_spot(seed, chance, "'never closed")


@mutator
def unclosed_bracket(seed: Seed, chance: random.Random) -> Mutant | None:
    return on_plain_spot(
        seed, chance, chance.choice(["[a, b", "{a: b", "[", "{", "[a, [b]", "{a: [b}"])
    )


@mutator
def closing_bracket(seed: Seed, chance: random.Random) -> Mutant | None:
    return on_plain_spot(seed, chance, chance.choice(["] a", "} a", "[a]]", "{a: b}}"]))


@mutator
def wrong_indentation(seed: Seed, chance: random.Random) -> Mutant | None:
    if not (found := indented_line(seed, chance)):
        return None
    file, _, start = found
    text = seed.text(file)
    more = chance.choice([" ", "   ", "     "])
    return edited(seed, file, text[:start] + more + text[start:], Undecided())


@mutator
def less_indentation(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [
        (file, spot)
        for file, spot in plain_spots(seed)
        if re.search(r"\n( +)\w.*\n\1$", seed.text(file)[: spot.key_start])
    ]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    text, at = seed.text(file), spot.key_start or 0
    return edited(seed, file, text[: at - 1] + text[at:], Refused(file, spot.line, True))


@mutator
def alias_or_anchor(seed: Seed, chance: random.Random) -> Mutant | None:
    source = chance.choice(["&a x", "*a", "**bold** text", "& b", "*"])
    return on_plain_spot(seed, chance, source)


@mutator
def billion_laughs(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    steps = "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" if n else "a0: &a0 [lol, lol]\n"
        for n in range(10)
    )
    text = seed.text(file)
    line = line_of(text, len(text))
    return edited(seed, file, text + steps, Refused(file, line, has_followers=True))


@mutator
def merge_key(seed: Seed, chance: random.Random) -> Mutant:
    return added_lines(seed, chance, "<<: {title: x}", 0)


def added_lines(seed: Seed, chance: random.Random, source: str, line: int) -> Mutant:
    """Put lines at the end of a file; the fault is in the one with this number, from 0."""
    file = any_file(seed, chance)
    text = seed.text(file)
    at = line_of(text, len(text)) + line
    return edited(seed, file, f"{text}{source}\n", Refused(file, at, has_followers=True))


@mutator
def tag(seed: Seed, chance: random.Random) -> Mutant | None:
    tags = [
        "!!python/object/apply:os.system [id]",
        "!!python/name:os.system x",
        "!!binary aGk=",
        "!!str x",
        "!x y",
        "! z",
        "!!set {a, b}",
        "!<tag:yaml.org,2002:str> x",
        "!e!x y",
    ]
    return on_plain_spot(seed, chance, chance.choice(tags))


@mutator
def several_documents(seed: Seed, chance: random.Random) -> Mutant:
    source = chance.choice(["---\na: b", "---\n- x", "...\n---\nx: y"])
    return added_lines(seed, chance, source, int(source.startswith("...")))


@mutator
def directive(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    head = chance.choice(["%YAML 1.1\n---\n", "%TAG !e! tag:x,2000:\n---\n", "%FOO\n---\n"])
    return edited(seed, file, head + seed.text(file), Refused(file, 1))


@mutator
def duplicate_key(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in plain_spots(seed) if seed.text(f)[: s.key_start].endswith(" ")]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    text, key = seed.text(file), spot.path[-1]
    column = (spot.key_start or 0) - (text.rindex("\n", 0, spot.start) + 1)
    line = f"\n{' ' * column}{key}: again"
    return edited(
        seed, file, text[: spot.end] + line + text[spot.end :], Refused(file, spot.line + 1)
    )


@mutator
def key_without_value(seed: Seed, chance: random.Random) -> Mutant | None:
    return on_plain_spot(seed, chance, chance.choice(["", "# remark"]))


@mutator
def complex_key(seed: Seed, chance: random.Random) -> Mutant:
    return added_lines(seed, chance, chance.choice(["? [a]\n: b", "{a: b}: c", "? {a: b}\n: c"]), 0)


@mutator
def deep_nesting(seed: Seed, chance: random.Random) -> Mutant | None:
    depth = chance.choice([60, 400, 900])
    flow = chance.choice(["[" * depth + "]" * depth, "{a: " * depth + "b" + "}" * depth])
    return on_plain_spot(seed, chance, flow.replace("[[", "[ [").replace("]]", "] ]"))


@mutator
def deep_blocks(seed: Seed, chance: random.Random) -> Mutant:
    depth = chance.choice([45, 300])
    text = chance.choice(["- " * depth + "x", "".join(f"{' ' * n}a{n}:\n" for n in range(depth))])
    line = 39 if "\n" in text else 0
    return added_lines(seed, chance, f"deep:\n  {text}" if line == 0 else text, line or 1)


@mutator
def many_values(seed: Seed, chance: random.Random) -> Mutant:
    source = chance.choice(["many: [" + "[], " * 6_000 + "[]]", "many:\n" + "  - a\n" * 6_000])
    file = any_file(seed, chance)
    return edited(seed, file, seed.text(file) + source, Refused(file, None, has_followers=True))


@mutator
def unquoted_sign(seed: Seed, chance: random.Random) -> Mutant | None:
    signs = [
        "@home",
        "`id`",
        "%x",
        "a: b: c",
        "word: and more",
        "- item",
        "? x",
        "| text",
        "> text",
        "[x] text",
        '"a" b',
        "'a' b",
        "'it's'",
        "|9x",
        ">-+x",
        "|#",
        "{{ name }} x",
    ]
    return on_plain_spot(seed, chance, chance.choice(signs))


@mutator
def bad_escape(seed: Seed, chance: random.Random) -> Mutant | None:
    escapes = [
        r"\ud800",
        r"\udfff x",
        r"a\0b",
        r"\e",
        r"\x07",
        r"\u202e",
        r"\uFEFF",
        r"\N",
        r"\L",
        r"\q",
        r"C:\dir",
        r"\u12",
        r"\xZ",
        r"\UFFFFFFFF",
        r"\U00110000",
        r"\u2028",
    ]
    return on_plain_spot(seed, chance, f'"{chance.choice(escapes)}"')


@mutator
def long_word(seed: Seed, chance: random.Random) -> Mutant | None:
    word = chance.choice(["x" * 1_001, "/" * 5_000, "é" * 1_500, "a-" * 50_000, "\u00ad" * 1_200])
    source = chance.choice([word, f"a {word} b", quoted(word)])
    return on_plain_spot(seed, chance, source)


# What follows is right: other ways to write the very same.


@mutator
def remarks(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    text = seed.text(file)
    plain = [spot for other, spot in plain_spots(seed) if other == file]
    spot = chance.choice(plain)
    start = text.rfind("\n", 0, spot.start) + 1
    if text[start : spot.key_start].strip(" -"):
        start = 0
    line = " " * chance.randrange(9) + "# {{ 1337*7331 }} <script> \n" + "\n" * chance.randrange(3)
    return edited(seed, file, text[:start] + line + text[start:], Accepted(is_same=True))


@mutator
def other_quotes(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in plain_spots(seed) if "\\" not in s.value]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    single = "'" + spot.value.replace("'", "''") + "'"
    ways = [
        quoted(spot.value),
        single,
        f"|-\n{' ' * 30}{spot.value}",
        f">-\n{' ' * 30}{spot.value}",
    ]
    return put(seed, file, spot, chance.choice(ways), Accepted(is_same=True))


@mutator
def document_marks(seed: Seed, chance: random.Random) -> Mutant:
    file = any_file(seed, chance)
    start = chance.choice(["---\n", "# first\n---\n", "\n\n--- # here\n"])
    return edited(seed, file, start + seed.text(file), Accepted(is_same=True))


@mutator
def deeper_lists(seed: Seed, chance: random.Random) -> Mutant:
    """Indent everything below the top by two more."""
    file = any_file(seed, chance)
    lines = seed.text(file).split("\n")
    moved = "\n".join(f"  {line}" if line.startswith(" ") else line for line in lines)
    return edited(seed, file, moved, Accepted(is_same=True))

"""What goes wrong in the fields of content: types, deletions, numbers, dates, choices and lengths."""

from __future__ import annotations

import itertools
import random

from .in_yaml import TEXTS, plain_spots, put, quoted, refused_value, spots
from .mutant import Accepted, Mutant, Refused, edited, mutator
from .seeds import Seed, Spot

# What may be missing, by the key; all else is asked for.
OPTIONAL = frozenset(
    {"subtitle", "language", "paper", "tags", "id", "title", "for", "intro", "note", "why", "unit"}
)
REQUIRED = frozenset(
    {"lead", "sections", "blocks", "caption", "columns", "rows", "alt", "events", "letters", "word"}
    | {"question", "options", "answer", "answers", "pairs", "left", "right", "subjects", "criteria"}
    | {"name", "values", "label", "value", "place", "source", "as_of", "review_by", "publisher"}
    | {"short", "term", "facts", "sources", "terms", "stands_for", "letter", "when", "style"}
    | {"kind", "type", "format", "comparison"}
)
IMPOSSIBLE_DATES = (
    "2024-13-45", "2023-02-29", "2024-00-10", "2024-04-31", "0000-01-01", "2024-1-1", "20240101",
    "24-01-01", "2024-01-01T00:00", "yesterday", "2024/01/01", "-2024", "２０２４", "2024-13", "99999",
)  # fmt: skip
BAD_NUMBERS = ("0x10", "1e9", "nan", ".nan", ".inf", "-1", "100000000000000000000", "3.7", "ten",
               "1:30", "", "1,5", "0o17", "٣٣٣٣", "--1", "1_0_0_0_0", "[3]", "{a: 3}")  # fmt: skip
BAD_FLAGS = ("maybe", "2", "tru", "[true]", "{a: true}", "nein", "0x1", "~", "null")
BAD_CHOICES = ("magic", "PROSE", "prose ", "x" * 500, "{{ x }}", "<b>", "1e3", "null", "[a, b]")


@mutator
def wrong_type(seed: Seed, chance: random.Random) -> Mutant | None:
    sorts = {
        "[a, b]": (*TEXTS, "Id", "Date", "Url", "number", "flag"),
        "{a: b}": (*TEXTS, "Id", "Date", "Url", "number", "flag"),
        "just words": ("list", "mapping", "number", "flag"),
        "3": ("list", "mapping"),
        "[[a]]": ("mapping", "flag", "number"),
    }
    source = chance.choice([*sorts])
    fit = [
        (file, spot)
        for file, spot in spots(seed, *sorts[source])
        # A comparison's value may be a list, and a column a text or a mapping.
        if not {"values", "columns"} & set(spot.path)
    ]
    file, spot = chance.choice(fit)
    return put(seed, file, spot, source, Refused(file, spot.line, has_followers=True))


@mutator
def empty_value(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(
        seed, chance, '""', *TEXTS, "Id", "Date", "number", "flag", has_followers=True
    )


@mutator
def empty_list(seed: Seed, chance: random.Random) -> Mutant | None:
    names = {"items", "events", "letters", "blocks", "sections", "rows", "columns", "options",
             "answers", "pairs", "subjects", "criteria"}  # fmt: skip
    fit = [(f, s) for f, s in spots(seed, "list") if s.name in names and "courses" not in f]
    fit = [(f, s) for f, s in fit if isinstance(s.path[-1], str) and not _narrows(s)]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, "[]", Refused(file, spot.line, has_followers=True))


def _narrows(spot: Spot) -> bool:
    return spot.name in ("subjects", "criteria") and len(spot.path) > 1


@mutator
def unknown_key(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = plain_spots(seed)
    file, spot = chance.choice(fit)
    text, start = seed.text(file), spot.key_start or 0
    column = start - (text.rfind("\n", 0, start) + 1)
    key = chance.choice(
        ["colour", "titel", "__class__", "constructor", "x-y", "1", "Title", "{{x}}"]
    )
    if spot.name == "format" or {"titles", "values", "facts", "sources", "terms"} & set(
        spot.path[-2:-1]
    ):
        return None
    line = f"\n{' ' * column}{quoted(key)}: red"
    changed = text[: spot.end] + line + text[spot.end :]
    return edited(seed, file, changed, Refused(file, spot.line + 1))


@mutator
def misspelt_key(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [
        (f, s)
        for f, s in plain_spots(seed)
        if s.name in REQUIRED and s.name not in ("kind", "type")
    ]
    fit = [(f, s) for f, s in fit if isinstance(s.path[-1], str) and len(s.name) > 3]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    text, start = seed.text(file), spot.key_start or 0
    changed = text[:start] + spot.name[:-1] + "q" + text[start + len(spot.name) :]
    return edited(seed, file, changed, Refused(file, spot.line, has_followers=True))


@mutator
def missing_key(seed: Seed, chance: random.Random) -> Mutant | None:
    """Delete a line that must be there; what is told stands at the first line around it."""
    fit = [
        (file, spot)
        for file, spot in plain_spots(seed)
        if spot.name in REQUIRED - OPTIONAL and isinstance(spot.path[-1], str)
        and not seed.text(file)[: spot.key_start].endswith("- ")
        and "courses" not in file
        and not ("comparisons" in file and spot.name == "kind")
        and not (spot.name == "caption" and _kind_beside(seed, file, spot) == "comparison")
    ]  # fmt: skip
    if not fit:
        return None
    file, spot = chance.choice(fit)
    text = seed.text(file)
    start = text.rfind("\n", 0, spot.start) + 1
    changed = text[:start] + text[text.index("\n", spot.end - 1) + 1 :]
    around = next(each for each in seed.spots[file] if each.path == spot.path[:-1])
    if around.path:
        line = around.line
    else:  # the first line that is no remark
        line = next(n for n, each in enumerate(changed.split("\n"), 1) if each[:1].isalpha())
    return edited(seed, file, changed, Refused(file, line, has_followers=True))


def _kind_beside(seed: Seed, file: str, spot: Spot) -> object:
    """Return the kind of the block that ``spot`` is a field of."""
    path = (*spot.path[:-1], "kind")
    return next((each.value for each in seed.spots[file] if each.path == path), None)


@mutator
def unknown_kind(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed, "word") if s.path[-1] in ("kind", "type", "style", "for",
           "align", "language", "paper", "accent", "formats", "editions")]  # fmt: skip
    if not fit:
        return None
    file, spot = chance.choice(fit)
    source = chance.choice(BAD_CHOICES)
    source = source if source.startswith("[") else quoted(source)
    return put(seed, file, spot, source, Refused(file, spot.line, has_followers=True))


@mutator
def bad_number(seed: Seed, chance: random.Random) -> Mutant | None:
    source = chance.choice(BAD_NUMBERS)
    source = source if source[:1] in "[{" and source else quoted(source)
    fit = [
        (f, s) for f, s in spots(seed, "number") if not (s.name == "text_size" and source == "3.7")
    ]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, source, Refused(file, spot.line))


@mutator
def bad_flag(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(seed, chance, chance.choice(BAD_FLAGS), "flag")


@mutator
def impossible_date(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(seed, chance, quoted(chance.choice(IMPOSSIBLE_DATES)), "Date")


@mutator
def too_long(seed: Seed, chance: random.Random) -> Mutant | None:
    length = {"Name": 301, "Alt": 601, "Inline": 5_001, "Markdown": 100_001, "Id": 61, "Letter": 5}
    sort = chance.choice([*length])
    words = ("word " * length[sort])[: length[sort] - 1] + "x"
    return refused_value(seed, chance, quoted(words), sort, has_followers=True)


@mutator
def several_lines(seed: Seed, chance: random.Random) -> Mutant | None:
    return refused_value(seed, chance, r'"two\nlines"', "Name", "Alt", has_followers=True)


@mutator
def another_format_number(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed) if s.path == ("format",)]
    file, spot = chance.choice(fit)
    source = chance.choice(["2", "1.0", "one", '""', "[1]", "01", '" 1"'])
    return put(seed, file, spot, source, Refused(file, spot.line))


@mutator
def another_top(seed: Seed, chance: random.Random) -> Mutant:
    """A list, a text, or nothing but a number where a mapping should be."""
    file = chance.choice(seed.yaml_files)
    source = chance.choice(["- a\n- b\n", "just words\n", "42\n", "[]\n", "{}\n", "'a'\n"])
    return edited(seed, file, source, Refused(file, 1, has_followers=True))


@mutator
def uneven_row(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed, "list") if s.path[-2:-1] == ("rows",)]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, "[a, b, c, d, e, f, g, h, i]", Refused(file, spot.line))


@mutator
def answer_that_is_none(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed, "word") if s.path[-1] == "answer"]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(
        seed, file, spot, chance.choice(["H", "Z", "b", "BB", "1"]), Refused(file, spot.line)
    )


@mutator
def accent_nobody_can_read(seed: Seed, chance: random.Random) -> Mutant | None:
    fit = [(f, s) for f, s in spots(seed, "word") if s.path[-1] == "accent"]
    if not fit:
        return None
    file, spot = chance.choice(fit)
    source = chance.choice(["#ffffff", "#ff0", "red", "#gggggg", "url(x)", "#1f4e79;}", "#fffffe"])
    return put(seed, file, spot, quoted(source), Refused(file, spot.line))


# What follows is right.


@mutator
def strange_words(seed: Seed, chance: random.Random) -> Mutant | None:
    """What other programs take for something else is text here."""
    words = [
        "NO",
        "yes",
        "1:30",
        "1.10",
        "2023-05-17",
        "~",
        "null",
        "0x1F",
        "1e3",
        ".inf",
        "=",
        "<<x",
    ]
    fit = spots(seed, "Name", "Alt")
    if not fit:
        return None
    file, spot = chance.choice(fit)
    return put(seed, file, spot, chance.choice(words), Accepted())


@mutator
def other_order_of_keys(seed: Seed, chance: random.Random) -> Mutant | None:
    """Swap two keys of a mapping that stand on lines below each other."""
    plain = plain_spots(seed)
    pairs = [
        (file, one, two)
        for (file, one), (other, two) in itertools.pairwise(plain)
        if file == other
        and one.path[:-1] == two.path[:-1]
        and one.line + 1 == two.line
        and len(one.path) > 1
        and not seed.text(file)[: one.key_start].endswith("- ")
        and "titles" not in one.path
    ]
    if not pairs:
        return None
    file, one, two = chance.choice(pairs)
    lines = seed.text(file).split("\n")
    lines[one.line - 1], lines[two.line - 1] = lines[two.line - 1], lines[one.line - 1]
    return edited(seed, file, "\n".join(lines), Accepted(is_same=True))

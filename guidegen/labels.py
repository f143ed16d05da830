"""Printed labels that stay the same in every edition of a guide, kept in a lock file beside it.

A section has a letter, and each table, figure and question the letter of its section with a
number: "Table K3" is the same table in every course, in large print and in the key. A label once
given is never given to anything else, even when its section or table is gone. What a course adds
of its own carries small letters ("Table Ka") or, for whole sections, numbers ("1").
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import ascii_lowercase, ascii_uppercase

from guidegen.letters import WORD
from guidegen.models import (
    Block,
    ComparisonBlock,
    FactsBlock,
    FigureBlock,
    Guide,
    Labels,
    Question,
    QuestionsBlock,
    Section,
    TableBlock,
)
from guidegen.origin import Origin
from guidegen.problems import Problem

Key = tuple[str, str]
"""What is labelled: its group (section, table, figure, question) and its name there."""

LOCK_ENDING = ".labels.lock"
_LINE = re.compile(r"^([A-Z]+)([0-9]*) (section|table|figure|question) (\S+)$")
_SLUG_LENGTH = 50
_LATIN_WORD = re.compile("[a-z0-9]+")
_AFTER_LATIN = "\u0250"  # where Unicode's blocks of Latin letters end


def key_of(block: Block) -> Key | None:
    """Return the key of a numbered block: its id, or else its caption in lower case."""
    match block:
        case TableBlock() | FactsBlock():
            return "table", block.id or _slug(block.caption)
        case ComparisonBlock():
            return "table", block.id or block.comparison
        case FigureBlock():
            return "figure", block.id or _slug(block.file)
        case _:
            return None


def question_key(question: Question) -> Key:
    """Return the key of a question: its id, or else its first words in lower case."""
    return "question", question.id or _slug(question.question)


def assign(guide: Guide, locked: Labels) -> Labels:
    """Return ``locked`` with a label for everything in ``guide`` that has none yet.

    ``guide`` is the whole guide, before any course has changed it.
    """
    by_key = dict(locked.by_key)
    letters = _letters_after(by_key)
    numbers = _last_numbers(by_key)
    for section in guide.sections:
        if section.is_generated:
            continue
        letter = by_key.get(("section", section.id)) or next(letters)
        by_key[("section", section.id)] = letter
        for key, _ in keys_in(section):
            if key not in by_key:
                numbers[key[0], letter] += 1
                by_key[key] = f"{letter}{numbers[key[0], letter]}"
    return Labels(by_key)


def keys_in(section: Section) -> Iterator[tuple[Key, Origin]]:
    """Yield the keys of what is numbered in ``section``, in order, with their places."""
    for block in section.blocks:
        if key := key_of(block):
            yield key, block.origin
        if isinstance(block, QuestionsBlock):
            yield from ((question_key(each), each.origin) for each in block.items)


def lock_text(guide: str, labels: Labels) -> str:
    """Return the lock file of the guide with this id."""
    head = (
        f"# The printed labels of {guide}, made by `guidegen labels`. Keep this file with the\n"
        "# guide: a label that stands here is never given to anything else.\n"
    )
    entries = sorted(labels.by_key.items(), key=lambda entry: (_order(entry[1]), entry[0]))
    return head + "".join(f"{label} {group} {name}\n" for (group, name), label in entries)


def read_lock(text: str, file: str) -> tuple[Labels, list[Problem]]:
    """Return the labels in a lock file's text, and what is wrong with it."""
    by_key: dict[Key, str] = {}
    problems: list[Problem] = []
    taken: dict[tuple[str, str], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.match(line)
        if match is None or (match[3] == "section") != (match[2] == ""):
            problems.append(_bad_line(file, number, f"{line[:60]!r} is not a label"))
            continue
        label, key = match[1] + match[2], (match[3], match[4])
        if (match[3], label) in taken or key in by_key:
            problems.append(_bad_line(file, number, f"{label} or {match[4]} stands twice"))
        taken[match[3], label] = number
        by_key[key] = label
    return Labels(by_key), problems


def local_numbers() -> Iterator[str]:
    """Yield the labels of a course's own sections."""
    return (str(number) for number in itertools.count(1))


def local_letters() -> Iterator[str]:
    """Yield the ends of labels that a course adds to a section of the guide."""
    return _words(ascii_lowercase)


def _bad_line(file: str, number: int, message: str) -> Problem:
    hint = "the file is made by `guidegen labels`; restore the last good version"
    return Problem(Origin(file, number), "bad-lock", message, hint)


def _letters_after(by_key: Mapping[Key, str]) -> Iterator[str]:
    """Yield the letters of sections that no section has yet."""
    taken = {label for (group, _), label in by_key.items() if group == "section"}
    return (word for word in _words(ascii_uppercase) if word not in taken)


def _last_numbers(by_key: Mapping[Key, str]) -> Counter[tuple[str, str]]:
    """Return the highest number given in each group under each letter."""
    numbers: Counter[tuple[str, str]] = Counter()
    for (group, _), label in by_key.items():
        letter = label.rstrip("0123456789")
        number = int(label[len(letter) :] or 0)
        numbers[group, letter] = max(numbers[group, letter], number)
    return numbers


def _words(alphabet: str) -> Iterator[str]:
    """Yield A, B, … Z, AA, AB, … over ``alphabet``."""
    for length in itertools.count(1):
        for letters in itertools.product(alphabet, repeat=length):
            yield "".join(letters)


def _order(label: str) -> tuple[int, str, int]:
    letters = label.rstrip("0123456789")
    return len(letters), letters, int(label[len(letters) :] or 0)


def _slug(text: str) -> str:
    # Latin texts keep the keys that stand in lock files; others have none with these letters alone.
    is_latin = all(letter < _AFTER_LATIN for letter in text if letter.isalpha())
    words: Iterable[str] = (_LATIN_WORD if is_latin else WORD).findall(text.lower())
    return "-".join(words)[:_SLUG_LENGTH].rstrip("-") or "untitled"

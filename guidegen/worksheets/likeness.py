"""When could a reader take one value for another? Such values are never each other's wrong option.

What is asked here errs on the side of likeness: a question lost is better than a question with
two right answers.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from guidegen.letters import LETTER
from guidegen.worksheets.grid import Cell, Grid

_TOKEN = re.compile(rf"\d[\d,]*(?:\.\d+)?|(?:(?!\d){LETTER})+")
_EMPTY = frozenset({"a", "an", "the", "of", "and", "or", "to", "about", "with"})
_MOST_OF_A_RANGE = 2


def alike(first: Cell, second: Cell, grid: Grid) -> bool:
    """Return whether two values are equal, or one contains the other, in words or in numbers."""
    return texts_alike(first.text, second.text, grid.synonyms)


def texts_alike(first: str, second: str, synonyms: Mapping[str, str]) -> bool:
    """Return what :func:`alike` does, of texts."""
    one, other = _words(first), _words(second)
    if one <= other or other <= one or _same_numbers(one, other):
        return True
    return _spelled_out(one, synonyms) == _spelled_out(other, synonyms)


def apart(cells: Iterable[Cell], grid: Grid) -> list[Cell]:
    """Return the cells, the first of each that are alike, in their order."""
    kept: list[Cell] = []
    for cell in cells:
        if not any(alike(cell, other, grid) for other in kept):
            kept.append(cell)
    return kept


def names_itself(cell: Cell) -> bool:
    """Return whether the value names its own subject, and so gives itself away."""
    text = _sequence(cell.text)
    return any(
        name and text[at : at + len(name)] == name
        for name in (_sequence(cell.subject.name), _sequence(cell.subject.detail))
        for at in range(len(text))
    )


def _sequence(text: str) -> list[str]:
    return list(_tokens(text))


@functools.lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    tokens = frozenset(_tokens(text))
    return tokens - _EMPTY or tokens or frozenset([text.strip()])


def _spelled_out(words: frozenset[str], synonyms: Mapping[str, str]) -> frozenset[str]:
    """Return the words with long forms for abbreviations.

    Long forms only count for equality: all words of EMT are in AEMT, which is something else.
    """
    return frozenset(part for word in words for part in _words(synonyms.get(word, word)))


def _tokens(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold()):
        if token[0].isdigit():
            yield f"{float(token.replace(',', '')):.10g}"
        else:
            yield token.removesuffix("s") if len(token) > 3 else token


def _same_numbers(one: frozenset[str], other: frozenset[str]) -> bool:
    """Return whether the texts differ in numbers alone and one range lies within the other.

    The same words around 150–190 and around 160 leave both right.
    """
    first, second = sorted(_numbers(one)), sorted(_numbers(other))
    if not first or not second or len(first) > _MOST_OF_A_RANGE or len(second) > _MOST_OF_A_RANGE:
        return False
    if {each for each in one if not _is_number(each)} != {
        each for each in other if not _is_number(each)
    }:
        return False
    return any(
        inner[0] >= outer[0] and inner[-1] <= outer[-1]
        for inner, outer in pairwise([first, second, first])
    )


def _numbers(words: frozenset[str]) -> Iterator[float]:
    return (float(word) for word in words if _is_number(word))


def _is_number(word: str) -> bool:
    return word[:1].isdigit()

"""The words that one text adds to another and takes out of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from guidegen.view.difference import Run

# A lone "the" between two changes is no help to a reader.
LEAST_SAME = 3

_Chunk = tuple[list[str], list[str]]
"""Words of the old text, and the words that stand in their place."""


def word_diff(old: str, new: str) -> tuple[Run, ...]:
    """Return the runs of words that lead from ``old`` to ``new``, both without line breaks.

    Without the runs marked −, the words are those of ``new``; without those marked +, of ``old``.
    """
    return tuple(_runs(_joined(_chunks(old.split(), new.split()))))


def _chunks(old: list[str], new: list[str]) -> Iterator[_Chunk]:
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for _, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        yield old[old_from:old_to], new[new_from:new_to]


def _joined(chunks: Iterable[_Chunk]) -> list[_Chunk]:
    """Join neighbouring changes, over a few unchanged words between them."""
    found = list(chunks)
    result: list[_Chunk] = []
    is_open = False
    for at, (old, new) in enumerate(found):
        is_between = 0 < at < len(found) - 1 and len(old) < LEAST_SAME
        is_change = old != new or is_between
        if is_change and is_open:
            result[-1] = (result[-1][0] + old, result[-1][1] + new)
        else:
            result.append((old, new))
        is_open = is_change
    return result


def _runs(chunks: Iterable[_Chunk]) -> Iterator[Run]:
    for old, new in chunks:
        if old == new:
            yield Run("", " ".join(old))
        else:
            if old:
                yield Run("−", " ".join(old))
            if new:
                yield Run("+", " ".join(new))

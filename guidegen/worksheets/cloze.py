"""The cloze list: sentences made of the comparison, with gaps for their key words."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from guidegen.letters import LETTER
from guidegen.worksheets.exercise import Answer, Draw, Exercise, Skipped, answer_of, usable
from guidegen.worksheets.grid import Cell, Grid

MOST_GAPS = 3
_WORDS_TO_A_GAP = 3
_WORD = re.compile(rf"\$?{LETTER}+(?:[-‐‑–’'./,:]{LETTER}+)*%?")
_PLAIN = frozenset(
    re.findall(
        r"\w+",
        "about after also among and another any are been before between both but each for from "
        "have into least less many more most much must need needs not only other others over own "
        "same some such than that the their them then there these they this those through under "
        "until upon very was were what when where which while who whose will with within without "
        "you your",
    )
)


@dataclass(frozen=True, slots=True)
class ClozeItem:
    """A sentence; between two of its ``pieces`` stands a gap."""

    label: str
    subject: str
    criterion: str
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClozeSheet:
    """Sentences, and the words for their gaps in alphabetical order where these are given."""

    items: tuple[ClozeItem, ...]
    bank: tuple[str, ...] = ()


def make_cloze(grid: Grid, draw: Draw, *, bank: bool) -> Exercise[ClozeSheet]:
    """Return a sentence for each cell, in the variant's order."""
    skipped: list[Skipped] = []
    taken = _names(grid)
    items: list[ClozeItem] = []
    answers: list[Answer] = []
    words: list[str] = []
    for label, cell in enumerate(draw.mixed(usable(grid.all(), skipped)), 1):
        gaps = _gaps(cell, taken)
        pieces = _around(cell.text, gaps)
        items.append(ClozeItem(str(label), cell.subject.name, cell.criterion.name, pieces))
        missing = [cell.text[start:end] for start, end in gaps]
        answers.append(answer_of(label, cell, " … ".join(missing)))
        words += missing
    kept = _bank(words) if bank else ()
    return Exercise(ClozeSheet(tuple(items), kept), tuple(answers), tuple(skipped))


def _names(grid: Grid) -> frozenset[str]:
    """Return the words that stand on the sheet as names, and so are no test of knowledge."""
    heads = (*grid.subjects, *grid.criteria)
    texts = (text for head in heads for text in (head.name, head.detail))
    return frozenset(match[0].casefold() for text in texts for match in _WORD.finditer(text))


def _gaps(cell: Cell, taken: Collection[str]) -> list[tuple[int, int]]:
    """Return where the gaps begin and end: the longest words of content, or else the whole."""
    found = [match.span() for match in _WORD.finditer(cell.text)]
    content = [span for span in found if _is_content(cell.text[slice(*span)], taken)]
    if len(found) < 2 or not content:
        return [(0, len(cell.text))]
    number = min(MOST_GAPS, -(-len(content) // _WORDS_TO_A_GAP))
    by_length = sorted(content, key=lambda span: span[0] - span[1])
    return sorted(by_length[:number])


def _is_content(word: str, taken: Collection[str]) -> bool:
    if word.casefold() in taken or word.casefold() in _PLAIN:
        return False
    return len(word) > 3 or word[:2].isupper() or any(map(str.isdigit, word))


def _around(text: str, gaps: list[tuple[int, int]]) -> tuple[str, ...]:
    edges = [0, *(edge for gap in gaps for edge in gap), len(text)]
    return tuple(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _bank(words: list[str]) -> tuple[str, ...]:
    """Return each word once, with how often it is needed."""
    counts: dict[str, int] = {}
    for word in sorted(words, key=lambda word: (word.casefold(), word)):
        counts[word] = counts.get(word, 0) + 1
    return tuple(f"{word} ({n}×)" if n > 1 else word for word, n in counts.items())

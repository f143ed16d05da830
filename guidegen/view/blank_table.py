"""Blank tables on paper: as many subjects side by side as leave room to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from guidegen.composition import longest_word
from guidegen.ladder import PAPERS
from guidegen.languages import PageWords
from guidegen.models import Paper
from guidegen.papers import MM_PER_POINT
from guidegen.themes import Look
from guidegen.worksheets import BlankRow, BlankSheet

CELL_PADDING = 3.6  # mm, of a blank table, as in components.css
_SPARE = 1.1  # over the estimated width of a word, set in semibold
MOST_UPRIGHT, MOST_ACROSS = 4, 6  # subjects of a blank table, on upright paper and across


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankCellView:
    """A cell: given, to be filled in under its label, or in the key the answer."""

    label: str
    text: str
    is_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankRowView:
    """A row; ``group`` is the heading that stands over it, empty for all but the first below."""

    group: str
    head: str
    cells: tuple[BlankCellView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankTable:
    """A table that fits on the paper; ``subjects`` are names with their long forms."""

    title: str
    subjects: tuple[tuple[str, str], ...]
    rows: tuple[BlankRowView, ...]


def room(sheet: BlankSheet, paper: Paper, look: Look) -> tuple[bool, int]:
    """Return whether the paper must lie across, and how many subjects a table then holds.

    Only what students see counts: an answer must not show in the shape of its table.
    """
    names = (text for each in sheet.subjects for text in (each.name, each.detail))
    given = (cell.text for row in sheet.rows for cell in row.cells)
    widest = max(longest_word(text) for text in (*names, *given))
    needed = _SPARE * widest * look.normal.em * MM_PER_POINT + CELL_PADDING * look.point
    taken = look.margins + look.aspect
    upright, across = (int((edge - taken) / needed) for edge in PAPERS[paper])
    if len(sheet.subjects) <= min(upright, MOST_UPRIGHT):
        return False, len(sheet.subjects)
    return True, max(1, min(across, MOST_ACROSS))


def blank_tables(
    sheet: BlankSheet, paper: Paper, look: Look, answers: Mapping[str, str], words: PageWords
) -> Iterator[BlankTable]:
    """Yield tables of as many subjects as leave room to write, as nearly equal as may be."""
    parts = -(-len(sheet.subjects) // room(sheet, paper, look)[1])
    pattern = words.gettext("Table {number} of {count}")
    edges = [round(at * len(sheet.subjects) / parts) for at in range(parts + 1)]
    for part, (start, end) in enumerate(pairwise(edges), 1):
        yield BlankTable(
            title=pattern.format(number=part, count=parts) if parts > 1 else "",
            subjects=tuple((each.name, each.detail) for each in sheet.subjects[start:end]),
            rows=tuple(_blank_rows(sheet.rows, start, end, answers)),
        )


def _blank_rows(
    rows: Iterable[BlankRow], start: int, end: int, answers: Mapping[str, str]
) -> Iterator[BlankRowView]:
    group = ""
    for row in rows:
        yield BlankRowView(
            group=row.criterion.group if row.criterion.group != group else "",
            head=row.criterion.name,
            cells=tuple(
                BlankCellView(
                    label=cell.label,
                    text=answers.get(cell.label, cell.text),
                    is_answer=cell.label in answers,
                )
                for cell in row.cells[start:end]
            ),
        )
        group = row.criterion.group

"""The blank table: the comparison with cells to write in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidegen.worksheets.exercise import Answer, Draw, Exercise
from guidegen.worksheets.grid import Cell, Grid, Head, groups_of

Given = Literal["none", "half", "first-column"]


@dataclass(frozen=True, slots=True)
class BlankCell:
    """A cell with its text, or one with a label to write in."""

    label: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class BlankRow:
    """A criterion, with a cell for each subject."""

    criterion: Head
    cells: tuple[BlankCell, ...]


@dataclass(frozen=True, slots=True)
class BlankSheet:
    """The table as students get it."""

    subjects: tuple[Head, ...]
    rows: tuple[BlankRow, ...]


def make_blank(grid: Grid, draw: Draw, variant: str, given: Given) -> Exercise[BlankSheet]:
    """Return the table; variants differ in the order of rows, and in which half is given.

    What does not apply is always given: there is nothing to write.
    """
    first = draw.order.randrange(2)
    rows: list[BlankRow] = []
    answers: list[Answer] = []
    for criterion in _criteria(grid, draw, variant):
        cells = []
        for at, cell in enumerate(grid.row(criterion)):
            if not cell.applies or _is_given(given, at, len(rows) + first):
                cells.append(BlankCell(text=_shown(cell)))
            else:
                label = str(len(answers) + 1)
                answers.append(
                    Answer(label, cell.asked, _shown(cell), whole=cell.text, origin=cell.origin)
                )
                cells.append(BlankCell(label=label))
        rows.append(BlankRow(criterion, tuple(cells)))
    return Exercise(BlankSheet(grid.subjects, tuple(rows)), tuple(answers))


def _criteria(grid: Grid, draw: Draw, variant: str) -> list[Head]:
    if not variant:
        return list(grid.criteria)
    return [each for group in groups_of(grid.criteria) for each in draw.mixed(group)]


def _is_given(given: Given, column: int, row: int) -> bool:
    if given == "half":
        return (column + row) % 2 == 0
    return given == "first-column" and column == 0


def _shown(cell: Cell) -> str:
    return f"{cell.text} {cell.doubt}".rstrip()

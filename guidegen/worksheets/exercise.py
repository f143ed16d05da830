"""What the kinds of worksheet have in common: answers apart from the sheet, and the drawing."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from guidegen.origin import NOWHERE, Origin
from guidegen.worksheets.grid import Cell

SheetT = TypeVar("SheetT", covariant=True)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to what has the same ``label`` on the sheet.

    ``letter`` names the right option where there are options; ``whole`` is the sentence that must
    not stand in what students get.
    """

    label: str
    asked: str
    text: str
    letter: str = ""
    whole: str = ""
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True)
class Skipped:
    """What the exercise leaves out, and why: a cell, or a whole criterion, or a whole subject."""

    why: str
    criterion: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Exercise(Generic[SheetT]):
    """A sheet as students see it, which holds no answer, and the answers beside it."""

    sheet: SheetT
    answers: tuple[Answer, ...]
    skipped: tuple[Skipped, ...] = ()


class Draw:
    """The only source of chance: the same words give the same order on every machine.

    ``common`` is the same for all variants and settles *what* is asked, ``order`` differs
    between them and settles in which order.
    """

    def __init__(self, seed: int, variant: str, kind: str, comparison: str) -> None:
        self.common = random.Random(f"{seed}::{kind}:{comparison}")
        self.order = random.Random(f"{seed}:{variant}:{kind}:{comparison}")

    def mixed(self, items: Iterable[Item]) -> list[Item]:
        """Return the items in the order of this variant."""
        return self.order.sample(drawn := list(items), len(drawn))


def usable(cells: Iterable[Cell], skipped: list[Skipped]) -> list[Cell]:
    """Return the cells that can be asked about; the others go to ``skipped``."""
    kept = []
    for cell in cells:
        if cell.reason:
            skipped.append(skip(cell, cell.reason))
        else:
            kept.append(cell)
    return kept


def skip(cell: Cell, why: str) -> Skipped:
    """Return the cell as left out."""
    return Skipped(why, cell.criterion.name, cell.subject.name)


def answer_of(label: int, cell: Cell, text: str = "", letter: str = "") -> Answer:
    """Return the answer that is the value of ``cell``, or ``text`` of it."""
    whole = cell.text if text else f"{cell.asked}: {cell.text}"
    return Answer(str(label), cell.asked, text or cell.text, letter, whole, cell.origin)

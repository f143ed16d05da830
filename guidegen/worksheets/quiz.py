"""The quiz: multiple choice questions whose wrong options are true of the other subjects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase

from guidegen.worksheets.exercise import Answer, Draw, Exercise, Skipped, answer_of, skip, usable
from guidegen.worksheets.grid import Cell, Grid
from guidegen.worksheets.likeness import alike, names_itself

LEAST_WRONG = 2
MOST_WRONG = 3


@dataclass(frozen=True, slots=True)
class QuizItem:
    """A question about ``subject`` with lettered options.

    With a ``criterion`` it asks which value the subject has there; without one, which of several
    statements is true of the subject and not of the ``other``.
    """

    label: str
    subject: str
    criterion: str
    options: tuple[tuple[str, str], ...]
    other: str = ""


@dataclass(frozen=True, slots=True)
class QuizSheet:
    """The questions in the variant's order."""

    items: tuple[QuizItem, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A cell to ask about, and the wrong options for it."""

    right: Cell
    wrong: tuple[Cell, ...]


def make_quiz(grid: Grid, draw: Draw) -> Exercise[QuizSheet]:
    """Return the questions; the right answers stand equally often at each letter."""
    skipped: list[Skipped] = []
    of_two = len(grid.subjects) == 2
    pool = list(_of_two(grid, draw, skipped) if of_two else _of_many(grid, draw, skipped))
    asked = draw.mixed(_evened(pool))
    places = _places([len(each.wrong) + 1 for each in asked], draw)
    items: list[QuizItem] = []
    answers: list[Answer] = []
    for label, (each, place) in enumerate(zip(asked, places, strict=True), 1):
        options = draw.mixed(sorted(each.wrong, key=lambda cell: (cell.text, cell.asked)))
        options.insert(place, each.right)
        items.append(_item(label, each.right, options, grid if of_two else None))
        answers.append(answer_of(label, each.right, letter=ascii_uppercase[place]))
    return Exercise(QuizSheet(tuple(items)), tuple(answers), tuple(skipped))


def _item(label: int, right: Cell, options: Sequence[Cell], of_two: Grid | None) -> QuizItem:
    others = [each.name for each in of_two.subjects if each != right.subject] if of_two else [""]
    texts = [f"{cell.criterion.name}: {cell.text}" if of_two else cell.text for cell in options]
    return QuizItem(
        label=str(label),
        subject=right.subject.name,
        criterion="" if of_two else right.criterion.name,
        options=tuple(zip(ascii_uppercase, texts, strict=False)),
        other=others[0],
    )


def _of_many(grid: Grid, draw: Draw, skipped: list[Skipped]) -> Iterator[_Asked]:
    """Yield what can be asked when a criterion has wrong options enough in its own row."""
    for criterion in grid.criteria:
        cells = usable(grid.row(criterion), skipped)
        for right in cells:
            others = [
                cell for cell in cells if not alike(cell, right, grid) and not names_itself(cell)
            ]
            yield from _with_options(right, others, grid, draw, skipped)


def _of_two(grid: Grid, draw: Draw, skipped: list[Skipped]) -> Iterator[_Asked]:
    """Yield what can be asked of two subjects: the other's values of several criteria are wrong.

    A value of the other that is like any of the subject's own would be right, too.
    """
    for subject, other in (grid.subjects, grid.subjects[::-1]):
        own = grid.column(subject)
        theirs = [cell for cell in grid.column(other) if not cell.reason and _tells(cell)]
        foreign = [
            cell
            for cell in theirs
            if not names_itself(cell) and not any(alike(cell, each, grid) for each in own)
        ]
        for right in usable(own, skipped):
            like = any(alike(right, cell, grid) for cell in grid.column(other))
            if like or not _tells(right):
                skipped.append(skip(right, f"not clearly apart from {other.name}"))
            else:
                yield from _with_options(right, foreign, grid, draw, skipped)


def _tells(cell: Cell) -> bool:
    """Return whether the value says something by itself, as yes and no do not."""
    return cell.kind != "yes-no"


def _with_options(
    right: Cell, others: list[Cell], grid: Grid, draw: Draw, skipped: list[Skipped]
) -> Iterator[_Asked]:
    if names_itself(right):
        skipped.append(skip(right, f"the answer names {right.subject.name}"))
        return
    wrong = _wrong_options(others, grid, draw)
    if wrong:
        yield _Asked(right, wrong)
    else:
        why = f"fewer than {LEAST_WRONG} wrong options that are clearly wrong"
        skipped.append(skip(right, why))


def _wrong_options(others: list[Cell], grid: Grid, draw: Draw) -> tuple[Cell, ...]:
    """Return three options that are not like each other, or two, or none."""
    order = sorted(others, key=lambda cell: (cell.text, cell.asked))
    order = draw.common.sample(order, len(order))
    for number in range(MOST_WRONG, LEAST_WRONG - 1, -1):
        for chosen in combinations(order, number):
            if not any(alike(one, other, grid) for one, other in combinations(chosen, 2)):
                return chosen
    return ()


def _evened(pool: list[_Asked]) -> list[_Asked]:
    """Give all questions three options where too few have four for D to be right as often."""
    long = sum(len(each.wrong) == MOST_WRONG for each in pool)
    if long >= len(pool) // (MOST_WRONG + 1):
        return pool
    return [_Asked(each.right, each.wrong[:LEAST_WRONG]) for each in pool]


def _places(sizes: Sequence[int], draw: Draw) -> list[int]:
    """Return a place below each size; how often two places come differs by one at most."""
    widest = max(sizes, default=0)
    long = [at for at, size in enumerate(sizes) if size == widest]
    last = draw.order.sample(long, len(sizes) // widest) if widest else []
    rest = [at for at in range(len(sizes)) if at not in last]
    places = dict.fromkeys(last, widest - 1)
    for turn, at in enumerate(draw.order.sample(rest, len(rest))):
        places[at] = turn % (widest - 1)
    return [places[at] for at in range(len(sizes))]

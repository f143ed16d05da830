"""Match the columns: values to subjects, or to criteria where there are only two subjects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_uppercase

from guidegen.worksheets.exercise import Answer, Draw, Exercise, Skipped, answer_of, skip, usable
from guidegen.worksheets.grid import Cell, Grid
from guidegen.worksheets.likeness import apart, names_itself

LEAST_PAIRS = 3
MOST_PAIRS = 8
TOO_FEW = f"fewer than {LEAST_PAIRS} values that differ clearly"


@dataclass(frozen=True, slots=True)
class MatchingSet:
    """Prompts with their labels beside options with their letters."""

    title: str
    prompts: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MatchingSheet:
    """The sets, and what their prompts are: subjects or criteria."""

    sets: tuple[MatchingSet, ...]
    by_subject: bool


@dataclass(frozen=True, slots=True)
class _Pairs:
    title: str
    cells: tuple[Cell, ...]


def make_matching(grid: Grid, draw: Draw) -> Exercise[MatchingSheet]:
    """Return the sets in the variant's order, prompts and options mixed.

    Within a set no two values are alike, so that each prompt has one right option.
    """
    skipped: list[Skipped] = []
    by_subject = len(grid.subjects) >= LEAST_PAIRS
    pairs = list(_by_subject(grid, skipped)) if by_subject else []
    if not pairs:
        by_subject, skipped = False, []
        pairs = list(_by_criterion(grid, skipped))
    answers: list[Answer] = []
    sets = tuple(_set(each, draw, by_subject, answers) for each in draw.mixed(pairs))
    return Exercise(MatchingSheet(sets, by_subject), tuple(answers), tuple(skipped))


def _by_subject(grid: Grid, skipped: list[Skipped]) -> Iterator[_Pairs]:
    for criterion in grid.criteria:
        cells = usable(grid.row(criterion), skipped)
        loud = [cell for cell in cells if names_itself(cell)]
        skipped += [skip(cell, f"the answer names {cell.subject.name}") for cell in loud]
        quiet = [cell for cell in cells if cell not in loud]
        yield from _sets(criterion.name, quiet, grid, Skipped(TOO_FEW, criterion.name), skipped)


def _by_criterion(grid: Grid, skipped: list[Skipped]) -> Iterator[_Pairs]:
    for subject in grid.subjects:
        cells = usable(grid.column(subject), skipped)
        bare = [cell for cell in cells if cell.kind == "yes-no"]
        skipped += [skip(cell, "yes and no fit many") for cell in bare]
        words = [cell for cell in cells if cell not in bare]
        left_out = Skipped(TOO_FEW, subject=subject.name)
        yield from _sets(subject.name, words, grid, left_out, skipped)


def _sets(
    title: str, cells: list[Cell], grid: Grid, left_out: Skipped, skipped: list[Skipped]
) -> Iterator[_Pairs]:
    """Yield the cells whose values are not alike, or none when they are too few."""
    kept = apart(cells, grid)
    if len(kept) >= LEAST_PAIRS:
        skipped += [skip(cell, "too much like another") for cell in cells if cell not in kept]
        yield from _shared_out(title, kept)
    elif cells:
        skipped.append(left_out)


def _shared_out(title: str, cells: list[Cell]) -> Iterator[_Pairs]:
    """Yield the cells in as few sets as fit, of nearly equal size."""
    sets = -(-len(cells) // MOST_PAIRS)
    for at in range(sets):
        yield _Pairs(title, tuple(cells[at::sets]))


def _set(pairs: _Pairs, draw: Draw, by_subject: bool, answers: list[Answer]) -> MatchingSet:
    # Sorted before they are mixed: the order must not depend on whose value it is.
    values = draw.mixed(sorted(cell.text for cell in pairs.cells))
    letters = {value: letter for letter, value in zip(ascii_uppercase, values, strict=False)}
    prompts = []
    for cell in draw.mixed(pairs.cells):
        label = len(answers) + 1
        letter = letters[cell.text]
        prompts.append((str(label), cell.subject.name if by_subject else cell.criterion.name))
        answers.append(answer_of(label, cell, letter=letter))
    options = tuple((letter, value) for value, letter in letters.items())
    return MatchingSet(pairs.title, tuple(prompts), options)

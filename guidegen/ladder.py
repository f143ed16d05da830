"""The ladder of layouts: which ways of setting a wide table are tried, and in which order.

A plan is data; whether it holds is found out on real laid-out pages by whoever tries it. What
cannot be read anyway is ruled out beforehand, by the widths of words, since laying out takes time.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, Protocol, TypeAlias, TypeVar

from guidegen.composition import column_widths, is_readable, readable_widths
from guidegen.models import Paper
from guidegen.papers import MM_PER_POINT
from guidegen.themes import PLAIN, Look

Orientation = Literal["portrait", "landscape"]
Rung = Literal["portrait", "landscape", "tight", "split", "transposed", "cards"]
Rows: TypeAlias = Sequence[Sequence[str]]

ORIENTATIONS: tuple[Orientation, ...] = ("portrait", "landscape")
PAPERS: dict[Paper, tuple[float, float]] = {"letter": (215.9, 279.4), "a4": (210, 297)}  # mm
COPY_MARGINS = 20.0  # mm, of one of several copies on a sheet, as in page.css
TALLEST_ROW = 0.5  # of a page; a taller row is read as a text, not as a row


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to set a comparison.

    ``sheets`` holds, for each table, the columns that it shows, counted from 0 without the
    heading column; ``is_transposed`` means that the subjects are the rows.
    """

    rung: Rung
    orientation: Orientation
    sheets: tuple[tuple[int, ...], ...]
    is_tight: bool = False
    is_transposed: bool = False
    copies: int = 1

    def __str__(self) -> str:
        parts: list[str] = [self.orientation]
        if self.is_tight:
            parts.append("tighter spacing")
        if self.rung == "cards":
            parts.append(f"{len(self.sheets)} cards")
        else:
            parts += ["subjects as rows"] * self.is_transposed
            parts += [f"{len(self.sheets)} tables side by side"] * (len(self.sheets) > 1)
        if self.copies > 1:
            parts.append(f"{self.copies} copies on a sheet")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; ``orientation`` None means whichever comes first and holds.

    ``look`` has the type that the table is set in.
    """

    paper: Paper = "letter"
    orientation: Orientation | None = None
    is_transposed: bool = False
    pages: int | None = None
    copies: int = 1
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class Refused:
    """A plan that was not taken, and why."""

    plan: Plan
    why: str


class Trial(Protocol):
    """What laid-out pages show: their number, faults in words, the tallest row as a share."""

    @property
    def pages(self) -> int: ...
    @property
    def faults(self) -> Sequence[str]: ...
    @property
    def tallest_row(self) -> float: ...


T = TypeVar("T", bound=Trial)


@dataclass(frozen=True, slots=True)
class Climb(Generic[T]):
    """The plan taken with its trial, and those refused before it; None where none held."""

    taken: tuple[Plan, T] | None
    refused: tuple[Refused, ...]
    fewest: tuple[Plan, int] | None = None


def copy_size(paper: Paper, plan: Plan) -> tuple[float, float]:
    """Return the width and height in mm of the part of the paper that one copy has."""
    width, height = PAPERS[paper]
    if plan.orientation == "landscape":
        width, height = height, width
    across = 2 if plan.copies == 4 or (plan.copies, plan.orientation) == (2, "landscape") else 1
    return width / across, height / (plan.copies / across)


def measure_em(paper: Paper, plan: Plan, look: Look) -> float:
    """Return the width of the text area in em of the table's type."""
    width, _ = copy_size(paper, plan)
    width -= COPY_MARGINS if plan.copies > 1 else look.margins
    return width / MM_PER_POINT / look.spacing(is_tight=plan.is_tight).em


def widths(rows: Rows, measure: float) -> tuple[float, ...]:
    """Return the shares in percent of columns that are readable, if they all fit ``measure``."""
    least = readable_widths(rows) if is_readable(rows, measure) else ()
    return column_widths(rows, measure, least)


def columns_of(rows: Rows, columns: Sequence[int]) -> list[list[str]]:
    """Return the rows with their heading column and of the others just ``columns``."""
    return [[row[0], *(row[column + 1] for column in columns)] for row in rows]


def turned(rows: Rows) -> list[list[str]]:
    """Return the rows as columns."""
    return [list(column) for column in zip(*rows, strict=True)]


def plans(rows: Rows, wish: Wish) -> Iterator[Plan | Refused]:
    """Yield every plan from the first rung to the last, those ruled out with the reason.

    ``rows`` are the words of the table with its headings, the subjects as columns. The last rung
    is never ruled out.
    """
    both = (rows, turned(rows))
    orientations = (wish.orientation,) if wish.orientation else ORIENTATIONS
    for plan in _rungs(len(rows[0]) - 1, len(rows) - 1, orientations, wish):
        table = both[plan.is_transposed]
        measure = measure_em(wish.paper, plan, wish.look)
        fits = all(is_readable(columns_of(table, sheet), measure) for sheet in plan.sheets)
        if fits or plan.rung == "cards":
            yield plan
        else:
            yield Refused(plan, "a column would be too narrow for its words")


def _rungs(
    subjects: int, criteria: int, orientations: Sequence[Orientation], wish: Wish
) -> Iterator[Plan]:
    if wish.copies > 1:
        yield from _whole(subjects, criteria, orientations, wish.is_transposed, wish.copies)
        return
    yield from _whole(subjects, criteria, orientations, wish.is_transposed)
    if not wish.is_transposed:
        yield from _split(subjects, orientations, is_transposed=False)
        every = (tuple(range(criteria)),)
        yield from (Plan("transposed", each, every, is_transposed=True) for each in orientations)
    yield from _split(criteria, orientations, is_transposed=True)
    cards = tuple((subject,) for subject in range(subjects))
    yield from (Plan("cards", each, cards) for each in orientations)


def _whole(
    subjects: int,
    criteria: int,
    orientations: Sequence[Orientation],
    is_transposed: bool,
    copies: int = 1,
) -> Iterator[Plan]:
    every = (tuple(range(criteria if is_transposed else subjects)),)
    for each in orientations:
        yield Plan(each, each, every, False, is_transposed, copies)
    for each in orientations:
        yield Plan("tight", each, every, True, is_transposed, copies)


def _split(
    columns: int, orientations: Sequence[Orientation], *, is_transposed: bool
) -> Iterator[Plan]:
    """Two columns or more to a sheet, since one alone compares nothing."""
    rung: Rung = "transposed" if is_transposed else "split"
    for sheets in range(2, (columns + 1) // 2 + 1):
        for orientation in orientations:
            yield Plan(rung, orientation, shared_out(columns, sheets), False, is_transposed)


def shared_out(columns: int, sheets: int) -> tuple[tuple[int, ...], ...]:
    """Return the columns in order on so many sheets, as evenly as can be."""
    least, more = divmod(columns, sheets)
    starts = [sheet * least + min(sheet, more) for sheet in range(sheets + 1)]
    return tuple(tuple(range(a, b)) for a, b in itertools.pairwise(starts))


def climb(
    rungs: Iterator[Plan | Refused], attempt: Callable[[Plan], T], pages: int | None
) -> Climb[T]:
    """Try each plan on real pages and take the first that holds, on at most ``pages`` sheets."""
    refused: list[Refused] = []
    fewest: tuple[Plan, int] | None = None
    for rung in rungs:
        if isinstance(rung, Refused):
            refused.append(rung)
            continue
        if pages and len(rung.sheets) > pages and rung.rung != "cards":
            refused.append(Refused(rung, f"needs {len(rung.sheets)} sheets or more"))
            continue
        trial = attempt(rung)
        why = _why_not(rung, trial)
        if why is None:
            fewest = min([*filter(None, [fewest]), (rung, trial.pages)], key=_paper_used)
        if why is None and pages and trial.pages > pages:
            why = f"needs {trial.pages} pages"
        if why is None:
            return Climb((rung, trial), tuple(refused), fewest)
        refused.append(Refused(rung, why))
    return Climb(None, tuple(refused), fewest)


def _paper_used(entry: tuple[Plan, int]) -> tuple[int, bool]:
    """Of plans with as many pages the tight one is nearest to having fewer."""
    plan, pages = entry
    return pages, not plan.is_tight


def _why_not(plan: Plan, trial: Trial) -> str | None:
    if trial.faults:
        return trial.faults[0]
    if plan.copies > 1 and trial.pages > 1:
        return f"{plan.copies} copies do not fit on one sheet"
    limit = {"cards": None, "split": 1.0, "transposed": 1.0}.get(plan.rung, TALLEST_ROW)
    if limit and trial.tallest_row > limit:
        return f"a row would be taller than {'half a' if limit < 1 else 'a'} page"
    return None

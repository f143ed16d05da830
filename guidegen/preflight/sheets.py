"""What stands on laid-out pages, as plain values: what the checks read instead of boxes.

Lengths are CSS pixels from the top left of the paper, sizes of type are points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from guidegen.colour import Rgb
from guidegen.origin import Origin
from guidegen.problems import Problem

MM_PER_PX = 25.4 / 96
PT_PER_PX = 72 / 96
TOLERANCE = 0.75  # px; rounding in the engine stays below it

Zone = Literal["flow", "margin", "note"]


class Area(NamedTuple):
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Area) -> Area:
        """Return what both cover; its width or height is negative where they are apart."""
        return Area(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )


class Around(NamedTuple):
    """What is around a thing on a page: where it comes from, and what it may not leave.

    ``thing`` is the table or figure that it is a part of, in words. ``edges`` bound it, and
    ``edge`` is their name. ``clip`` is where a box cuts off its content, ``hold`` a box whose
    height is fixed. ``paper`` is the colour behind it, None where that is a picture. ``role`` says
    what it is if it leads into something, such as a heading, ``level`` that of the heading, and
    ``leader`` is the same for all lines of one heading. Text with the same ``line`` stands on it.
    """

    page: int
    origin: Origin
    edges: Area
    edge: str = "page"
    thing: str = ""
    zone: Zone = "flow"
    clip: Area | None = None
    hold: Area | None = None
    paper: Rgb | None = (1.0, 1.0, 1.0)
    role: str = ""
    level: int = 0
    leader: Any = None
    is_raised: bool = False
    line: int = 0

    def problem(self, code: str, message: str, hint: str) -> Problem:
        """Return a problem with what stands here."""
        return Problem(self.origin, code, message, hint)


class Words(NamedTuple):
    """A run of text in one style on one line; ``area`` is what its letters cover."""

    area: Area
    at: Around
    text: str
    size: float
    ink: Rgb
    is_bold: bool


class Lettering(NamedTuple):
    """Words in a drawing, and the size in points that they are printed in."""

    text: str
    size: float


class Picture(NamedTuple):
    """A picture, and what describes it.

    ``dpi`` is the lowest resolution of its pixels at the printed size, None where it has none.
    """

    area: Area
    at: Around
    name: str
    is_missing: bool = False
    dpi: float | None = None
    letterings: tuple[Lettering, ...] = ()


class Mark(NamedTuple):
    """A box that is drawn: ``inks`` are the colours of its borders, none of a mere background."""

    area: Area
    at: Around
    inks: tuple[Rgb, ...]


class Row(NamedTuple):
    """What one page shows of a table row; ``key`` is the same for all parts of one row."""

    key: Any
    at: Around
    height: float
    has_words: bool


class Link(NamedTuple):
    """A link to an anchor of the same document."""

    target: str
    at: Around
    words: str


Item: TypeAlias = Words | Picture | Mark


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page; ``items`` come in the order of the content, ``at`` bounds the area for text."""

    at: Around
    items: tuple[Item, ...]
    rows: tuple[Row, ...]
    links: tuple[Link, ...]
    anchors: frozenset[str]

    @property
    def number(self) -> int:
        """The page's number, from 1."""
        return self.at.page

    @property
    def words(self) -> Iterator[Words]:
        """All text of the page, running lines and notes included."""
        return (item for item in self.items if isinstance(item, Words))

    @property
    def flow(self) -> Iterator[Item]:
        """What is neither a running line nor a note."""
        return (item for item in self.items if item.at.zone == "flow")


@dataclass(frozen=True, slots=True)
class Survey:
    """All pages, with what their style promises.

    ``least_size`` is that of the token ``--least-size`` in points, 0 when there is none, and
    ``hairline`` the colour of lines that are mere decoration.
    """

    sheets: tuple[Sheet, ...]
    least_size: float = 0.0
    hairline: Rgb | None = None


def quoted(text: str) -> str:
    """Return the beginning of ``text`` in quotation marks."""
    text = " ".join(text.split())
    return f"“{text[:39]}…”" if len(text) > 40 else f"“{text}”"


def mm(pixels: float) -> str:
    """Return a length in words; below 10 mm with a decimal."""
    length = pixels * MM_PER_PX
    return f"{length:.0f} mm" if length >= 9.95 else f"{length:.1f} mm"

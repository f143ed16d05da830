"""What can be told of a finished PDF, as plain values: lengths in points, pages from 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

LinkKind = Literal["internal", "external"]


class Box(NamedTuple):
    """A rectangle, in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Run:
    """Text drawn at once in one font.

    ``size`` is that on paper, whatever the page was scaled by. An artifact is marked as no part
    of the content, such as a running header. Text without ink is not shown, such as the text
    layer of a scan.
    """

    text: str
    box: Box
    size: float
    font: str
    is_artifact: bool = False
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Picture:
    """An image made of pixels; ``dpi`` is the lower of its two resolutions on paper."""

    box: Box
    pixels: tuple[int, int]
    dpi: float


@dataclass(frozen=True, slots=True)
class FinishedPage:
    """One page as it is drawn, ``width`` by ``height`` as it is seen.

    ``box`` is the visible part, from which nothing else may stick out. ``text`` is the content in
    the order in which it is drawn, artifacts left out and words divided at line ends made whole.
    ``drawings`` counts lines, shapes and shadings that are no artifacts.
    """

    number: int
    width: float
    height: float
    box: Box
    runs: tuple[Run, ...]
    pictures: tuple[Picture, ...]
    drawings: int
    text: str

    @property
    def lines(self) -> int:
        """The number of lines of text, artifacts left out; what stands side by side is one."""
        rows = [run for run in self.runs if run.is_shown and not run.is_artifact]
        return _rows(run.box for run in rows if run.text.strip())


@dataclass(frozen=True, slots=True)
class Font:
    """A font that text is set in; a subset holds only the characters that are used."""

    name: str
    is_embedded: bool
    is_subset: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the tag tree; ``page`` is None when the file does not say."""

    page: int | None
    has_words: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the tag tree; ``level`` is None for one that is tagged as H, without a level."""

    level: int | None
    words: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Tags:
    """The tag tree, in reading order. ``prose`` are the texts of paragraphs and list items."""

    figures: tuple[Figure, ...] = ()
    tables: int = 0
    headings: tuple[Heading, ...] = ()
    prose: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A link or bookmark to ``target``; an external one is not followed."""

    kind: LinkKind
    target: str
    page: int | None
    is_dead: bool = False


@dataclass(frozen=True, slots=True)
class Active:
    """Something in the file that acts or is carried along: ``what`` it is, in a few words."""

    what: str


@dataclass(frozen=True, slots=True)
class Finished:
    """Everything that a proof draws on.

    ``pdf_ua`` is the part of ISO 14289 that the file claims to obey. ``repairs`` is what had to
    be put right before it could be read. ``refused`` are the things that an encrypted file, which
    opens without a password, asks readers not to do.
    """

    bytes: int
    pages: tuple[FinishedPage, ...]
    fonts: tuple[Font, ...]
    title: str = ""
    shows_title: bool = False
    language: str = ""
    tags: Tags | None = None
    pdf_ua: int | None = None
    bookmarks: int = 0
    links: tuple[Link, ...] = ()
    active: tuple[Active, ...] = ()
    is_encrypted: bool = False
    refused: tuple[str, ...] = ()
    repairs: tuple[str, ...] = field(default=())


def _rows(boxes: Iterable[Box]) -> int:
    """Count rows: boxes whose middles lie within each other's height are in one."""
    rows = 0
    floor = float("inf")
    for box in sorted(boxes, key=lambda box: -(box.bottom + box.top)):
        if (box.bottom + box.top) / 2 < floor:
            rows += 1
            floor = box.bottom
    return rows

"""Pages of boxes -> pieces: what was drawn for which HTML element, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

_CELLS = frozenset(("tr", "td", "th"))


class Mark(NamedTuple):
    """Marked content: the number ``id`` in the content of page ``page``, counted from 0."""

    page: int
    id: int


class Region(NamedTuple):
    """The part of a page in which a box stands.

    ``edge`` names the margin box, such as ``@top-left``, that holds a running line; ``band`` is
    the HTML element of a table's head or foot, which are drawn on each page of the table.
    """

    page: int
    edge: str = ""
    band: Any = None


@dataclass(frozen=True, slots=True)
class Piece:
    """What one box adds to the tree.

    ``element`` is the HTML element, and ``part`` the generated part of it that the box shows, such
    as ``marker``; ``mark`` is the marked content that draws it, None where the box is an empty
    cell or the frame of a link.
    """

    element: Any
    part: str
    box: Any
    mark: Mark | None
    region: Region

    @property
    def is_blank(self) -> bool:
        """Return whether nothing but white space is drawn."""
        return not getattr(self.box, "text", "picture").strip()


def pieces_of(
    pages: Sequence[Any], marks: Sequence[Mapping[Any, Any]]
) -> tuple[list[Piece], list[Piece]]:
    """Return what ``pages``, page boxes of WeasyPrint's, say, and the furniture of these pages.

    ``marks`` holds for each page the numbers of its marked content by box, as WeasyPrint counted
    them. Furniture is what a page has for its own sake: running lines, and the head of a table on
    all its pages but the first, or its foot on all but the last.
    """
    found = [
        piece
        for number, (page, numbers) in enumerate(zip(pages, marks, strict=True))
        for piece in _pieces(page, Region(number), numbers)
    ]
    counts: dict[Any, int] = {}
    for piece in found:
        page, _, band = piece.region
        if band is not None and (band.tag == "tfoot" or band not in counts):
            counts[band] = page
    content: list[Piece] = []
    furniture: list[Piece] = []
    for piece in found:
        page, edge, band = piece.region
        is_furniture = edge or counts.get(band, page) != page
        (furniture if is_furniture else content).append(piece)
    return content, furniture


def _pieces(box: Any, region: Region, marks: Mapping[Any, Any]) -> Iterator[Piece]:
    box = getattr(box, "_box", box)  # what is positioned absolutely is wrapped
    region = _entered(box, region)
    tag, _, part = (box.element_tag or "").partition("::")
    mark = marks.get(box)
    if mark is not None or box.link_annotation or tag in _CELLS:
        drawn = Mark(region.page, mark["mcid"]) if mark else None
        yield Piece(box.element, part, box, drawn, region)
    for child in getattr(box, "children", ()):
        yield from _pieces(child, region, marks)


def _entered(box: Any, region: Region) -> Region:
    kind = type(box).__name__
    if kind == "MarginBox":
        return region._replace(edge=box.at_keyword)
    if kind == "TableRowGroupBox" and (box.is_header or box.is_footer):
        return region._replace(band=box.element)
    return region

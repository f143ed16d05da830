"""Finished pages on sheets of paper: a booklet to fold and staple, or several pages to a side.

An imposed file is for the printer alone. Cut out of their document the pages lose tags, bookmarks
and links, so the accessible file is always written beside it.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import pikepdf

Imposition = Literal["booklet", "2-up", "4-up"]

Side: TypeAlias = tuple[int | None, ...]
"""The pages on one side of a sheet, counted from 0, row by row from the left; None is blank."""

Box: TypeAlias = tuple[float, float, float, float]
"""Left, bottom, right and top, in points from the bottom left."""

# Hardly any printer reaches the outermost 5 mm; twice that between two pages tells them apart.
EDGE = 5 / 25.4 * 72
_SCAN = 0.5  # pixels a point, when looking for ink


def booklet_sides(pages: int) -> list[Side]:
    """Return the sides of a stack of sheets that is folded in the middle and stapled there.

    Sheets come from the outermost to the innermost, front before back. Blank pages fill up the
    last sheet, at the end of the booklet.
    """
    total = pages + -pages % 4
    numbers = [number if number < pages else None for number in range(total)]
    sides: list[Side] = []
    for first in range(0, total // 2, 2):
        last = total - 1 - first
        sides.append((numbers[last], numbers[first]))
        sides.append((numbers[first + 1], numbers[last - 1]))
    return sides


def n_up_sides(pages: int, count: int) -> list[Side]:
    """Return sides with ``count`` pages each, in the order in which they are read."""
    numbers = [*range(pages), *[None] * (-pages % count)]
    return [tuple(numbers[start : start + count]) for start in range(0, len(numbers), count)]


def mirrored(sides: Iterable[Side]) -> list[Side]:
    """Return the sides for a language that is read from the right, with two pages in each row."""
    return [tuple(side[at ^ 1] for at in range(len(side))) for side in sides]


@dataclass(frozen=True, slots=True)
class Imposed:
    """An imposed file: its content, the number of its sides, and the scale of its pages."""

    content: bytes
    sides: int
    scale: float


@dataclass(frozen=True, slots=True)
class _Cut:
    """What is shown of a page; one that ``is_turned`` is landscape and will stand upright."""

    box: Box
    is_turned: bool

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the cut as it will stand, unscaled."""
        left, bottom, right, top = self.box
        across, down = right - left, top - bottom
        return (down, across) if self.is_turned else (across, down)

    def matrix(self, scale: float, middle: tuple[float, float]) -> tuple[float, ...]:
        """Return the matrix (ISO 32000-1, 8.3.4) that puts the middle of the cut on ``middle``."""
        left, bottom, right, top = self.box
        x, y = scale * (left + right) / 2, scale * (bottom + top) / 2
        if self.is_turned:
            return 0, scale, -scale, 0, middle[0] + y, middle[1] - x
        return scale, 0, 0, scale, middle[0] - x, middle[1] - y


@dataclass(frozen=True, slots=True)
class _Layout:
    """A sheet, in points, with places for two pages in each row, and the pages' cuts and scale."""

    width: float
    height: float
    rows: int
    cuts: Sequence[_Cut]
    scale: float = 1.0

    def middle(self, at: int) -> tuple[float, float]:
        """Return the middle of the place ``at``, counted as in a ``Side``."""
        row, column = divmod(at, 2)
        return self.width * (2 * column + 1) / 4, self.height * (1 - (row + 0.5) / self.rows)

    def shrunk(self) -> _Layout:
        """Return the layout at the scale at which all cuts fit their places, never enlarged."""
        room = self.width / 2 - 2 * EDGE, self.height / self.rows - 2 * EDGE
        sizes = {cut.size for cut in self.cuts}
        ratios = (has / needs for size in sizes for has, needs in zip(room, size, strict=True))
        return replace(self, scale=min(1.0, *ratios))


def impose(content: bytes, how: Imposition, *, from_right: bool = False) -> Imposed:
    """Return the PDF ``content``, whose pages are all of one size, as it goes to a printer.

    Landscape pages are turned, their top to the left. The pages of a booklet keep their size, two
    to a sheet of twice that size; otherwise the sheet is as large as a page, and the pages, with
    their margins cut, are as large as fits. ``from_right``: the language is read from the right.
    The same pages give the same bytes.
    """
    import pikepdf

    with pikepdf.open(io.BytesIO(content)) as source, pikepdf.new() as target:
        cuts = [_whole(page) for page in source.pages]
        if how == "booklet":
            sides, layout = booklet_sides(len(cuts)), _booklet(cuts)
        else:
            count = int(how[0])
            sides, layout = n_up_sides(len(cuts), count), _n_up(_inked(content, cuts), cuts, count)
        for side in mirrored(sides) if from_right else sides:
            _add_side(target, source, side, layout)
        _describe(target, source, is_booklet=how == "booklet")
        file = io.BytesIO()
        target.save(file, min_version=source.pdf_version, deterministic_id=True)
    return Imposed(file.getvalue(), len(sides), layout.scale)


def least_size(content: bytes) -> float:
    """Return the size of the smallest text in the PDF ``content``, in points; 0 without text."""
    import pypdfium2
    from pypdfium2 import raw

    found: list[float] = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            for text in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=3):
                matrix = text.get_matrix()
                found.append(text.get_font_size() * math.hypot(matrix.c, matrix.d))
    return min(found, default=0.0)


def _whole(page: pikepdf.Page) -> _Cut:
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    return _Cut((left, bottom, right, top), is_turned=right - left > top - bottom)


def _booklet(cuts: Sequence[_Cut]) -> _Layout:
    width, height = cuts[0].size
    return _Layout(2 * width, height, 1, cuts)


def _n_up(inked: Sequence[_Cut], whole: Sequence[_Cut], count: int) -> _Layout:
    width, height = whole[0].size
    if count == 2:
        width, height = height, width
    return _Layout(width, height, count // 2, inked).shrunk()


def _inked(content: bytes, cuts: Sequence[_Cut]) -> list[_Cut]:
    """Return the cuts without the margins that all pages of their orientation have."""
    import pypdfium2
    from PIL import ImageChops

    boxes: list[Box] = []
    with pypdfium2.PdfDocument(content) as document:
        for page, cut in zip(document, cuts, strict=True):
            picture = page.render(scale=_SCAN).to_pil().convert("L")
            ink = ImageChops.invert(picture).getbbox()
            boxes.append(_in_points(ink, cut.box) if ink else cut.box)
    around = {cut.is_turned: cut.box for cut in cuts}
    for is_turned in around:
        alike = [box for box, cut in zip(boxes, cuts, strict=True) if cut.is_turned == is_turned]
        left, bottom, right, top = zip(*alike, strict=True)
        around[is_turned] = (min(left), min(bottom), max(right), max(top))
    return [replace(cut, box=around[cut.is_turned]) for cut in cuts]


def _in_points(pixels: tuple[int, int, int, int], page: Box) -> Box:
    """Return the box of pixels, which are counted from the top left, in points."""
    left, bottom, right, top = page
    # The last pixels may reach beyond the page.
    return (
        left + pixels[0] / _SCAN,
        max(bottom, top - pixels[3] / _SCAN),
        min(right, left + pixels[2] / _SCAN),
        top - pixels[1] / _SCAN,
    )


def _add_side(target: pikepdf.Pdf, source: pikepdf.Pdf, side: Side, layout: _Layout) -> None:
    import pikepdf

    sheet = target.add_blank_page(page_size=(layout.width, layout.height))
    operators = []
    for at, number in enumerate(side):
        if number is None:
            continue
        cut = layout.cuts[number]
        form = target.copy_foreign(source.pages[number].as_form_xobject())
        form.BBox = pikepdf.Array([round(edge, 3) for edge in cut.box])
        if "/StructParents" in form:
            del form.StructParents
        name = sheet.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(f"/Page{number + 1}"))
        matrix = " ".join(f"{value:.5f}" for value in cut.matrix(layout.scale, layout.middle(at)))
        operators.append(f"q {matrix} cm {name} Do Q")
    sheet.Contents = target.make_stream("\n".join(operators).encode())


def _describe(target: pikepdf.Pdf, source: pikepdf.Pdf, *, is_booklet: bool) -> None:
    """Give the file its title and language, and tell the print dialog how to print it."""
    import pikepdf

    target.docinfo["/Title"] = source.docinfo["/Title"]
    target.Root.Lang = source.Root.Lang
    asked = {"/DisplayDocTitle": True, "/PrintScaling": pikepdf.Name("/None")}
    if is_booklet:
        asked["/Duplex"] = pikepdf.Name.DuplexFlipShortEdge
    target.Root.ViewerPreferences = pikepdf.Dictionary(asked)

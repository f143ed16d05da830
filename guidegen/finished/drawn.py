"""What is drawn on the pages of a PDF: text, pictures, shapes; read with PDFium."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from guidegen.finished.facts import Box, FinishedPage, Font, Picture, Run

# Where a page has more layers of groups, the innermost are not looked at.
_DEEPEST = 15
_INVISIBLE = 3  # text rendering mode, ISO 32000-1 table 106
SUBSET = re.compile(r"^[A-Z]{6}\+")
# PDFium puts U+0002 for a hyphen at which it joins two lines.
_DIVIDED = re.compile(r"\x02|(?<=\w)[-\u2010\u00ad]\s*\r?\n\s*(?=[^\W\d_])")

Marks = Mapping[tuple[int, int], str]
"""Text by page and mark (MCID), which is how the tag tree points to it."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """All pages, the fonts of their text, and the text that the tag tree can point to."""

    pages: tuple[FinishedPage, ...]
    fonts: tuple[Font, ...]
    marks: Marks


class _Place(NamedTuple):
    """Where an object stands: in a group, its coordinates go through ``matrix``."""

    matrix: Any = None
    is_artifact: bool = False
    depth: int = 0


@dataclass(slots=True)
class _Page:
    """What has been found on one page; texts go by the address of their object."""

    number: int
    texts: dict[int, list[str]]
    runs: list[Run] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    artifacts: set[int] = field(default_factory=set)
    marks: dict[int, int] = field(default_factory=dict)
    fonts: dict[int, Font] = field(default_factory=dict)
    drawings: int = 0


def read_drawn(content: bytes) -> Drawn:
    """Return what is drawn in a PDF that opens without a password.

    Raises pypdfium2.PdfiumError for a file, or page, that cannot be read.
    """
    with pypdfium2.PdfDocument(content) as pdf:
        pages: list[FinishedPage] = []
        marks: dict[tuple[int, int], str] = {}
        fonts: dict[Font, None] = {}
        for number, page in enumerate(pdf, 1):
            finished, found, own = _read_page(number, page)
            pages.append(finished)
            marks |= found
            fonts |= dict.fromkeys(own)
        return Drawn(tuple(pages), tuple(sorted(fonts, key=lambda font: font.name)), marks)


def undivided(text: str) -> str:
    """Return ``text`` with the words that were divided at the end of a line made whole.

    A word with a hyphen of its own that stands there loses it: the two cannot be told apart.
    """
    return _DIVIDED.sub("", text)


def _read_page(number: int, page: Any) -> tuple[FinishedPage, Marks, Iterable[Font]]:
    letters = list(_letters(page.get_textpage()))
    texts: dict[int, list[str]] = {}
    for owner, letter in letters:
        texts.setdefault(owner, []).append(letter)
    seen = _Page(number, texts)
    _walk(page, _Place(), seen)
    width, height = page.get_size()
    finished = FinishedPage(
        number=number,
        width=width,
        height=height,
        box=Box(*page.get_bbox()),
        runs=tuple(seen.runs),
        pictures=tuple(seen.pictures),
        drawings=seen.drawings,
        text=undivided("".join(each for owner, each in letters if owner not in seen.artifacts)),
    )
    return finished, _marks_in(seen), seen.fonts.values()


def _marks_in(seen: _Page) -> Marks:
    marks: dict[tuple[int, int], str] = {}
    for owner, mark in seen.marks.items():
        key = (seen.number, mark)
        marks[key] = marks.get(key, "") + "".join(seen.texts.get(owner, ()))
    return marks


def _letters(textpage: Any) -> Iterator[tuple[int, str]]:
    """Yield each letter of a page with the address of the object that draws it.

    Spaces and line ends that nothing draws go with the letter before them.
    """
    owner = 0
    for index in range(textpage.count_chars()):
        drawn_by = raw.FPDFText_GetTextObject(textpage, index)
        owner = _address(drawn_by) or owner
        # Letters beyond the first plane come as two halves; neither counts for anything here.
        code = raw.FPDFText_GetUnicode(textpage, index)
        yield owner, chr(code) if 0 < code < 0xD800 or 0xE000 <= code < 0x110000 else ""


def _address(pointer: Any) -> int:
    return ctypes.addressof(pointer.contents) if pointer else 0


def _walk(parent: Any, place: _Place, seen: _Page) -> None:
    """Look at all objects of a page, or of a group on it."""
    is_page = isinstance(parent, pypdfium2.PdfPage)
    count = raw.FPDFPage_CountObjects if is_page else raw.FPDFFormObj_CountObjects
    get = raw.FPDFPage_GetObject if is_page else raw.FPDFFormObj_GetObject
    for index in range(max(0, count(parent))):
        each = get(parent, index)
        if each:
            _look_at(each, place, seen)


def _look_at(each: Any, place: _Place, seen: _Page) -> None:
    is_artifact = place.is_artifact or "Artifact" in _marks_of(each)
    kind = raw.FPDFPageObj_GetType(each)
    if kind == raw.FPDF_PAGEOBJ_TEXT:
        _look_at_text(each, place, seen, is_artifact)
    elif kind == raw.FPDF_PAGEOBJ_FORM and place.depth < _DEEPEST:
        _walk(each, _Place(_matrix_of(each, place), is_artifact, place.depth + 1), seen)
    elif kind == raw.FPDF_PAGEOBJ_IMAGE:
        seen.pictures.append(_picture(each, place))
    elif not is_artifact:
        seen.drawings += 1


def _look_at_text(each: Any, place: _Place, seen: _Page, is_artifact: bool) -> None:
    address = _address(each)
    mark = raw.FPDFPageObj_GetMarkedContentID(each)
    if is_artifact:
        seen.artifacts.add(address)
    elif mark >= 0 and place.depth == 0:
        seen.marks[address] = mark
    run = Run(
        text="".join(seen.texts.get(address, ())),
        box=_box_of(each, place),
        size=_size_of(each, place),
        font=_font_of(each, seen).name,
        is_artifact=is_artifact,
        is_shown=_is_shown(each),
    )
    seen.runs.append(run)


def _size_of(each: Any, place: _Place) -> float:
    size = ctypes.c_float()
    raw.FPDFTextObj_GetFontSize(each, size)
    matrix = _matrix_of(each, place)
    # How high the letters are; what stretches them sideways makes none legible.
    return round(abs(float(size.value)) * math.hypot(matrix.c, matrix.d), 2)


def _is_shown(each: Any) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    has_colour = raw.FPDFPageObj_GetFillColor(each, *parts)
    is_clear = bool(has_colour) and parts[3].value == 0
    return not is_clear and raw.FPDFTextObj_GetTextRenderMode(each) != _INVISIBLE


def _font_of(each: Any, seen: _Page) -> Font:
    pointer = raw.FPDFTextObj_GetFont(each)
    address = _address(pointer)
    if address not in seen.fonts:
        seen.fonts[address] = _font(pointer)
    return seen.fonts[address]


def _font(pointer: Any) -> Font:
    length = raw.FPDFFont_GetBaseFontName(pointer, None, 0)
    buffer = ctypes.create_string_buffer(max(1, length))
    raw.FPDFFont_GetBaseFontName(pointer, buffer, length)
    name = buffer.value.decode("utf-8", "replace")
    # A font made of drawings (Type 3) needs no name.
    plain = SUBSET.sub("", name) or "(without a name)"
    return Font(plain, raw.FPDFFont_GetIsEmbedded(pointer) == 1)


def _picture(each: Any, place: _Place) -> Picture:
    across, down = ctypes.c_uint(), ctypes.c_uint()
    raw.FPDFImageObj_GetImagePixelSize(each, across, down)
    matrix = _matrix_of(each, place)
    width, height = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
    sides = (across.value, width), (down.value, height)
    dpi = min((72 * pixels / length for pixels, length in sides if length), default=0.0)
    return Picture(_box_of(each, place), (across.value, down.value), dpi)


def _box_of(each: Any, place: _Place) -> Box:
    sides = [ctypes.c_float() for _ in range(4)]
    raw.FPDFPageObj_GetBounds(each, *sides)
    box = Box(*(side.value for side in sides))
    return Box(*place.matrix.on_rect(*box)) if place.matrix else box


def _matrix_of(each: Any, place: _Place) -> Any:
    """Return how a text, image or group is turned and scaled on the page."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(each, matrix)
    own = pypdfium2.PdfMatrix(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)
    return own.multiply(place.matrix) if place.matrix else own


def _marks_of(each: Any) -> list[str]:
    names = []
    for index in range(max(0, raw.FPDFPageObj_CountMarks(each))):
        buffer, length = (raw.FPDF_WCHAR * 64)(), ctypes.c_ulong()
        mark = raw.FPDFPageObj_GetMark(each, index)
        if raw.FPDFPageObjMark_GetName(mark, buffer, ctypes.sizeof(buffer), length):
            names.append(bytes(buffer)[: length.value].decode("utf-16-le").rstrip("\0"))
    return names

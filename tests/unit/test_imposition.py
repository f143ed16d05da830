"""Pages on sheets: folded, they read on; side by side, they are as large as fits."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pypdfium2 import raw

from guidegen.renderers.imposition import (
    EDGE,
    Imposition,
    booklet_sides,
    impose,
    least_size,
    n_up_sides,
)

HALF = (396.0, 612.0)
LETTER = (612.0, 792.0)
MARGIN = 60.0
SIZE = 20.0  # of the type


def pages(sizes: Sequence[tuple[float, float]]) -> bytes:
    """Return a PDF whose pages have a frame at the margin, and in it their number, such as <3>."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    for number, (width, height) in enumerate(sizes, 1):
        page = pdf.add_blank_page(page_size=(width, height))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=pdf.make_indirect(font)))
        frame = f"{MARGIN} {MARGIN} {width - 2 * MARGIN} {height - 2 * MARGIN} re S"
        background = f"1 1 1 rg 0 0 {width} {height} re f 0 0 0 rg"
        at = f"{MARGIN + 10} {height - MARGIN - 30} Td"
        text = f"BT /F {SIZE} Tf {at} (<{number}>) Tj ET"
        page.Contents = pdf.make_stream(f"{background} {frame} {text}".encode())
    pdf.docinfo["/Title"] = "Pages"
    pdf.Root.Lang = pikepdf.String("en-US")
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def shown(content: bytes, rows: int = 1) -> list[tuple[str, ...]]:
    """Return the text in each place of each side, row by row."""
    with pypdfium2.PdfDocument(content) as document:
        return [tuple(_places(page, rows)) for page in document]


def _places(page: pypdfium2.PdfPage, rows: int) -> list[str]:
    width, height = page.get_size()
    text = page.get_textpage()
    places = [""] * 2 * rows
    for at, letter in enumerate(text.get_text_range()):
        if not letter.isspace():
            left, bottom, _, _ = text.get_charbox(at)
            places[int(2 * left / width) + 2 * int(rows * (1 - bottom / height))] += letter
    return places


def folded(sides: Sequence[tuple[str, ...]], *, from_right: bool = False) -> list[str]:
    """Return what one reads who folds the sheets in the middle and leafs through the booklet."""
    sheets = list(zip(sides[::2], sides[1::2], strict=True))
    opening, closing = (0, 1) if from_right else (1, 0)
    first_half = [page for front, back in sheets for page in (front[opening], back[closing])]
    second_half = [
        page for front, back in reversed(sheets) for page in (back[opening], front[closing])
    ]
    return first_half + second_half


def numbers(count: int, places: int) -> list[str]:
    """Return the texts of so many pages, and those of the blank ones that fill up the places."""
    return [*(f"<{number}>" for number in range(1, count + 1)), *[""] * (-count % places)]


def corners(content: bytes) -> list[tuple[float, float, float]]:
    """Return, for each number printed, where it starts and in which direction it is written."""
    found = []
    with pypdfium2.PdfDocument(content) as document:
        for page in document:
            text = page.get_textpage()
            for at in range(text.count_chars()):
                if chr(raw.FPDFText_GetUnicode(text.raw, at)) == "<":
                    left, bottom, _, top = text.get_charbox(at)
                    angle = raw.FPDFText_GetCharAngle(text.raw, at)
                    found.append((left, (bottom + top) / 2, math.degrees(angle) % 360))
    return found


# The order of pages


@pytest.mark.parametrize("count", range(1, 14))
@pytest.mark.parametrize("from_right", [False, True])
def test_a_folded_booklet_reads_from_the_first_page_to_the_last(
    count: int, from_right: bool
) -> None:
    made = impose(pages([HALF] * count), "booklet", from_right=from_right)
    sides = shown(made.content)
    assert folded(sides, from_right=from_right) == numbers(count, 4)
    assert len(sides) == made.sides == 2 * math.ceil(count / 4)


def test_the_outermost_sheet_comes_first() -> None:
    assert booklet_sides(8) == [(7, 0), (1, 6), (5, 2), (3, 4)]
    assert booklet_sides(5) == [(None, 0), (1, None), (None, 2), (3, 4)]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 9])
@pytest.mark.parametrize(("how", "places"), [("2-up", 2), ("4-up", 4)])
def test_pages_on_one_side_come_in_reading_order(count: int, how: Imposition, places: int) -> None:
    made = impose(pages([LETTER] * count), how)
    sides = shown(made.content, places // 2)
    assert [page for side in sides for page in side] == numbers(count, places)
    assert len(sides) == made.sides


def test_a_language_from_the_right_has_the_first_page_at_the_right() -> None:
    assert shown(impose(pages([LETTER] * 3), "2-up", from_right=True).content) == [
        ("<2>", "<1>"),
        ("", "<3>"),
    ]
    assert shown(impose(pages([LETTER] * 3), "4-up", from_right=True).content, 2) == [
        ("<2>", "<1>", "", "<3>")
    ]
    assert n_up_sides(3, 2) == [(0, 1), (2, None)]


# Where a page stands


def test_a_booklet_keeps_the_size_of_its_pages() -> None:
    content = impose(pages([HALF] * 4), "booklet").content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert {tuple(map(float, page.mediabox)) for page in pdf.pages} == {(0, 0, 792, 612)}
    places = corners(content)
    inset = MARGIN + 10
    starts = [left for left, _, _ in places]
    assert starts == pytest.approx([inset, HALF[0] + inset] * 2, abs=2)


def test_a_landscape_page_is_turned_with_its_top_to_the_left() -> None:
    turned = pages([HALF, HALF[::-1], HALF[::-1], HALF])
    content = impose(turned, "booklet").content
    assert folded(shown(content)) == numbers(4, 4)
    places = corners(content)
    # pdfium counts clockwise.
    assert [angle for _, _, angle in places] == pytest.approx([0, 0, 270, 270])
    # The number is close to the top of its page and to its left: turned, to the left and the foot.
    (second, third) = places[2:]
    assert second[0] < 396 / 4
    assert 396 < third[0] < 396 * 5 / 4
    assert second[1] == pytest.approx(third[1])
    assert second[1] < 100


@pytest.mark.parametrize(("how", "rows"), [("2-up", 1), ("4-up", 2)])
def test_pages_to_a_side_lose_their_margins_before_their_size(how: Imposition, rows: int) -> None:
    made = impose(pages([LETTER] * 4), how)
    width, height = LETTER if rows == 2 else LETTER[::-1]
    framed = LETTER[0] - 2 * MARGIN, LETTER[1] - 2 * MARGIN
    room = width / 2 - 2 * EDGE, height / rows - 2 * EDGE
    fits = min(room[0] / framed[0], room[1] / framed[1])
    assert made.scale == pytest.approx(fits, rel=0.02)
    assert made.scale <= fits
    whole_page = min(width / 2 / LETTER[0], height / rows / LETTER[1])
    assert made.scale > 1.08 * whole_page


def test_ink_stays_off_the_edges_of_the_paper_and_of_its_neighbour() -> None:
    content = impose(pages([LETTER, LETTER[::-1], LETTER, LETTER]), "4-up").content
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render().to_pil().convert("1")
    width, height = picture.size
    edge = int(EDGE) - 1
    for left, right in ((0, edge), (width // 2 - edge, width // 2 + edge), (width - edge, width)):
        assert picture.crop((left, 0, right, height)).getextrema() == (255, 255)
    for top, foot in ((0, edge), (height // 2 - edge, height // 2 + edge), (height - edge, height)):
        assert picture.crop((0, top, width, foot)).getextrema() == (255, 255)
    assert picture.getextrema() == (0, 255)


def test_pages_with_little_or_nothing_on_them_are_not_enlarged() -> None:
    small = pages([(200.0, 300.0)])
    assert impose(small, "2-up").scale <= 1
    empty = pikepdf.new()
    empty.add_blank_page(page_size=LETTER)
    empty.docinfo["/Title"] = "Empty"
    empty.Root.Lang = pikepdf.String("en")
    file = io.BytesIO()
    empty.save(file)
    assert 0.5 < impose(file.getvalue(), "2-up").scale < 1


# The file


@pytest.mark.parametrize("how", ["booklet", "2-up", "4-up"])
def test_the_file_is_sound_says_what_it_is_and_has_the_same_bytes_each_time(
    how: Imposition, tmp_path: Path
) -> None:
    source = pages([HALF] * 5)
    made = impose(source, how)
    assert impose(source, how) == made
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == ("Pages", "en-US")
        assert pdf.Root.ViewerPreferences.PrintScaling == "/None"
        duplex = pdf.Root.ViewerPreferences.get("/Duplex")
        assert duplex == ("/DuplexFlipShortEdge" if how == "booklet" else None)
        fonts = {
            form.Resources.Font.F.objgen
            for page in pdf.pages
            for form in page.Resources.XObject.values()
        }
        assert len(fonts) == 1, "the pages share their fonts"
        assert all("/StructParents" not in each for each in pdf.objects if hasattr(each, "keys"))


def test_the_smallest_type_is_found() -> None:
    assert least_size(pages([HALF])) == pytest.approx(SIZE)
    assert least_size(impose(pages([HALF]), "booklet").content) == pytest.approx(SIZE)

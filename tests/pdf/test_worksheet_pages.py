"""Worksheets on paper: room to write, cards that lie on each other, and tags that readers need."""

from __future__ import annotations

import functools
import io
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from guidegen import jobs
from guidegen.ladder import PAPERS
from guidegen.models import Library, Paper
from guidegen.origin import Origin
from guidegen.project import bundled
from guidegen.renderers import pdf
from guidegen.renderers.html import load_templates
from guidegen.settings import NO_OFFSET, Offset
from guidegen.view.cards import Flip
from guidegen.view.worksheet import Dress, Worksheet, compose_calibration, compose_worksheet
from guidegen.worksheet_jobs import TEMPLATE, Printed
from guidegen.worksheets import Kind, Wish, grid_of, make_exercise

MM_PER_PX = 25.4 / 96
EXACT = 0.001  # mm

Box = Any
Pages = list[list[Box]]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def sheet_of(bundled_library: Library) -> Callable[..., Worksheet]:
    """Returns a worksheet of a bundled comparison, as students see it."""

    def make(
        comparison: str,
        kind: Kind,
        paper: Paper = "letter",
        flip: Flip = "long",
        offset: Offset = NO_OFFSET,
    ) -> Worksheet:
        found = grid_of(
            comparison,
            bundled_library.comparisons[comparison],
            Printed(bundled_library, "en-US"),
            synonyms={},
        )
        dress = Dress(
            title="Title", language="en-US", paper=paper, seed=7, flip=flip, offset=offset
        )
        return compose_worksheet(make_exercise(found, Wish(kind, 7), "A").sheet, "A", dress)

    return make


@pytest.fixture(scope="session")
def boxes_of(cache: Path) -> Callable[[Worksheet], Pages]:
    """Returns all boxes of a worksheet's laid-out pages."""

    def lay_out(sheet: Worksheet) -> Pages:
        templates = load_templates([bundled() / "templates"])
        html = jobs.print_html(sheet, templates, TEMPLATE)
        layout = pdf.lay_out(html, {}, cache)
        assert layout.warnings == []
        return [list(within(page._page_box)) for page in layout.pages.pages]

    return lay_out


@pytest.fixture(scope="session")
def pages_of(
    sheet_of: Callable[..., Worksheet], boxes_of: Callable[[Worksheet], Pages]
) -> Callable[..., Pages]:
    """Returns the boxes of what ``sheet_of`` makes of the same arguments, laid out once."""

    @functools.cache
    def pages(
        comparison: str,
        kind: Kind,
        paper: Paper = "letter",
        flip: Flip = "long",
        offset: Offset = NO_OFFSET,
    ) -> Pages:
        return boxes_of(sheet_of(comparison, kind, paper, flip, offset))

    return pages


def within(box: Box) -> Iterator[Box]:
    for child in getattr(box, "children", ()):
        inner = getattr(child, "_box", child)
        yield inner
        yield from within(inner)


def of_class(boxes: list[Box], name: str) -> list[Box]:
    """Return the outer box of each element of a class."""
    return [
        box
        for box in boxes
        if box.element is not None
        and name in (box.element.get("class") or "").split()
        and type(box).__name__ in ("BlockBox", "GridBox", "InlineBlockBox")
        and "::" not in (box.element_tag or "")
    ]


def place_of(box: Box) -> tuple[float, float, float, float]:
    """Return left, top, width and height in mm from the corner of the paper."""
    edges = (box.position_x, box.position_y, box.border_width(), box.border_height())
    left, top, width, height = (edge * MM_PER_PX for edge in edges)
    return left, top, width, height


def words_of(box: Box) -> str:
    return " ".join(each.text for each in within(box) if type(each).__name__ == "TextBox")


# Room to write


@pytest.mark.parametrize(
    ("comparison", "paper"),
    [("ems-vs-emt", "letter"), ("national-levels", "a4"), ("career-paths", "letter")],
)
def test_cells_to_fill_in_have_room_for_handwriting(
    pages_of: Callable[..., Pages],
    comparison: str,
    paper: Paper,
) -> None:
    pages = pages_of(comparison, "blank", paper)
    cells = [
        place_of(box)
        for boxes in pages
        for box in boxes
        if type(box).__name__ == "TableCellBox" and box.element_tag == "td"
    ]
    assert len(cells) > 15
    assert min(height for *_, height in cells) >= 16
    assert min(width for *_, width, _ in cells) >= 28


@pytest.mark.parametrize("kind", ["cloze", "matching"])
def test_lines_to_write_on_lie_eight_to_nine_millimetres_apart(
    pages_of: Callable[..., Pages], kind: Kind
) -> None:
    feet = [
        box.position_y * MM_PER_PX
        for box in pages_of("national-levels", kind)[0]
        if type(box).__name__ == "InlineBlockBox" and box.element.get("class") == "gap"
    ]
    apart = [after - before for before, after in itertools.pairwise(sorted(feet))]
    assert len(apart) > 10
    assert min(each for each in apart if each > EXACT) >= 8
    assert sum(each <= 9 for each in apart) > 10


@pytest.mark.parametrize(
    ("kind", "name"), [("quiz", "question"), ("matching", "set"), ("cloze", "")]
)
def test_no_item_is_split_over_pages(
    pages_of: Callable[..., Pages],
    kind: Kind,
    name: str,
) -> None:
    pages = pages_of("national-levels", kind)
    assert len(pages) > 1
    items = [
        box.element
        for boxes in pages
        for box in boxes
        if type(box).__name__ == "BlockBox"
        and box.element is not None
        and "::" not in box.element_tag
        and (name in (box.element.get("class") or "").split() if name else box.element_tag == "li")
    ]
    assert len(items) == len(set(items)) > 5


@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("kind", ["cloze", "matching", "quiz"])
def test_each_label_and_each_letter_is_printed_once(
    pages_of: Callable[..., Pages],
    kind: Kind,
    paper: Paper,
) -> None:
    shown = [
        (box.element, box.text)
        for boxes in pages_of("national-levels", kind, paper)
        for box in boxes
        if type(box).__name__ == "TextBox"
        and box.element is not None
        and box.element.get("class") in ("question-number", "letter")
    ]
    labels = [text for element, text in shown if element.get("class") == "question-number"]
    assert labels == [str(number) for number in range(1, len(labels) + 1)]
    assert len(labels) > 20
    assert len({element for element, _ in shown}) == len(shown)


@pytest.mark.parametrize("kind", ["blank", "cloze", "matching", "cards", "quiz"])
@pytest.mark.parametrize("comparison", ["ems-vs-emt", "national-levels"])
def test_no_words_are_printed_over_others(
    pages_of: Callable[..., Pages],
    comparison: str,
    kind: Kind,
) -> None:
    for boxes in pages_of(comparison, kind):
        texts = [
            (
                box.position_x,
                box.position_y,
                box.position_x + box.width,
                box.position_y + box.height,
            )
            for box in boxes
            if type(box).__name__ == "TextBox" and box.text.strip() and box.text != "blank"
        ]
        assert len(texts) > 5
        for one, other in itertools.combinations(texts, 2):
            across = min(one[2], other[2]) - max(one[0], other[0])
            down = min(one[3], other[3]) - max(one[1], other[1])
            # Lines may touch: a line box is higher than its letters.
            assert across < 1 or down < 0.4 * min(one[3] - one[1], other[3] - other[1])


# Cards


@pytest.mark.parametrize(
    ("paper", "flip"), [("letter", "long"), ("letter", "short"), ("a4", "long"), ("a4", "short")]
)
def test_backs_lie_exactly_behind_their_fronts(
    pages_of: Callable[..., Pages],
    paper: Paper,
    flip: Flip,
) -> None:
    pages = pages_of("national-levels", "cards", paper, flip)
    width, height = PAPERS[paper]
    assert len(pages) > 2
    for front, back in zip(pages[::2], pages[1::2], strict=True):
        backs = {number_of(card): place_of(card) for card in of_class(back, "card")}
        for card in of_class(front, "card"):
            left, top, *size = place_of(card)
            assert size == pytest.approx([90, 60], abs=EXACT)
            if not number_of(card):
                continue
            behind = (width - left - 90, top) if flip == "long" else (left, height - top - 60)
            assert backs[number_of(card)] == pytest.approx((*behind, *size), abs=EXACT)


def number_of(card: Box) -> str:
    numbers = [words_of(each) for each in of_class(list(within(card)), "card-number")]
    return numbers[0] if numbers else ""


def test_the_offset_moves_backs_and_nothing_else(pages_of: Callable[..., Pages]) -> None:
    sheets = [
        pages_of("ems-vs-emt", "cards", offset=offset) for offset in (NO_OFFSET, Offset(1.5, -0.5))
    ]
    places = [
        [[place_of(card) for card in of_class(page, "card")] for page in each] for each in sheets
    ]
    assert places[0][0] == places[1][0]
    for (left, top, *_), (moved_left, moved_top, *_) in zip(
        places[0][1], places[1][1], strict=True
    ):
        assert moved_left - left == pytest.approx(1.5, abs=EXACT)
        assert moved_top - top == pytest.approx(-0.5, abs=EXACT)


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_cut_marks_point_at_the_corners_from_outside_the_cards(
    pages_of: Callable[..., Pages], paper: Paper
) -> None:
    page = pages_of("ems-vs-emt", "cards", paper)[0]
    cards = [place_of(card) for card in of_class(page, "card")]
    assert len(cards) == 8
    left, top = min(card[0] for card in cards), min(card[1] for card in cards)
    marks = of_class(page, "mark")
    assert len(marks) == 16
    for mark in marks:
        x, y = mark.border_box_x() * MM_PER_PX, mark.border_box_y() * MM_PER_PX
        wide, high = (edge * MM_PER_PX for edge in (mark.border_width(), mark.border_height()))
        outside = (
            x + wide <= left - 0.9 or x >= left + 180.9 or y + high <= top - 0.9 or y >= top + 240.9
        )
        assert outside
        on_edge = (x + wide / 2 - left) / 90 if high > wide else (y + high / 2 - top) / 60
        assert on_edge == pytest.approx(round(on_edge), abs=0.001)


@pytest.mark.parametrize("comparison", ["national-levels", "sbar-and-mist", "career-paths"])
def test_no_text_leaves_its_card(pages_of: Callable[..., Pages], comparison: str) -> None:
    cards = [card for page in pages_of(comparison, "cards") for card in of_class(page, "card")]
    assert len(cards) > 15
    for card in cards:
        left, top, width, height = place_of(card)
        for text in (each for each in within(card) if type(each).__name__ == "TextBox"):
            assert left + 3 <= text.position_x * MM_PER_PX
            assert (text.position_x + text.width) * MM_PER_PX <= left + width - 3
            assert top + 3 <= text.position_y * MM_PER_PX
            assert (text.position_y + text.height) * MM_PER_PX <= top + height - 3


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_the_rulers_of_a_calibration_sheet_cross_in_the_middle_of_both_sides(
    boxes_of: Callable[[Worksheet], Pages], paper: Paper
) -> None:
    pages = boxes_of(
        compose_calibration(
            Dress(title="", language="en-US", paper=paper, seed=0, offset=Offset(3, 3))
        )
    )
    width, height = PAPERS[paper]
    assert len(pages) == 2
    for page in pages:
        drawing = next(
            box for box in page if box.element_tag == "svg" or "Replaced" in type(box).__name__
        )
        left, top, across, down = place_of(drawing)
        assert left + across / 2 == pytest.approx(width / 2, abs=EXACT)
        assert top + down / 2 == pytest.approx(height / 2, abs=EXACT)


# Tags


@pytest.mark.a11y
@pytest.mark.parametrize("kind", ["blank", "cloze", "matching", "cards", "quiz"])
def test_the_finished_file_is_tagged_and_its_lists_are_whole(
    sheet_of: Callable[..., Worksheet], cache: Path, kind: Kind
) -> None:
    sheet = sheet_of("ems-vs-emt", kind)
    templates = load_templates([bundled() / "templates"])
    data, pages, _ = jobs.finish(sheet, "pdf", templates, cache, Origin("here"), TEMPLATE)
    again, *_ = jobs.finish(sheet, "pdf", templates, cache, Origin("here"), TEMPLATE)
    assert data == again
    with pikepdf.open(io.BytesIO(data)) as document:
        assert len(document.pages) == pages
        assert str(document.docinfo["/Title"]) == sheet.title
        elements = [
            each
            for each in document.objects
            if isinstance(each, pikepdf.Dictionary) and str(each.get("/S")).strip("/")
        ]
        names = [str(each.S) for each in elements if "/K" in each and "/P" in each]
        assert names.count("/H1") == 1
        assert {"blank": "/TH", "cards": "/P"}.get(kind, "/LI") in names
        for each in elements:
            if each.get("/S") == "/L":
                assert {str(item.S) for item in each.K} == {"/LI"}

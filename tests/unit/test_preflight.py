"""Each check on laid-out pages: a planted fault that is found, and a near miss that is not."""

from __future__ import annotations

import base64
import contextlib
import datetime
import io
from pathlib import Path
from typing import Any, NamedTuple

import pydyf
import pytest
from PIL import Image

from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.fitting import HandoutMaker
from guidegen.jobs import compose, print_html
from guidegen.ladder import Wish
from guidegen.models import Library
from guidegen.origin import Origin
from guidegen.pipeline import Request, jobs_for
from guidegen.preflight import CHECKS, inspect, settle, together
from guidegen.preflight.checks import LEAST_SIZE
from guidegen.problems import Problem, RenderError, RequestError
from guidegen.project import bundled, find
from guidegen.renderers import pdf
from guidegen.renderers.html import load_templates
from guidegen.settings import NO_OFFSET
from guidegen.view.worksheet import Dress, compose_calibration, compose_key, compose_worksheet
from guidegen.worksheet_jobs import TEMPLATE as SHEET_TEMPLATE
from guidegen.worksheet_jobs import WorksheetRequest, dress_of, exercises_of
from guidegen.worksheets import Wish as SheetWish

PLACE = Origin("the-guide.yaml", 1)
BLOCK = Origin("a.yaml", 7)
STYLE = """
@page { size: letter; margin: 20mm }
:root { --hairline: #c9d0d6 }
html { font: 10.5pt/14pt "Source Serif Pro" } body { margin: 0 }
h1, h2, h3, h4, p, ul { font-size: inherit; margin: 0 0 7pt }
figure { margin: 0 } svg, img { display: block }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
figure, tr { break-inside: avoid } caption, figcaption { break-after: avoid }
"""
LINES = "<p>One.<p>Two.<p>Three."


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return find(bundled(), tmp_path_factory.getbasetemp()).cache


@pytest.fixture
def pages_of(cache: Path) -> Any:
    """Returns laid-out pages: three lines, and after them a block of ``a.yaml:7``."""

    def lay_out(block: str, style: str = "", before: str = LINES, after: str = "") -> Any:
        html = (
            f"<!doctype html><html lang=en><title>T</title><style>{STYLE}{style}</style>{before}"
            f'<div data-origin="a.yaml:7">{block}</div>{after}'
        )
        return pdf.lay_out(html, {}, cache).pages

    return lay_out


class Case(NamedTuple):
    """A block with a fault, words of its message, and nearly the same block without."""

    code: str
    name: str
    fault: str
    says: str
    sound: str
    style: str = ""


FILLER = "<div style='height: {}mm'></div>"
TALL = "<br>".join(f"line {number}" for number in range(60))
HALF = "<br>".join(f"line {number}" for number in range(30))
NEXT = "<p style='break-before: page'>"
SVG = (
    '<svg viewBox="0 0 100 50" style="width: 100px">'
    '<text x="1" y="20" font-size="{}">Word</text></svg>'
)
FIGURE = (
    "<figure><svg viewBox='0 0 1 1' style='width: {}mm'></svg><figcaption>Map</figcaption></figure>"
)


def png(width: int, height: int) -> str:
    stream = io.BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(stream, "PNG")
    return "data:image/png;base64," + base64.b64encode(stream.getvalue()).decode()


def drawing_with(picture: str) -> str:
    image = f"<image width='96' height='96' href='{picture}'/>"
    return f"<svg viewBox='0 0 96 96' style='width: 96px'>{image}</svg>"


def table(cell: str) -> str:
    return f"<table><caption>Paths</caption><tr><td>a<td>{cell}<td>b</table>"


CASES = [
    Case(
        "off-page",
        "word",
        f"<p>{'x' * 120}",
        "mm past the right edge of its page on page 1",
        f"<p>{'x' * 80}",
    ),
    Case(
        "off-page",
        "word-in-cell",
        table("x" * 40),
        "past the right edge of its cell on page 1",
        table("x" * 20),
    ),
    Case(
        "off-page",
        "table",
        "<table style='width: 220mm'><caption>Paths</caption><tr><td style='border: 1pt solid'>a",
        "the table “Paths” runs 44 mm past the right edge of its page on page 1",
        "<table style='width: 175mm'><caption>Paths</caption><tr><td style='border: 1pt solid'>a",
    ),
    Case(
        "off-page",
        "figure",
        FIGURE.format(200),
        "the figure “Map” runs 24 mm past the right edge of its page on page 1",
        FIGURE.format(100),
    ),
    Case(
        "off-page",
        "to-the-left",
        "<p style='margin-left: -9mm'>Hanging",
        "“Hanging” runs 9.0 mm past the left edge of its page",
        "<p style='padding-left: 9mm'><b style='margin-left: -9mm'>Hanging</b>",
    ),
    Case(
        "off-page",
        "empty-box",
        "<div style='border: 1pt solid; width: 200mm; height: 20mm'></div>",
        "a box runs",
        "<div style='border: 1pt solid; width: 175mm; height: 20mm'></div>",
    ),
    Case(
        "clipped",
        "overflow-hidden",
        "<div style='overflow: hidden; height: 10mm'>One<br>Two<br>Three</div>",
        "“Three” is cut off: 4.4 mm past the foot of its box on page 1",
        "<div style='overflow: hidden; height: 15mm'>One<br>Two<br>Three</div>",
    ),
    Case(
        "clipped",
        "fixed-height",
        "<div style='height: 10mm'>One<br>Two<br>Three</div>",
        "“Three” runs 4.4 mm past the foot of its box on page 1",
        "<div style='height: 15mm'>One<br>Two<br>Three</div>",
    ),
    Case(
        "clipped",
        "for-screen-readers-alone",
        "<p style='overflow: hidden; width: 9mm'>Understandably",
        "“Understandably” is cut off",
        "<p style='overflow: hidden; width: 1px; height: 1px; color: transparent'>Understandably",
    ),
    Case(
        "overlap",
        "lines",
        "<p>Something<p style='margin-top: -18pt'>Somewhere",
        "“Somewhere” is printed over “Something” on page 1",
        "<p style='line-height: 0.9'>Some <sup>1</sup> H<sub>2</sub>O<br>Somewhere <sup>2</sup>",
    ),
    Case(
        "overlap",
        "side-label",
        "<p style='position: relative; padding-left: 20mm'><span style='position: absolute;"
        " left: 0; width: 20mm; white-space: nowrap'>Very long label</span>Text",
        "Text",
        "<p style='position: relative; padding-left: 40mm'><span style='position: absolute;"
        " left: 0; width: 20mm; white-space: nowrap'>Very long label</span>Text",
    ),
    Case(
        "small-text",
        "text",
        "<p style='font-size: 8.9pt'>Tiny",
        "“Tiny” is 8.9 pt high on page 1, below 9 pt",
        "<p style='font-size: 9pt'>Tiny",
    ),
    Case(
        "small-text",
        "raised",
        "<p>E = mc<sup style='font-size: 5.9pt'>2</sup>",
        "“2” is 5.9 pt high on page 1, below 6 pt",
        "<p>E = mc<sup style='font-size: 6pt'>2</sup>",
    ),
    Case(
        "small-text",
        "theme",
        "<p>Seventeen points",
        "is 17 pt high on page 1, below 18 pt",
        "<p style='font-size: 18pt'>Eighteen points",
        ":root { --least-size: 18pt } html { font-size: 17pt } body > p { font-size: 18pt }",
    ),
    Case("small-text", "in-a-drawing", SVG.format(11), "“Word” is 8.25 pt", SVG.format(12)),
    Case(
        "low-contrast",
        "text",
        "<p style='color: #787878'>Grey",
        "“Grey” has a contrast of 4.4 to its background on page 1, below 4.5",
        "<p style='color: #767676'>Grey",
    ),
    Case(
        "low-contrast",
        "on-a-tint",
        "<div style='background: #e0e0e0'><p style='color: #767676'>Grey</div>",
        "“Grey” has a contrast of 3.4",
        "<div style='background: #e0e0e0'><p style='color: #555'>Grey</div>",
    ),
    Case(
        "low-contrast",
        "large",
        "<p style='color: #949494; font-size: 17pt'>Grey",
        "below 4.5",
        "<p style='color: #949494; font-size: 18pt'>Grey",
    ),
    Case(
        "low-contrast",
        "bold",
        "<p style='color: #999; font: bold 14pt serif'>Grey",
        "below 3",
        "<p style='color: #949494; font: bold 14pt serif'>Grey",
    ),
    Case(
        "low-contrast",
        "half-transparent",
        "<p style='color: rgba(0, 0, 0, 0.5)'>Grey",
        "“Grey” has a contrast of 4.0",
        "<p style='color: rgba(0, 0, 0, 0.6)'>Grey",
    ),
    Case(
        "faint-mark",
        "rule",
        "<div style='border-left: 2pt solid #999'>A remark</div>",
        "a line has a contrast of 2.8 to the paper on page 1, below 3",
        "<div style='border-left: 2pt solid #8a949e'>A remark</div>",
    ),
    Case(
        "faint-mark",
        "hairline",
        "<table><tr><td style='border-bottom: 1pt solid #c8d0d6'>a</table>",
        "--hairline",
        "<table><tr><td style='border-bottom: 1pt solid #c9d0d6'>a</table>",
    ),
    Case(
        "missing-figure",
        "picture",
        "<img src='http://guidegen.invalid/nowhere.png' alt='A map'>",
        "the picture “A map” on page 1 can't be read",
        "<svg viewBox='0 0 9 9' style='width: 9mm'><title>A map</title></svg>",
    ),
    Case(
        "low-resolution",
        "in-a-drawing",
        drawing_with(png(149, 149)),
        "has 149 dpi on page 1, below 150",
        drawing_with(png(150, 150)),
    ),
    Case(
        "stranded-heading",
        "h2",
        f"<h2>Alone</h2>{NEXT}Far away{LINES}",
        "a heading, “Alone”, is the last line of page 1",
        f"<h2>Alone</h2><p>Near{NEXT}Far away{LINES}",
    ),
    Case(
        "stranded-heading",
        "h1",
        f"<h1>Alone</h1>{NEXT}Far away{LINES}",
        "a heading, “Alone”",
        f"<h1>Alone</h1><svg viewBox='0 0 9 9' style='width: 9mm'></svg>{NEXT}Far away{LINES}",
    ),
    Case(
        "stranded-heading",
        "side-label",
        f"<p class='side-label'>Note{NEXT}Far away{LINES}",
        "a label, “Note”",
        f"<p class='side-label'>Note<p>Near{NEXT}Far away{LINES}",
    ),
    Case(
        "stranded-heading",
        "head-of-a-table",
        f"<table><thead><tr><th>Head</thead></table>{NEXT}{LINES}",
        "the head of a table, “Head”",
        f"<table><thead><tr><th>Head</thead><tbody><tr><td>cell</table>{NEXT}{LINES}",
    ),
    Case(
        "stranded-heading",
        "group-of-rows",
        "<table><tr class='group'><th>Group<tr style='break-before: page'><td>cell</table>" + LINES,
        "the heading of a group of rows, “Group”",
        "<table><tr class='group'><th>Group<tr><td>cell<tr style='break-before: page'><td>c</table>"
        + LINES,
    ),
    Case(
        "empty-section",
        "before-the-next",
        "<h2>Empty</h2><h2>Full</h2><p>Text",
        "there is nothing below the heading “Empty” on page 1",
        "<h2>Full</h2><h3>Fuller</h3><p>Text<h2>Room<br>to write</h2>"
        "<div style='height: 9mm; border-bottom: 1pt solid'></div>",
    ),
    Case(
        "empty-section",
        "at-the-end",
        "<p>Text<h2>Full</h2><p>Text<h3>Empty</h3>",
        "the heading “Empty”",
        "<p>Text<h2>Full</h2><h3>Full, too</h3><p>Text",
    ),
    Case(
        "split-row",
        "row",
        f"{FILLER.format(120)}<table style='break-before: avoid'><caption>Paths</caption>"
        f"<tr style='break-inside: auto'><td>{HALF}</table>",
        "a row of the table “Paths” is split over pages 1 and 2",
        f"{FILLER.format(120)}<table><caption>Paths</caption><tr><td>{HALF}</table>",
    ),
    Case(
        "tall-row",
        "row",
        f"<table><caption>Paths</caption><tr style='break-inside: auto'><td>{TALL}</table>",
        "a row of the table “Paths” on page 1 is taller than a page (1.",
        f"<table><caption>Paths</caption><tr><td>{HALF}<tr><td>{HALF}</table>",
    ),
    Case(
        "short-page",
        "two-lines",
        f"{NEXT}Four.<p>Five.",
        "page 2 holds “Four.” and no more",
        f"{NEXT}Four.<p>Five.<p>Six.",
    ),
    Case(
        "short-page",
        "room-to-write",
        f"{NEXT}Four.<div style='border-bottom: 1pt solid'></div>",
        "page 2 holds",
        f"{NEXT}Four.<div style='border-bottom: 1pt solid; height: 9mm'></div>",
    ),
    Case(
        "short-page",
        "figure",
        f"{NEXT}Four.",
        "page 2 holds",
        f"{NEXT}Four.<svg viewBox='0 0 9 9' style='width: 20mm'></svg>",
    ),
    Case(
        "short-page",
        "figure-above-its-caption",
        f"{NEXT}Four.",
        "page 2 holds",
        f"{NEXT}<svg viewBox='0 0 9 9' style='width: 20mm; display: block'></svg>Four.",
    ),
    Case(
        "dead-link",
        "link",
        "<p><a href='#nowhere'>see there</a>",
        "the link “see there” on page 1 leads to 'nowhere', which is not in the document",
        "<p id='here'><a href='#here'>see there</a>",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}-{case.name}" for case in CASES])
def test_a_planted_fault_is_found_at_its_line_and_a_near_miss_is_not(
    pages_of: Any, case: Case
) -> None:
    found = inspect(pages_of(case.fault, case.style), PLACE)
    assert [(problem.code, problem.origin) for problem in found] == [(case.code, BLOCK)]
    assert case.says in f"{found[0].message} ({found[0].hint})"
    assert found[0].hint
    assert inspect(pages_of(case.sound, case.style), PLACE) == []


@pytest.mark.parametrize("is_long", [True, False])
def test_a_running_line_that_leaves_its_margin_is_found(pages_of: Any, is_long: bool) -> None:
    words = "A title of many words " * (20 if is_long else 3)
    found = inspect(pages_of("<p>Text", f"@page {{ @top-left {{ content: '{words}' }} }}"), PLACE)
    assert [(problem.code, problem.origin) for problem in found] == (
        [("off-page", PLACE)] if is_long else []
    )
    assert all("its margin on page 1" in problem.message for problem in found)


@pytest.mark.parametrize("lines", [70, 10])
def test_a_footnote_that_is_longer_than_its_page_is_found(pages_of: Any, lines: int) -> None:
    note = "<br>".join(f"line {number}" for number in range(lines))
    found = inspect(pages_of(f"<p>Text<span style='float: footnote'>{note}</span>"), PLACE)
    assert ("off-page" in {problem.code for problem in found}) is (lines > 40)


def test_a_blank_page_is_found(pages_of: Any) -> None:
    blank = "<div style='break-before: page; break-after: page; height: 1mm'></div>"
    (found,) = inspect(pages_of(f"{blank}{LINES}"), PLACE)
    assert (found.code, found.message) == ("short-page", "page 2 is blank")


def test_what_runs_over_its_neighbour_is_told_once(pages_of: Any) -> None:
    (found,) = inspect(pages_of(table("x" * 40).replace("<td>b", "<td>bbbbbbbbbbbb")), PLACE)
    assert found.code == "off-page"


def test_problems_of_one_kind_in_one_block_are_told_once(pages_of: Any) -> None:
    (found,) = inspect(pages_of("<p style='color: #999'>One<br>Two<br>Three"), PLACE)
    assert "One" in found.message


def test_the_caller_may_ask_for_larger_type(pages_of: Any) -> None:
    pages = pages_of("<p style='font-size: 12pt'>Twelve", before="", after="")
    assert inspect(pages, PLACE, least_size=12)[0].code == "short-page"
    assert {each.code for each in inspect(pages, PLACE, least_size=12.1)} == {
        "short-page",
        "small-text",
    }


def test_a_style_sheet_cannot_lower_the_least_size(pages_of: Any) -> None:
    pages = pages_of("<p style='font-size: 8pt'>Tiny", ":root { --least-size: 6pt }")
    assert [problem.code for problem in inspect(pages, PLACE)] == ["small-text"]


def test_lettering_in_drawings_keeps_the_general_limit(pages_of: Any) -> None:
    style = ":root { --least-size: 18pt } body > p { font-size: 18pt }"
    assert inspect(pages_of(SVG.format(12), style), PLACE) == []


# What the engine says


def test_the_engine_is_told_only_of_what_the_pages_do_not_show() -> None:
    seen = [Problem(PLACE, "dead-link", "here")]
    engine = [Problem(PLACE, "dead-link", "somewhere"), Problem(PLACE, "missing-glyph", "★")]
    assert [problem.message for problem in together(seen, engine)] == ["here", "★"]


def test_a_verdict_stops_or_warns() -> None:
    problem = Problem(PLACE, "off-page", "out")
    with pytest.raises(RenderError):
        settle([problem], "stop")
    assert [each.severity for each in settle([problem], "warn")] == ["warning"]
    assert settle([], "stop") == ()


@pytest.mark.parametrize(
    ("warning", "code"),
    [
        ("Failed to load image at 'x.png': broken", "missing-figure"),
        ("No anchor #x for internal URI reference", "dead-link"),
        ('.notdef … Unicode string unsupported by fonts: "★" (U+2605)', "missing-glyph"),
        ("Ignored `filter: blur`", "engine-warning"),
    ],
)
def test_warnings_of_the_engine_have_codes(warning: str, code: str) -> None:
    layout = pdf.Layout(None, [warning, warning])
    assert [problem.code for problem in pdf.problems_in(layout, PLACE)] == [code]
    assert code in CHECKS


def test_a_font_that_is_not_in_the_file_is_found(pages_of: Any, cache: Path) -> None:
    written = pydyf.PDF()
    for entry in (
        {"Type": "/FontDescriptor", "FontName": "/Whole", "FontFile2": b"1 0 R"},
        {"Type": "/FontDescriptor", "FontName": "/Bare"},
        {"Type": "/Font", "Subtype": "/Type0", "BaseFont": "/Whole"},
        {"Type": "/Font", "Subtype": "/Type1", "BaseFont": "/Helvetica"},
        {"Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": "/Whole", "FontDescriptor": 1},
    ):
        written.add_object(pydyf.Dictionary(entry))
    assert pdf.unembedded_fonts(written) == ["Bare", "Helvetica"]


def test_a_font_without_its_letters_is_a_problem_of_the_file(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout = pdf.lay_out("<html lang=en><title>T</title><p>Text", {}, cache)
    pdf.to_pdf(layout)
    assert pdf.problems_in(layout, PLACE) == []
    monkeypatch.setattr(pdf, "unembedded_fonts", lambda _: ["Times"])
    pdf.to_pdf(layout)
    (found,) = pdf.problems_in(layout, PLACE)
    assert (found.code, found.origin) == ("font-not-embedded", PLACE)


# The table


def test_each_check_has_a_promise_and_a_planted_fault() -> None:
    planted = {case.code for case in CASES}
    of_engine = {"missing-glyph", "font-not-embedded", "engine-warning"}
    assert planted | of_engine == set(CHECKS)
    assert all(promise and not promise.endswith(".") for promise in CHECKS.values())
    assert LEAST_SIZE == 9


# What comes with guidegen


@pytest.fixture(scope="module")
def of_bundle(cache: Path) -> Any:
    """Returns the problems of a document of the bundled content."""
    templates = load_templates(find(bundled(), bundled()).templates)

    def problems(document: Any, template: str) -> list[str]:
        html = print_html(document, templates, template)
        layout = pdf.lay_out(html, document.figures, cache)
        found = [*inspect(layout.pages, PLACE), *pdf.problems_in(layout, PLACE)]
        return [str(problem) for problem in found]

    return problems


COMPARISONS = sorted(path.stem for path in (bundled() / "content/comparisons").glob("*.yaml"))


@pytest.mark.sweep
@pytest.mark.parametrize("name", COMPARISONS)
def test_every_bundled_worksheet_is_clean(
    of_bundle: Any, bundled_library: Library, name: str
) -> None:
    chosen = choose(bundled_library, (name,), Part(), None)
    for kind in ("blank", "cloze", "matching", "cards", "quiz"):
        request = WorksheetRequest(name, SheetWish(kind, bank=True))
        dress = dress_of(chosen, request, NO_OFFSET)
        ((_, exercise),) = exercises_of(chosen, request)
        sheet = compose_worksheet(exercise.sheet, "", dress)
        key = compose_key(exercise.sheet, exercise.answers, "", dress, of_code="ABCDE")
        assert of_bundle(sheet, SHEET_TEMPLATE) == [], kind
        assert of_bundle(key, SHEET_TEMPLATE) == [], kind


def test_the_calibration_sheet_is_clean(of_bundle: Any) -> None:
    dress = Dress(title="", language="en-US", paper="letter", seed=0, flip="long")
    assert of_bundle(compose_calibration(dress), SHEET_TEMPLATE) == []


@pytest.mark.sweep
@pytest.mark.parametrize("copies", [1, 2, 4])
@pytest.mark.parametrize("name", COMPARISONS)
def test_every_bundled_handout_that_fits_is_clean(
    bundled_library: Library, cache: Path, name: str, copies: int
) -> None:
    """The ladder passes over plans with faults; what it takes at last has none on any page."""
    chosen = choose(bundled_library, (name,), Part(), None)
    templates = load_templates(find(bundled(), bundled()).templates)
    maker = HandoutMaker(chosen, templates, cache, "letter")
    fits = contextlib.nullcontext() if copies == 1 else contextlib.suppress(RequestError)
    with fits:
        climbed = maker.climb(Wish("letter", copies=copies))
        assert climbed.taken is not None
        assert climbed.taken[0].rung != "cards"
        assert inspect(climbed.taken[1].layout.pages, PLACE) == []


@pytest.mark.sweep
@pytest.mark.parametrize("edition", ["complete", "student", "instructor", "key"])
@pytest.mark.parametrize("course", [None, "emt-101", "emr-refresher", "aemt-bridge"])
def test_every_bundled_guide_is_clean(
    of_bundle: Any, course: str | None, edition: Any, today: datetime.date
) -> None:
    request = Request(course=course, editions=(edition,))
    jobs, _ = jobs_for(find(bundled(), bundled()), request, today)
    for job in jobs:
        _, document = compose(job)
        assert of_bundle(document, "guide.html.jinja") == []

"""Editions in the themes as they are printed: nothing too small, hyphenated or coloured."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from guidegen import jobs
from guidegen.handouts import HandoutRequest, compare
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.models import Library, Paper
from guidegen.project import bundled, find
from guidegen.renderers.html import load_templates
from guidegen.themes import look_of
from guidegen.worksheet_jobs import WorksheetRequest, make_worksheets
from guidegen.worksheets import Wish

TEMPLATES = load_templates([bundled() / "templates"])
THEMES = ("dyslexia", "large-print", "print-bw")
# A case for each kind of block; test_architecture.py sees to that.
CASES = sorted((Path(__file__).resolve().parents[1] / "golden/cases").iterdir())
# Authors draw figures in the sizes and colours that they like.
DRAWN = "figure"
HYPHEN = "\u2010"
ROUNDING = 0.05

LONG_WORDS = """\
format: 1
title: Words
lead: Long ones.
edition: 2026-11-24
sections:
  - id: words
    title: Words
    blocks:
      - kind: prose
        text: {text}
"""


def sizes(data: bytes) -> Iterator[float]:
    """Yield the size in points of each letter that is printed."""
    for page in pypdfium2.PdfDocument(data):
        text = page.get_textpage()
        for at in range(text.count_chars()):
            if chr(pypdfium2.raw.FPDFText_GetUnicode(text.raw, at)).strip():
                yield _size(text.raw, at)


def _size(text: object, at: int) -> float:
    matrix = pypdfium2.raw.FS_MATRIX()
    assert pypdfium2.raw.FPDFText_GetMatrix(text, at, matrix)
    scale = math.sqrt(abs(matrix.a * matrix.d - matrix.b * matrix.c))
    return float(pypdfium2.raw.FPDFText_GetFontSize(text, at) * scale)


def text_of(data: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))


def colours(data: bytes, tmp_path: Path) -> set[tuple[float, ...]]:
    """Return the colours that are set in pages and in what is drawn on them."""
    file = tmp_path / "colours.pdf"
    file.write_bytes(data)
    with pikepdf.open(file) as document:
        streams = [*document.pages, *(each for each in document.objects if _is_form(each))]
        return {
            tuple(float(value) for value in each.operands if not isinstance(value, pikepdf.Name))
            for stream in streams
            for each in pikepdf.parse_content_stream(stream)
            if str(each.operator) in ("rg", "RG", "sc", "SC", "scn", "SCN", "k", "K")
        }


def _is_form(entry: object) -> bool:
    return isinstance(entry, pikepdf.Stream) and entry.get("/Subtype") == "/Form"


def is_grey(colour: tuple[float, ...]) -> bool:
    return max(colour, default=0) - min(colour, default=0) < 0.001


def printed(job: Job, cache: Path) -> bytes:
    # Small documents leave short pages behind, which is none of their themes' business.
    job = replace(job, formats=("pdf",), preflight="warn")
    return jobs.run(job, cache).contents[f"{job.stem}.pdf"]


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("paper", ["letter", "a4"])
@pytest.mark.parametrize("theme", THEMES)
def test_each_kind_of_block_can_be_printed(theme: str, paper: Paper, tmp_path: Path) -> None:
    least = look_of(TEMPLATES, theme).least
    assert len(CASES) >= 18
    for case in CASES:
        library, _ = load(case / "content", case)
        job = Job("case", library, TEMPLATES, theme=theme, paper=paper, preflight="warn")
        made = jobs.run(replace(job, formats=("pdf",)), tmp_path)
        data = made.contents[f"{job.stem}.pdf"]
        # A case shows what can be written, with headings over nothing and pages of one line.
        found = {problem.code for problem in made.of_pages}
        assert found <= {"short-page", "empty-section"}, f"{case.name}: {made.of_pages}"
        if case.name != DRAWN:
            assert min(sizes(data)) >= least - ROUNDING, case.name
        if theme == "print-bw":
            assert [each for each in colours(data, tmp_path) if not is_grey(each)] == [], case.name


@pytest.mark.parametrize(
    ("theme", "body"), [(None, 10.5), ("large-print", 18), ("dyslexia", 12), ("print-bw", 10.5)]
)
def test_running_text_is_as_large_as_the_theme_says(
    theme: str | None, body: float, library_of: object, tmp_path: Path
) -> None:
    job = Job("words", long_words(library_of), TEMPLATES, theme=theme)
    counted = Counter(round(size, 1) for size in sizes(printed(job, tmp_path)))
    assert counted.most_common(1)[0][0] == body
    assert min(counted) >= look_of(TEMPLATES, theme).least - ROUNDING


@pytest.mark.parametrize("theme", THEMES)
def test_an_edition_is_the_same_bytes_each_time(
    theme: str, library_of: object, tmp_path: Path
) -> None:
    job = Job("words", long_words(library_of), TEMPLATES, theme=theme)
    assert printed(job, tmp_path) == printed(job, tmp_path)


@pytest.mark.parametrize(("theme", "is_coloured"), [(None, True), ("print-bw", False)])
def test_black_and_white_takes_the_colours_out_of_text_rules_and_drawings(
    theme: str | None, *, is_coloured: bool, tmp_path: Path
) -> None:
    for case in CASES:
        if case.name in ("callout", DRAWN):
            library, _ = load(case / "content", case)
            job = Job("case", library, TEMPLATES, theme=theme)
            found = colours(printed(job, tmp_path), tmp_path)
            assert any(not is_grey(each) for each in found) == is_coloured, case.name


@pytest.mark.parametrize(("theme", "is_said"), [("large-print", True), ("dyslexia", False)])
def test_large_print_says_what_a_figure_shows_in_letters_of_its_own_size(
    theme: str, *, is_said: bool, tmp_path: Path
) -> None:
    (case,) = (each for each in CASES if each.name == DRAWN)
    library, _ = load(case / "content", case)
    job = Job("case", library, TEMPLATES, theme=theme)
    assert ("In words:" in text_of(printed(job, tmp_path))) == is_said


def test_type_is_measured_as_it_is_printed(library_of: object, tmp_path: Path) -> None:
    library = long_words(library_of)
    found = {round(size, 1) for size in sizes(printed(Job("words", library, TEMPLATES), tmp_path))}
    assert (min(found), max(found)) == (9.0, 27.0)


def long_words(library_of: object) -> Library:
    text = " ".join(["certification", "responsibilities", "communication"] * 20)
    assert callable(library_of)
    made: Library = library_of({"guides/words.yaml": LONG_WORDS.format(text=text)})
    return made


def test_large_print_and_dyslexia_editions_break_no_word(
    library_of: object, tmp_path: Path
) -> None:
    library = long_words(library_of)
    texts = {
        theme: text_of(printed(Job("words", library, TEMPLATES, theme=theme), tmp_path))
        for theme in (None, *THEMES)
    }
    assert {theme: HYPHEN in text for theme, text in texts.items()} == {
        None: True,
        "print-bw": True,
        "large-print": False,
        "dyslexia": False,
    }


def test_no_line_ends_after_its_first_word_only(library_of: object, tmp_path: Path) -> None:
    """The engine does so where a text just fills its line; see guidegen/renderers/lines.py."""
    words = "Note: response, on-scene care, care in transit, and transfer to definitive care"
    for extra in range(0, 24, 6):
        text = f"{words} {'i' * extra} [see:words]."
        assert callable(library_of)
        library = library_of({"guides/words.yaml": LONG_WORDS.format(text=f"'{text}'")})
        job = Job("words", library, TEMPLATES, theme="large-print")
        lines = [line.strip() for line in text_of(printed(job, tmp_path)).splitlines()]
        assert "Note:" not in lines


@pytest.mark.slow
@pytest.mark.sweep
def test_black_and_white_takes_no_colour_from_a_course(
    tmp_path: Path, today: datetime.date
) -> None:
    project = find(None, tmp_path)
    found = {}
    for theme in (None, "print-bw"):
        request = HandoutRequest(
            ("national-levels",),
            course="emt-101",
            theme=theme,
            formats=("pdf",),
            output=tmp_path / str(theme),
        )
        made = compare(project, request, today=today)
        found[theme] = colours(made.outputs[0].path.read_bytes(), tmp_path)
    assert not all(map(is_grey, found[None]))
    assert all(map(is_grey, found["print-bw"]))


@pytest.mark.slow
@pytest.mark.sweep
@pytest.mark.parametrize("theme", ["dyslexia", "large-print"])
def test_cards_are_as_large_as_the_theme_asks_for(
    theme: str, tmp_path: Path, today: datetime.date
) -> None:
    request = WorksheetRequest(
        "ems-vs-emt", Wish("cards"), theme=theme, formats=("pdf",), output=tmp_path
    )
    (file,) = make_worksheets(find(None, tmp_path), request, today=today).files
    least = look_of(TEMPLATES, theme).least
    assert min(sizes(file.path.read_bytes())) >= least - ROUNDING


@pytest.mark.sweep
@pytest.mark.parametrize("theme", THEMES)
def test_everything_that_we_ship_can_be_had_in_each_theme(
    theme: str, bundled_library: Library, tmp_path: Path, today: datetime.date
) -> None:
    project = find(None, tmp_path)
    least = look_of(TEMPLATES, theme).least
    for name in bundled_library.comparisons:
        for paper in ("letter", "a4"):
            request = HandoutRequest(
                (name,), theme=theme, paper=paper, formats=("pdf",), output=tmp_path
            )
            made = compare(project, request, today=today)
            assert min(sizes(made.outputs[0].path.read_bytes())) >= least - ROUNDING
        for kind in ("blank", "cloze", "matching", "cards", "quiz"):
            sheet = WorksheetRequest(
                name, Wish(kind), with_key=True, theme=theme, formats=("pdf",), output=tmp_path
            )
            for file in make_worksheets(project, sheet, today=today).files:
                assert min(sizes(file.path.read_bytes())) >= least - ROUNDING

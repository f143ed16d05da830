"""Booklets and pages side by side, as a build makes them of real guides."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import six_courses
from six_courses import TODAY, change

from guidegen import cli, pipeline
from guidegen.batch import build_all
from guidegen.imposing import with_imposed
from guidegen.jobs import Made, compose
from guidegen.pipeline import Build, Request
from guidegen.preflight import LEAST_SIZE
from guidegen.problems import RenderError
from guidegen.project import Project, bundled, find
from guidegen.renderers.imposition import least_size
from guidegen.view.document import FigureView, WideFigureView

PT_PER_MM = 72 / 25.4
LETTER = (215.9 * PT_PER_MM, 279.4 * PT_PER_MM)
A4 = (210 * PT_PER_MM, 297 * PT_PER_MM)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return six_courses.make(tmp_path)


def build(project: Project, /, **asked: Any) -> Build:
    return pipeline.build(project, Request(**asked), today=TODAY)


def sheets(path: Path) -> list[tuple[float, float]]:
    with pikepdf.open(path) as pdf:
        assert pdf.check_pdf_syntax() == []
        return [(float(page.mediabox[2]), float(page.mediabox[3])) for page in pdf.pages]


def words(path: Path) -> str:
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return " ".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.parametrize(("paper", "size"), [("letter", LETTER), ("a4", A4)])
def test_a_booklet_comes_beside_the_accessible_file_on_the_same_paper(
    paper: Any, size: tuple[float, float], project: Project
) -> None:
    (built,) = build(project, guide="herbs", paper=paper, impositions=("booklet",)).built
    told = {output.path.name: output for output in built.outputs}
    assert list(told) == ["herbs.pdf", "herbs.html", "herbs-booklet.pdf"]
    assert [output.imposed for output in told.values()] == [False, False, True]
    booklet = told["herbs-booklet.pdf"]
    sides = sheets(booklet.path)
    assert booklet.pages == len(sides)
    assert len(sides) % 2 == 0
    assert sides == [pytest.approx(size[::-1], abs=0.1)] * len(sides)
    assert sheets(told["herbs.pdf"].path)[0] == pytest.approx(size, abs=0.1)
    with pikepdf.open(booklet.path) as pdf:
        assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == ("Herbs", "en-US")
        assert "/StructTreeRoot" not in pdf.Root
    with pikepdf.open(told["herbs.pdf"].path) as pdf:
        assert "/StructTreeRoot" in pdf.Root
    # It is the same edition, with the same code, from the first page to the last.
    printed = words(booklet.path)
    assert built.code in printed
    assert re.search(r"Page 1 of (\d+)", printed)
    for heading in ("Mint", "Sage", "Thyme", "Quiz", "Answers", "Glossary", "Sources"):
        assert heading in printed


def test_pages_side_by_side_are_warned_of_also_when_they_come_from_the_cache(
    project: Project,
) -> None:
    asked: dict[str, Any] = {"guide": "herbs", "formats": ("pdf",), "impositions": ("2-up",)}
    first, second = build(project, **asked), build(project, **asked)
    (warning,) = (each for each in first.warnings if each.code == "small-print")
    assert second == first
    assert re.search(r"herbs-2up\.pdf is 6\.\d pt", warning.message)
    (built,) = first.built
    assert [output.path.name for output in built.outputs] == ["herbs.pdf", "herbs-2up.pdf"]
    # The cache knows a build without the imposed file from one with it.
    (plain,) = build(project, guide="herbs", formats=("pdf",)).built
    assert [output.path.name for output in plain.outputs] == ["herbs.pdf"]


def test_every_edition_of_every_course_has_its_booklet(tmp_path: Path) -> None:
    others = ("bert", "carl", "dora", "fred")
    files = {name: text for name, text in six_courses.FILES.items() if name[8:-5] not in others}
    project = six_courses.make(tmp_path, files)
    # Guides as small as these have short pages.
    request = Request(formats=("html",), impositions=("booklet",), preflight="warn")
    made = build_all(project, request, today=TODAY, jobs=1)
    assert made.failed == ()
    found = sorted(
        path.relative_to(project.output).as_posix() for path in project.output.rglob("*booklet.pdf")
    )
    assert found == [
        "anna/herbs-booklet.pdf",
        "emil/herbs-key-booklet.pdf",
        "emil/herbs-student-booklet.pdf",
    ]
    # The accessible file is there even where the web page alone was asked for.
    assert all(
        path.with_name(path.name.replace("-booklet", "")).exists()
        for path in project.output.rglob("*booklet.pdf")
    )
    assert "the cool one" not in words(project.output / "emil/herbs-student-booklet.pdf")


WIDE = """      - kind: table
        caption: Five places
        columns: [Mountainsides, Riverbanks, Greenhouses, Windowsills, Neighbourhoods]
        row_heads: {row_heads}
        rows:
          - [Switzerland, Mississippi, Netherlands, Copenhagen, Philadelphia]
      - kind: prose
        text: Thyme is a"""


@pytest.mark.parametrize("row_heads", ["true", "false"])
def test_a_table_too_wide_for_half_a_page_is_turned(row_heads: str, project: Project) -> None:
    old = "      - kind: prose\n        text: Thyme is a"
    change(project, "guides/herbs.yaml", old, WIDE.format(row_heads=row_heads))
    (built,) = build(project, guide="herbs", formats=("pdf",), impositions=("booklet",)).built
    booklet = built.outputs[1].path
    assert sheets(built.outputs[0].path) == [pytest.approx(LETTER, abs=0.1)] * (
        built.outputs[0].pages or 0
    )
    turned = {}
    with pypdfium2.PdfDocument(booklet.read_bytes()) as document:
        for page in document:
            text = page.get_textpage()
            letters = text.get_text_range()
            for word in ("Switzerland", "Philadelphia"):
                if word in letters:
                    left, bottom, right, top = text.get_charbox(letters.index(word) + 1)
                    turned[word] = (left + right) / 2, (bottom + top) / 2
    first, last = turned["Switzerland"], turned["Philadelphia"]
    assert first[0] == pytest.approx(last[0], abs=4), "the row runs up the sheet"
    assert last[1] - first[1] > 100 * PT_PER_MM


def test_the_figures_of_a_booklet_keep_the_size_of_their_lettering() -> None:
    request = Request(course="high-school-evening", impositions=("booklet",))
    project = find(None, bundled())
    (job,), _ = pipeline.jobs_for(project, request, TODAY)
    _, document = compose(job, is_half=True)
    figures = [
        block
        for section in document.sections
        for block in section.blocks
        if isinstance(block, FigureView)
    ]
    assert len(figures) >= 2
    assert all(isinstance(figure, WideFigureView) for figure in figures)
    made = with_imposed(Made({}, None, "", "ABCDE", ()), job, project.cache, lambda step: None)
    (content,) = made.contents.values()
    assert least_size(content) >= LEAST_SIZE - 0.05
    assert made.warnings == ()


@pytest.mark.parametrize(
    ("width", "expected"),
    [(100, (WideFigureView, 100)), (63, (WideFigureView, 63)), (31, (FigureView, 50))],
)
def test_a_figure_is_as_large_on_half_a_page_as_on_a_whole_one(
    width: int, expected: tuple[type, int], project: Project
) -> None:
    change(project, "guides/herbs.yaml", "alt: A leaf", f"alt: A leaf\n        width: {width}")
    (job,), _ = pipeline.jobs_for(project, Request(guide="herbs"), TODAY)
    figure = compose(job, is_half=True)[1].sections[0].blocks[1]
    assert (type(figure), getattr(figure, "width", 0)) == expected
    whole = compose(job)[1].sections[0].blocks[1]
    assert (type(whole), getattr(whole, "width", 0)) == (FigureView, width)


def test_what_does_not_fit_half_a_page_is_said_of_the_booklet_and_nothing_is_written(
    project: Project,
) -> None:
    word = "thyme" * 12
    change(project, "guides/herbs.yaml", "Mint is cool", f"Mint is {word}")
    asked: dict[str, Any] = {"guide": "herbs", "formats": ("pdf",)}
    build(project, **asked)
    before = (project.output / "herbs.pdf").read_bytes()
    change(project, "guides/herbs.yaml", "grows to", "grows up to")
    with pytest.raises(RenderError) as caught:
        build(project, **asked, impositions=("booklet",))
    (problem,) = caught.value.problems
    assert problem.code == "off-page"
    assert problem.message.startswith("in herbs-booklet.pdf: ")
    assert problem.origin.line == 9
    assert [path.name for path in project.output.iterdir()] == ["herbs.pdf"]
    assert (project.output / "herbs.pdf").read_bytes() == before


@pytest.mark.parametrize("option", [["--booklet"], ["--n-up", "2"]])
def test_a_file_for_the_printer_needs_a_pdf(
    option: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["guidegen", "build", "--format", "html", *option])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "name it in --format" in capsys.readouterr().err

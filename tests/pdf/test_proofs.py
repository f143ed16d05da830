"""Finished PDFs with planted faults: each is found, and nothing else is."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, Stream, String

from guidegen import pipeline, starter
from guidegen.finished import read_finished
from guidegen.finished.drawn import undivided
from guidegen.finished.thumbnails import WIDTH, thumbnails
from guidegen.origin import Origin
from guidegen.pipeline import Request
from guidegen.problems import ContentError, Problem
from guidegen.project import find
from guidegen.proof_checks import CHECKS, LAID_OUT
from guidegen.proofs import Proof, prove
from guidegen.renderers import pdf as renderer

PLACE = Origin("case.pdf")
Plant = Callable[[Pdf], Any]


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory, today: datetime.date) -> bytes:
    """The PDF of the small project's guide, with nothing wrong."""
    folder = tmp_path_factory.mktemp("sound")
    starter.make_project(folder / "bio")
    project = find(folder / "bio", folder)
    pipeline.build(project, Request(formats=("pdf",), output=folder / "out"), today=today)
    return (folder / "out/cell-division.pdf").read_bytes()


def changed(content: bytes, plant: Plant, **options: Any) -> bytes:
    """Return a PDF after ``plant`` has done its work; ``options`` are those of saving."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        plant(pdf)
        file = io.BytesIO()
        pdf.save(file, **options)
    return file.getvalue()


def proof_of(content: bytes) -> Proof:
    return prove(PLACE.file, read_finished(content, PLACE))


def failed(content: bytes) -> dict[str, list[str]]:
    """Return what each failed check found."""
    return findings_of(proof_of(content))


def findings_of(proof: Proof) -> dict[str, list[str]]:
    return {check.code: [str(each) for each in check.findings] for check in proof.failed}


# Planting


def draw(pdf: Pdf, operators: str, page: int = 1, **resources: Any) -> None:
    """Draw on a page as no content of its own; /F1 is Helvetica, not embedded."""
    target = pdf.pages[page - 1]
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for kind, entries in ({"Font": {"F1": font}} | resources).items():
        for name, entry in entries.items():
            target.add_resource(entry, Name("/" + kind), Name("/" + name), replace_existing=True)
    target.contents_add(f"/Artifact BMC q {operators} Q EMC".encode())


def write(pdf: Pdf, text: str, *, x: float = 100, y: float = 400, size: float = 12) -> None:
    draw(pdf, f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET")


def add_page(pdf: Pdf, operators: str = "", size: tuple[float, float] = (612, 792)) -> None:
    pdf.add_blank_page(page_size=size)
    if operators:
        draw(pdf, operators, len(pdf.pages))


def picture(pdf: Pdf, pixels: int) -> Stream:
    image = Stream(pdf, b"\x80" * pixels * pixels)
    image.Type, image.Subtype, image.ColorSpace = Name.XObject, Name.Image, Name.DeviceGray
    image.Width = image.Height = pixels
    image.BitsPerComponent = 8
    return image


def show_picture(pdf: Pdf, *, pixels: int, points: float, x: float = 100) -> None:
    draw(pdf, f"{points} 0 0 {points} {x} 300 cm /I1 Do", XObject={"I1": picture(pdf, pixels)})


def show_group(pdf: Pdf, content: str, matrix: list[float]) -> None:
    """Draw ``content`` as a group (a Form XObject) that the page moves and scales."""
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    group = Stream(pdf, content.encode())
    group.Type, group.Subtype = Name.XObject, Name.Form
    group.BBox = Array([-9000, -9000, 9000, 9000])
    group.Resources = Dictionary(Font=Dictionary(F1=font))
    numbers = " ".join(map(str, matrix))
    draw(pdf, f"{numbers} cm /G1 Do", XObject={"G1": group})


def link(pdf: Pdf, **target: Any) -> None:
    annotation = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), **target)
    pdf.pages[0].Annots.append(pdf.make_indirect(annotation))


def elements(pdf: Pdf, role: str) -> list[Any]:
    return [
        each
        for each in pdf.objects
        if isinstance(each, Dictionary) and each.get("/Type") == "/StructElem" and role == each.S
    ]


def open_with(pdf: Pdf, **action: Any) -> None:
    pdf.Root.OpenAction = Dictionary(**action)


def set_role(pdf: Pdf, role: str, number: int, new: str) -> None:
    elements(pdf, role)[number].S = Name(new)


def take_title(pdf: Pdf) -> None:
    del pdf.docinfo["/Title"]
    with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
        del metadata["dc:title"]


def embed(pdf: Pdf) -> None:
    pdf.attachments["answers.txt"] = b"1 B, 2 C"


def dead_bookmark(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(OutlineItem("Old part", Array([Dictionary(), Name.Fit])))


def lose_alt(pdf: Pdf) -> None:
    (figure, *_) = elements(pdf, "/Figure")
    del figure.Alt


FAULTS: dict[str, tuple[Plant, set[str], str]] = {
    "a font that is not embedded": (
        lambda pdf: write(pdf, "Helvetica"),
        {"font-not-embedded"},
        "Helvetica is not in the file",
    ),
    "text off the paper": (
        lambda pdf: write(pdf, "Far away", x=1713),
        {"off-page", "font-not-embedded"},
        "page 1: “Far away” runs 40",
    ),
    "text cut by the edge": (
        lambda pdf: write(pdf, "Careers and paths", x=560),
        {"off-page", "font-not-embedded"},
        "page 1: “Careers and paths” runs 1",
    ),
    "text near the edge": (
        lambda pdf: write(pdf, "Draft", y=7),
        {"near-edge", "font-not-embedded"},
        "page 1: “Draft” stands 2 mm from the edge",
    ),
    "tiny text": (
        lambda pdf: write(pdf, "the small print", size=5),
        {"small-text", "font-not-embedded"},
        "page 1: “the small print” is set in 5 pt",
    ),
    "text that a group makes tiny": (
        lambda pdf: show_group(pdf, "BT /F1 12 Tf (shrunk) Tj ET", [0.5, 0, 0, 0.5, 100, 300]),
        {"small-text", "font-not-embedded"},
        "page 1: “shrunk” is set in 6 pt",
    ),
    "text that a group moves off the paper": (
        lambda pdf: show_group(pdf, "BT /F1 12 Tf (moved) Tj ET", [1, 0, 0, 1, 700, 300]),
        {"off-page", "font-not-embedded"},
        "page 1: “moved” runs",
    ),
    "a coarse picture": (
        lambda pdf: show_picture(pdf, pixels=100, points=144),
        {"low-resolution"},
        "page 1: a picture of 100 × 100 pixels is printed at 50 dpi",
    ),
    "a picture off the paper": (
        lambda pdf: show_picture(pdf, pixels=400, points=144, x=600),
        {"off-page"},
        "page 1: a picture runs 47 mm past the edge",
    ),
    "a blank page": (add_page, {"blank-page"}, "is blank"),
    "a page with a running line alone": (
        lambda pdf: add_page(pdf, "BT /F1 10 Tf 60 750 Td (Cells) Tj ET"),
        {"blank-page", "font-not-embedded"},
        "is blank but for its running lines",
    ),
    "a dead link": (
        lambda pdf: link(pdf, Dest=String("nowhere")),
        {"dead-link"},
        "page 1: a link leads nowhere: nowhere",
    ),
    "a dead link by action": (
        lambda pdf: link(pdf, A=Dictionary(S=Name.GoTo, D=String("gone"))),
        {"dead-link"},
        "page 1: a link leads nowhere: gone",
    ),
    "a link to a page that is gone": (
        lambda pdf: link(pdf, Dest=Array([99, Name.Fit])),
        {"dead-link"},
        "page 1: a link leads nowhere: a page that is not in the file",
    ),
    "a dead bookmark": (dead_bookmark, {"dead-link"}, "a bookmark leads nowhere: Old part"),
    "no tags": (lambda pdf: pdf.Root.__delitem__("/MarkInfo"), {"untagged"}, "is not tagged"),
    "no language": (lambda pdf: pdf.Root.__delitem__("/Lang"), {"no-language"}, "not name its"),
    "no title": (take_title, {"no-title"}, "the file has no title"),
    "a title that is not shown": (
        lambda pdf: pdf.Root.__delitem__("/ViewerPreferences"),
        {"no-title"},
        "DisplayDocTitle",
    ),
    "a heading too low": (
        lambda pdf: set_role(pdf, "/H2", 1, "/H5"),
        {"heading-order"},
        "is a heading of level 5 after one of level ",
    ),
    "no heading of the first level": (
        lambda pdf: set_role(pdf, "/H1", 0, "/P"),
        {"heading-order"},
        "is a heading of level 2 as the first",
    ),
    "a figure without words": (lose_alt, {"missing-alt"}, "a figure has no alternative text"),
    "JavaScript": (
        lambda pdf: open_with(pdf, S=Name.JavaScript, JS=String("app.alert(1)")),
        {"active-content"},
        "holds JavaScript",
    ),
    "a program to start": (
        lambda pdf: open_with(pdf, S=Name.Launch, F=String("calc.exe")),
        {"active-content"},
        "holds an action that starts a program",
    ),
    "an embedded file": (embed, {"active-content"}, "holds the embedded file 'answers.txt'"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_found_and_nothing_else(sound: bytes, fault: str) -> None:
    plant, codes, words = FAULTS[fault]
    found = failed(changed(sound, plant))
    assert set(found) == codes
    assert any(words in finding for findings in found.values() for finding in findings), found


def test_each_rule_has_a_planted_fault() -> None:
    planted = {code for _, codes, _ in FAULTS.values() for code in codes}
    elsewhere = {"damaged", "restricted", "short-page", "mixed-paper"}
    assert planted | elsewhere == set(CHECKS)


def test_a_sound_file_passes_and_says_what_it_cannot_show(sound: bytes) -> None:
    proof = proof_of(sound)
    assert proof.failed == ()
    assert {check.state for check in proof.checks} == {"passed", "unseen"}
    unseen = {check.code: check.why for check in proof.checks if check.state == "unseen"}
    assert unseen == dict.fromkeys(LAID_OUT, "in a finished file")


def test_a_short_page_is_one_with_a_line_or_two_and_nothing_else(sound: bytes) -> None:
    def add(pdf: Pdf, drawing: str) -> None:
        pdf.add_blank_page(page_size=(612, 792))
        lines = "BT /F1 12 Tf 100 700 Td (One line) Tj 0 -20 Td (and another) Tj ET"
        page = pdf.pages[-1]
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        page.add_resource(font, Name.Font, Name.F1)
        page.contents_add(f"{lines} {drawing}".encode())

    short = failed(changed(sound, lambda pdf: add(pdf, "")))
    (finding,) = short["short-page"]
    assert finding.endswith("has 2 lines of text and nothing else")
    drawn = failed(changed(sound, lambda pdf: add(pdf, "100 100 300 300 re f")))
    assert set(drawn) == {"font-not-embedded"}


def test_a_cover_may_be_short(sound: bytes) -> None:
    def add(pdf: Pdf) -> None:
        add_page(pdf)
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        pdf.pages[-1].add_resource(font, Name.Font, Name.F1)
        pdf.pages[-1].contents_add(b"BT /F1 30 Tf 100 700 Td (Cells) Tj ET")
        pdf.pages.insert(0, pdf.pages[-1])
        del pdf.pages[-1]

    assert set(failed(changed(sound, add))) == {"font-not-embedded"}


def test_places_may_be_named_in_both_ways_that_pdf_knows(sound: bytes) -> None:
    def add(pdf: Pdf) -> None:
        place = Array([pdf.pages[0].obj, Name.Fit])
        pdf.Root.Dests = Dictionary(old=Dictionary(D=place))
        tree = pikepdf.NameTree.new(pdf)
        tree["new"] = place
        pdf.Root.Names = Dictionary(Dests=tree.obj)
        for page in pdf.pages:
            page.obj.Annots = Array([])
        del pdf.Root.Outlines
        for name in (Name.old, String("new"), String("gone")):
            link(pdf, Dest=name)

    assert failed(changed(sound, add)) == {"dead-link": ["page 1: a link leads nowhere: gone"]}


def test_text_without_ink_is_neither_small_nor_off_the_paper(sound: bytes) -> None:
    def scan(pdf: Pdf) -> None:
        draw(pdf, "BT 3 Tr /F1 4 Tf 1713 400 Td (recognized text) Tj ET")

    assert set(failed(changed(sound, scan))) == {"font-not-embedded"}


def test_a_picture_may_run_over_the_edge_a_little(sound: bytes) -> None:
    def bleed(pdf: Pdf) -> None:
        show_picture(pdf, pixels=400, points=144, x=612 - 144 + 9)

    assert failed(changed(sound, bleed)) == {}


def test_a_mixture_of_papers_is_told_and_fails_nothing(sound: bytes) -> None:
    def add(pdf: Pdf) -> None:
        add_page(pdf, "9 w 100 100 300 300 re S", (841.89, 595.28))
        pdf.pages[-1].contents_add(b"100 100 300 300 re f")

    proof = proof_of(changed(sound, add))
    (mixed,) = (check for check in proof.checks if check.code == "mixed-paper")
    assert (proof.failed, mixed.state) == ((), "note")
    pages = len(proof.finished.pages)
    assert mixed.findings[-1].says == f"A4 landscape (297 × 210 mm): page {pages}"
    assert [paper.name for paper in proof.papers] == ["letter", "A4"]


def test_what_is_wrong_with_laid_out_pages_fails_its_check(sound: bytes) -> None:
    place = Origin("content/guides/a.yaml", 7)
    problems = [
        Problem(place, "stranded-heading", "a heading is last", "put text below"),
        Problem(place, "off-page", "“wide” runs 9 mm past the edge"),
        Problem(place, "answer-leak", "it holds an answer"),
    ]
    proof = prove("a.pdf", read_finished(sound, PLACE), problems)
    assert findings_of(proof) == {
        "off-page": ["content/guides/a.yaml:7: “wide” runs 9 mm past the edge"],
        "stranded-heading": ["content/guides/a.yaml:7: a heading is last (put text below)"],
        "answer-leak": ["content/guides/a.yaml:7: it holds an answer"],
    }
    assert "unseen" not in {check.state for check in proof.checks}


# Files that cannot be read, or hardly


def problem_with(content: bytes) -> Problem:
    with pytest.raises(ContentError) as raised:
        read_finished(content, PLACE)
    (problem,) = raised.value.problems
    assert problem.origin == PLACE
    assert "BytesIO" not in problem.message
    return problem


def test_a_file_that_asks_for_a_password_is_refused(sound: bytes) -> None:
    lock = pikepdf.Encryption(user="secret", owner="more")
    problem = problem_with(changed(sound, lambda pdf: None, encryption=lock))
    assert (problem.code, problem.message) == ("encrypted", "the file asks for a password")


@pytest.mark.parametrize("allowed", [True, False])
def test_a_file_encrypted_without_a_password_is_read(sound: bytes, allowed: bool) -> None:
    wishes = pikepdf.Permissions(print_lowres=allowed, print_highres=allowed, extract=allowed)
    lock = pikepdf.Encryption(user="", owner="more", allow=wishes)
    found = failed(changed(sound, lambda pdf: None, encryption=lock))
    asks = "the file is encrypted and asks readers to refuse printing, copying"
    assert found == ({} if allowed else {"restricted": [asks]})


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "not-a-pdf"), (b"Hello.\n" * 99, "not-a-pdf"), (b"%PDF-1.7\n%%EOF\n", "damaged")],
    ids=["empty", "text", "hollow"],
)
def test_what_is_no_pdf_is_refused(content: bytes, code: str) -> None:
    assert problem_with(content).code == code


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
def test_a_truncated_file_is_refused_or_said_to_be_damaged(sound: bytes, share: float) -> None:
    content = sound[: int(len(sound) * share)]
    try:
        codes = set(failed(content))
    except ContentError as error:
        codes = {problem.code for problem in error.problems}
    assert "damaged" in codes


def test_a_file_that_had_to_be_repaired_is_said_to_be_damaged(sound: bytes) -> None:
    found = failed(sound.replace(b"startxref\n", b"startxref\n9"))
    assert found["damaged"][0].startswith("had to be put right: ")
    assert "BytesIO" not in found["damaged"][0]


def test_a_tag_tree_and_bookmarks_that_run_in_circles_come_to_an_end(sound: bytes) -> None:
    def tie(pdf: Pdf) -> None:
        first = pdf.Root.StructTreeRoot.K
        top = first[0] if isinstance(first, Array) else first
        elements(pdf, "/P")[0].K = Array([top])
        pdf.Root.Outlines.First.Next = pdf.Root.Outlines.First

    assert proof_of(changed(sound, tie)).finished.bookmarks >= 1


def test_names_in_no_encoding_and_values_of_wrong_types_are_borne(sound: bytes) -> None:
    def spoil(pdf: Pdf) -> None:
        elements(pdf, "/P")[0].S = pikepdf.Object.parse(b"/Abs#e4tze")
        pdf.Root.Lang = Name.Foo
        pdf.Root.ViewerPreferences = String("none")
        pdf.pages[0].Annots = 5

    found = failed(changed(sound, spoil))
    assert set(found) == {"damaged", "no-title"}
    assert "Annots is not an array" in found["damaged"][0]
    assert "0x" not in found["damaged"][0]


def test_what_a_library_remarks_is_a_finding_and_not_printed(
    sound: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    def spoil(pdf: Pdf) -> None:
        xml = pdf.Root.Metadata.read_bytes()
        pdf.Root.Metadata.write(xml.replace(b"xmlns:pdfuaid", b"xmlns:gone"))

    found = failed(changed(sound, spoil, fix_metadata_version=False))
    assert "XMP" in found["damaged"][0]
    assert capfd.readouterr() == ("", "")


# Words


def laid_out(html: str, tmp_path: Path) -> Proof:
    page = f'<html lang="en-US"><title>A</title><style>{STYLE}</style><body>{html}</body></html>'
    return proof_of(renderer.to_pdf(renderer.lay_out(page, {}, tmp_path)))


STYLE = """\
@page { size: letter; margin: 25mm; @top-left { content: "A running header of six words" } }
p { width: 40mm; font: 11pt/14pt 'Source Serif Pro'; hyphens: auto; text-align: justify }
"""
PROSE = (
    "Emergency medical technicians administer uncomplicated interventions, and communicate "
    "comprehensively with interdisciplinary organizations responsible for transportation. "
) * 4


def test_words_divided_at_line_ends_and_running_headers_count_right(tmp_path: Path) -> None:
    proof = laid_out(f"<h1>Heading of four words</h1><p>{PROSE}</p>", tmp_path)
    (page,) = proof.finished.pages
    drawn = [run.text for run in page.runs]
    assert any(text.rstrip().endswith(("\x02", "‐", "-")) for text in drawn), drawn
    assert any("running header" in run.text for run in page.runs if run.is_artifact)
    assert "running header" not in page.text
    assert proof.words == 4 + len(PROSE.split())
    tags = proof.finished.tags
    assert tags is not None
    assert tags.prose == (" ".join(PROSE.split()),)
    assert [(each.level, each.words) for each in tags.headings] == [(1, "Heading of four words")]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("uncom\x02plicated", "uncomplicated"),
        ("exam‐\r\nple", "example"),
        ("exam\u00ad\n ple", "example"),
        ("well-\r\nknown", "wellknown"),
        ("well-known", "well-known"),
        ("2019-\r\n2020", "2019-\r\n2020"),
        ("yes –\r\nno", "yes –\r\nno"),
    ],
)
def test_only_words_that_were_divided_are_joined(text: str, whole: str) -> None:
    assert undivided(text) == whole


def test_figures_tables_links_and_fonts_are_counted(tmp_path: Path) -> None:
    table = "<table><tr><th>A</th></tr><tr><td>B</td></tr></table>"
    links = '<p id="a">See <a href="#a">here</a>, <a href="https://example.org/">there</a>.</p>'
    proof = laid_out(f"<h1>A</h1>{table}{table}{links}", tmp_path)
    tags = proof.finished.tags
    assert tags is not None
    assert (tags.tables, proof.figures) == (2, 0)
    assert (proof.links("internal"), proof.links("external")) == (1, 1)
    names = [font.name for font in proof.finished.fonts]
    assert all(name.startswith("Source-S") for name in names)
    assert all(font.is_embedded and font.is_subset for font in proof.finished.fonts)
    assert (proof.finished.title, proof.finished.language) == ("A", "en-US")
    assert proof.finished.pdf_ua == 1
    assert proof.least_text is not None
    assert (proof.least_text.size, proof.least_text.page) == (11, 1)


def test_thumbnails_are_small_pictures_of_each_page(sound: bytes) -> None:
    from PIL import Image

    pictures = [Image.open(io.BytesIO(each)) for each in thumbnails(sound)]
    assert len(pictures) == len(proof_of(sound).finished.pages)
    assert {(each.format, each.width) for each in pictures} == {("JPEG", WIDTH)}
    # Not blank: some of it is ink.
    assert all(min(each.convert("L").tobytes()) < 100 for each in pictures)


def test_a_page_like_a_ribbon_makes_no_large_picture(sound: bytes) -> None:
    from PIL import Image

    long = changed(sound, lambda pdf: add_page(pdf, size=(72, 14_400)))
    *_, last = thumbnails(long)
    assert Image.open(io.BytesIO(last)).height <= 4 * WIDTH

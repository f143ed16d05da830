"""The finished PDF: its pages, text, outline, links and tags, and what keeps a bad one away."""

from __future__ import annotations

import datetime
import fcntl
import io
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from guidegen import pipeline
from guidegen.loader import load
from guidegen.models import Asset, Guide
from guidegen.origin import Origin
from guidegen.pipeline import Request
from guidegen.problems import ContentError, Problem, RenderError
from guidegen.project import bundled, find
from guidegen.renderers import pdf as renderer

GUIDE = "ems-vs-emt"
PT_PER_MM = 72 / 25.4
# Hardly any printer reaches the outermost millimetres of the paper.
UNPRINTABLE = 5 * PT_PER_MM
FAR = 2_000
MAX_PAGES = 24

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is missing")

Build = Callable[..., Path]


def guidegen(*arguments: str, cwd: Path, **env: str) -> None:
    """Run guidegen as a process of its own."""
    command = [sys.executable, "-m", "guidegen", *arguments, "--no-cache"]
    subprocess.run(command, cwd=cwd, env=os.environ | env, check=True, capture_output=True)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Returns the bundled guide's PDF as built with given arguments, made once for all workers."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def build(name: str, *arguments: str, **env: str) -> Path:
        folder = shared / name
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                elsewhere = shared / f"{name}-cwd"
                elsewhere.mkdir()
                command = ("build", GUIDE, "--format", "pdf", "--out", str(folder))
                guidegen(*command, *arguments, cwd=elsewhere, **env)
        return folder / f"{GUIDE}.pdf"

    return build


@pytest.fixture(scope="session")
def path(built: Build) -> Path:
    """The PDF of the whole bundled guide."""
    return built("letter")


@pytest.fixture(scope="session")
def guide() -> Guide:
    """The bundled guide's content."""
    return load(bundled() / "content", bundled())[0].guides[GUIDE]


@pytest.fixture
def document(path: Path) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(path) as opened:
        yield opened


def text_of(path: Path, *options: str) -> str:
    """Return the text that poppler finds, pages divided by form feeds."""
    command = ["pdftotext", *options, str(path), "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def typed(document: pikepdf.Pdf, key: str, value: str) -> list[Any]:
    """Return the dictionaries of ``document`` whose ``key`` is ``value``."""
    return [
        entry
        for entry in document.objects
        if isinstance(entry, pikepdf.Dictionary) and str(entry.get(key)) == value
    ]


# Pages, contents and outline


def test_the_guide_has_as_many_pages_as_one_will_read(document: pikepdf.Pdf) -> None:
    assert 12 <= len(document.pages) <= MAX_PAGES


@needs_poppler
def test_each_section_begins_on_the_page_that_the_contents_list_says(
    path: Path, guide: Guide
) -> None:
    pages = text_of(path, "-layout").split("\f")
    contents = in_one_line(pages[0])
    for section in guide.sections:
        listed = re.search(rf"{re.escape(section.title)} (\d+)\b", contents)
        assert listed, f"{section.title} is not in the contents list"
        page = in_one_line(pages[int(listed[1]) - 1])
        # On the first page the title stands in the contents list, too.
        assert page.count(section.title) >= (2 if listed[1] == "1" else 1), section.title


def test_the_outline_lists_the_sections_and_leads_to_their_pages(
    document: pikepdf.Pdf, guide: Guide
) -> None:
    with document.open_outline() as outline:
        entries: list[tuple[str, Any]] = [(each.title, each.destination) for each in outline.root]
    titles = [re.sub(r"^[A-Z]+ ", "", title) for title, _ in entries]
    assert titles == [str(section.title) for section in guide.sections]
    numbers = [pikepdf.Page(destination[0]).index for _, destination in entries]
    assert numbers == sorted(numbers)
    assert numbers[0] < 2


# Paper


def sizes(document: pikepdf.Pdf) -> set[tuple[int, ...]]:
    """Return the page sizes in whole points."""
    return {tuple(round(float(edge)) for edge in page.mediabox) for page in document.pages}


def test_the_guide_is_printed_on_letter(document: pikepdf.Pdf) -> None:
    assert sizes(document) == {(0, 0, 612, 792)}


def test_a4_is_printed_when_asked_for(built: Build) -> None:
    path = built("a4", "--paper", "a4", "-s", "what-is-an-emt")
    with pikepdf.open(path) as document:
        assert sizes(document) == {(0, 0, 595, 842)}


def words_with_boxes(path: Path, folder: Path) -> list[tuple[str, float, float, float, float]]:
    """Return each word with its distances from the left, top, right and bottom edge in points.

    Poppler leaves out what lies off the page, so the pages are made larger first.
    """
    larger = folder / "larger.pdf"
    with pikepdf.open(path) as document:
        _, _, width, height = (float(edge) for edge in document.pages[0].mediabox)
        for page in document.pages:
            page.mediabox = pikepdf.Array([-FAR, -FAR, width + FAR, height + FAR])
        document.save(larger)
    number = r'="([-\d.]+)"'
    pattern = rf"<word xMin{number} yMin{number} xMax{number} yMax{number}>(.+?)</word>"
    return [
        (
            word,
            float(left) - FAR,
            float(top) - FAR,
            FAR + width - float(right),
            FAR + height - float(bottom),
        )
        for left, top, right, bottom, word in re.findall(pattern, text_of(larger, "-bbox"))
    ]


@needs_poppler
def test_no_text_lies_where_printers_do_not_reach(path: Path, tmp_path: Path) -> None:
    words = words_with_boxes(path, tmp_path)
    assert len(words) > 5_000
    assert [word for word, *edges in words if min(edges) < UNPRINTABLE] == []


# Fonts


def test_all_text_is_set_in_our_fonts_and_they_are_embedded(document: pikepdf.Pdf) -> None:
    descriptors = typed(document, "/Type", "/FontDescriptor")
    names = {str(each.FontName) for each in descriptors}
    assert {re.sub(r"-(Semi-Bold|Bold|Italic)$", "", name[8:]) for name in names} == {
        "Source-Serif-Pro",
        "Source-Sans-Pro",
    }
    assert [name for name in names if not re.match(r"/[A-Z]{6}\+", name)] == []
    assert [
        each for each in descriptors if not {"/FontFile2", "/FontFile3"} & set(each.keys())
    ] == []
    fonts = [font for font in typed(document, "/Type", "/Font") if "/DescendantFonts" not in font]
    assert [font for font in fonts if "/FontDescriptor" not in font] == []


# What a screen reader needs


def test_title_and_language_are_set(document: pikepdf.Pdf, guide: Guide) -> None:
    assert str(document.docinfo["/Title"]) == guide.title
    assert str(document.Root.Lang) == guide.language
    assert document.Root.ViewerPreferences.DisplayDocTitle


@pytest.mark.a11y
def test_the_pdf_is_tagged(document: pikepdf.Pdf, guide: Guide) -> None:
    assert document.Root.MarkInfo.Marked
    with document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
    structure = [str(each.S) for each in typed(document, "/Type", "/StructElem")]
    assert structure.count("/H1") == 1
    assert structure.count("/H2") >= len(guide.sections)
    assert {"/P", "/L", "/LI", "/Table", "/TH", "/TD", "/Figure", "/Link"} <= set(structure)
    assert [page for page in document.pages if "/StructParents" not in page] == []


@pytest.mark.a11y
def test_each_figure_has_words(document: pikepdf.Pdf) -> None:
    figures = [each for each in typed(document, "/S", "/Figure") if "/K" in each]
    assert figures
    assert [each for each in figures if len(str(each.get("/Alt", ""))) < 20] == []


# Links


def destinations(document: pikepdf.Pdf) -> dict[str, Any]:
    return dict(pikepdf.NameTree(document.Root.Names.Dests))


def test_every_link_leads_somewhere(document: pikepdf.Pdf) -> None:
    names = destinations(document)
    pages = {page.objgen for page in document.pages}
    inner, outer = set(), set()
    for link in typed(document, "/Subtype", "/Link"):
        if "/Dest" in link:
            inner.add(str(link.Dest))
        else:
            outer.add(str(link.A.URI))
    assert len(inner) > 50
    assert inner - set(names) == set()
    assert [name for name in inner if names[name][0].objgen not in pages] == []
    assert outer
    assert [address for address in outer if not re.match(r"https?://|mailto:|tel:", address)] == []


# The same bytes


@pytest.mark.sweep
def test_the_same_content_gives_the_same_bytes_everywhere(built: Build, path: Path) -> None:
    env = {"TZ": "Asia/Kathmandu", "LANG": "C", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    again = built("again", "--quiet", **env)
    assert again.read_bytes() == path.read_bytes()


def test_nothing_of_this_machine_is_in_the_file(document: pikepdf.Pdf) -> None:
    content = io.BytesIO()
    document.save(content, stream_decode_level=pikepdf.StreamDecodeLevel.all)
    assert str(bundled()).encode() not in content.getvalue()
    assert str(Path.home()).encode() + b"/" not in content.getvalue()
    assert b"CreationDate" not in content.getvalue()


# Planted faults

HEAD = """\
format: 1
title: Faulty
lead: A guide with one fault.
edition: 2026-11-24
sections:
  - id: only
    title: Only
    blocks:
      - kind: prose
        text: This is sound.
"""
HEAD_LINES = HEAD.count("\n")
SOURCES = """\
format: 1
sources:
  book: {title: Book, publisher: Press, short: Book}
"""
FACTS = f"""\
format: 1
facts:
  wide:
    label: Wide
    value: {"1,000 to " * 12}1,000
    place: US
    source: book
    as_of: 2023
    review_by: 2099
"""


def build(project: Path, output: Path) -> None:
    request = Request(output=output)
    pipeline.build(find(project, project), request, today=datetime.date(2026, 11, 24))


def write(project: Path, block: str, sources: str = SOURCES) -> None:
    """Write a guide that ends with ``block``."""
    for name, text in (
        ("guides/faulty.yaml", HEAD + block),
        ("shared/sources.yaml", sources),
        ("shared/facts.yaml", FACTS),
    ):
        path = project / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def faulty(project: Path, block: str, sources: str = SOURCES) -> list[Problem]:
    """Return the problems of a guide that ends with ``block``, of which nothing was written."""
    write(project, block, sources)
    with pytest.raises(ContentError) as refused:
        build(project, project / "build")
    assert not (project / "build").exists()
    return list(refused.value.problems)


@pytest.mark.parametrize(
    ("block", "words", "of", "line"),
    [
        (f"      - kind: prose\n        text: Before {'x' * 90} after.\n", "xxx", "page", 1),
        (
            f"      - kind: callout\n        style: note\n        text: {'x' * 90}\n",
            "xxx",
            "page",
            1,
        ),
        (f"      - kind: key-points\n        items:\n          - {'x' * 120}\n", "xxx", "page", 1),
        (
            "      - kind: table\n        caption: Wide\n        columns: [A, B, C, D]\n"
            '        rows:\n          - [a, b, c, "[fact:wide]"]\n',
            "1,000 to 1,000",
            "cell",
            5,
        ),
    ],
    ids=["word", "word-in-callout", "word-in-list", "table"],
)
def test_what_runs_off_the_page_is_told_with_its_line(
    tmp_path: Path, block: str, words: str, of: str, line: int
) -> None:
    problems = faulty(tmp_path, block)
    assert {problem.code for problem in problems} == {"off-page"}
    places = {(problem.origin.file, problem.origin.line) for problem in problems}
    assert places == {("content/guides/faulty.yaml", HEAD_LINES + line)}
    assert words in problems[0].message
    past = rf"runs [\d.]+ mm past the right edge of its {of} on page 1$"
    assert re.search(past, problems[0].message)


@pytest.mark.parametrize(("sign", "code"), [("★", "U+2605"), ("ก", "U+0E01")])
def test_a_character_that_no_font_has_is_told_with_its_line(
    tmp_path: Path, sign: str, code: str
) -> None:
    text = f"      - kind: prose\n        text: |\n          Here.\n          A {sign} here.\n"
    (problem,) = faulty(tmp_path, text)
    assert (problem.code, problem.severity) == ("missing-glyph", "error")
    assert problem.message == f"no font has the character {sign} ({code})"
    place = Origin("content/guides/faulty.yaml", HEAD_LINES + 4, 13)
    assert problem.origin == place


def test_a_character_of_a_shared_file_is_told_with_its_line(tmp_path: Path) -> None:
    sources = SOURCES.replace("short: Book", "short: B★k")
    (problem,) = faulty(tmp_path, "      - {kind: prose, text: '[@book]'}\n", sources)
    column = sources.splitlines()[2].index("★") + 1
    assert problem.origin == Origin("content/shared/sources.yaml", 3, column)


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ("columns: [A, B, C, D]\n        rows:\n          - [a, '[fact:wide]', c, d]\n", {5}),
        (
            "columns: [{0}]\n        rows:\n          - [{0}]\n".format(
                ", ".join(f"Responsibility{number}" for number in range(20))
            ),
            {1, 5},
        ),
    ],
    ids=["cell-over-its-neighbour", "words-broken-anywhere"],
)
def test_a_table_that_nobody_could_read_is_told(tmp_path: Path, rows: str, lines: set[int]) -> None:
    problems = faulty(tmp_path, f"      - kind: table\n        caption: Wide\n        {rows}")
    assert {problem.code for problem in problems} == {"off-page"}
    assert {problem.origin.line - HEAD_LINES for problem in problems} == lines


@needs_poppler
def test_no_word_of_a_table_is_broken_in_the_middle(tmp_path: Path) -> None:
    words = ["Responsibility", "Cardiopulmonary", "1,000,000.00"]
    row = f"[{', '.join(words[:2])}, '{words[2]}', {'to and fro ' * 30}]"
    table = f"columns: [A, B, C, D]\n        rows:\n          - {row}\n"
    write(tmp_path, f"      - kind: table\n        caption: Narrow\n        {table}")
    build(tmp_path, tmp_path / "build")
    shown = text_of(tmp_path / "build/faulty.pdf").split()
    assert [word for word in words if word not in shown] == []


@needs_poppler
def test_notes_are_numbered_in_the_order_of_their_marks(tmp_path: Path) -> None:
    write(tmp_path, "      - {kind: prose, text: 'Here ^[outer ^[inner]] and ^[last].'}\n")
    build(tmp_path, tmp_path / "build")
    text = in_one_line(text_of(tmp_path / "build/faulty.pdf"))
    assert re.findall(r"(\d)\. (outer|inner|last)", text) == [
        ("1", "outer"),
        ("2", "inner"),
        ("3", "last"),
    ]


def test_a_fault_leaves_the_older_pdf_in_place(tmp_path: Path) -> None:
    older = tmp_path / "older"
    older.mkdir()
    (older / "faulty.pdf").write_bytes(b"older")
    path = tmp_path / "content/guides/faulty.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + f"      - kind: prose\n        text: {'x' * 90}\n")
    with pytest.raises(RenderError):
        build(tmp_path, older)
    assert [file.name for file in older.iterdir()] == ["faulty.pdf"]
    assert (older / "faulty.pdf").read_bytes() == b"older"


# Nothing is fetched

_watched: list[str] | None = None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _watched is not None and event in ("open", "socket.connect", "socket.getaddrinfo"):
        _watched.append(f"{event} {arguments[0] if event == 'open' else arguments!r}")


@pytest.fixture(scope="module")
def _audit() -> None:
    # A hook cannot be taken away again; it does nothing while no list is there to fill.
    sys.addaudithook(_watch)


@pytest.fixture
def reached(_audit: None, cache: Path) -> Iterator[list[str]]:
    """What was opened or connected to during the test."""
    global _watched
    # The first layout opens fonts and dictionaries.
    renderer.to_pdf(renderer.lay_out("<html lang=en><title>T</title><p>Warm", {}, cache))
    opened: list[str] = []
    _watched = opened
    yield opened
    _watched = None


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return find(bundled(), tmp_path_factory.getbasetemp()).cache


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A picture that nobody but the attacker asked for."""
    path = tmp_path / "secret.svg"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>top secret</text></svg>')
    return path


@pytest.mark.parametrize(
    "markup",
    [
        "<img src='file:///etc/passwd' alt=x>",
        "<img src='{file}' alt=x>",
        "<img src='{http}' alt=x>",
        "<img src='//127.0.0.1/a.png' alt=x>",
        "<img src='data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E' alt=x>",
        "<img src='../secret.svg' alt=x>",
        "<img src='/etc/passwd' alt=x>",
        "<img src='http://guidegen.invalid/../../etc/passwd' alt=x>",
        "<img src='http://guidegen.invalid/other.svg' alt=x>",
        "<object data='{file}' type='image/svg+xml'>x</object>",
        "<embed src='{file}' type='image/svg+xml'>",
        "<style>@import '{file}';</style>",
        "<style>@import url({http});</style>",
        "<style>p {{ background: url('{file}') }}</style>",
        "<style>li {{ list-style-image: url('{http}') }}</style><ul><li>x</ul>",
        "<style>p::before {{ content: url('{file}') }}</style>",
        "<style>@font-face {{ font-family: F; src: url('{file}') }} p {{ font-family: F }}</style>",
        "<link rel=stylesheet href='{file}'>",
        "<link rel=attachment href='{file}'>",
        "<link rel=attachment href='{http}'>",
        "<a rel=attachment href='{file}'>x</a>",
        "<img src='FILE:///etc/passwd' alt=x>",
        "<img src='file://localhost/etc/passwd' alt=x>",
        "<img src='\\\\host\\share\\secret.svg' alt=x>",
        "<img src='%2e%2e/secret.svg' alt=x>",
        "<img src='http://guidegen.invalid/%2e%2e/%2e%2e/etc/passwd' alt=x>",
        "<img src='http://guidegen.invalid@{host}/a.png' alt=x>",
        "<img src='http://guidegen.invalid./a.png' alt=x>",
        "<img src='ftp://{host}/a.png' alt=x>",
        "<img src='data:text/html,x' alt=x>",
        "<img src='a.svg%00' alt=x>",
        "<svg><image href='{file}' width=9 height=9 /></svg>",
        "<svg><image xlink:href='{http}' width=9 height=9 /></svg>",
        "<style>@font-face {{ font-family: F; src: local(F), url({http}) }}</style>",
        "<style>@page {{ background: url('{http}') }}</style>",
    ],
)
def test_no_address_outside_the_document_is_read(
    markup: str, secret: Path, cache: Path, reached: list[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/secret.svg"
        host = address.split("/")[2]
        inserted = markup.format(file=secret.as_uri(), http=address, host=host)
        page = f"<html lang=en><title>T</title><body><p>Text</p>{inserted}"
        layout = renderer.lay_out(page, {}, cache)
        content = renderer.to_pdf(layout)
        with pytest.raises(BlockingIOError):
            server.accept()
    assert layout.warnings
    touched = [each for each in reached if re.search(r"socket|passwd|secret|/proc|/sys/", each)]
    assert touched == []
    with pikepdf.open(io.BytesIO(content)) as document:
        assert "/EmbeddedFiles" not in document.Root.get("/Names", {})
        assert typed(document, "/Type", "/Filespec") == []


def test_a_figure_of_the_document_is_shown(cache: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0H9V9Z"/></svg>'
    figure = Asset("a.svg", "image/svg+xml", svg)
    page = f"<html lang=en><title>T</title><img src='{renderer.asset_url(figure)}' alt=x>"
    layout = renderer.lay_out(page, {"a.svg": figure}, cache)
    renderer.to_pdf(layout)
    assert layout.warnings == []


def test_a_figure_cannot_reach_out_either(secret: Path, cache: Path, reached: list[str]) -> None:
    address = secret.as_uri()
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
        f'<image href="{address}" width="9" height="9"/><use href="{address}#a"/></svg>'
    )
    figure = Asset("a.svg", "image/svg+xml", svg.encode())
    page = f"<html lang=en><title>T</title><img src='{renderer.asset_url(figure)}' alt=x>"
    layout = renderer.lay_out(page, {"a.svg": figure}, cache)
    renderer.to_pdf(layout)
    assert layout.warnings
    assert [each for each in reached if "secret" in each] == []

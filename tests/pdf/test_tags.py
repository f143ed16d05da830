"""The tag tree of PDFs: what a validator does not look at, but a reader needs."""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser
from operator import delitem, setitem
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from tagtree import Element, faults_in, outline, read, runs_of

from guidegen import jobs
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.models import Asset, Library
from guidegen.project import bundled, find
from guidegen.renderers import pdf as renderer
from guidegen.renderers.html import load_templates
from guidegen.renderers.tags import engine, pieces

CASES = sorted((Path(__file__).parents[1] / "golden/cases").iterdir())
PT_PER_PX = 0.75
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCABpLG6wAAAABJRU5ErkJggg=="
)
SQUARE = Asset("square.png", "image/png", base64.b64decode(PIXEL))

pytestmark = pytest.mark.a11y
needs_poppler = pytest.mark.skipif(not shutil.which("pdfinfo"), reason="pdfinfo is missing")

Made = tuple[str, bytes]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return find(bundled(), tmp_path_factory.getbasetemp()).cache


@pytest.fixture(scope="module")
def tagged(cache: Path) -> Callable[..., bytes]:
    """Returns the PDF of a body of HTML."""

    def make(body: str, figures: dict[str, Asset] | None = None) -> bytes:
        page = f'<html lang="en"><title>T</title><body>{body}</body></html>'
        layout = renderer.lay_out(page, figures or {}, cache)
        content = renderer.to_pdf(layout)
        assert layout.warnings == []
        assert faults_in(content) == []
        return content

    return make


@pytest.fixture(scope="module")
def printed(cache: Path) -> Callable[[Library, str], Made]:
    """Returns the page and the PDF of a guide."""
    templates = load_templates([bundled() / "templates"])

    def make(library: Library, guide: str) -> Made:
        _, document = jobs.compose(Job(guide, library, templates))
        page = jobs.print_html(document, templates)
        return page, renderer.to_pdf(renderer.lay_out(page, document.figures, cache))

    return make


@pytest.fixture(scope="module")
def shipped(printed: Callable[[Library, str], Made], bundled_library: Library) -> Made:
    """The bundled guide."""
    return printed(bundled_library, "ems-vs-emt")


def shown(content: bytes) -> list[str]:
    """Return the lines of the tree, without its root."""
    return [line.strip() for line in outline(read(content)).splitlines()[1:]]


# Tables

LONG = """\
<table><caption id="top">Long</caption>
<thead><tr><th scope="col">Name <a href="#top">note</a></th><th scope="col">Value</th></tr></thead>
<tfoot><tr><td colspan="2">Foot</td></tr></tfoot>
<tbody>{}</tbody></table>
"""
ROWS = [f'<tr><th scope="row">row {n}</th><td>{n}</td></tr>' for n in range(150)]


def test_a_table_over_pages_is_one_table(tagged: Callable[..., bytes]) -> None:
    content = tagged(LONG.format("".join(ROWS)))
    assert len(pypdfium2.PdfDocument(content)) >= 3
    (table,) = read(content).of_type("Table")
    kids = [kid.type for kid in table.kids if isinstance(kid, Element)]
    assert kids == ["Caption", "THead", "TBody", "TFoot"]
    heads = [each.text for each in table.of_type("TH")]
    assert heads == ["Name note", "Value", *(f"row {n}" for n in range(150))]
    assert table.text.count("Foot") == 1


def test_repeated_heads_and_feet_are_artifacts_and_have_no_links(
    tagged: Callable[..., bytes],
) -> None:
    content = tagged(LONG.format("".join(ROWS)))
    document = pypdfium2.PdfDocument(content)
    texts = [page.get_textpage().get_text_range() for page in document]
    assert all("Value" in text and "Foot" in text for text in texts)
    with pikepdf.open(io.BytesIO(content)) as opened:
        artifacts = [artifacts_of(page) for page in opened.pages]
        links = [len(page.get("/Annots", [])) for page in opened.pages]
    # The head counts on the first page and the foot on the last; each has a cell or two of text.
    assert [kinds.count("/Pagination") for kinds in artifacts][1:-1] == [4] * (len(texts) - 2)
    assert (artifacts[0].count("/Pagination"), artifacts[-1].count("/Pagination")) == (1, 3)
    assert links == [1, *[0] * (len(texts) - 1)]


def artifacts_of(page: pikepdf.Page) -> list[str]:
    """Return the kind of each artifact that says what it is."""
    properties = (
        each.operands[1]
        for each in pikepdf.parse_content_stream(page)
        if str(each.operator) == "BDC" and each.operands[0] == "/Artifact"
    )
    return [
        " ".join(str(told[key]) for key in ("/Type", "/Subtype") if key in told)
        for told in properties
    ]


def test_paragraphs_lists_and_cells_over_pages_are_one_each(tagged: Callable[..., bytes]) -> None:
    words = "word " * 900
    cell = f"<table><tr><th scope=row>head</th><td>{words}</td></tr></table>"
    root = read(tagged(f"<p>{words}</p><ul><li>{words}</li><li>last</li></ul>{cell}"))
    assert [each.type for each in root.all()] == [
        *("Document", "P", "L", "LI", "Lbl", "LBody", "LI", "Lbl", "LBody"),
        *("Table", "TBody", "TR", "TH", "TD"),
    ]
    (paragraph,) = root.of_type("P")
    assert len({run.page for run in runs_of(paragraph)}) == 2
    assert paragraph.text == words.strip()


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        (
            "<tr><th scope=col>A<th scope=col>B<tr><td rowspan=2>a<td>b<tr><td>c",
            ["TD RowSpan=2 a  ← A", "TD b  ← B", "TD c  ← B"],
        ),
        (
            "<tr><td><th scope=colgroup colspan=2>AB<tr><td><th scope=col>A<th scope=col>B"
            "<tr><th scope=row>r<td>1<td>2",
            ["TD 1  ← r · AB · A", "TD 2  ← r · AB · B"],
        ),
        (
            "<tr><th scope=col>A<th scope=col>B<th scope=col>C"
            "<tr><th scope=row rowspan=2>r<td>1<td>2<tr><td>3<td>4",
            ["TD 1  ← r · B", "TD 2  ← r · C", "TD 3  ← r · B", "TD 4  ← r · C"],
        ),
        (
            "<tr><th scope=col>A<th scope=col>B"
            "<tr><th scope=rowgroup colspan=2>first<tr><th scope=row>r<td>1"
            "<tr><th scope=rowgroup colspan=2>second<tr><th scope=row>s<td>2",
            ["TH Row r  ← A · first", "TD 1  ← r · B · first", "TD 2  ← s · B · second"],
        ),
        ("<tr><th>A<th>B<tbody><tr><th>r<td>1", ["TH Row r", "TD 1  ← r"]),
        ("<tr><th scope=row>r<td>1<td colspan=2>2", ["TD 1  ← r", "TD ColSpan=2 2  ← r"]),
        (
            "<tr><th><th scope=col>B<tr><th scope=row>r<td>1",
            ["TH Row r", "TD 1  ← r · B"],
        ),
    ],
    ids=[
        "rowspan",
        "colspan",
        "row-head-over-rows",
        "groups",
        "no-scopes",
        "no-head",
        "empty-head",
    ],
)
def test_cells_know_their_heads(cache: Path, rows: str, lines: list[str]) -> None:
    page = f"<html lang=en><title>T</title><table>{rows}</table>"
    made = shown(renderer.to_pdf(renderer.lay_out(page, {}, cache)))
    assert [line for line in lines if line not in made] == []


@pytest.mark.sweep
def test_the_shipped_guide_has_as_many_tables_as_its_page(shipped: Made) -> None:
    page, content = shipped
    tables = read(content).of_type("Table")
    assert len(tables) == page.count("<table") > 10
    assert [each.text for each in tables if not each.of_type("TD")] == []
    assert len(read(content).of_type("TR")) == page.count("<tr")
    assert len(read(content).of_type("TH", "TD")) == len(re.findall(r"<t[hd]\b", page))


# Text


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<html><title>T</title><p>x", "the page does not say in which language it is"),
        ("<html lang=en><title>T</title><img src={square}>", "the picture .* has no words"),
    ],
)
def test_what_a_reader_would_miss_is_a_warning(cache: Path, page: str, told: str) -> None:
    page = page.format(square=renderer.asset_url(SQUARE))
    layout = renderer.lay_out(page, {SQUARE.name: SQUARE}, cache)
    renderer.to_pdf(layout)
    assert [re.match(told, warning) is not None for warning in layout.warnings] == [True]


def test_text_that_was_lost_on_the_way_is_a_warning(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lossy(*given: Any) -> Any:
        content, furniture = pieces.pieces_of(*given)
        return content[:-1], furniture

    monkeypatch.setattr(engine, "pieces_of", lossy)
    layout = renderer.lay_out("<html lang=en><title>T</title><p>a<p>b", {}, cache)
    renderer.to_pdf(layout)
    assert layout.warnings == ["1 pieces of text have no place in the reading order"]


def test_words_of_another_language_and_abbreviations_are_told(tagged: Callable[..., bytes]) -> None:
    body = '<p>Ask: <span lang="es">¿Dónde?</span> An <abbr title="one (1) ≥ 0">O</abbr>.</p>'
    assert shown(tagged(body + '<p lang="de">Halt</p><div lang="fr">Bon</div>')) == [
        "P Ask: ‹Span Lang='es' ¿Dónde?› An ‹Span E='one (1) ≥ 0' O›.",
        "P Lang='de' Halt",
        "Div Lang='fr'",
        "P Bon",
    ]


def test_what_is_hidden_or_decoration_is_an_artifact(tagged: Callable[..., bytes]) -> None:
    star = "<svg xmlns='http://www.w3.org/2000/svg'><rect width='9' height='9'/></svg>"
    content = tagged(f"<p>a<span aria-hidden=true>b <em>c</em></span> {star} d</p><div> </div>")
    assert shown(content) == ["P a d"]


@pytest.mark.sweep
def test_running_lines_are_artifacts_of_their_kind(shipped: Made) -> None:
    with pikepdf.open(io.BytesIO(shipped[1])) as document:
        kinds = [artifacts_of(page) for page in document.pages]
    assert kinds[0].count("/Pagination /Header") == 0
    assert all(each.count("/Pagination /Header") == 2 for each in kinds[1:])
    assert all(each.count("/Pagination /Footer") >= 2 for each in kinds)


def test_a_note_stands_at_its_mark_and_holds_the_notes_within(tagged: Callable[..., bytes]) -> None:
    style = "<style>.footnote { float: footnote }</style>"
    note = '<span class="footnote">outer<span class="footnote">inner</span></span>'
    (document,) = [read(tagged(f"{style}<p>Here{note} and there.</p>"))]
    (paragraph,) = document.of_type("P")
    kinds = [kid.type if isinstance(kid, Element) else kid.text for kid in paragraph.kids]
    assert kinds == ["Here", "Reference", "Note", " and there."]
    outer, inner = document.of_type("Note")
    assert inner in outer.kids
    assert [each.entries["ID"] for each in (outer, inner)] == ["note-1", "note-2"]
    assert [each.text for each in outer.of_type("Lbl")]


def test_loose_text_in_a_group_is_a_paragraph(tagged: Callable[..., bytes]) -> None:
    body = '<div role="note">One <em>two</em><p>three</p> four</div>'
    assert shown(tagged(body)) == ["Aside", "P One ‹Span two›", "P three", "P four"]


def test_terms_and_their_meanings_are_items(tagged: Callable[..., bytes]) -> None:
    body = "<dl><dt>a<dt>b<dd>1<dd>2<div><dt>c<dd>3</div></dl>"
    assert shown(tagged(body)) == [
        "L",
        *("LI ‹Lbl a› ‹Lbl b›", "LBody 1", "LBody 2"),
        *("LI ‹Lbl c›", "LBody 3"),
    ]


# Reading order


class _Text(HTMLParser):
    """The text of a page as it is printed: no head, nothing hidden, not the screen's imprint."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_hidden = tag == "head" or told.get("class") == "imprint" or "aria-hidden" in told
        if (is_hidden or self._hidden) and tag not in ("meta", "br", "img", "col"):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            self._hidden.pop()

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.text += data


def letters(text: str) -> str:
    """Return the letters alone: numbers of pages, notes and items are not in the HTML."""
    return "".join(filter(str.isalpha, unicodedata.normalize("NFKC", text)))


def letters_of_page(page: str) -> str:
    parser = _Text()
    parser.feed(page)
    return letters(parser.text)


def letters_by_poppler(content: bytes, folder: Path) -> str:
    """Return the letters in the order of the tag tree, as poppler reads it, but not a picture's."""
    path = folder / "read.pdf"
    path.write_bytes(content)
    command = ["pdfinfo", "-struct-text", str(path)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    text, types = "", {0: "Document"}
    for line in told.splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        if not line.strip().startswith('"'):
            types[depth] = line.strip()
        elif not types[depth - 1].startswith("Figure"):
            text += line
    return letters(text)


@needs_poppler
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_kind_of_block_is_read_in_the_order_of_its_page(
    case: Path, printed: Callable[[Library, str], Made], tmp_path: Path
) -> None:
    page, content = printed(load(case / "content", case)[0], "case")
    expected = letters_of_page(page)
    assert len(expected) > 50
    assert letters_by_poppler(content, tmp_path) == expected


@pytest.mark.sweep
@needs_poppler
def test_the_shipped_guide_is_read_in_the_order_of_its_page(shipped: Made, tmp_path: Path) -> None:
    page, content = shipped
    expected = letters_of_page(page)
    assert len(expected) > 20_000
    assert letters_by_poppler(content, tmp_path) == expected
    assert faults_in(content) == []


# Links and figures


def test_a_link_over_lines_and_pages_is_one_and_speaks(tagged: Callable[..., bytes]) -> None:
    words = "very long words " * 30
    body = f'<p><a href="#z">{words}<em>stress</em></a></p><p id="z">Z <a>no link</a></p>'
    content = tagged(body)
    (link,) = read(content).of_type("Link")
    assert link.links > 2
    with pikepdf.open(io.BytesIO(content)) as document:
        told = {str(each.Contents) for page in document.pages for each in page.Annots}
    assert told == {f"{words}stress"}


def test_a_figure_says_where_it_is(tagged: Callable[..., bytes]) -> None:
    address = renderer.asset_url(SQUARE)
    image = f'<img src="{address}" alt="A square" style="width: 50px">'
    body = f"<p>Above</p><figure>{image}<figcaption>C</figcaption></figure>"
    content = tagged(body, {SQUARE.name: SQUARE})
    (figure,) = read(content).of_type("Figure")
    assert [kid.type for kid in figure.kids if isinstance(kid, Element)] == ["Caption"]
    assert figure.entries["Alt"] == "A square"
    (drawn,) = pypdfium2.PdfDocument(content)[0].get_objects([pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    box = [float(edge) for edge in figure.attributes["/BBox"]]
    assert box == pytest.approx(drawn.get_bounds(), abs=0.1)
    assert box[2] - box[0] == pytest.approx(50 * PT_PER_PX, abs=0.1)


# The rules themselves


@pytest.fixture(scope="module")
def sound(printed: Callable[[Library, str], Made]) -> bytes:
    """A PDF with all that the rules look at, and without fault."""
    case = CASES[0].parent / "markdown"
    _, content = printed(load(case / "content", case)[0], "case")
    assert faults_in(content) == []
    return content


@pytest.mark.parametrize(
    ("type_", "spoil", "told"),
    [
        ("TD", lambda cell: delitem(cell.A, "/Headers"), "has the headers []"),
        ("TH", lambda cell: delitem(cell, "/ID"), "without id or scope"),
        ("TH", lambda cell: delitem(cell.A, "/Scope"), "without id or scope"),
        ("Note", lambda note: delitem(note, "/ID"), "IDTree has"),
        ("P", lambda text: delitem(text.K, 0), "nobody holds the content"),
        ("TR", lambda row: row.K.append(row.K[0]), "columns in"),
        ("Link", lambda link: delitem(link.K, 0), "nobody holds a link"),
        ("LI", lambda item: setitem(item.K[0], "/S", pikepdf.Name.P), "LI holds"),
        ("Sect", lambda part: setitem(part, "/S", pikepdf.Name.Foo), "unknown type Foo"),
    ],
)
def test_a_spoiled_tree_is_found_out(
    type_: str,
    spoil: Callable[[Any], None],
    told: str,
    sound: bytes,
) -> None:
    with pikepdf.open(io.BytesIO(sound)) as document:
        spoil(
            next(
                entry
                for entry in document.objects
                if isinstance(entry, pikepdf.Dictionary) and entry.get("/S") == f"/{type_}"
            )
        )
        spoiled = io.BytesIO()
        document.save(spoiled)
    assert [fault for fault in faults_in(spoiled.getvalue()) if told in fault]

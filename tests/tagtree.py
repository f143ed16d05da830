"""The tag tree of a finished PDF: read, shown as text, and held against the rules.

pikepdf reads the structure, PDFium the text of each marked content; nothing of guidegen's own
code has a part in it.
"""

from __future__ import annotations

import ctypes
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

INLINE = {"Span", "Link", "Code", "Quote", "Reference", "Note", "Lbl"}
# Types of ISO 32000-1, 14.8.4, and the one that we map to one of them.
TYPES = INLINE | {
    *("Document", "Part", "Art", "Sect", "Div", "Aside", "BlockQuote", "Caption", "TOC", "TOCI"),
    *("P", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "LBody", "Figure"),
    *("Table", "THead", "TBody", "TFoot", "TR", "TH", "TD"),
}
ENTRIES = ("ID", "Lang", "E", "Alt")
LINE_STEP = 6  # pt; less than that is a superscript, no new line


class Run(NamedTuple):
    """The text of one marked content, and where it stands."""

    page: int
    mark: int
    text: str
    y: float


@dataclass
class Element:
    """A structure element; ``links`` counts the rectangles that it holds."""

    type: str
    entries: dict[str, str]
    attributes: dict[str, Any]
    kids: list[Element | Run] = field(default_factory=list)
    links: int = 0

    def all(self) -> Iterator[Element]:
        yield self
        for kid in self.kids:
            if isinstance(kid, Element):
                yield from kid.all()

    def of_type(self, *types: str) -> list[Element]:
        """Return the elements of these types, in reading order."""
        return [each for each in self.all() if each.type in types]

    @property
    def text(self) -> str:
        """All that is read in this element, words divided as on paper."""
        return joined(list(runs_of(self)))


def runs_of(element: Element) -> Iterator[Run]:
    for kid in element.kids:
        if isinstance(kid, Run):
            yield kid
        else:
            yield from runs_of(kid)


def joined(runs: list[Run]) -> str:
    """Return the text of ``runs``; a word divided at the end of a line is put together again."""
    text, last = "", None
    for run in runs:
        is_lower = last and (run.page != last.page or abs(run.y - last.y) > LINE_STEP)
        if is_lower and not run.text.startswith((".", ",")):
            text = text[:-1] if text.endswith("‐") else text + " "
        text += run.text.replace("‐", "-") if not run.text.endswith("‐") else run.text
        last = run if run.text.strip() else last
    return " ".join(text.split())


# Reading


def read(content: bytes) -> Element:
    """Return the tree of a PDF."""
    with pikepdf.open(io.BytesIO(content)) as document:
        pages = {page.objgen: number for number, page in enumerate(document.pages)}
        return _element(document.Root.StructTreeRoot.K[0], pages, _texts(content))


def _element(entry: Any, pages: dict[Any, int], texts: dict[tuple[int, int], Run]) -> Element:
    entries = {key: str(entry[f"/{key}"]) for key in ENTRIES if f"/{key}" in entry}
    element = Element(str(entry.S)[1:], entries, dict(entry.get("/A", {})))
    for kid in entry.get("/K", []):
        if isinstance(kid, int) or kid.get("/Type") == "/MCR":
            page = (entry if isinstance(kid, int) else kid).Pg
            mark = int(kid if isinstance(kid, int) else kid.MCID)
            at = (pages[page.objgen], mark)
            element.kids.append(texts.get(at, Run(*at, "", 0)))
        elif kid.get("/Type") == "/OBJR":
            element.links += 1
        else:
            element.kids.append(_element(kid, pages, texts))
    return element


def _texts(content: bytes) -> dict[tuple[int, int], Run]:
    """Return the text of each marked content by page and number."""
    found: dict[tuple[int, int], Run] = {}
    for number, page in enumerate(pypdfium2.PdfDocument(content)):
        letters = page.get_textpage()
        for at in range(pdfium.FPDFPage_CountObjects(page)):
            drawn = pdfium.FPDFPage_GetObject(page, at)
            if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            key = (number, pdfium.FPDFPageObj_GetMarkedContentID(drawn))
            matrix = pdfium.FS_MATRIX()
            pdfium.FPDFPageObj_GetMatrix(drawn, ctypes.byref(matrix))
            before = found[key].text if key in found else ""
            found[key] = Run(*key, before + _text(drawn, letters), matrix.f)
    return found


def _text(drawn: Any, letters: Any) -> str:
    size = pdfium.FPDFTextObj_GetText(drawn, letters, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFTextObj_GetText(
        drawn, letters, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
    )
    return buffer.raw.decode("utf-16-le").rstrip("\0")


# Showing


def outline(root: Element) -> str:
    """Return the tree as text: a line for each block, with inline elements in ‹ ›.

    A cell tells its scope, its spans and, behind an arrow, the text of its headers.
    """
    heads = {each.entries["ID"]: each.text for each in root.of_type("TH")}
    return "".join(f"{line}\n" for line in _lines(root, heads))


def _lines(element: Element, heads: dict[str, str]) -> Iterator[str]:
    blocks = [kid for kid in element.kids if isinstance(kid, Element) and kid.type not in INLINE]
    inline = [kid for kid in element.kids if kid not in blocks]
    words = _inline(inline)
    headers = [heads[str(name)] for name in element.attributes.get("/Headers", [])]
    if headers:
        words += f"  ← {' · '.join(headers)}"
    yield " ".join(filter(None, (_label(element), words)))
    for block in blocks:
        yield from (f"  {line}" for line in _lines(block, heads))


def _inline(kids: list[Element | Run]) -> str:
    """Return text and inline elements of one block as a line."""
    runs = []
    for kid in kids:
        if isinstance(kid, Run):
            runs.append(kid)
        else:
            first = next(runs_of(kid), Run(0, 0, "", 0))
            runs.append(first._replace(text=f"‹{_label(kid)} {_inline(kid.kids)}›"))
    return joined(runs)


def _label(element: Element) -> str:
    told = [element.type]
    attributes = element.attributes
    for key in ("/Scope", "/ListNumbering"):
        if key in attributes:
            told.append(str(attributes[key])[1:])
    for key in ("ColSpan", "RowSpan"):
        if f"/{key}" in attributes:
            told.append(f"{key}={attributes[f'/{key}']}")
    told += [f"{key}={said!r}" for key, said in element.entries.items() if key != "ID"]
    return " ".join(told)


# Rules that a validator doesn't hold a file against


def faults_in(content: bytes) -> list[str]:
    """Return where the tree breaks a rule; see each function for the rule."""
    root = read(content)
    with pikepdf.open(io.BytesIO(content)) as document:
        return [
            *_unknown_types(root),
            *_bad_tables(root),
            *_bad_ids(root, document),
            *_bad_lists(root),
            *_bad_owners(document),
            *_bad_links(root, document),
        ]


def _unknown_types(root: Element) -> Iterator[str]:
    yield from (f"unknown type {each.type}" for each in root.all() if each.type not in TYPES)


def _bad_tables(root: Element) -> Iterator[str]:
    """A table has rows, one head at most, its caption first, and the same width in all rows."""
    for table in root.of_type("Table"):
        kids = [kid.type for kid in table.kids if isinstance(kid, Element)]
        if kids.count("THead") > 1 or "Caption" in kids[1:] or not table.of_type("TR"):
            yield f"table of {kids}"
        if len(set(_widths(table))) != 1:
            yield f"rows of {sorted(set(_widths(table)))} columns in {table.text[:40]!r}"


def _widths(table: Element) -> Iterator[int]:
    hanging: Counter[int] = Counter()
    for number, row in enumerate(table.of_type("TR")):
        cells = [cell.attributes for cell in row.of_type("TH", "TD")]
        for cell in cells:
            for below in range(1, int(cell.get("/RowSpan", 1))):
                hanging[number + below] += int(cell.get("/ColSpan", 1))
        yield hanging[number] + sum(int(cell.get("/ColSpan", 1)) for cell in cells)


def _bad_ids(root: Element, document: pikepdf.Pdf) -> Iterator[str]:
    """Each id is there once and in the IDTree; cells name header cells, which have scopes."""
    ids = Counter(each.entries["ID"] for each in root.all() if "ID" in each.entries)
    yield from (f"id {name} is there {count} times" for name, count in ids.items() if count > 1)
    tree = document.Root.StructTreeRoot.get("/IDTree")
    known = {} if tree is None else dict(pikepdf.NameTree(tree).items())
    if set(known) != set(ids):
        yield f"IDTree has {sorted(set(known) ^ set(ids))} more or less than the tree"
    yield from (f"{name} leads elsewhere" for name in known if str(known[name].get("/ID")) != name)
    heads = {each.entries.get("ID") for each in root.of_type("TH")}
    for each in root.of_type("TH", "Note"):
        if "ID" not in each.entries or (each.type == "TH" and "/Scope" not in each.attributes):
            yield f"{each.type} {each.text[:40]!r} without id or scope"
    for cell in root.of_type("TD"):
        names = {str(name) for name in cell.attributes.get("/Headers", [])}
        if not names or names - heads:
            yield f"cell {cell.text[:40]!r} has the headers {sorted(names)}"


def _bad_lists(root: Element) -> Iterator[str]:
    """Lists hold items alone, and items a label and a body alone."""
    allowed = {"L": {"LI"}, "LI": {"Lbl", "LBody"}, "TOC": {"TOCI"}, "TR": {"TH", "TD"}}
    for each in root.all():
        others = {kid.type if isinstance(kid, Element) else "text" for kid in each.kids}
        if others - allowed.get(each.type, others):
            yield f"{each.type} holds {sorted(others)}"


def _bad_owners(document: pikepdf.Pdf) -> Iterator[str]:
    """What is drawn is owned by one element, which holds it, or it is an artifact."""
    parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
    for number, page in enumerate(document.pages):
        owners = parents[int(page.StructParents)]
        drawn = set()
        for operands, within in _shown(page):
            if within is None:
                yield f"page {number}: {operands} is neither content nor artifact"
            elif within >= 0:
                drawn.add(within)
        for mark in drawn:
            owner = owners[mark] if mark < len(owners) else None
            if owner is None or not _holds(owner, page, mark):
                yield f"page {number}: nobody holds the content {mark}"
        held = {mark for mark, owner in enumerate(owners) if owner is not None}
        yield from (f"page {number}: {mark} is held and not there" for mark in held - _marks(page))


def _shown(page: pikepdf.Page) -> Iterator[tuple[str, int | None]]:
    """Yield each operator that draws, with the marked content around it; -1 is an artifact."""
    around: list[int] = []
    for drawn in pikepdf.parse_content_stream(page):
        name = str(drawn.operator)
        if name in ("BMC", "BDC"):
            around.append(_number(drawn.operands))
        elif name == "EMC":
            around.pop()
        elif name in ("Tj", "TJ", "'", '"', "Do", "S", "s", "f", "F", "f*", "B", "B*", "sh"):
            yield name, around[-1] if around else None


def _number(operands: Any) -> int:
    properties = operands[1] if len(operands) > 1 else {}
    return int(properties.get("/MCID", -1))


def _marks(page: pikepdf.Page) -> set[int]:
    return {
        _number(each.operands)
        for each in pikepdf.parse_content_stream(page)
        if str(each.operator) == "BDC"
    }


def _holds(owner: Any, page: pikepdf.Page, mark: int) -> bool:
    for kid in owner.K:
        if isinstance(kid, int):
            if kid == mark and owner.Pg.objgen == page.objgen:
                return True
        elif kid.get("/Type") == "/MCR" and mark == kid.MCID and kid.Pg.objgen == page.objgen:
            return True
    return False


def _bad_links(root: Element, document: pikepdf.Pdf) -> Iterator[str]:
    """Each rectangle of a page is held by a link, and says in words where it leads."""
    parents = pikepdf.NumberTree(document.Root.StructTreeRoot.ParentTree)
    count = 0
    for number, page in enumerate(document.pages):
        for annotation in page.get("/Annots", []):
            count += 1
            owner = parents.get(int(annotation.get("/StructParent", -1)))
            held = [] if owner is None else [kid for kid in owner.K if not isinstance(kid, int)]
            if annotation.objgen not in [kid.Obj.objgen for kid in held if "/Obj" in kid]:
                yield f"page {number}: nobody holds a link to {annotation.get('/Dest')}"
            if not str(annotation.get("/Contents", "")).strip():
                yield f"page {number}: a link without words"
    if count != sum(each.links for each in root.of_type("Link")):
        yield f"{count} links are drawn, {sum(each.links for each in root.all())} are held"

"""The tag tree of a PDF, in reading order: headings, figures, tables, prose; read by pikepdf."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from guidegen.finished.drawn import Marks, undivided
from guidegen.finished.facts import Figure, Heading, Tags
from guidegen.finished.objects import is_dictionary, items_of, text_of

# Standard types (ISO 32000-1, 14.8.4) that begin a text of their own; all others stand in a line.
_BLOCKS = frozenset(
    {"Document", "DocumentFragment", "Part", "Art", "Sect", "Div", "Aside", "BlockQuote"}
    | {"Caption", "TOC", "TOCI", "Index", "Title", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6"}
    | {"L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TFoot", "TR", "TH", "TD"}
    | {"Figure", "Formula", "Form", "Note", "FENote"}
)
_PROSE = frozenset(("P", "LBody", "Note", "FENote"))
_HEADING = re.compile(r"H([1-9]\d?)?")
# Deeper than any sound document, and far from the end of Python's stack.
_DEEPEST = 200
_MAPPINGS = 8

PageNumbers = Mapping[tuple[int, int], int]
"""The number of each page by the number of its object."""


@dataclass(slots=True)
class _Tree:
    """What has been found so far; ``roles`` map a file's own types to the standard ones."""

    roles: Any
    pages: PageNumbers
    marks: Marks
    known: set[tuple[int, int]] = field(default_factory=set)
    figures: list[Figure] = field(default_factory=list)
    tables: int = 0
    headings: list[Heading] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Block:
    """A text in the making: its letters, and the page on which it begins."""

    page: int | None
    letters: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return " ".join(undivided("".join(self.letters)).split())


def read_tags(pdf: pikepdf.Pdf, pages: PageNumbers, marks: Marks) -> Tags | None:
    """Return the tag tree of ``pdf``; None when it has none, or says that it is not tagged.

    ``marks`` are the texts that the tree points to, from :mod:`guidegen.finished.drawn`.
    """
    root: Any = pdf.Root.get("/StructTreeRoot")
    information: Any = pdf.Root.get("/MarkInfo")
    if not (is_dictionary(root) and is_dictionary(information)):
        return None
    if not bool(information.get("/Marked", False)):
        return None
    tree = _Tree(root.get("/RoleMap"), pages, marks)
    for kid in _kids(root):
        _visit(kid, None, _Block(None), tree, 0)
    return Tags(tuple(tree.figures), tree.tables, tuple(tree.headings), tuple(tree.prose))


def _visit(kid: Any, page: int | None, block: _Block, tree: _Tree, depth: int) -> None:
    """Look at a kid of an element on ``page``: a mark, a reference to one, or an element."""
    if isinstance(kid, int):
        _add_mark(kid, page, block, tree)
    elif is_dictionary(kid) and depth < _DEEPEST:
        page = _page_of(kid, tree) or page
        if "/MCID" in kid:
            _visit(kid.get("/MCID"), page, block, tree, depth + 1)
        elif "/S" in kid and _is_new(kid, tree):
            _visit_element(kid, page, block, tree, depth)


def _visit_element(element: Any, page: int | None, block: _Block, tree: _Tree, depth: int) -> None:
    role = _role(element, tree.roles)
    own = _Block(page) if role in _BLOCKS else block
    place = _note(role, tree)
    for kid in _kids(element):
        _visit(kid, page, own, tree, depth + 1)
    if heading := _HEADING.fullmatch(role):
        level = int(heading[1]) if heading[1] else None
        tree.headings.insert(place, Heading(level, own.words, own.page))
    elif role == "Figure":
        tree.figures.append(Figure(own.page, _has_words(element)))
    elif role in _PROSE and own.words:
        tree.prose.insert(place, own.words)


def _note(role: str, tree: _Tree) -> int:
    """Count a table, and return where an element's text goes: before those of what it holds."""
    if role == "Table":
        tree.tables += 1
    return len(tree.headings if _HEADING.fullmatch(role) else tree.prose)


def _add_mark(mark: int, page: int | None, block: _Block, tree: _Tree) -> None:
    if page is not None:
        block.page = block.page or page
        block.letters.append(tree.marks.get((page, mark), ""))


def _is_new(element: Any, tree: _Tree) -> bool:
    """Say whether the element is met for the first time: a damaged tree can run in circles."""
    number = element.objgen
    if number == (0, 0):
        return True
    is_new = number not in tree.known
    tree.known.add(number)
    return is_new


def _kids(element: Any) -> Iterator[Any]:
    kids = element.get("/K")
    yield from items_of(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _page_of(element: Any, tree: _Tree) -> int | None:
    page = element.get("/Pg")
    return tree.pages.get(page.objgen) if is_dictionary(page) else None


def _role(element: Any, roles: Any) -> str:
    """Return the standard type of an element; a type may be mapped more than once."""
    role = text_of(element.get("/S"))
    for _ in range(_MAPPINGS):
        mapped = roles.get(f"/{role}") if is_dictionary(roles) and role not in _BLOCKS else None
        if not isinstance(mapped, pikepdf.Name):
            break
        role = text_of(mapped)
    return role


def _has_words(element: Any) -> bool:
    return any(text_of(element.get(key)).strip() for key in ("/Alt", "/ActualText"))

"""Nodes -> the objects of a PDF: structure elements, parent tree and tree of ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pydyf

from guidegen.renderers.tags.attributes import entries_of
from guidegen.renderers.tags.nodes import Annotation, Node
from guidegen.renderers.tags.pieces import Mark
from guidegen.renderers.tags.roles import ROLE_MAP

# For each page the references to the elements that own its marked content, by number.
Owners = list[list[bytes | None]]


class _Writer:
    """Adds elements to a pydyf.PDF and remembers who owns what."""

    def __init__(self, pdf: Any, page_heights: Sequence[float], marks: Sequence[int]) -> None:
        self._pdf = pdf
        self._pages = pdf.page_references
        self._heights = page_heights
        self.owners: Owners = [[None] * count for count in marks]
        self.links: list[bytes] = []
        self.ids: list[tuple[str, bytes]] = []

    def write(self, node: Node, parent: bytes) -> bytes:
        """Add ``node`` and all below it, and return its reference."""
        element = pydyf.Dictionary({"Type": "/StructElem", "S": f"/{node.type}", "P": parent})
        element |= entries_of(node, self._heights)
        self._pdf.add_object(element)
        own: bytes = element.reference
        if node.id:
            self.ids.append((node.id, own))
        page = next((kid.page for kid in node.kids if not isinstance(kid, Node)), None)
        if page is not None:
            element["Pg"] = self._pages[page]
        element["K"] = pydyf.Array([self._kid(kid, own, page) for kid in node.kids])
        return own

    def _kid(self, kid: Node | Mark | Annotation, own: bytes, page: int | None) -> Any:
        match kid:
            case Node():
                return self.write(kid, own)
            case Mark():
                self.owners[kid.page][kid.id] = own
                if kid.page == page:
                    return kid.id
                entries = {"Type": "/MCR", "Pg": self._pages[kid.page], "MCID": kid.id}
            case Annotation():
                kid.entry["StructParent"] = len(self.owners) + len(self.links)
                self.links.append(own)
                entries = {"Type": "/OBJR", "Pg": self._pages[kid.page], "Obj": kid.entry.reference}
        return pydyf.Dictionary(entries)


def write_tree(
    pdf: Any, document: Node, page_heights: Sequence[float], marks: Sequence[int]
) -> Owners:
    """Add the tree below ``document`` to ``pdf``, a pydyf.PDF, and return who owns what.

    ``page_heights`` are in CSS px; ``marks`` says how much marked content each page has.
    """
    root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    writer = _Writer(pdf, page_heights, marks)
    root["K"] = pydyf.Array([writer.write(document, root.reference)])
    root["ParentTree"] = _added(pdf, {"Nums": _parents(writer)})
    root["ParentTreeNextKey"] = len(writer.owners) + len(writer.links)
    root["RoleMap"] = pydyf.Dictionary({own: f"/{known}" for own, known in ROLE_MAP.items()})
    if writer.ids:
        names = [part for name, own in sorted(writer.ids) for part in (pydyf.String(name), own)]
        root["IDTree"] = _added(pdf, {"Names": pydyf.Array(names)})
    pdf.catalog["StructTreeRoot"] = root.reference
    return writer.owners


def _parents(writer: _Writer) -> Any:
    """Return the number tree's entries: an array for each page, then one owner for each link."""
    pages = [pydyf.Array([owner or "null" for owner in page]) for page in writer.owners]
    numbered = [part for entry in enumerate([*pages, *writer.links]) for part in entry]
    return pydyf.Array(numbered)


def _added(pdf: Any, entries: dict[str, Any]) -> bytes:
    added = pydyf.Dictionary(entries)
    pdf.add_object(added)
    reference: bytes = added.reference
    return reference

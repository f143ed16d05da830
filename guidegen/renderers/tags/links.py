"""Links: each has its rectangles within its element, and says in words where it leads.

ISO 14289-1, 7.18.5: the annotation of a link is held by a Link element, and has a description.
"""

from __future__ import annotations

from typing import Any

import pydyf

from guidegen.renderers.tags.nodes import Annotation, Node

_PRINTED = 4  # the annotation flag "Print", ISO 32000-1, table 165


def finish_links(pdf: Any, document: Node) -> None:
    """Describe the links of ``pdf`` and take those away that no element holds.

    The engine draws a second rectangle for each piece of markup within a link, and one in each
    repeated head of a table.
    """
    held: set[bytes] = set()
    for node in document.all():
        for kid in node.kids:
            if isinstance(kid, Annotation):
                kid.entry["F"] = _PRINTED
                kid.entry["Contents"] = pydyf.String(_words_of(node.element))
                held.add(kid.entry.reference)
    for page in pdf.objects:
        if isinstance(page, dict) and page.get("Type") == "/Page" and "Annots" in page:
            page["Annots"][:] = [name for name in page["Annots"] if name in held]


def _words_of(link: Any) -> str:
    """Return what a reader hears of an HTML link."""
    words = " ".join((link.get("aria-label") or "".join(link.itertext())).split())
    return words or str(link.get("href"))

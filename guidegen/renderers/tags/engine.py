"""Puts our tag tree in the place of WeasyPrint's.

WeasyPrint's hook for finished PDFs comes too late: by then it has forgotten which box drew what.
So the one function that makes its tree is replaced while a PDF is written. That function is no
public interface: the engine's major version is pinned, and the tests read finished files.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pydyf

from guidegen.renderers.tags.artifacts import mark_artifacts
from guidegen.renderers.tags.links import finish_links
from guidegen.renderers.tags.objects import write_tree
from guidegen.renderers.tags.pieces import Piece, pieces_of
from guidegen.renderers.tags.tables import head_cells
from guidegen.renderers.tags.tree import grown

# Its warnings are our problems; see guidegen.renderers.pdf.
_LOGGER = logging.getLogger("weasyprint")


@contextlib.contextmanager
def own_tags() -> Iterator[None]:
    """Write each PDF within this context with our tag tree; WeasyPrint must be importable."""
    import weasyprint.pdf as engine

    theirs, engine.add_tags = engine.add_tags, _add_tags
    try:
        yield
    finally:
        engine.add_tags = theirs


def _add_tags(pdf: Any, document: Any, version: object, streams: Sequence[Any]) -> None:
    """Add the tree of ``document`` to ``pdf``: WeasyPrint's document, pydyf's PDF and contents."""
    pages = [page._page_box for page in document.pages]
    marks = [stream._tags for stream in streams]
    content, furniture = pieces_of(pages, marks)
    root = _root_of(pages)
    tree = grown(root, content)
    head_cells(tree)
    heights = [page.height for page in document.pages]
    owners = write_tree(pdf, tree, heights, [len(numbers) for numbers in marks])
    mark_artifacts([stream.stream for stream in streams], owners, furniture)
    finish_links(pdf, tree)
    _declare(pdf)
    _warn_of_gaps(root, [*content, *furniture], marks)


def _root_of(pages: Sequence[Any]) -> Any:
    """Return the HTML element that the pages show."""
    return next(box.element for page in pages for box in page.children if box.element is not None)


def _declare(pdf: Any) -> None:
    pdf.catalog["MarkInfo"] = pydyf.Dictionary({"Marked": "true"})
    pdf.catalog["ViewerPreferences"] = pydyf.Dictionary({"DisplayDocTitle": "true"})


def _warn_of_gaps(root: Any, pieces: Sequence[Piece], marks: Sequence[Mapping[Any, Any]]) -> None:
    """Report what a reader would miss."""
    if not root.get("lang"):
        _LOGGER.error("the page does not say in which language it is")
    for picture in root.iter("img"):
        if picture.get("alt") is None:
            _LOGGER.error("the picture %s has no words", picture.get("src"))
    lost = sum(map(len, marks)) - sum(piece.mark is not None for piece in pieces)
    if lost:
        _LOGGER.error("%d pieces of text have no place in the reading order", lost)

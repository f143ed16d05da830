"""What an element of the PDF tells a reader besides its type and its text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pydyf

from guidegen.renderers.tags.nodes import Node
from guidegen.renderers.tags.pieces import Piece
from guidegen.renderers.tags.roles import words_for
from guidegen.renderers.tags.tables import span_of

_PT_PER_PX = 0.75
_NUMBERING = {"ol": "/Decimal", "ul": "/Disc"}  # ISO 32000-1, table 347


def entries_of(node: Node, page_heights: Sequence[float]) -> dict[str, Any]:
    """Return what the structure element of ``node`` says of itself, as pydyf writes it.

    ``page_heights`` are in CSS px, since the engine measures from the top and a PDF from the foot.
    """
    said: dict[str, Any] = {}
    if node.id:
        said["ID"] = pydyf.String(node.id)
    if node.element is not None:
        said |= _said_by_html(node.element)
    if node.picture:
        said["Alt"] = pydyf.String(words_for(node.picture.element))
    if attributes := _attributes(node, page_heights):
        said["A"] = pydyf.Dictionary(attributes)
    return said


def _said_by_html(element: Any) -> dict[str, Any]:
    said = {}
    if language := element.get("lang"):
        said["Lang"] = pydyf.String(language)
    if element.tag == "abbr" and (expansion := element.get("title")):
        said["E"] = pydyf.String(expansion)
    return said


def _attributes(node: Node, page_heights: Sequence[float]) -> Mapping[str, Any]:
    match node.type:
        case "TH" | "TD":
            return _of_cell(node)
        case "L" if node.is_counted:
            return {"O": "/List", "ListNumbering": _NUMBERING[node.element.tag]}
        case "Figure" if node.picture:
            return _of_picture(node.picture, page_heights[node.picture.region.page])
        case _:
            return {}


def _of_cell(cell: Node) -> dict[str, Any]:
    attributes: dict[str, Any] = {"O": "/Table"}
    if cell.scope:
        attributes["Scope"] = f"/{cell.scope}"
    if cell.headers:
        attributes["Headers"] = pydyf.Array([pydyf.String(name) for name in cell.headers])
    for key, name in (("ColSpan", "colspan"), ("RowSpan", "rowspan")):
        if (span := span_of(cell.element, name)) > 1:
            attributes[key] = span
    return attributes


def _of_picture(picture: Piece, page_height: float) -> dict[str, Any]:
    box = picture.box
    left, top = box.content_box_x(), box.content_box_y()
    right, foot = left + box.width, top + box.height
    edges = (left, page_height - foot, right, page_height - top)
    return {
        "O": "/Layout",
        "BBox": pydyf.Array([round(edge * _PT_PER_PX, 2) for edge in edges]),
        "Placement": "/Inline" if type(box).__name__ == "InlineReplacedBox" else "/Block",
    }

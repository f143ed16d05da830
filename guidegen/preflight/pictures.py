"""What a picture shows at its printed size: the resolution of its pixels, the size of its words."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from typing import Any

from guidegen.preflight.sheets import PT_PER_PX, Area, Around, Lettering, Picture

PX_PER_INCH = 96
_LENGTH = re.compile(r"\s*([0-9.]+)(px|pt)?\s*")
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg);base64,(.*)", re.DOTALL)
_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")


def picture_of(box: Any, area: Area, at: Around) -> Picture:
    """Return the picture that ``box``, one of the engine's replaced boxes, prints on ``area``."""
    name = box.element.get("alt") or "" if box.element is not None else ""
    width, height = area.right - area.left, area.bottom - area.top
    image = box.replacement
    drawing = getattr(image, "_svg", None)
    if drawing is None:
        return Picture(area, at, name, dpi=_dpi(image.width, image.height, width, height))
    scale = _scale(drawing, width, height)
    nodes = list(_nodes(drawing.tree))
    return Picture(
        area,
        at,
        name,
        dpi=min((dpi for node in nodes for dpi in _embedded_dpi(node, scale)), default=None),
        letterings=tuple(each for node in nodes for each in _letterings(node, scale)),
    )


def _dpi(pixels_across: float, pixels_down: float, width: float, height: float) -> float | None:
    """Return the resolution of the side that has the lower one; None for an empty picture."""
    if min(width, height) <= 0:
        return None
    return min(pixels_across / width, pixels_down / height) * PX_PER_INCH


def _scale(drawing: Any, width: float, height: float) -> float:
    """Return how many px of paper a unit of the drawing takes."""
    _, _, across, down = drawing.get_viewbox() or (0, 0, width, height)
    return min(width / across, height / down) if across and down else 1.0


def _nodes(node: Any) -> Iterator[Any]:
    """Yield what is drawn; parts under a transformation are skipped, for their size is open."""
    for child in node:
        if child.tag not in ("defs", "title", "desc") and not child.get("transform"):
            yield child
            yield from _nodes(child)


def _letterings(node: Any, scale: float) -> Iterator[Lettering]:
    words = (node.text or "").strip()
    size = _length(node.get("font-size"))
    if node.tag in ("text", "tspan") and words and size:
        yield Lettering(words, size * scale * PT_PER_PX)


def _embedded_dpi(node: Any, scale: float) -> Iterator[float]:
    width, height = _length(node.get("width")), _length(node.get("height"))
    if node.tag != "image" or not width or not height:
        return
    for href in (node.get(name) or "" for name in _HREFS):
        if found := _EMBEDDED.match(href):
            across, down = _pixels(base64.b64decode(found[1]))
            dpi = _dpi(across, down, width * scale, height * scale)
            if dpi:
                yield dpi


def _pixels(data: bytes) -> tuple[int, int]:
    from PIL import Image  # comes with the engine, which has read the picture before

    with Image.open(io.BytesIO(data)) as image:
        return image.size


def _length(text: str | None) -> float | None:
    """Return a length of an SVG in its units, None for one in a unit that depends on others."""
    found = _LENGTH.fullmatch(text or "")
    if found is None:
        return None
    return float(found[1]) / (PT_PER_PX if found[2] == "pt" else 1)

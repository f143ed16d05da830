"""One walk through the engine's boxes, from which all that the checks look at is taken.

The boxes are WeasyPrint's private tree: its major version is pinned, and planted faults test
this. What nobody sees, such as words for screen readers alone, is left out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from guidegen.collection import no_garbage_collection
from guidegen.colour import Rgb, rgb
from guidegen.origin import Origin
from guidegen.preflight.pictures import picture_of
from guidegen.preflight.sheets import (
    PT_PER_PX,
    TOLERANCE,
    Area,
    Around,
    Item,
    Link,
    Mark,
    Picture,
    Row,
    Sheet,
    Survey,
    Words,
    quoted,
)

# What letters cover of their em, above and below the baseline.
ABOVE, BELOW = 0.75, 0.2
BOLD = 700

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# What leads into something, and so must not be the last line of a page.
_LEADING_TAGS = {
    **dict.fromkeys(_HEADINGS, "a heading"),
    "caption": "the caption of a table",
    "dt": "a term",
}
_LEADING_CLASSES = {
    "side-label": "a label",
    "table-intro": "the introduction of a table",
    "instructor-mark": "a mark for the instructor",
    "group": "the heading of a group of rows",
}
_SIDES = ("top", "right", "bottom", "left")


def survey(pages: Any, place: Origin) -> Survey:
    """Return what stands on ``pages``, a WeasyPrint document.

    ``place`` stands for what belongs to no block, such as running lines.
    """
    with no_garbage_collection():
        numbered = enumerate(pages.pages, 1)
        sheets = tuple(_Walk(number, page, place).sheet() for number, page in numbered)
    return Survey(sheets, _points(pages, "__least_size"), _hex_colour(pages, "__hairline"))


def children(box: Any) -> Iterator[Any]:
    """Yield the boxes in ``box``; what is placed out of the flow comes in a shell of its own."""
    for child in getattr(box, "children", ()):
        yield getattr(child, "_box", child)


def within(box: Any) -> Iterator[Any]:
    """Yield all boxes in ``box``, in the order of the content."""
    for child in children(box):
        yield child
        yield from within(child)


class _Walk:
    """Collects what stands on one page."""

    def __init__(self, number: int, page: Any, place: Origin) -> None:
        self._page, self._box = page, page._page_box
        self._items: list[Item] = []
        self._rows: list[Row] = []
        self._links: list[Link] = []
        self._lines = itertools.count(1)
        body = _content_area(self._box)
        self._around = Around(number, place, body, paper=_canvas(self._box))

    def sheet(self) -> Sheet:
        """Return what stands on the page."""
        self._visit_children(self._box, self._around)
        return Sheet(
            at=self._around,
            items=tuple(self._items),
            rows=tuple(self._rows),
            links=tuple(self._links),
            anchors=frozenset(self._page.anchors),
        )

    def _visit_children(self, parent: Any, at: Around) -> None:
        for box in children(parent):
            self._VISITS.get(type(box).__name__, _Walk._visit_box)(self, box, at)

    def _visit_text(self, box: Any, at: Around) -> None:
        style = box.style
        text = box.text
        if not text.strip() or style["visibility"] != "visible":
            return
        colour = style["color"]
        if not colour.alpha:
            return
        size = style["font_size"]
        base = box.position_y + box.baseline
        left = box.position_x
        area = Area(left, base - ABOVE * size, left + box.width, base + BELOW * size)
        ink = _over(colour, at.paper)
        is_bold = style["font_weight"] >= BOLD
        self._items.append(Words(area, at, text, size * PT_PER_PX, ink, is_bold))

    def _visit_line(self, box: Any, at: Around) -> None:
        self._visit_children(box, at._replace(line=next(self._lines)))

    def _visit_margin(self, box: Any, at: Around) -> None:
        edges = Area(
            box.position_x,
            box.position_y,
            box.position_x + box.margin_width(),
            box.position_y + box.margin_height(),
        )
        self._visit_box(box, at._replace(zone="margin", edges=edges, edge="margin"))

    def _visit_notes(self, box: Any, at: Around) -> None:
        self._visit_box(box, at._replace(zone="note"))

    def _visit_picture(self, box: Any, at: Around) -> None:
        self._items.append(picture_of(box, _content_area(box), _entered(box, at)))

    def _visit_group(self, box: Any, at: Around) -> None:
        if box.is_header:
            at = at._replace(role="the head of a table")
        self._visit_children(box, at)

    def _visit_row(self, box: Any, at: Around) -> None:
        at = _entered(box, at)
        before = len(self._items)
        self._visit_children(box, at)
        if not at.role:
            has_words = any(isinstance(item, Words) for item in self._items[before:])
            self._rows.append(Row(box.element, at, box.height, has_words))

    def _visit_cell(self, box: Any, at: Around) -> None:
        cell = _padding_area(box)
        if cell.right < at.edges.right + TOLERANCE:
            edges = at.edges._replace(left=max(at.edges.left, cell.left), right=cell.right)
            at = at._replace(edges=edges, edge="cell")
        self._visit_box(box, at)

    def _visit_box(self, box: Any, at: Around) -> None:
        at = _entered(box, at)
        mark, at = _drawn(box, at)
        if mark:
            self._items.append(mark)
        if box.link and box.link[1][0] == "internal":
            words = quoted("".join(box.element.itertext()))
            self._links.append(Link(box.link[1][1], at, words))
        if box.element_tag == "img":
            name = box.element.get("alt") or ""
            self._items.append(Picture(_border_area(box), at, name, is_missing=True))
        self._visit_children(box, at)

    _VISITS: ClassVar[dict[str, Callable[[_Walk, Any, Around], None]]] = {
        "TextBox": _visit_text,
        "LineBox": _visit_line,
        "MarginBox": _visit_margin,
        "FootnoteAreaBox": _visit_notes,
        "BlockReplacedBox": _visit_picture,
        "InlineReplacedBox": _visit_picture,
        "TableRowGroupBox": _visit_group,
        "TableRowBox": _visit_row,
        "TableCellBox": _visit_cell,
    }


def _entered(box: Any, at: Around) -> Around:
    """Return what is around the content of ``box``."""
    changes: dict[str, Any] = {}
    style, element = box.style, box.element
    if element is not None:
        if named := element.get("data-origin"):
            file, _, line = named.rpartition(":")
            changes["origin"] = Origin(file, int(line))
        if role := _role(element):
            level = _HEADINGS.get(element.tag, 0)
            changes |= {"role": role, "level": level, "leader": element}
        if element.tag in ("table", "figure"):
            changes["thing"] = _name(element)
        elif element.get("class") == "copy":
            changes["thing"] = "a copy"
    if type(box).__name__ == "InlineBox":
        shift = style["vertical_align"]
        if isinstance(shift, (int, float)) and shift:
            changes["is_raised"] = True
    elif style["overflow"] != "visible":
        changes["clip"] = _padding_area(box)
    elif style["height"] != "auto" and type(box).__name__ != "TableCellBox":
        changes["hold"] = _padding_area(box)
    return at._replace(**changes) if changes else at


def _role(element: Any) -> str:
    """Return what the element is if it leads into something."""
    classes = (_LEADING_CLASSES.get(name, "") for name in element.get("class", "").split())
    return _LEADING_TAGS.get(element.tag) or next(filter(None, classes), "")


def _drawn(box: Any, at: Around) -> tuple[Mark | None, Around]:
    """Return the box as a mark, where it is drawn, and what is then around its content."""
    inks = dict.fromkeys(
        _over(_colour(box, side), at.paper)
        for side in _SIDES
        if getattr(box, f"border_{side}_width") and _is_seen(box, side)
    )
    background = box.background
    if not inks and background is None:
        return None, at
    mark = Mark(_border_area(box), at, tuple(inks))
    if background is None:
        return mark, at
    if any(layer.image is not None for layer in background.layers):
        return mark, at._replace(paper=None)
    return mark, at._replace(paper=_over(background.color, at.paper))


def _is_seen(box: Any, side: str) -> bool:
    drawn = box.style[f"border_{side}_style"] not in ("none", "hidden")
    return drawn and side not in box.remove_decoration_sides and bool(_colour(box, side).alpha)


def _colour(box: Any, side: str) -> Any:
    colour = box.style[f"border_{side}_color"]
    return box.style["color"] if colour == "currentcolor" else colour


def _over(colour: Any, paper: Rgb | None) -> Rgb:
    """Return ``colour``, one of the engine's, as it looks on ``paper``."""
    plain = _rgb(colour)
    alpha = colour.alpha
    if alpha >= 1:
        return plain
    behind = paper or (1.0, 1.0, 1.0)
    red, green, blue = (
        alpha * above + (1 - alpha) * below for above, below in zip(plain, behind, strict=True)
    )
    return red, green, blue


def _rgb(colour: Any) -> Rgb:
    if colour.space == "device-cmyk":
        *inks, black = colour.coordinates
        red, green, blue = ((1 - ink) * (1 - black) for ink in inks)
        return red, green, blue
    plain = colour if colour.space == "srgb" else colour.to("srgb")
    red, green, blue = plain.coordinates
    return red, green, blue


def _name(element: Any) -> str:
    """Return a table or figure in words: by its caption, or else by how it begins."""
    titles = (element.find(tag) for tag in ("caption", "figcaption"))
    title = next((each for each in titles if each is not None), None)
    if title is not None:
        return f"the {element.tag} {quoted(''.join(title.itertext()))}"
    words = next((text for text in element.itertext() if text.strip()), "")
    return f"the {element.tag} that begins {quoted(words)}" if words else f"a {element.tag}"


def _content_area(box: Any) -> Area:
    left, top = box.content_box_x(), box.content_box_y()
    return Area(left, top, left + box.width, top + box.height)


def _padding_area(box: Any) -> Area:
    left, top = box.padding_box_x(), box.padding_box_y()
    return Area(left, top, left + box.padding_width(), top + box.padding_height())


def _border_area(box: Any) -> Area:
    left, top = box.border_box_x(), box.border_box_y()
    return Area(left, top, left + box.border_width(), top + box.border_height())


def _canvas(page_box: Any) -> Rgb | None:
    """Return the colour of the paper, which the style of the root element may give."""
    colour: Rgb | None = (1.0, 1.0, 1.0)
    for background in (page_box.background, page_box.canvas_background):
        if background is not None:
            if any(layer.image is not None for layer in background.layers):
                return None
            colour = _over(background.color, colour)
    return colour


def _tokens(pages: Any, name: str) -> Any:
    """Return what the custom property ``name`` of the root element says, in the engine's tokens."""
    for page in pages.pages:
        for box in children(page._page_box):
            if box.is_for_root_element:
                return box.style[name] or ()
    return ()


def _points(pages: Any, name: str) -> float:
    """Return a custom property that is a length in points, 0 when it is none."""
    sizes = (each for each in _tokens(pages, name) if each.type == "dimension")
    return next((float(each.value) for each in sizes if each.unit == "pt"), 0.0)


def _hex_colour(pages: Any, name: str) -> Rgb | None:
    """Return a custom property that is a colour such as ``#c9d0d6``."""
    for each in _tokens(pages, name):
        if each.type == "hash" and len(each.value) == 6:
            return rgb(f"#{each.value}")
    return None

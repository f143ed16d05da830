"""Which structure types an HTML element becomes: names of ISO 32000-1, tables 333 to 340.

An element that has no role, such as a ``div`` that only holds a table in place, is left out of the
tree, and what it holds goes to the element around it.
"""

from __future__ import annotations

from typing import Any

from guidegen.renderers.tags.nodes import Node

# PDF 1.7 has no type for what stands beside the text. PDF 2.0 calls it Aside, and that is what it
# is called here; a reader that knows PDF 1.7 alone is told to take it as a section, "a container
# for grouping related content" (14.8.4.2). A Div would say nothing.
ROLE_MAP = {"Aside": "Sect"}

# What holds blocks and no text of its own: loose text in these becomes a paragraph.
GROUPS = frozenset(("Document", "Part", "Art", "Sect", "Div", "Aside", "BlockQuote"))
# What holds nothing but its own parts.
FRAMES = frozenset(("Table", "THead", "TBody", "TFoot", "TR", "L", "LI", "TOC", "TOCI"))
INLINE = frozenset(("Span", "Quote", "Code", "Link", "Reference", "Note"))
# These stand for something even when they are empty.
CELLS = frozenset(("TR", "TH", "TD"))

SVG = "{http://www.w3.org/2000/svg}"
_PICTURES = frozenset(("img", f"{SVG}svg"))
_TYPES = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    **dict.fromkeys(("p", "pre", "address"), "P"),
    **dict.fromkeys(("section", "nav"), "Sect"),
    **dict.fromkeys(("ul", "ol", "dl"), "L"),
    **dict.fromkeys(("strong", "em", "b", "i", "dfn", "cite", "abbr", "ins", "del"), "Span"),
    **{tag: tag.upper() for tag in ("tr", "th", "td")},
    "main": "Part",
    "article": "Art",
    "aside": "Aside",
    "blockquote": "BlockQuote",
    "table": "Table",
    "thead": "THead",
    "tbody": "TBody",
    "tfoot": "TFoot",
    "caption": "Caption",
    "code": "Code",
    "q": "Quote",
    "a": "Link",
}
_BLOCK_CLASSES = frozenset(("block", "question", "card", "in-place"))
_LABEL_CLASSES = frozenset(("question-number", "source-number", "letter", "number", "when"))


def types_of(element: Any, parent: Any, around: Node) -> tuple[str, ...]:
    """Return the structure types of ``element`` from the outermost to the one that holds its text.

    ``parent`` is the HTML element around it and ``around`` the node to which this text would go;
    nothing is returned for an element that is left out.
    """
    tag = element.tag
    if is_picture(element):
        return () if around.type == "Figure" else ("Figure",)
    if tag == "figure":
        return ("Figure",) if sum(map(is_picture, element.iter())) == 1 else ("Div",)
    if tag == "figcaption":
        return ("Caption",) if around.type == "Figure" else ("P",)
    if tag == "ul" and parent.tag == "nav":
        return ("TOC",)
    if tag in ("li", "dt", "dd"):
        return _types_of_item(tag, around)
    return _types_of_label(element, around) or _types_of_group(element) or _types_by_tag(element)


def is_picture(element: Any) -> bool:
    """Return whether an HTML element is a picture."""
    return element.tag in _PICTURES


def words_for(picture: Any) -> str:
    """Return what a picture shows in words; one without any is decoration."""
    if picture.tag == "img":
        return picture.get("alt") or ""
    title = picture.find(f"{SVG}title")
    return "" if title is None else title.text or ""


def is_decoration(element: Any) -> bool:
    """Return whether a reader should hear nothing of an HTML element."""
    if is_picture(element):
        return not words_for(element)
    return bool(element.get("aria-hidden") == "true")


def _types_of_item(tag: str, around: Node) -> tuple[str, ...]:
    if around.type == "TOC":
        return ("TOCI",)
    return ("LI", "Lbl" if tag == "dt" else "LBody")


def _types_of_label(element: Any, around: Node) -> tuple[str, ...]:
    """Our own label of an item may be a link, and an entry of the contents refers to a section."""
    link = ("Link",) if element.tag == "a" else ()
    if around.type in ("LBody", "TOCI") and not around.kids and _classes(element) & _LABEL_CLASSES:
        return ("Lbl", *link)
    if around.type == "TOCI" and link:
        return ("Reference", *link)
    if "footnote" in _classes(element):
        return ("Note",)
    return ()


def _types_of_group(element: Any) -> tuple[str, ...]:
    if element.get("role") == "note":
        return ("Aside",)
    if element.tag == "div" and _classes(element) & _BLOCK_CLASSES:
        return ("Div",)
    return ()


def _types_by_tag(element: Any) -> tuple[str, ...]:
    if known := _TYPES.get(element.tag):
        return (known,)
    if element.get("lang"):
        return ("Span",) if element.tag == "span" else ("Div",)
    return ()


def _classes(element: Any) -> frozenset[str]:
    return frozenset((element.get("class") or "").split())

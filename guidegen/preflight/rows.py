"""Rows and cells of tables, as the makers of handouts must know them to choose a layout."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidegen.preflight.boxes import children, within


def tallest_row(pages: Any) -> float:
    """Return the height of the tallest table row as a share of a page's text area.

    A row that had to be split counts as a whole; repeated heads do not count.
    """
    shares: dict[Any, float] = {}
    for page in pages.pages:
        box = page._page_box
        for group in within(box):
            if type(group).__name__ == "TableRowGroupBox" and not group.is_header:
                for row in children(group):
                    share = row.height / box.height
                    shares[row.element] = shares.get(row.element, 0) + share
    return max(shares.values(), default=0.0)


def lost_texts(pages: Any) -> list[str]:
    """Return the texts of table cells that are not on ``pages``, or only in part.

    Each text is looked for among the boxes of its own element, so that an equal text elsewhere
    does not count.
    """
    shown: dict[Any, str] = {}
    cells: dict[Any, None] = {}
    for page in pages.pages:
        for box in within(page._page_box):
            if type(box).__name__ == "TextBox" and "::" not in (box.element_tag or ""):
                shown[box.element] = shown.get(box.element, "") + box.text
            elif type(box).__name__ == "TableBox" and box.element is not None:
                cells |= dict.fromkeys(_cells(box.element))
    return [text for cell in cells for text in _missing(cell, shown)]


def _cells(table: Any) -> Iterator[Any]:
    return (each for each in table.iter() if each.tag in ("td", "th"))


def _missing(cell: Any, shown: dict[Any, str]) -> Iterator[str]:
    for element in cell.iter():
        own = "".join(filter(None, (element.text, *(child.tail for child in element))))
        wanted, found = _letters(own), _letters(shown.get(element, ""))
        if len(found) < len(wanted):
            yield " ".join(own.split())


def _letters(text: str) -> str:
    return "".join(text.replace("\u00ad", "").split())

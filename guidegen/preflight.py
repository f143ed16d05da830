"""Preflight: looks at the laid-out pages, since the engine cuts off without a word what is too big.

Each block on the page carries ``data-origin``, so a problem names the line of the content. The
boxes are WeasyPrint's private tree: its major version is pinned, and planted faults test this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from guidegen.origin import Origin
from guidegen.problems import Problem

MM_PER_PX = 25.4 / 96
TOLERANCE = 0.75  # CSS px; rounding in the engine stays below it
HEADINGS = ("h2", "h3", "h4")


class _Frame(NamedTuple):
    """What a box is measured against, in CSS px from the top left: the text area, or a cell."""

    page: int
    right: float
    bottom: float
    origin: Origin
    where: str = "page"


def inspect(pages: Any, place: Origin) -> list[Problem]:
    """Return what is wrong with laid-out ``pages``; ``place`` stands for text outside any block."""
    problems: dict[tuple[str, Origin, int], Problem] = {}
    for number, page in enumerate(pages.pages, 1):
        box = page._page_box
        right = box.content_box_x() + box.width
        frame = _Frame(number, right, box.content_box_y() + box.height, place)
        found = [*_overruns(box, frame), *_stranded_heading(box, frame, len(pages.pages))]
        for problem in found:
            problems.setdefault((problem.code, problem.origin, number), problem)
    return sorted(problems.values(), key=lambda problem: problem.origin)


def _children(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        yield getattr(child, "_box", child)


def _is_margin(box: Any) -> bool:
    return type(box).__name__ in ("MarginBox", "FootnoteAreaBox")


def _moved(frame: _Frame, box: Any) -> _Frame:
    """Return the frame for the content of ``box``, which may name its own origin."""
    if type(box).__name__ == "TableCellBox":
        edge = box.content_box_x() + box.width + box.padding_right
        frame = frame._replace(right=min(frame.right, edge), where="cell")
    element = box.element
    named = element.get("data-origin") if element is not None else None
    if not named:
        return frame
    file, _, line = named.rpartition(":")
    return frame._replace(origin=Origin(file, int(line)))


def _overruns(box: Any, frame: _Frame) -> Iterator[Problem]:
    for child in _children(box):
        if _is_margin(child):
            continue
        inner = _moved(frame, child)
        if _is_leaf(child):
            yield from _overrun(child, inner)
        yield from _overruns(child, inner)


def _is_leaf(box: Any) -> bool:
    name = type(box).__name__
    return "Replaced" in name or (name == "TextBox" and bool(box.text.strip()))


def _overrun(box: Any, frame: _Frame) -> Iterator[Problem]:
    across = box.position_x + box.width - frame.right
    down = box.position_y + box.height - frame.bottom
    what = f"“{box.text.strip()[:40]}”" if hasattr(box, "text") else "a figure"
    if across > TOLERANCE:
        yield Problem(
            frame.origin,
            "off-page",
            f"{what} runs {across * MM_PER_PX:.0f} mm past the right edge of its {frame.where}"
            f" on page {frame.page}",
            "shorten the longest word, or leave out a column",
        )
    if down > TOLERANCE:
        yield Problem(
            frame.origin,
            "off-page",
            f"{what} runs {down * MM_PER_PX:.0f} mm past the foot of page {frame.page}",
            "split what cannot be broken, such as a very long table cell, or make it smaller",
        )


def _stranded_heading(box: Any, frame: _Frame, pages: int) -> Iterator[Problem]:
    if frame.page == pages:
        return
    last = _last_line(box, frame)
    if last and last[0].element_tag in HEADINGS:
        yield Problem(
            last[1].origin,
            "stranded-heading",
            f"a heading is the last line of page {frame.page}",
            "put text below the heading, or leave it out",
        )


def _last_line(box: Any, frame: _Frame) -> tuple[Any, _Frame] | None:
    last = None
    for child in _children(box):
        if _is_margin(child):
            continue
        inner = _moved(frame, child)
        if type(child).__name__ == "LineBox" or "Replaced" in type(child).__name__:
            last = (child, inner)
        last = _last_line(child, inner) or last
    return last


def tallest_row(pages: Any) -> float:
    """Return the height of the tallest table row as a share of a page's text area.

    A row that had to be split counts as a whole; repeated heads do not count.
    """
    shares: dict[Any, float] = {}
    for page in pages.pages:
        box = page._page_box
        for group in _within(box):
            if type(group).__name__ == "TableRowGroupBox" and not group.is_header:
                for row in _children(group):
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
        for box in _within(page._page_box):
            if type(box).__name__ == "TextBox" and "::" not in (box.element_tag or ""):
                shown[box.element] = shown.get(box.element, "") + box.text
            elif type(box).__name__ == "TableBox" and box.element is not None:
                cells |= dict.fromkeys(_cells(box.element))
    return [text for cell in cells for text in _missing(cell, shown)]


def _within(box: Any) -> Iterator[Any]:
    for child in _children(box):
        yield child
        yield from _within(child)


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

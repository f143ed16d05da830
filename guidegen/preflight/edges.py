"""Is everything where it can be seen: on the page, in its box, and not over something else?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from guidegen.origin import Origin
from guidegen.preflight.sheets import (
    PT_PER_PX,
    TOLERANCE,
    Area,
    Item,
    Mark,
    Picture,
    Survey,
    Words,
    mm,
    quoted,
)
from guidegen.problems import Problem

# Lines may come this close: a share of the smaller letters, so that tight leading is no fault.
MOST_OVERLAP = 0.25
LEAST_WIDTH = 1.5  # px that two texts must share

_SIDES = {"right": "right edge", "bottom": "foot", "left": "left edge", "top": "top"}


class _Overrun(NamedTuple):
    """How far something runs past which side of an area."""

    length: float
    side: str


def off_page(survey: Survey) -> Iterator[Problem]:
    """Yield what runs off its page, its cell, or the margin of a running line."""
    for sheet in survey.sheets:
        yield from _worst(sheet.items, lambda item: _overrun(item.area, item.at.edges), _off_page)


def clipped(survey: Survey) -> Iterator[Problem]:
    """Yield what a box cuts off, and what runs out of a box whose height is fixed."""
    for sheet in survey.sheets:
        seen = [item for item in sheet.items if not isinstance(item, Mark)]
        yield from _worst(seen, _cut_off, _clipped)
        yield from _worst(seen, _spilt, _spilt_problem)


def overlap(survey: Survey) -> Iterator[Problem]:
    """Yield text that is printed over other text."""
    for sheet in survey.sheets:
        # What runs out of its place is told as such, and not for each thing that it runs over.
        settled = [words for words in sheet.words if not _is_astray(words)]
        for one, other in _overlapping(settled):
            yield one.at.problem(
                "overlap",
                f"{quoted(one.text)} is printed over {quoted(other.text)} on page {sheet.number}",
                "shorten the longer of the two",
            )


def _worst(
    items: Iterable[Item],
    measured: Callable[[Item], _Overrun | None],
    told: Callable[[Item, _Overrun], Problem],
) -> Iterator[Problem]:
    """Yield a problem for each place in the content, about that which runs out farthest.

    Of a line that cannot be broken its first words are named.
    """
    worst: dict[Origin, tuple[_Overrun, Item]] = {}
    before: Item | None = None
    for item in items:
        overrun, place = measured(item), item.at.origin
        if not overrun:
            before = None
            continue
        before = before if before and before.at.line == item.at.line else item
        if place not in worst or worst[place][0] < overrun:
            worst[place] = (overrun, before)
    for overrun, item in worst.values():
        yield told(item, overrun)


def _overrun(area: Area, edges: Area) -> _Overrun | None:
    """Return the side of ``edges`` that ``area`` runs past by most."""
    worst = max(
        _Overrun(area.right - edges.right, "right"),
        _Overrun(area.bottom - edges.bottom, "bottom"),
        _Overrun(edges.left - area.left, "left"),
        _Overrun(edges.top - area.top, "top"),
    )
    return worst if worst.length > TOLERANCE else None


def _cut_off(item: Item) -> _Overrun | None:
    return _overrun(item.area, item.at.clip) if item.at.clip else None


def _spilt(item: Item) -> _Overrun | None:
    if item.at.hold is None:
        return None
    down = _Overrun(item.area.bottom - item.at.hold.bottom, "bottom")
    return down if down.length > TOLERANCE and not _overrun(item.area, item.at.edges) else None


def _is_astray(item: Item) -> bool:
    return bool(_overrun(item.area, item.at.edges) or _cut_off(item) or _spilt(item))


def _off_page(item: Item, overrun: _Overrun) -> Problem:
    at = item.at
    what = _called(item)
    if at.thing:
        what = at.thing if at.edge == "page" else f"{what} in {at.thing}"
    past = f"{mm(overrun.length)} past the {_SIDES[overrun.side]}"
    of = "" if overrun.side in ("top", "bottom") and at.edge != "margin" else f" of its {at.edge}"
    on = f"on page {at.page}" if of else f"of page {at.page}"
    return at.problem("off-page", f"{what} runs {past}{of} {on}", _off_page_hint(item, overrun))


def _off_page_hint(item: Item, overrun: _Overrun) -> str:
    at = item.at
    if at.zone == "margin":
        return "shorten the title of the guide or section"
    if isinstance(item, Picture):
        return "give the figure a smaller `width`, or a flatter shape"
    if overrun.side in ("top", "bottom"):
        return "split what cannot be broken, such as a very long table cell, or make it smaller"
    if at.edge == "cell" or at.thing:
        return "shorten the longest word, or drop a column"
    return "shorten the longest word"


def _clipped(item: Item, overrun: _Overrun) -> Problem:
    message = f"{_called(item)} is cut off: {mm(overrun.length)} past the {_SIDES[overrun.side]}"
    return item.at.problem(
        "clipped", f"{message} of its box on page {item.at.page}", "make it shorter or smaller"
    )


def _spilt_problem(item: Item, overrun: _Overrun) -> Problem:
    message = f"{_called(item)} runs {mm(overrun.length)} past the foot of its box"
    return item.at.problem(
        "clipped", f"{message} on page {item.at.page}", "make it shorter or smaller"
    )


def _called(item: Item) -> str:
    match item:
        case Words():
            return quoted(item.text)
        case Picture():
            return item.at.thing or (
                f"the picture {quoted(item.name)}" if item.name else "a picture"
            )
        case Mark():
            return item.at.thing or "a box"


def _overlapping(texts: Iterable[Words]) -> Iterator[tuple[Words, Words]]:
    """Yield each two texts that cover each other, found from the top of the page down."""
    above: list[Words] = []
    for words in sorted(texts, key=lambda each: each.area.top):
        above = [each for each in above if each.area.bottom > words.area.top]
        yield from ((words, each) for each in above if _cover(words, each))
        above.append(words)


def _cover(one: Words, other: Words) -> bool:
    """Say whether texts of two lines cover each other; the parts of one line may touch."""
    if one.at.line == other.at.line:
        return False
    shared = one.area.meets(other.area)
    least = MOST_OVERLAP * min(one.size, other.size) / PT_PER_PX
    return shared.right - shared.left > LEAST_WIDTH and shared.bottom - shared.top > least

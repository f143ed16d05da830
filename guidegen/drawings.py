"""How much does an SVG become when it is drawn? A part that is used ten times is drawn ten times.

An SVG of a kilobyte can ask for a billion rectangles: a group that uses a group ten times that uses
a group ten times, a marker on each corner of a long line, a pattern that fills itself. So all that
leads from one element to another is followed here, and counted before anything is drawn.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import TypeAlias

from guidegen.budgets import MAX_ELEMENTS, MAX_STYLE_CHECKS, MAX_SVG_DEPTH

Fault: TypeAlias = tuple[int, int, str]
"""Line, column and what is wrong."""

# What leads to another element, and whether the elements inside have it from the one around them.
_LEADING = {
    "fill": True,
    "stroke": True,
    "marker": True,
    "marker-start": True,
    "marker-mid": True,
    "marker-end": True,
    "clip-path": False,
    "filter": False,
    "mask": False,
}
_GRADIENT = {"linearGradient", "radialGradient", "stop"}
_ON_EACH_CORNER = {"marker", "marker-mid"}
_PART = re.compile(r"""url\(\s*['"]?#([^'")\s]+)""", re.IGNORECASE)
_CORNER = re.compile(r"[A-Za-z]|[0-9.]++")
_REMARK = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
# Brothers and conditions within conditions make the engine look at every element for every element.
_SELECTOR = re.compile(r"\s*(?:[\w\-.#*:\[\]='\"]+(?:\s*>\s*|\s+|$)){1,3}")


@dataclass(slots=True)
class Element:
    """An element of an SVG, and what it leads to: properties with the ids they name.

    ``parent`` is its number in the list of all elements; ``corners`` is how many markers it has at
    most, none when it is no line or shape itself.
    """

    tag: str
    parent: int | None
    place: tuple[int, int]
    name: str = ""
    classes: frozenset[str] = frozenset()
    corners: int = 0
    leads: set[tuple[str, str]] = field(default_factory=set)

    def lead(self, declarations: str) -> None:
        """Take note of what ``property: value`` pairs, with semicolons between, lead to."""
        pairs = (each.partition(":") for each in declarations.split(";"))
        last = {name.strip().lower(): value for name, _, value in pairs}
        for name in last.keys() & _LEADING.keys():
            if found := _PART.search(last[name]):
                self.leads.add((name, found[1]))


def corners_of(line: str) -> int:
    """Return how many corners the path or polygon ``line`` has at most."""
    return sum(1 for _ in _CORNER.finditer(line))


def drawing_faults(
    elements: Sequence[Element], sheets: Sequence[tuple[int, int, str]]
) -> list[Fault]:
    """Return what makes an SVG too much to draw; ``sheets`` are style sheets after their places."""
    faults = [fault for sheet in sheets for fault in _apply(sheet, elements)]
    return faults or [*_cost_faults(elements)]


def _apply(sheet: tuple[int, int, str], elements: Sequence[Element]) -> Iterator[Fault]:
    """Make the elements lead to what the rules of ``sheet`` say, or tell why that cannot be told.

    A rule counts for more elements than it is for: only the ends of its selectors are looked at.
    """
    *place, text = sheet
    *rules, rest = (each.split("{") for each in _REMARK.sub(" ", text).split("}"))
    selectors = [each for rule in rules for each in rule[0].split(",")]
    if len(rest) > 1 or rest[0].strip() or any(len(rule) != 2 for rule in rules):
        yield (
            place[0],
            place[1],
            "<style> may only hold plain rules, such as '.line { fill: none }'",
        )
    elif not all(map(_SELECTOR.fullmatch, selectors)):
        yield place[0], place[1], "<style> may only name elements by type, id and class"
    elif len(selectors) * len(elements) > MAX_STYLE_CHECKS:
        yield place[0], place[1], "<style> has too many rules for so many elements"
    else:
        for names, declarations in rules:
            if "url(" in declarations.lower():
                for element in _selected(names, elements):
                    element.lead(declarations)


def _selected(selectors: str, elements: Sequence[Element]) -> Iterator[Element]:
    ends = [re.split(r"[\s>]+", each.strip())[-1] for each in selectors.split(",")]
    wanted = {name for end in ends for name in re.findall(r"[.#]?[\w\-*]+", end)}
    is_for_all = any("[" in end or ":" in end for end in ends)
    for element in elements:
        own = {"*", element.tag, f"#{element.name}", *(f".{each}" for each in element.classes)}
        if is_for_all or wanted & own:
            yield element


def _cost_faults(elements: Sequence[Element]) -> Iterator[Fault]:
    by_name: dict[str, int] = {}
    for number, element in enumerate(elements):
        by_name.setdefault(element.name, number)
    leads = [_leads(element, elements, by_name) for element in elements]
    for number, element in enumerate(elements):
        if element.parent is not None:
            leads[element.parent][number] += 1
    try:
        order = [*TopologicalSorter(dict(enumerate(leads))).static_order()]
    except CycleError as error:
        element = elements[max(error.args[1])]
        yield *element.place, f"<{element.tag}> leads back to itself and would be drawn without end"
    else:
        yield from _too_much(order, leads, elements)


def _leads(
    element: Element, elements: Sequence[Element], by_name: Mapping[str, int]
) -> Counter[int]:
    """Return the numbers of the elements that are drawn with ``element``, and how often."""
    found: Counter[int] = Counter()
    is_drawn = element.corners or element.tag == "use"
    around: Element | None = element
    while around is not None:
        for property_, name in around.leads:
            holds = is_drawn if _LEADING.get(property_) else around is element
            if holds and name in by_name:
                often = element.corners if property_ in _ON_EACH_CORNER else 1
                found[by_name[name]] += often or 1
        around = None if around.parent is None else elements[around.parent]
    return found


def _too_much(
    order: Sequence[int], leads: Sequence[Mapping[int, int]], elements: Sequence[Element]
) -> Iterator[Fault]:
    counts: dict[int, int] = {}
    depths: dict[int, int] = {}
    for number in order:
        element, below = elements[number], leads[number]
        counts[number] = _count(number, below, counts, elements)
        depths[number] = 1 + max((depths[each] for each in below), default=0)
        if depths[number] > MAX_SVG_DEPTH:
            yield *element.place, f"parts are drawn more than {MAX_SVG_DEPTH} deep in each other"
            return
        if counts[number] > MAX_ELEMENTS:
            place = elements[_heaviest(number, leads, counts)].place
            yield *place, f"more than {MAX_ELEMENTS:,} elements would be drawn here"
            return


def _count(
    number: int, below: Mapping[int, int], counts: Mapping[int, int], elements: Sequence[Element]
) -> int:
    """Return how many elements are drawn with one, itself included."""
    if elements[number].tag in _GRADIENT:
        return 0  # it is a colour, and costs no more than one
    if elements[number].tag == "use":
        # Each element that is used may be filled with the pattern that stands here.
        return math.prod(1 + counts[each] * often for each, often in below.items())
    return 1 + sum(counts[each] * often for each, often in below.items())


def _heaviest(number: int, leads: Sequence[Mapping[int, int]], counts: Mapping[int, int]) -> int:
    """Return the innermost element that makes most of what is drawn with ``number``."""
    while below := leads[number]:
        heaviest = max(below, key=lambda each: counts[each] * below[each])
        if 2 * counts[heaviest] * below[heaviest] < counts[number]:
            break
        number = heaviest
    return number

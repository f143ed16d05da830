"""The table of checks: what each one promises of the pages, and who sees to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from guidegen.origin import Origin
from guidegen.preflight import breaks, edges, figures, legibility, links
from guidegen.preflight.boxes import survey
from guidegen.preflight.sheets import Survey
from guidegen.problems import Problem

# Points, captions and notes included; a style sheet's --least-size can only raise it.
LEAST_SIZE = 9.0

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        "off-page": "nothing runs off the page, out of its table cell or its margin",
        "clipped": "nothing is cut off by a box or runs out of it",
        "overlap": "no text is printed over other text",
        "small-text": "no text is smaller than the least size, in figures neither",
        "missing-glyph": "each character has a glyph in one of the fonts",
        "font-not-embedded": "each font is in the file",
        "low-contrast": "text has a contrast of 4.5 to its background, large text of 3",
        "faint-mark": "lines with a meaning have a contrast of 3 to the paper, in grey, too",
        "missing-figure": "each figure is there",
        "low-resolution": "each picture has 150 dpi or more at its printed size",
        "stranded-heading": "no heading, caption or table head is the last line of a page",
        "empty-section": "each heading has something below it",
        "split-row": "no page cuts a table row in two",
        "tall-row": "no table row is taller than a page",
        "short-page": "no page holds less than three lines",
        "dead-link": "each link within the document leads to a place in it",
        "engine-warning": "the engine had nothing to complain of",
    }
)
"""What is promised of the pages where no problem of a code is found, in the order of printing."""

# The engine itself tells of the other codes.
_ON_PAGES: tuple[Callable[[Survey], Iterator[Problem]], ...] = (
    edges.off_page,
    edges.clipped,
    edges.overlap,
    legibility.low_contrast,
    legibility.faint_mark,
    figures.missing_figure,
    figures.low_resolution,
    breaks.stranded_heading,
    breaks.empty_section,
    breaks.split_row,
    breaks.tall_row,
    breaks.short_page,
    links.dead_link,
)


def inspect(pages: Any, place: Origin, *, least_size: float = LEAST_SIZE) -> list[Problem]:
    """Return what is wrong with ``pages``, a WeasyPrint document, sorted by place in the content.

    Of each code there is one at a place. ``place`` stands for what belongs to no block;
    ``least_size`` is that of text, in points.
    """
    seen = survey(pages, place)
    found = list(legibility.small_text(seen, least_size))
    for check in _ON_PAGES:
        found += check(seen)
    first = {(problem.code, problem.origin): problem for problem in reversed(found)}
    return sorted(first.values(), key=lambda problem: (problem.origin, problem.code))

"""Can it be read: is the type large enough, and does it stand out from the paper?"""

from __future__ import annotations

from collections.abc import Iterator

from guidegen.colour import (
    LEAST_CONTRAST,
    LEAST_LARGE_CONTRAST,
    LEAST_MARK_CONTRAST,
    Rgb,
    contrast_of,
)
from guidegen.preflight.sheets import Around, Mark, Picture, Survey, Words, quoted
from guidegen.problems import Problem

# A raised or lowered figure is a sign beside a word, set apart and never read on by itself. Type
# designers draw theirs at 60 to 70 % of the text; two thirds of the least size is the floor.
RAISED = 2 / 3
ROUNDING = 0.01  # pt
LARGE, LARGE_IN_BOLD = 18.0, 14.0  # pt, by WCAG 2.1


def small_text(survey: Survey, least: float) -> Iterator[Problem]:
    """Yield text below ``least`` points; a style sheet's ``--least-size`` can raise that.

    Where text is raised or lowered two thirds are enough. The words in a drawing are measured at
    their printed size, and against ``least`` alone: no theme can set them anew.
    """
    of_text = max(least, survey.least_size)
    for item in (item for sheet in survey.sheets for item in sheet.items):
        if isinstance(item, Words):
            limit = of_text * RAISED if item.at.is_raised else of_text
            if item.size < limit - ROUNDING:
                yield _too_small(item.at, item.text, item.size, limit)
        elif isinstance(item, Picture):
            for text, size in item.letterings:
                if size < least - ROUNDING:
                    yield _too_small(item.at, text, size, least)


def _too_small(at: Around, text: str, size: float, limit: float) -> Problem:
    what = f"{quoted(text)} in {at.thing}" if at.thing.startswith("the figure") else quoted(text)
    return at.problem(
        "small-text",
        f"{what} is {size:.3g} pt high on page {at.page}, below {limit:.3g} pt",
        "set it larger; a figure can have a greater `width`",
    )


def low_contrast(survey: Survey) -> Iterator[Problem]:
    """Yield text that does not stand out from its background (WCAG 2.1, 1.4.3)."""
    for words in (words for sheet in survey.sheets for words in sheet.words):
        paper = words.at.paper
        if paper is None:
            continue
        ratio = contrast_of(words.ink, paper)
        limit = LEAST_LARGE_CONTRAST if _is_large(words) else LEAST_CONTRAST
        if ratio < limit:
            yield words.at.problem(
                "low-contrast",
                f"{quoted(words.text)} has a contrast of {ratio:.1f} to its background on page"
                f" {words.at.page}, below {limit:g}",
                "take a darker colour for it, or a lighter background",
            )


def _is_large(words: Words) -> bool:
    return words.size >= (LARGE_IN_BOLD if words.is_bold else LARGE) - ROUNDING


def faint_mark(survey: Survey) -> Iterator[Problem]:
    """Yield lines with a meaning that a printer's grey would lose (WCAG 2.1, 1.4.11).

    A line in the colour of the token ``--hairline`` is decoration: it divides what stands apart
    anyway, such as the rows of a table. Every other border says something, such as "this is a
    remark" or "write here". Tints of whole areas are decoration, too.
    """
    for sheet in survey.sheets:
        for mark in sheet.items:
            if not isinstance(mark, Mark) or mark.at.paper is None:
                continue
            for ink in mark.inks:
                ratio = contrast_of(ink, mark.at.paper)
                if ratio < LEAST_MARK_CONTRAST and not _is_same(ink, survey.hairline):
                    yield mark.at.problem(
                        "faint-mark",
                        f"a line has a contrast of {ratio:.1f} to the paper on page"
                        f" {sheet.number}, below {LEAST_MARK_CONTRAST:g}",
                        "take a darker colour, or the token --hairline if it only decorates",
                    )


def _is_same(one: Rgb, other: Rgb | None) -> bool:
    return other is not None and all(abs(a - b) < 1 / 512 for a, b in zip(one, other, strict=True))

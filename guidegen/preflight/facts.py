"""What can be told of pages in numbers, for whoever prints a proof of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from guidegen.colour import contrast_of
from guidegen.preflight.sheets import MM_PER_PX, Picture, Sheet, Survey

HYPHENS = ("\u2010", "\u00ad")


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page: its size in mm, and what is on it; running lines are no part of ``words``."""

    number: int
    width: float
    height: float
    words: int
    lines: int
    pictures: int
    least_size: float | None


@dataclass(frozen=True, slots=True)
class Facts:
    """All pages: least size of text in points, least contrast of text, least dpi of pictures.

    A fact is None where there is nothing that it could be about.
    """

    pages: tuple[PageFacts, ...]
    words: int
    least_size: float | None
    least_contrast: float | None
    least_dpi: float | None


def facts_of(survey: Survey) -> Facts:
    """Return the facts about pages that were surveyed."""
    pages = tuple(_page_facts(sheet) for sheet in survey.sheets)
    words = [words for sheet in survey.sheets for words in sheet.words]
    pictures = [each for sheet in survey.sheets for each in _pictures(sheet)]
    contrasts = (contrast_of(each.ink, each.at.paper) for each in words if each.at.paper)
    dpi = (each.dpi for each in pictures if each.dpi is not None)
    return Facts(
        pages=pages,
        words=sum(page.words for page in pages),
        least_size=_least(page.least_size for page in pages if page.least_size is not None),
        least_contrast=_least(contrasts),
        least_dpi=_least(dpi),
    )


def _page_facts(sheet: Sheet) -> PageFacts:
    pictures = _pictures(sheet)
    lines = _lines(sheet)
    # Raised and lowered signs have a measure of their own.
    sizes = [words.size for words in sheet.words if not words.at.is_raised]
    sizes += [each.size for picture in pictures for each in picture.letterings]
    return PageFacts(
        number=sheet.number,
        width=(sheet.paper.right - sheet.paper.left) * MM_PER_PX,
        height=(sheet.paper.bottom - sheet.paper.top) * MM_PER_PX,
        words=sum(map(_words_in, lines)),
        lines=len(lines),
        pictures=len(pictures),
        least_size=_least(sizes),
    )


def _lines(sheet: Sheet) -> list[str]:
    """Return the text of each line; those of a table's cells are lines of their own."""
    lines: dict[int, str] = {}
    for words in sheet.words:
        if words.at.zone != "margin":
            lines[words.at.line] = lines.get(words.at.line, "") + words.text
    return list(lines.values())


def _words_in(line: str) -> int:
    """Return the number of words; one that goes on in the next line counts there."""
    return len(line.split()) - line.rstrip().endswith(HYPHENS)


def _pictures(sheet: Sheet) -> list[Picture]:
    return [item for item in sheet.items if isinstance(item, Picture)]


def _least(numbers: Iterable[float]) -> float | None:
    return min(numbers, default=None)

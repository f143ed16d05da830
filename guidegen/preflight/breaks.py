"""Where pages end: nothing that leads on stands last, no row is cut, no page is nearly empty."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from guidegen.preflight.sheets import (
    Around,
    Item,
    Mark,
    Picture,
    Row,
    Sheet,
    Survey,
    Words,
    quoted,
)
from guidegen.problems import Problem

LEAST_LINES = 3  # a page with fewer, and nothing else on it, is a page too many
LINE = 14 * 96 / 72  # px, the leading of the text
SAME_LINE = 3.0  # px between the feet of letters in one line, whose sizes may differ


def stranded_heading(survey: Survey) -> Iterator[Problem]:
    """Yield what leads into something and stands last on its page: a heading, a table's head."""
    for sheet in survey.sheets[:-1]:
        last = _last(sheet)
        if isinstance(last, Words) and last.at.role:
            yield last.at.problem(
                "stranded-heading",
                f"{last.at.role}, {quoted(last.text)}, is the last line of page {sheet.number}",
                "put text before it or take some away, so that it moves with what follows",
            )


def _last(sheet: Sheet) -> Item | None:
    """Return what stands last in the flow; of drawn boxes only those that have room for a line."""
    last = None
    for item in sheet.flow:
        if not isinstance(item, Mark) or item.area.bottom - item.area.top > LINE:
            last = item
    return last


def empty_section(survey: Survey) -> Iterator[Problem]:
    """Yield headings with nothing below them before the next of their level, or the end."""
    flow = (item for sheet in survey.sheets for item in sheet.flow)
    headings: list[Words] = []
    for item in flow:
        level = item.at.level
        if not level:
            headings.clear()
            continue
        if isinstance(item, Words):
            yield from _told(each for each in headings if _ends(each.at, item.at))
            headings = [each for each in headings if not _ends(each.at, item.at)]
            if not headings or headings[-1].at.level < level:
                headings.append(item)
    yield from _told(headings)


def _ends(one: Around, next_: Around) -> bool:
    """Say whether the heading ``next_`` ends what ``one`` began; lines of one heading do not."""
    return next_.level <= one.level and next_.leader is not one.leader


def _told(headings: Iterator[Words] | list[Words]) -> Iterator[Problem]:
    for words in headings:
        yield words.at.problem(
            "empty-section",
            f"there is nothing below the heading {quoted(words.text)} on page {words.at.page}",
            "write something there, or leave the heading out",
        )


def split_row(survey: Survey) -> Iterator[Problem]:
    """Yield rows of tables that a page cuts in two, though they would fit on one."""
    for parts, height in _cut_rows(survey):
        first, last = parts[0].at, parts[-1].at
        if height <= _room(survey, first.page):
            yield first.problem(
                "split-row",
                f"a row of {first.thing} is split over pages {first.page} and {last.page}",
                "make the row shorter, or move the table",
            )


def tall_row(survey: Survey) -> Iterator[Problem]:
    """Yield rows of tables that no page can hold."""
    for parts, height in _cut_rows(survey):
        first = parts[0].at
        room = _room(survey, first.page)
        if height > room:
            yield first.problem(
                "tall-row",
                f"a row of {first.thing} on page {first.page} is taller than a page"
                f" ({height / room:.1f} times)",
                "write what it says as text below the table, or as several rows",
            )


def _cut_rows(survey: Survey) -> Iterator[tuple[list[Row], float]]:
    """Yield the parts of each row that stands on several pages, with their height together."""
    rows: dict[object, list[Row]] = {}
    for row in (row for sheet in survey.sheets for row in sheet.rows if row.has_words):
        rows.setdefault(row.key, []).append(row)
    for parts in rows.values():
        if parts[0].at.page != parts[-1].at.page:
            yield parts, sum(part.height for part in parts)


def _room(survey: Survey, page: int) -> float:
    edges = survey.sheets[page - 1].at.edges
    return edges.bottom - edges.top


def short_page(survey: Survey) -> Iterator[Problem]:
    """Yield pages with less than three lines of text and nothing else.

    A picture is something else, wherever its caption stands, and so is a drawn box or line below
    the text: room to write on, a card, the rules of a table to be filled in.
    """
    for sheet in survey.sheets:
        words = [item for item in sheet.flow if isinstance(item, Words)]
        feet = sorted(each.area.bottom for each in words)
        lines = len(feet[:1]) + sum(b - a > SAME_LINE for a, b in itertools.pairwise(feet))
        has_picture = any(isinstance(item, Picture) for item in sheet.flow)
        drawn = (item.area.bottom for item in sheet.flow if isinstance(item, Mark))
        has_room = max(drawn, default=0.0) > max(feet, default=0.0) + LINE
        if lines < LEAST_LINES and not has_picture and not has_room:
            at = words[0].at if words else sheet.at
            holds = f"holds {quoted(words[0].text)} and no more" if words else "is blank"
            yield at.problem(
                "short-page",
                f"page {sheet.number} {holds}",
                "shorten what comes before by a line or two",
            )

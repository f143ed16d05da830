"""The rules that a finished PDF is held against: one function each, in the table CHECKS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from guidegen.finished.facts import Box, Finished, FinishedPage, Run
from guidegen.papers import MM_PER_POINT, PaperUse, papers_of
from guidegen.preflight import CHECKS as OF_PAGES
from guidegen.preflight import LEAST_DPI, LEAST_LINES, LEAST_SIZE
from guidegen.problems import counted

UNPRINTABLE = 5.0
"""Millimetres. Office printers leave some of each edge blank: 4.0 mm (Konica Minolta), 1/6 inch or
4.2 mm (HP LaserJet); for labels 0.2 inch or 5.1 mm is reckoned with (BarTender)."""

_ROUNDING = 0.5  # points
_EXCERPT = 40  # letters


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: ``page`` of the PDF, or ``place`` in the content, where there is one."""

    says: str
    page: int | None = None
    place: str = ""

    def __str__(self) -> str:
        where = self.place or (f"page {self.page}" if self.page else "")
        return f"{where}: {self.says}" if where else self.says


class Unseen(str):
    """Where a rule cannot tell, such as ``in a file without tags``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """What should hold, and a function that returns what does not, or where it cannot tell.

    What a rule finds that is a ``note`` fails nothing.
    """

    says: str
    find: Callable[[Finished], Iterable[Finding] | Unseen]
    is_note: bool = False


def _damaged(finished: Finished) -> Iterator[Finding]:
    for repair in finished.repairs:
        yield Finding(f"had to be put right: {repair}")


def _restricted(finished: Finished) -> Iterator[Finding]:
    if finished.refused:
        yield Finding(
            f"the file is encrypted and asks readers to refuse {', '.join(finished.refused)}"
        )


def _font_not_embedded(finished: Finished) -> Iterator[Finding]:
    for font in finished.fonts:
        if not font.is_embedded:
            yield Finding(f"{font.name} is not in the file, so that another is printed for it")


def _off_page(finished: Finished) -> Iterator[Finding]:
    for page in finished.pages:
        if out := _places(page, lambda run, page: _past(run.box, page.box) > _ROUNDING):
            far = max(_past(run.box, page.box) for run in out[0]) * MM_PER_POINT
            yield Finding(f"{_quoted(out)} runs {far:.0f} mm past the edge", page.number)
        for picture in page.pictures:
            # A picture up to the edge is let run over it a little, so that no white shows.
            if (far := _past(picture.box, page.box) * MM_PER_POINT) > UNPRINTABLE:
                yield Finding(f"a picture runs {far:.0f} mm past the edge", page.number)


def _near_edge(finished: Finished) -> Iterator[Finding]:
    for page in finished.pages:
        if near := _places(page, _is_near_edge):
            gap = min(-_past(run.box, page.box) for run in near[0]) * MM_PER_POINT
            yield Finding(f"{_quoted(near)} stands {abs(gap):.0f} mm from the edge", page.number)


def _is_near_edge(run: Run, page: FinishedPage) -> bool:
    past = _past(run.box, page.box)
    return _ROUNDING >= past > _ROUNDING - UNPRINTABLE / MM_PER_POINT


def _small_text(finished: Finished) -> Iterator[Finding]:
    for page in finished.pages:
        if small := _places(page, lambda run, _: run.size < LEAST_SIZE - 0.05):
            size = min(run.size for place in small for run in place)
            yield Finding(f"{_quoted(small)} is set in {size:g} pt", page.number)


def _low_resolution(finished: Finished) -> Iterator[Finding]:
    for page in finished.pages:
        for picture in page.pictures:
            # A pixel or two make a rule or a tint, with nothing in it to be seen.
            if picture.dpi < LEAST_DPI - 0.5 and min(picture.pixels) > 2:
                across, down = picture.pixels
                says = f"a picture of {across} × {down} pixels is printed at {picture.dpi:.0f} dpi"
                yield Finding(says, page.number)


def _blank_page(finished: Finished) -> Iterator[Finding]:
    for page in finished.pages:
        if _is_blank(page):
            only = " but for its running lines" if any(shown_text(page)) else ""
            yield Finding(f"is blank{only}", page.number)


def _short_page(finished: Finished) -> Iterator[Finding]:
    # The first page may be a cover.
    for page in finished.pages[1:]:
        is_text_alone = not (page.pictures or page.drawings or _is_blank(page))
        if is_text_alone and page.lines < LEAST_LINES:
            lines = counted(page.lines, "line")
            yield Finding(f"has {lines} of text and nothing else", page.number)


def _dead_link(finished: Finished) -> Iterator[Finding]:
    for link in dict.fromkeys(link for link in finished.links if link.is_dead):
        what = "a link" if link.page else "a bookmark"
        yield Finding(f"{what} leads nowhere: {link.target}", link.page)


def _untagged(finished: Finished) -> Iterator[Finding]:
    if finished.tags is None:
        yield Finding("the file is not tagged, so that a screen reader has to guess its order")


def _no_language(finished: Finished) -> Iterator[Finding]:
    if not finished.language:
        yield Finding("the file does not name its language, so that it is read aloud in any")


def _no_title(finished: Finished) -> Iterator[Finding]:
    if not finished.title:
        yield Finding("the file has no title")
    elif not finished.shows_title:
        yield Finding("a window shows the name of the file and not the title (DisplayDocTitle)")


def _heading_order(finished: Finished) -> Iterable[Finding] | Unseen:
    """ISO 14289-1, 7.4.2: the first heading is of level 1, and going down no level is left out."""
    if finished.tags is None:
        return Unseen("in a file without tags")
    return _skips(finished)


def _skips(finished: Finished) -> Iterator[Finding]:
    level = 0
    for heading in finished.tags.headings if finished.tags else ():
        if heading.level is None:
            continue
        if heading.level > level + 1:
            after = f"after one of level {level}" if level else "as the first"
            words = f"“{heading.words[:_EXCERPT]}” is a heading of level {heading.level} {after}"
            yield Finding(words, heading.page)
        level = heading.level


def _missing_alt(finished: Finished) -> Iterable[Finding] | Unseen:
    if finished.tags is None:
        return Unseen("in a file without tags")
    silent = Counter(figure.page for figure in finished.tags.figures if not figure.has_words)
    return [Finding(_silent(number), page) for page, number in silent.items()]


def _silent(number: int) -> str:
    figures = "a figure has" if number == 1 else f"{number} figures have"
    return f"{figures} no alternative text"


def _active_content(finished: Finished) -> Iterator[Finding]:
    for active in finished.active:
        yield Finding(f"holds {active.what}")


def _mixed_paper(finished: Finished) -> Iterator[Finding]:
    papers = paper_uses(finished)
    if len(papers) > 1:
        for paper in papers:
            yield Finding(f"{paper}: {_numbers(paper.pages)}")


CHECKS: Mapping[str, Rule] = {
    "damaged": Rule("the file is whole", _damaged),
    "restricted": Rule("everyone may print, copy and hear it", _restricted),
    "active-content": Rule("nothing in it acts by itself or is carried along", _active_content),
    "font-not-embedded": Rule("every font is in the file", _font_not_embedded),
    "off-page": Rule("everything is on the paper", _off_page),
    "near-edge": Rule(f"no text is within {UNPRINTABLE:g} mm of the edge", _near_edge),
    "small-text": Rule(f"no text is below {LEAST_SIZE:g} pt", _small_text),
    "low-resolution": Rule(f"no picture is below {LEAST_DPI} dpi", _low_resolution),
    "blank-page": Rule("no page is blank", _blank_page),
    "short-page": Rule(f"no page has fewer than {LEAST_LINES} lines", _short_page),
    "dead-link": Rule("every link within the file leads somewhere", _dead_link),
    "untagged": Rule("the file is tagged", _untagged),
    "no-language": Rule("the language is named", _no_language),
    "no-title": Rule("there is a title, and windows show it", _no_title),
    "heading-order": Rule("headings leave out no level", _heading_order),
    "missing-alt": Rule("every figure has an alternative text", _missing_alt),
    "mixed-paper": Rule("all pages have one size", _mixed_paper, is_note=True),
}

LAID_OUT: Mapping[str, str] = {code: says for code, says in OF_PAGES.items() if code not in CHECKS}
"""What only laid-out pages show, by code."""


# --- measures


def shown_text(page: FinishedPage) -> Iterator[Run]:
    """Yield the text of a page that can be seen, running lines among it."""
    return (run for run in page.runs if run.is_shown and run.text.strip())


def is_legible(run: Run) -> bool:
    """Say whether text is there to be read: it has a letter or digit, unlike a bullet."""
    return run.is_shown and any(map(str.isalnum, run.text))


def _is_blank(page: FinishedPage) -> bool:
    has_words = any(not run.is_artifact for run in shown_text(page))
    return not (has_words or page.pictures or page.drawings)


def _past(box: Box, frame: Box) -> float:
    """Return how far ``box`` sticks out of ``frame``, in points; negative when it does not."""
    across = max(frame.left - box.left, box.right - frame.right)
    return max(across, frame.bottom - box.bottom, box.top - frame.top)


def _places(page: FinishedPage, is_wrong: Callable[[Run, FinishedPage], bool]) -> list[list[Run]]:
    """Return the text that something is wrong with, what is drawn in one go together."""
    shown = (run for run in page.runs if run.is_shown)
    groups = groupby(shown, lambda run: is_wrong(run, page))
    places = [list(group) for wrong, group in groups if wrong]
    return [place for place in places if any(map(is_legible, place))]


def _quoted(places: Sequence[Sequence[Run]]) -> str:
    """Return the beginning of the first place in quotation marks, and how many more there are."""
    text = " ".join("".join(run.text for run in places[0]).split())
    cut = f"{text[:_EXCERPT].strip()}…" if len(text) > _EXCERPT else text
    more = len(places) - 1
    also = f" (and {counted(more, 'more place')})" if more else ""
    return f"“{cut}”{also}"


def paper_uses(finished: Finished) -> tuple[PaperUse, ...]:
    """Return the paper sizes of a file, that of its first page first."""
    return papers_of((page.width, page.height) for page in finished.pages)


def _numbers(pages: Sequence[int]) -> str:
    """Return page numbers as a person writes them: ``pages 1-3, 7``."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and spans[-1][-1] == page - 1:
            spans[-1] = [spans[-1][0], page]
        else:
            spans.append([page])
    word = "page" if len(pages) == 1 else "pages"
    return f"{word} {', '.join('–'.join(map(str, span)) for span in spans)}"

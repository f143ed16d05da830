"""A chosen comparison set on real pages: plans are laid out until one holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from guidegen import jobs, ladder
from guidegen.jobs import Finished, Format, Progress, finish
from guidegen.ladder import Climb, Plan, Refused, Wish
from guidegen.models import Comparison, Course, Library, Paper
from guidegen.origin import Origin
from guidegen.preflight import Verdict, inspect, lost_texts, settle, tallest_row, together
from guidegen.problems import Problem, RequestError
from guidegen.renderers import pdf
from guidegen.themes import PLAIN, Look, with_theme
from guidegen.view.handout import Handout, compose_handout, lay, lay_for_screen

TEMPLATE = "handout.html.jinja"
LANGUAGE = "en-US"
# What the last rung may show, since it must take rows that no page can hold.
UNAVOIDABLE = ("tall-row", "split-row", "short-page", "stranded-heading")
NAMED = 4  # criteria that a message lists one by one


@dataclass(frozen=True, slots=True)
class Chosen:
    """The comparison to print, with its library and course; ``name`` is that of its files.

    ``language`` is that of the page.

    ``has_all`` is false where only the differences are left.
    """

    name: str
    comparison: Comparison
    library: Library
    course: Course | None
    language: str
    subtitle: str
    files: tuple[str, ...]
    left_out: tuple[str, ...]
    has_all: bool = True


@dataclass(frozen=True, slots=True)
class Laid:
    """A plan laid out on real pages; see :class:`guidegen.ladder.Trial`."""

    layout: pdf.Layout
    pages: int
    problems: tuple[Problem, ...]
    tallest_row: float

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the pages, in words."""
        return tuple(problem.message for problem in self.problems)


@dataclass(frozen=True, slots=True)
class HandoutFiles:
    """The files of a handout by name, and how the PDF among them is laid out.

    ``of_pages`` are problems with pages that were let pass.
    """

    contents: Mapping[str, bytes]
    plan: Plan | None = None
    pages: int | None = None
    refused: tuple[Refused, ...] = ()
    of_pages: tuple[Problem, ...] = ()


class HandoutMaker:
    """Makes the files of one chosen comparison; what was composed is kept between attempts."""

    def __init__(
        self,
        chosen: Chosen,
        templates: Mapping[str, str],
        cache: Path,
        paper: Paper,
        progress: Progress = lambda step: None,
        preflight: Verdict = "stop",
        look: Look = PLAIN,
    ) -> None:
        self._chosen = chosen
        self._templates = templates
        self._cache = cache
        self._paper = paper
        self._progress = progress
        self._preflight = preflight
        self._look = look
        self._place = chosen.comparison.origin

    def telling(self, progress: Progress) -> HandoutMaker:
        """Return the same maker, which tells its steps to ``progress``."""
        return HandoutMaker(
            self._chosen,
            self._templates,
            self._cache,
            self._paper,
            progress,
            self._preflight,
            self._look,
        )

    def handout(self, copies: int = 1) -> Handout:
        """Return what the handout says; on a sheet of copies sources are listed by name only."""
        course = self._chosen.course
        return compose_handout(
            self._chosen.comparison,
            self._chosen.library,
            language=self._chosen.language,
            subtitle=self._chosen.subtitle,
            course=course,
            with_citations=copies == 1,
            with_diagram=self._chosen.has_all,
            look=self._look,
        )

    def files(self, wish: Wish, formats: Iterable[Format]) -> HandoutFiles:
        """Return the handout in each format, each once; raises as :meth:`climb` does."""
        contents: dict[str, bytes] = {}
        climbed: Climb[Laid] | None = None
        of_pages: tuple[Problem, ...] = ()
        for format_ in dict.fromkeys(formats):
            stem = with_theme(f"{self._chosen.name}-comparison", self._look.theme)
            name = f"{stem}.{format_}"
            if format_ == "pdf":
                climbed = self.climb(wish)
                contents[name], _, of_pages = self.pdf(climbed)
            else:
                contents[name] = self.html(is_transposed=wish.is_transposed)
        if climbed is None or climbed.taken is None:
            return HandoutFiles(contents)
        plan, laid = climbed.taken
        return HandoutFiles(contents, plan, laid.pages, climbed.refused, of_pages)

    def html(self, *, is_transposed: bool) -> bytes:
        """Return the handout as a web page."""
        self._progress(f"{self._chosen.name}: HTML")
        view = lay_for_screen(self.handout(), is_transposed=is_transposed)
        return finish(view, "html", self._templates, self._cache, self._place, TEMPLATE)[0]

    def pdf(self, climbed: Climb[Laid]) -> Finished:
        """Return the pages of the plan that was taken as PDF."""
        assert climbed.taken is not None
        laid = climbed.taken[1]
        data = pdf.to_pdf(laid.layout)
        problems = together(laid.problems, pdf.problems_in(laid.layout, self._place))
        return Finished(data, laid.pages, settle(problems, self._preflight))

    def climb(self, wish: Wish) -> Climb[Laid]:
        """Return the first plan that holds on real pages.

        Raises RequestError, with what is lacking, when none does on as many pages as were asked
        for. Where preflight only warns, the last plan is taken with its faults.
        """
        handout = self.handout(wish.copies)
        attempt = self._attempt_of(handout)
        climbed = ladder.climb(ladder.plans(handout.grid.rows, wish), attempt, wish.pages)
        if climbed.taken is None and self._may_have_faults(climbed, wish):
            plan = climbed.refused[-1].plan
            climbed = replace(climbed, taken=(plan, attempt(plan)), refused=climbed.refused[:-1])
        if climbed.taken is None:
            raise RequestError(self._lacking(climbed, wish))
        return climbed

    def _may_have_faults(self, climbed: Climb[Laid], wish: Wish) -> bool:
        """Say whether nothing but faults that are let pass stood in the way of the last plan."""
        is_limited = climbed.fewest or wish.pages or wish.copies > 1
        return self._preflight == "warn" and not is_limited

    def _attempt_of(self, handout: Handout) -> Callable[[Plan], Laid]:
        def attempt(plan: Plan) -> Laid:
            self._progress(f"{self._chosen.name}: trying {plan}")
            return lay_out(
                handout, plan, self._paper, self._templates, self._cache, self._preflight
            )

        return attempt

    def _lacking(self, climbed: Climb[Laid], wish: Wish) -> str:
        name = self._chosen.name
        if wish.copies > 1:
            why = climbed.refused[-1].why
            return f"{wish.copies} copies of {name} do not fit on a sheet: {why}; take fewer copies"
        if climbed.fewest is None:
            return f"{name} can't be set: {climbed.refused[-1].why}"
        plan, pages = climbed.fewest
        hints = [*self._smaller(plan, wish), f"ask for --pages {pages}"]
        size = f"{self._look.spacing(is_tight=plan.is_tight).size:g} pt"
        return f"{name} needs {pages} pages at {size} in {plan}: {', or '.join(hints)}"

    def _smaller(self, plan: Plan, wish: Wish) -> list[str]:
        """Return how much must go for the handout to fit, found out by laying it out."""
        comparison = self._chosen.comparison
        hints = []
        if criteria := self._least_drop("criteria", len(comparison.criteria) - 1, plan, wish):
            last = [str(each.id) for each in comparison.criteria[-criteria:]]
            names = ", ".join(last) if criteria <= NAMED else f"{last[0]} and those after it"
            what = "a criterion" if criteria == 1 else f"{criteria} criteria"
            hints.append(f"drop {what} (such as {names})")
        if subjects := self._least_drop("subjects", len(comparison.subjects) - 2, plan, wish):
            hints.append(f"drop {'a subject' if subjects == 1 else f'{subjects} subjects'}")
        return hints

    def _least_drop(self, what: str, most: int, plan: Plan, wish: Wish) -> int | None:
        """Return the smallest number of last criteria or subjects without which it fits."""
        low, high, found = 1, most, None
        while low <= high:
            middle = (low + high) // 2
            if self._fits_without(what, middle, plan, wish):
                found, high = middle, middle - 1
            else:
                low = middle + 1
        return found

    def _fits_without(self, what: str, drop: int, plan: Plan, wish: Wish) -> bool:
        comparison = self._chosen.comparison
        kept = getattr(comparison, what)[:-drop]
        smaller = comparison.model_copy(update={what: kept})
        other = replace(self._chosen, comparison=smaller)
        maker = HandoutMaker(other, self._templates, self._cache, self._paper, look=self._look)
        handout = maker.handout()
        columns = len(smaller.criteria if plan.is_transposed else smaller.subjects)
        tight = replace(plan, rung="tight", is_tight=True, sheets=(tuple(range(columns)),))
        laid = lay_out(handout, tight, self._paper, self._templates, self._cache)
        return not laid.faults and wish.pages is not None and laid.pages <= wish.pages


def lay_out(
    handout: Handout,
    plan: Plan,
    paper: Paper,
    templates: Mapping[str, str],
    cache: Path,
    preflight: Verdict = "stop",
) -> Laid:
    """Return the handout on real pages, with what is wrong with them.

    Raises RenderError for what no other plan would mend, such as a character without a glyph,
    unless ``preflight`` only warns.
    """
    view = lay(handout, plan, paper)
    file, _, line = view.origin.rpartition(":")
    place = Origin(file, int(line))
    layout = jobs.lay_out(view, templates, cache, place, TEMPLATE)
    settle(pdf.problems_in(layout, place), preflight)
    allowed = UNAVOIDABLE if plan.rung == "cards" else ()
    problems = [each for each in inspect(layout.pages, place) if each.code not in allowed]
    problems += _lost(layout, place)
    return Laid(layout, len(layout.pages.pages), tuple(problems), tallest_row(layout.pages))


def _lost(layout: pdf.Layout, place: Origin) -> Iterator[Problem]:
    for text in lost_texts(layout.pages):
        yield Problem(place, "clipped", f"“{text[:40]}” would be cut off", "make it shorter")

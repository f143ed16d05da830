"""Worksheets, from a request to files: exercises, pages, the search for answers, writing."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guidegen.agreement import Plain
from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.containment import contained
from guidegen.fitting import LANGUAGE, Chosen
from guidegen.gate import leaks
from guidegen.jobs import Finished, Format, Progress, finish
from guidegen.languages import words_for
from guidegen.markup import references_in
from guidegen.models import Library, Paper
from guidegen.origin import Origin, Text
from guidegen.pipeline import read_comparisons
from guidegen.preflight import Verdict
from guidegen.problems import Problem, RenderError, RequestError
from guidegen.project import Project
from guidegen.renderers.html import load_templates
from guidegen.settings import NO_OFFSET, Offset
from guidegen.themes import PLAIN, Look, look_of, with_theme
from guidegen.view.cards import Flip
from guidegen.view.references import quantity
from guidegen.view.worksheet import (
    Dress,
    Worksheet,
    compose_calibration,
    compose_key,
    compose_worksheet,
    name_of,
)
from guidegen.worksheets import (
    Answer,
    CardsSheet,
    Exercise,
    Grid,
    Sheet,
    Skipped,
    Wish,
    grid_of,
    make_exercise,
)
from guidegen.writer import write_all

TEMPLATE = "worksheet.html.jinja"
_VARIANT = re.compile(r"[A-Z]|[1-9][0-9]?")


@dataclass(frozen=True, slots=True)
class WorksheetRequest:
    """What was asked for; without ``variants`` one sheet is made that carries no letter."""

    comparison: str
    wish: Wish
    variants: tuple[str, ...] = ()
    with_key: bool = False
    part: Part = field(default_factory=Part)
    course: str | None = None
    formats: tuple[Format, ...] = ()
    paper: Paper | None = None
    flip: Flip = "long"
    output: Path | None = None
    preflight: Verdict = "stop"
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class SheetFile:
    """A file that was written; ``pages`` is None for HTML, ``code`` is its edition code.

    ``of_pages`` are problems with its pages that were let pass.
    """

    path: Path
    format: Format
    bytes: int
    pages: int | None
    variant: str
    is_key: bool
    code: str
    items: int
    of_pages: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class MadeWorksheet:
    """The files of a request, what could not be asked, and the warnings."""

    files: tuple[SheetFile, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[Problem, ...]

    @property
    def of_pages(self) -> tuple[Problem, ...]:
        """Problems with pages that were let pass."""
        return tuple(problem for file in self.files for problem in file.of_pages)


@dataclass(frozen=True, slots=True)
class _Page:
    """A document to be finished, with what must not be found in it."""

    stem: str
    document: Worksheet
    variant: str
    items: int
    hidden: tuple[Answer, ...] = ()


def make_worksheets(
    project: Project,
    request: WorksheetRequest,
    *,
    today: datetime.date,
    offset: Offset = NO_OFFSET,
    progress: Progress = lambda step: None,
) -> MadeWorksheet:
    """Write the worksheets that were asked for, all variants and keys as one set.

    ``offset`` moves the backs of cards. Raises RequestError for what does not exist and when
    nothing can be asked, ContentError or RenderError when something is wrong, WriteError when a
    file can't be written.
    """
    _refuse_bad_variants(request.variants)
    templates = load_templates(project.templates)
    look = look_of(templates, request.theme)
    progress("reading content")
    library, problems = read_comparisons(project, request.course, today)
    warnings = [each for each in problems if "comparisons" in each.origin.file]
    chosen = choose(library, (request.comparison,), request.part, request.course)
    exercises = dict(exercises_of(chosen, request))
    pages = list(_pages(request, exercises, dress_of(chosen, request, offset, look)))
    course = chosen.course
    formats = request.formats or (course.formats if course else ()) or ("pdf", "html")
    folder = request.output or project.output / (request.course or "")
    press = _Press(templates, project.cache, chosen.comparison.origin, request.preflight)
    finished = contained(
        lambda told: list(press.finished(pages, formats, folder, told)), press.place, progress
    )
    files = [file for file, _ in finished]
    progress("writing")
    write_all({file.path.name: data for file, data in finished}, folder)
    skipped = next(iter(exercises.values())).skipped
    return MadeWorksheet(tuple(files), skipped, tuple(warnings))


def make_calibration(
    project: Project, paper: Paper | None, flip: Flip, output: Path | None
) -> SheetFile:
    """Write ``calibration.pdf``; raises RenderError or WriteError."""
    dress = Dress(title="", language=LANGUAGE, paper=paper or "letter", seed=0, flip=flip)
    document = compose_calibration(dress)
    place = Origin("calibration.pdf")
    press = _Press(load_templates(project.templates), project.cache, place)
    pages = [_Page("calibration", document, "", 0)]
    folder = output or project.output
    ((file, data),) = contained(
        lambda told: list(press.finished(pages, ("pdf",), folder, told)), place
    )
    write_all({file.path.name: data}, folder)
    return file


@dataclass(frozen=True, slots=True)
class _Press:
    """What every page of a request is printed with; problems stand at ``place``."""

    templates: Mapping[str, str]
    cache: Path
    place: Origin
    preflight: Verdict = "stop"

    def finished(
        self, pages: Iterable[_Page], formats: Sequence[Format], folder: Path, progress: Progress
    ) -> Iterator[tuple[SheetFile, bytes]]:
        """Yield each page in each format, with what is told of the file in ``folder``."""
        for page in pages:
            for format_ in dict.fromkeys(formats):
                progress(f"{page.stem}: {format_.upper()}")
                finished = finish(
                    page.document,
                    format_,
                    self.templates,
                    self.cache,
                    self.place,
                    TEMPLATE,
                    preflight=self.preflight,
                )
                name = f"{page.stem}.{format_}"
                refuse_leaks(page.hidden, page.document, {name: finished.data})
                yield _file(page, folder / name, format_, finished), finished.data


def _file(page: _Page, path: Path, format_: Format, finished: Finished) -> SheetFile:
    return SheetFile(
        path=path,
        format=format_,
        bytes=len(finished.data),
        pages=finished.pages,
        variant=page.variant,
        is_key=page.document.is_key,
        code=page.document.code,
        items=page.items,
        of_pages=finished.of_pages,
    )


def _refuse_bad_variants(variants: Sequence[str]) -> None:
    for name in variants:
        if not _VARIANT.fullmatch(name):
            raise RequestError(f"a variant is one capital letter or a number, not {name!r}")
    if repeated := [name for name, times in Counter(variants).items() if times > 1]:
        raise RequestError(f"the variant {repeated[0]} is asked for twice")


# --- from content to exercises


class Printed(Plain):
    """The words of a text as they stand on a worksheet: no citations, which would tell answers."""

    def __init__(self, library: Library, language: str) -> None:
        super().__init__(library, language)
        self._facts = library.facts

    def text(self, text: str) -> str:
        """Return the words, without the spaces that citations leave before a stop."""
        return re.sub(r"\s+([,.;:،؛۔।、。])", r"\1", super().text(text))

    def fact(self, fact: str) -> str:
        """Return the figure with its unit as every other page prints it."""
        return quantity(self._facts[fact])

    def rests_on_doubt(self, text: str) -> bool:
        """Return whether the text gives a figure that is still to be confirmed."""
        return any(
            reference.kind == "fact" and self._facts[reference.target].review is not None
            for reference in references_in(Text.of(text))
        )


def grid_of_chosen(chosen: Chosen) -> Grid:
    """Return the grid of what was chosen, in plain words."""
    printed = Printed(chosen.library, chosen.language)
    return grid_of(
        chosen.name,
        chosen.comparison,
        printed,
        synonyms={
            term.term.casefold(): term.expansion.casefold()
            for term in chosen.library.glossary.values()
            if term.expansion
        },
    )


def exercises_of(
    chosen: Chosen, request: WorksheetRequest
) -> Iterator[tuple[str, Exercise[Sheet]]]:
    """Yield each variant with its exercise; RequestError when there is nothing to ask."""
    grid = grid_of_chosen(chosen)
    for variant in request.variants or ("",):
        exercise = make_exercise(grid, request.wish, variant)
        if not exercise.answers:
            raise RequestError(_nothing_to_ask(request, exercise.skipped))
        yield variant, exercise


def _nothing_to_ask(request: WorksheetRequest, skipped: Sequence[Skipped]) -> str:
    name = name_of(request.wish.kind, words_for(LANGUAGE)).lower()
    reasons = Counter(each.why for each in skipped).most_common(3)
    why = "; ".join(f"{times} × {reason}" for reason, times in reasons)
    because = f": {why}" if why else ", for everything is given"
    return f"no {name} can be made of {request.comparison}{because}"


# --- from exercises to pages


def dress_of(
    chosen: Chosen, request: WorksheetRequest, offset: Offset, look: Look = PLAIN
) -> Dress:
    """Return what all sheets of the request share; the command line goes before the course."""
    course = chosen.course
    return Dress(
        title=Printed(chosen.library, chosen.language).name(chosen.comparison.title),
        language=chosen.language,
        paper=request.paper or (course.paper if course else None) or "letter",
        seed=request.wish.seed,
        course=course,
        flip=request.flip,
        offset=offset,
        look=look,
    )


def _pages(
    request: WorksheetRequest, exercises: Mapping[str, Exercise[Sheet]], dress: Dress
) -> Iterator[_Page]:
    for variant, exercise in exercises.items():
        stem = "-".join(filter(None, (request.comparison, request.wish.kind, variant)))
        items = len(exercise.answers)
        # From here on only the sheet goes to the students' file, and it holds no answer.
        document = compose_worksheet(exercise.sheet, variant, dress)
        hidden = () if isinstance(exercise.sheet, CardsSheet) else exercise.answers
        yield _Page(with_theme(stem, request.theme), document, variant, items, hidden)
        if request.with_key:
            key = compose_key(
                exercise.sheet, exercise.answers, variant, dress, of_code=document.code
            )
            yield _Page(with_theme(f"{stem}-key", request.theme), key, variant, items)


def refuse_leaks(
    hidden: Sequence[Answer], document: Worksheet, contents: Mapping[str, bytes]
) -> None:
    """Raise RenderError when a finished file holds an answer that its sheet does not show."""
    visible = list(_texts(document))
    texts = [Text(text, each.origin) for each in hidden for text in {each.text, each.whole} if text]
    problems = leaks(texts, visible, contents, document.language)
    if problems:
        raise RenderError(problems)


def _texts(value: object) -> Iterator[str]:
    """Yield every text of a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for child in value:
            yield from _texts(child)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from _texts(getattr(value, each.name))

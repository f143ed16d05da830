"""One edition of one guide, from content to finished bytes: a job is pure data.

Everything that a page depends on is in the job, so that it can run in another process or on
another machine, and so that equal jobs give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

from guidegen.checks import required_references
from guidegen.courses import Reason, effective
from guidegen.editions import hidden_texts
from guidegen.gate import leaks
from guidegen.labels import assign
from guidegen.models import Course, CourseGuide, Edition, Guide, Labels, Library, Paper, walk
from guidegen.origin import Origin, Text
from guidegen.preflight import Verdict, inspect, settle, together
from guidegen.problems import ContentError, Problem, RenderError
from guidegen.renderers import html, pdf
from guidegen.renderers.fonts import is_installed, script_fonts, web_fonts
from guidegen.renderers.imposition import Imposition
from guidegen.renderers.scripts import EXTRA, Face, scripts_in, scripts_of
from guidegen.selection import Choice, Selection, select
from guidegen.themes import look_of, with_theme
from guidegen.view import compose_guide
from guidegen.view.document import Document, Page

Format = Literal["pdf", "html"]
Progress = Callable[[str], None]
_GLYPH = re.compile(r"\(U\+([0-9A-F]+)\)")


@dataclass(frozen=True, slots=True)
class Job:
    """What to make; ``guide`` and ``course`` are ids in ``library``, ``templates`` go by name.

    ``handouts`` are comparisons printed alongside; ``impositions``, which need the format pdf, are
    the ways in which it comes for the printer, too. ``preflight`` says what becomes of files with
    something wrong on their pages.
    """

    guide: str
    library: Library = field(repr=False)
    templates: Mapping[str, str] = field(repr=False)
    course: str | None = None
    edition: Edition = "complete"
    choice: Choice = field(default_factory=Choice)
    formats: tuple[Format, ...] = ("pdf", "html")
    paper: Paper | None = None
    handouts: tuple[str, ...] = ()
    impositions: tuple[Imposition, ...] = ()
    preflight: Verdict = "stop"
    theme: str | None = None

    @property
    def name(self) -> str:
        """The job in words, such as ``emt-101: ems-vs-emt, student``."""
        course = f"{self.course}: " if self.course else ""
        edition = "" if self.edition == "complete" else f", {self.edition}"
        theme = f", {self.theme}" if self.theme else ""
        return f"{course}{self.guide}{edition}{theme}"

    @property
    def stem(self) -> str:
        """The name of the job's files, without ending."""
        edition = "" if self.edition == "complete" else f"-{self.edition}"
        return with_theme(self.guide + edition, self.theme)


@dataclass(frozen=True, slots=True)
class Made:
    """What a job made: file contents by name, pages of the PDF, edition code and reasons.

    ``imposed`` holds the sides of each file that is for the printer alone, ``of_pages`` problems
    with pages that were let pass.
    """

    contents: Mapping[str, bytes]
    pages: int | None
    edition: str
    code: str
    reasons: tuple[Reason, ...]
    imposed: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    of_pages: tuple[Problem, ...] = ()


class Finished(NamedTuple):
    """A finished file, the number of its sheets when it is a PDF, and what was let pass."""

    data: bytes
    pages: int | None = None
    of_pages: tuple[Problem, ...] = ()


def run(job: Job, cache: Path, progress: Progress = lambda step: None) -> Made:
    """Make the job's files; ``cache`` is a folder for fonts.

    Raises RequestError for sections or a theme that do not exist, RenderError when no sound page
    could be made, ContentError for a reference that must be there and is not and for a theme that
    can't be used.
    """
    selection, document = compose(job)
    contents: dict[str, bytes] = {}
    pages = None
    of_pages: list[Problem] = []
    for format_ in dict.fromkeys(job.formats):
        progress(f"{job.name}: laying out pages" if format_ == "pdf" else f"{job.name}: HTML")
        finished = finish_guide(selection, document, format_, job, cache)
        contents[f"{job.stem}.{format_}"] = finished.data
        pages = finished.pages or pages
        of_pages += finished.of_pages
    refuse_leaks(job, selection, contents)
    return Made(
        contents,
        pages,
        document.edition,
        document.code,
        selection.reasons,
        of_pages=tuple(of_pages),
    )


def finish_guide(
    selection: Selection,
    document: Document,
    format_: Format,
    job: Job,
    cache: Path,
    sheets: Sequence[str] = (),
) -> Finished:
    """Return the finished file of the document of a selection, as :func:`finish` does."""
    place = selection.guide.origin
    try:
        made = finish(
            document,
            format_,
            job.templates,
            cache,
            place,
            sheets=sheets,
            preflight=job.preflight,
        )
    except RenderError as error:
        raise RenderError(_placed(each, selection) for each in error.problems) from None
    return made._replace(of_pages=tuple(_placed(each, selection) for each in made.of_pages))


def _placed(problem: Problem, selection: Selection) -> Problem:
    """Put a missing glyph where its character stands; the engine names only the character."""
    found = _GLYPH.search(problem.message)
    if problem.code not in ("missing-glyph", "missing-fonts") or found is None:
        return problem
    sign, library = chr(int(found[1], 16)), selection.library
    shared = (library.comparisons, library.facts, library.sources, library.glossary)
    for body in (selection.guide, *(each for entries in shared for each in entries.values())):
        for text in walk(body):
            if isinstance(text, Text) and sign in text:
                return replace(problem, origin=text.locate(text.index(sign)))
    return problem


def compose(job: Job, *, is_half: bool = False) -> tuple[Selection, Document]:
    """Return the selection that the job asks for, and its document.

    ``is_half`` means the document for pages of half the paper, of which a booklet is made.
    """
    guide, course, taken = parts_of(job)
    library = job.library
    selection = choose(job)
    # The key holds questions alone; what their answers point to is in the other editions.
    if job.edition != "key" and (problems := required_references(selection.guide)):
        raise ContentError(problems)
    document = compose_guide(
        selection,
        whole=guide,
        labels=assign(library.guides[job.guide], library.labels.get(job.guide, Labels())),
        edition=job.edition,
        course=course,
        note=taken.note if taken and job.edition != "key" else None,
        is_half=is_half,
        look=look_of(job.templates, job.theme),
    )
    return selection, document


def choose(job: Job) -> Selection:
    """Return the selection that the job asks for; RequestError for what does not exist."""
    guide, _, taken = parts_of(job)
    return select(guide, job.library, job.choice, course=taken, edition=job.edition)


def parts_of(job: Job) -> tuple[Guide, Course | None, CourseGuide | None]:
    """Return the job's guide with paper and language settled, its course and what that takes."""
    guide = job.library.guides[job.guide]
    if job.course is None:
        course = taken = None
    else:
        course = effective(job.course, job.library.courses)
        taken = next(taken for name, taken in course.guides.items() if name == job.guide)
    update = {
        "paper": job.paper or (course.paper if course else None) or guide.paper,
        "language": (course.language if course else None) or guide.language,
    }
    return guide.model_copy(update=update), course, taken


def finish(
    page: Page,
    format_: Format,
    templates: Mapping[str, str],
    cache: Path,
    place: Origin,
    template: str = html.GUIDE,
    sheets: Sequence[str] = (),
    preflight: Verdict = "stop",
) -> Finished:
    """Return the finished file of ``page``.

    ``cache`` is a folder for fonts; ``sheets`` names style sheets put after all others. Raises
    RenderError when something is wrong with a page and ``preflight`` is ``"stop"``; problems that
    belong to no block are told at ``place``.
    """
    if format_ == "html":
        return Finished(_html(page, templates, cache, template, sheets).encode())
    layout = lay_out(page, templates, cache, place, template, sheets)
    seen = inspect(layout.pages, place)
    settle(together(seen, pdf.problems_in(layout, place)), preflight)
    data = pdf.to_pdf(layout)
    passed = settle(together(seen, pdf.problems_in(layout, place)), preflight)
    return Finished(data, len(layout.pages.pages), passed)


def print_html(
    page: Page,
    templates: Mapping[str, str],
    template: str = html.GUIDE,
    sheets: Sequence[str] = (),
) -> str:
    """Return the HTML that the PDF engine is given."""
    return html.render(
        page,
        "print",
        templates,
        asset_url=lambda name: pdf.asset_url(page.figures[name]),
        template=template,
        last_sheets=sheets,
    )


def _html(
    page: Page, templates: Mapping[str, str], cache: Path, template: str, sheets: Sequence[str]
) -> str:
    def rendered(fonts: Mapping[Face, bytes]) -> str:
        return html.render(
            page,
            "screen",
            templates,
            asset_url=lambda name: html.data_url(page.figures[name]),
            extra_sheets=[html.font_sheet(fonts)],
            template=template,
            last_sheets=sheets,
        )

    own = web_fonts(cache)
    # What letters it has shows on the finished page; most have none beside Latin ones.
    bare = rendered(own)
    others = script_fonts(cache, bare)
    return rendered(own | others) if others else bare


def lay_out(
    page: Page,
    templates: Mapping[str, str],
    cache: Path,
    place: Origin,
    template: str,
    sheets: Sequence[str] = (),
) -> pdf.Layout:
    """Return the laid-out pages; RenderError where the fonts for its letters are not installed."""
    source = print_html(page, templates, template, sheets)
    if problems := [*_missing_fonts(page, source, place)]:
        raise RenderError(problems)
    return pdf.lay_out(source, page.figures, cache)


def _missing_fonts(page: Page, source: str, place: Origin) -> Iterator[Problem]:
    """Yield a problem for each script: at the language, or else at its first letter."""
    text = pdf.readable(source, page.figures)
    for script in scripts_in(text):
        if is_installed(script):
            continue
        where, message = place, f"the fonts for {script.name} letters are not installed"
        letter = script.pattern.search(text)
        if script in scripts_of(page.language) and isinstance(page.language, Text):
            where = page.language.origin
        elif letter:
            message += f": {letter[0]} (U+{ord(letter[0]):04X})"
        yield Problem(where, "missing-fonts", message, EXTRA)


def refuse_leaks(job: Job, selection: Selection, contents: Mapping[str, bytes]) -> None:
    """Raise RenderError when ``contents``, the files of a student's edition, hold an answer."""
    if job.edition != "student":
        return
    visible = [text for text in walk(selection.guide) if isinstance(text, Text)]
    hidden = hidden_texts(selection.changed, selection.guide)
    problems: list[Problem] = leaks(hidden, visible, contents, selection.guide.language)
    if problems:
        raise RenderError(problems)

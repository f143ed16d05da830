"""The order of things, and nothing else: load, check, select, compose, render, inspect, write."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from guidegen.checks import check
from guidegen.loader import load
from guidegen.models import Course, Guide, Id, Library, Paper
from guidegen.origin import Origin
from guidegen.preflight import inspect
from guidegen.problems import ContentError, Problem, RenderError, RequestError, unknown
from guidegen.project import Project
from guidegen.renderers import html, pdf
from guidegen.renderers.fonts import web_fonts
from guidegen.selection import Choice, Selection, select
from guidegen.view import compose_guide
from guidegen.view.document import Document
from guidegen.writer import write_all

Format = Literal["pdf", "html"]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; ``guide`` None means the only one there is."""

    guide: str | None = None
    course: str | None = None
    choice: Choice = field(default_factory=Choice)
    formats: tuple[Format, ...] = ("pdf", "html")
    paper: Paper | None = None
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written; ``pages`` is None for HTML, which has none."""

    path: Path
    format: Format
    bytes: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made, and the warnings that did not stop it."""

    guide: str
    outputs: tuple[Output, ...]
    selection: Selection
    document: Document
    warnings: tuple[Problem, ...]


def check_project(project: Project, today: datetime.date) -> tuple[Library, list[Problem]]:
    """Return the content of ``project`` and all its problems, those of single files first."""
    library, problems = load(project.content, project.root)
    if not any(problem.severity == "error" for problem in problems):
        problems = [*problems, *check(library, today)]
    return library, problems


def guide_of(project: Project, asked: str | None) -> Guide:
    """Return one whole guide; raises as :func:`build` does."""
    library, problems = load(project.content, project.root)
    name = _guide_name(asked, library, problems)
    _refuse_errors(problems, name)
    return library.guides[name]


def build(
    project: Project,
    request: Request,
    *,
    today: datetime.date,
    progress: Progress = lambda step: None,
) -> Build:
    """Write the guide that was asked for, in each of its formats, as one set.

    Raises RequestError for what does not exist, ContentError or RenderError when something is
    wrong, WriteError when a file can't be written. Whatever is raised, old files stay whole.
    """
    progress("reading content")
    library, problems = load(project.content, project.root)
    name = _guide_name(request.guide, library, problems)
    _refuse_errors(problems, name)
    problems += check(library, today)
    _refuse_errors(problems, name)
    guide, course = library.guides[name], _course(request.course, library, name)
    taken = course.guides[_key(name, course)].sections if course else None
    selection = select(guide, request.choice, taken)
    document = _compose(selection.guide, guide, library, course, request.paper)
    contents, outputs = _render(document, name, project, request.formats, progress, guide.origin)
    folder = _folder(project, request)
    progress("writing")
    write_all(contents, folder)
    written = tuple(
        Output(folder / file, format_, len(contents[file]), pages)
        for file, format_, pages in outputs
    )
    warnings = tuple(problem for problem in problems if problem.severity == "warning")
    return Build(name, written, selection, document, warnings)


def _key(name: str, course: Course) -> Id:
    return next(key for key in course.guides if key == name)


def _guide_name(asked: str | None, library: Library, problems: list[Problem]) -> str:
    """Return the guide's id; one that could not be loaded is known by its file."""
    broken = {
        Path(problem.origin.file).stem
        for problem in problems
        if "/guides/" in f"/{problem.origin.file}" and problem.origin.file.endswith(".yaml")
    }
    known = {*library.guides, *broken}
    if asked is None:
        if len(known) == 1:
            return next(iter(known))
        if not known:
            raise ContentError(problems) if problems else RequestError("there is no guide yet")
        raise RequestError(f"say which guide: {', '.join(sorted(known))}")
    if asked not in known:
        message, hint = unknown("guide", asked, known)
        raise RequestError(f"{message} ({hint})")
    return asked


def _refuse_errors(problems: list[Problem], guide: str) -> None:
    """Raise for errors, except those in the files of other guides."""
    errors = [
        problem
        for problem in problems
        if problem.severity == "error" and not _is_of_other_guide(problem, guide)
    ]
    if errors:
        raise ContentError(errors)


def _is_of_other_guide(problem: Problem, guide: str) -> bool:
    file = Path(problem.origin.file)
    return file.parent.name == "guides" and file.suffix == ".yaml" and file.stem != guide


def _course(asked: str | None, library: Library, guide: str) -> Course | None:
    if asked is None:
        return None
    if asked not in library.courses:
        message, hint = unknown("course", asked, library.courses)
        raise RequestError(f"{message} ({hint})")
    course = library.courses[asked]
    if guide not in course.guides:
        raise RequestError(f"the course {asked!r} does not take the guide {guide!r}")
    return course


def _compose(
    chosen: Guide, whole: Guide, library: Library, course: Course | None, paper: Paper | None
) -> Document:
    if paper:
        chosen = chosen.model_copy(update={"paper": paper})
    return compose_guide(chosen, library, whole=whole, about=_about(course))


def _about(course: Course | None) -> tuple[str, ...]:
    if course is None:
        return ()
    school = " · ".join(filter(None, (course.institution, course.term)))
    title = " · ".join(filter(None, (course.code, course.title, course.instructor)))
    return tuple(filter(None, (school, title, course.contact)))


def _render(
    document: Document,
    name: str,
    project: Project,
    formats: tuple[Format, ...],
    progress: Progress,
    place: Origin,
) -> tuple[dict[str, bytes], list[tuple[str, Format, int | None]]]:
    contents: dict[str, bytes] = {}
    outputs: list[tuple[str, Format, int | None]] = []
    for format_ in dict.fromkeys(formats):
        file = f"{name}.{format_}"
        if format_ == "pdf":
            progress("laying out pages")
            contents[file], pages = _pdf(document, project, place)
            outputs.append((file, format_, pages))
        else:
            progress("rendering HTML")
            contents[file] = _html(document, project).encode()
            outputs.append((file, format_, None))
    return contents, outputs


def _html(document: Document, project: Project) -> str:
    return html.render(
        document,
        "screen",
        project.templates,
        asset_url=lambda name: html.data_url(document.figures[name]),
        extra_sheets=[html.font_sheet(web_fonts(project.cache))],
    )


def print_html(document: Document, project: Project) -> str:
    """Return the HTML that the PDF engine is given."""
    return html.render(document, "print", project.templates, asset_url=pdf.asset_url)


def _pdf(document: Document, project: Project, place: Origin) -> tuple[bytes, int]:
    layout = pdf.lay_out(print_html(document, project), document.figures, project.cache)
    problems = [*inspect(layout.pages, place), *pdf.problems_in(layout, place)]
    if not problems:
        data = pdf.to_pdf(layout)
        problems = pdf.problems_in(layout, place)
    if problems:
        raise RenderError(problems)
    return data, len(layout.pages.pages)


def _folder(project: Project, request: Request) -> Path:
    folder = request.output or project.output
    return folder / request.course if request.course and request.output is None else folder

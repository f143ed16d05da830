"""The order of things, and nothing else: load, check, then select, compose, render, write."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guidegen.checks import check
from guidegen.courses import Reason, effective
from guidegen.jobs import Format, Job, Made, Progress, run
from guidegen.labels import LOCK_ENDING, assign, lock_text
from guidegen.loader import load
from guidegen.models import Course, Edition, Guide, Labels, Library, Paper
from guidegen.problems import ContentError, Problem, RequestError, unknown
from guidegen.project import Project
from guidegen.renderers.html import load_templates
from guidegen.selection import Choice
from guidegen.writer import write_all


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; ``guide`` None means all of the course's, or the only one there is."""

    guide: str | None = None
    course: str | None = None
    editions: tuple[Edition, ...] = ()
    choice: Choice = field(default_factory=Choice)
    formats: tuple[Format, ...] = ()
    paper: Paper | None = None
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written; ``pages`` is None for HTML, which has none."""

    path: Path
    format: str
    bytes: int
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Built:
    """The files of one job, and why its parts are as they are."""

    job: Job
    edition: str
    code: str
    outputs: tuple[Output, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made, and the warnings that did not stop it."""

    built: tuple[Built, ...]
    warnings: tuple[Problem, ...]


def check_project(project: Project, today: datetime.date) -> tuple[Library, list[Problem]]:
    """Return the content of ``project`` and all its problems, those of single files first."""
    library, problems = load(project.content, project.root)
    if not any(problem.severity == "error" for problem in problems):
        problems = [*problems, *check(library, today)]
    return library, problems


def build(
    project: Project,
    request: Request,
    *,
    today: datetime.date,
    progress: Progress = lambda step: None,
) -> Build:
    """Write the guide that was asked for, in each of its editions and formats, as one set.

    Raises RequestError for what does not exist, ContentError or RenderError when something is
    wrong, WriteError when a file can't be written. Whatever is raised, old files stay whole.
    """
    progress("reading content")
    jobs, warnings = jobs_for(project, request, today)
    made = [(job, run(job, project.cache, progress)) for job in jobs]
    progress("writing")
    return Build(write(made, output_folder(project, request)), tuple(warnings))


def jobs_for(
    project: Project, request: Request, today: datetime.date
) -> tuple[list[Job], list[Problem]]:
    """Return the jobs of a request, and the content's warnings.

    Raises RequestError or ContentError.
    """
    library, problems = load(project.content, project.root)
    names = _guide_names(request, library, problems)
    _refuse_errors(problems, names)
    problems += check(library, today)
    _refuse_errors(problems, names)
    templates = load_templates(project.templates)
    course = _course(request.course, library)
    jobs = [
        Job(
            guide=name,
            library=library,
            templates=templates,
            course=request.course,
            edition=edition,
            choice=request.choice,
            formats=request.formats or (course.formats if course else ()) or ("pdf", "html"),
            paper=request.paper,
        )
        for name in names
        for edition in request.editions or (course.editions if course else ()) or ("complete",)
    ]
    return jobs, [problem for problem in problems if problem.severity == "warning"]


def write(made: Iterable[tuple[Job, Made]], folder: Path) -> tuple[Built, ...]:
    """Write the files of jobs into ``folder``, all or none, and say what they are."""
    results = list(made)
    write_all({name: data for _, each in results for name, data in each.contents.items()}, folder)
    return tuple(
        Built(job, each.edition, each.code, tuple(_outputs(each, folder)), each.reasons)
        for job, each in results
    )


def _outputs(made: Made, folder: Path) -> Iterable[Output]:
    for name, data in made.contents.items():
        format_ = name.rpartition(".")[2]
        pages = made.pages if format_ == "pdf" else None
        yield Output(folder / name, format_, len(data), pages)


def output_folder(project: Project, request: Request) -> Path:
    """Return the folder that a request's files go to: one of its own for each course."""
    folder = request.output or project.output
    return folder / request.course if request.course and request.output is None else folder


def write_labels(project: Project) -> list[Path]:
    """Write the lock file of each sound guide and return their paths; see :mod:`guidegen.labels`.

    Raises ContentError when a lock file or guide is broken, WriteError when one can't be written.
    """
    library, problems = load(project.content, project.root)
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise ContentError(errors)
    locks = {
        name + LOCK_ENDING: lock_text(name, assign(guide, library.labels.get(name, Labels())))
        for name, guide in library.guides.items()
    }
    contents = {name: text.encode() for name, text in locks.items()}
    return write_all(contents, project.content / "guides")


def guide_of(project: Project, asked: str | None) -> Guide:
    """Return one whole guide; raises as :func:`build` does."""
    library, problems = load(project.content, project.root)
    names = _guide_names(Request(guide=asked), library, problems)
    _refuse_errors(problems, names)
    return library.guides[names[0]]


def _guide_names(request: Request, library: Library, problems: list[Problem]) -> list[str]:
    """Return the ids of the guides asked for; one that could not be loaded is known by its file."""
    broken = {Path(each.origin.file).stem for each in problems if _is_in_guides(each)}
    known = {*library.guides, *broken}
    if request.course is not None:
        return _guides_of_course(request, library, problems)
    if request.guide is None:
        if len(known) == 1:
            return [*known]
        if not known:
            raise ContentError(problems) if problems else RequestError("there is no guide yet")
        raise RequestError(f"say which guide: {', '.join(sorted(known))}")
    _refuse_unknown("guide", request.guide, known)
    return [request.guide]


def _guides_of_course(request: Request, library: Library, problems: list[Problem]) -> list[str]:
    course = _course(request.course, library, problems)
    assert course is not None
    guides = [str(name) for name in course.guides]
    if request.guide is None:
        return guides
    _refuse_unknown(f"guide in the course {request.course}", request.guide, guides)
    return [request.guide]


def _course(asked: str | None, library: Library, problems: Sequence[Problem] = ()) -> Course | None:
    if asked is None:
        return None
    if asked not in library.courses:
        own = [each for each in problems if Path(each.origin.file).stem == asked]
        if own:
            raise ContentError(own)
        _refuse_unknown("course", asked, library.courses)
    return effective(asked, library.courses)


def _refuse_unknown(what: str, asked: str, known: Iterable[str]) -> None:
    names = list(known)
    if asked not in names:
        message, hint = unknown(what, asked, names)
        raise RequestError(f"{message} ({hint})")


def _is_in_guides(problem: Problem) -> bool:
    file = Path(problem.origin.file)
    return file.parent.name == "guides" and file.suffix == ".yaml"


def _refuse_errors(problems: list[Problem], guides: Sequence[str]) -> None:
    """Raise for errors, except those in the files of other guides."""
    errors = [
        problem
        for problem in problems
        if problem.severity == "error"
        and not (_is_in_guides(problem) and Path(problem.origin.file).stem not in guides)
    ]
    if errors:
        raise ContentError(errors)

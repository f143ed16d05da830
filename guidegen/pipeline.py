"""The order of things, and nothing else: load, check, then select, compose, render, write."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guidegen.cache import Kept
from guidegen.checks import check
from guidegen.containment import contained
from guidegen.course_checks import unknown_themes
from guidegen.courses import Reason, effective
from guidegen.found import Found, guides_of, problems_of
from guidegen.imposing import refusal
from guidegen.jobs import Format, Job, Made, Progress, finish
from guidegen.labels import LOCK_ENDING, assign, lock_text
from guidegen.loader import load
from guidegen.making import make
from guidegen.models import Edition, Guide, Labels, Library, Paper
from guidegen.origin import Origin
from guidegen.preflight import Verdict
from guidegen.problems import ContentError, Problem, RequestError
from guidegen.project import Project
from guidegen.renderers.html import load_templates, read_templates
from guidegen.renderers.imposition import Imposition
from guidegen.selection import Choice
from guidegen.themes import look_of, problems_of_themes, theme_names
from guidegen.view.difference import Difference
from guidegen.writer import holds, write_all


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; ``guide`` None means all of the course's, or the only one there is."""

    guide: str | None = None
    course: str | None = None
    editions: tuple[Edition, ...] = ()
    choice: Choice = field(default_factory=Choice)
    formats: tuple[Format, ...] = ()
    paper: Paper | None = None
    impositions: tuple[Imposition, ...] = ()
    output: Path | None = None
    preflight: Verdict = "stop"
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """A file that was written; ``pages`` is None for HTML, which has none.

    One that is ``imposed`` is for the printer alone, and its pages are sides of sheets.
    """

    path: Path
    format: str
    bytes: int
    pages: int | None = None
    imposed: bool = False

    def as_dict(self) -> dict[str, object]:
        """Return the output as plain data for ``--json``."""
        return {
            "path": str(self.path),
            "format": self.format,
            "pages": self.pages,
            "bytes": self.bytes,
            "imposed": self.imposed,
        }


@dataclass(frozen=True, slots=True)
class Built:
    """The files of one job, why its parts are as they are, and what is not quite right.

    ``of_pages`` are problems with pages that were let pass.
    """

    job: Job
    edition: str
    code: str
    outputs: tuple[Output, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[Problem, ...] = ()
    of_pages: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Build:
    """What a build made, and the warnings that did not stop it."""

    built: tuple[Built, ...]
    warnings: tuple[Problem, ...]


def check_project(project: Project, today: datetime.date) -> tuple[Library, list[Problem]]:
    """Return the content of ``project`` and all its problems, those of single files first."""
    library, problems = load(project.content, project.root)
    templates, faults = read_templates(project.templates)
    if not any(problem.severity == "error" for problem in problems):
        problems = [*problems, *_between_files(library, templates, today)]
    return library, [*problems, *faults, *problems_of_themes(templates)]


def read(project: Project, today: datetime.date) -> Found:
    """Return the content of ``project`` with its problems, the sound parts beside the broken."""
    library, problems = load(project.content, project.root)
    templates, _ = read_templates(project.templates)
    return Found(library, problems, _between_files(library, templates, today))


def _between_files(
    library: Library, templates: Mapping[str, str], today: datetime.date
) -> list[Problem]:
    return [*check(library, today), *unknown_themes(library, theme_names(templates))]


def build(
    project: Project,
    request: Request,
    *,
    today: datetime.date,
    progress: Progress = lambda step: None,
    use_cache: bool = True,
) -> Build:
    """Write the guide that was asked for, in each of its editions and formats, as one set.

    With ``use_cache`` what an earlier build made of the very same content is taken from there.

    Raises RequestError for what does not exist, ContentError or RenderError when something is
    wrong, WriteError when a file can't be written. Whatever is raised, old files stay whole.
    """
    progress("reading content")
    jobs, warnings = jobs_for(project, request, today)
    kept = Kept(project.cache) if use_cache else None
    made = [(job, _made(job, kept, project.cache, progress)) for job in jobs]
    progress("writing")
    built = write(made, output_folder(project, request))
    return Build(built, (*warnings, *(each for one in built for each in one.warnings)))


def _made(job: Job, kept: Kept | None, cache: Path, progress: Progress) -> Made:
    made = kept.get(job) if kept else None
    if made is None:
        made = make(job, cache, progress)
        if kept:
            kept.put(job, made)
    return made


def jobs_for(
    project: Project, request: Request, today: datetime.date
) -> tuple[list[Job], list[Problem]]:
    """Return the jobs of a request, and the content's warnings.

    Errors in other guides and courses are none of its business; for any other, raises
    ContentError with all that is wrong. Raises RequestError for what does not exist.
    """
    found = read(project, today)
    templates, faults = read_templates(project.templates)
    if faults or problems_of(found, None, ()):
        raise ContentError([*found.errors, *faults])
    try:
        names = guides_of(found, request.course, request.guide)
    except ContentError:
        raise ContentError(found.errors) from None
    refuse_theme(request, templates)
    jobs = [job for name in names for job in jobs_of(found.library, request, name, templates)]
    return jobs, found.warnings


def refuse_theme(request: Request, templates: Mapping[str, str]) -> None:
    """Raise RequestError for a theme that does not exist or can't be imposed as was asked for.

    Raises ContentError for one that can't be used.
    """
    if why := refusal(request.impositions, look_of(templates, request.theme)):
        raise RequestError(why)


def jobs_of(
    library: Library, request: Request, guide: str, templates: Mapping[str, str]
) -> list[Job]:
    """Return a job for each edition and theme that is asked for, or that the course lists."""
    course = effective(request.course, library.courses) if request.course else None
    formats = request.formats or (course.formats if course else ()) or ("pdf", "html")
    if request.impositions and "pdf" not in formats:
        formats = ("pdf", *formats)
    editions = request.editions or (course.editions if course else ()) or ("complete",)
    themes = [request.theme] if request.theme else [None, *(course.themes if course else ())]
    # A course's handouts come once in each theme, with the first edition of its first guide.
    first = course is not None and next(iter(course.guides)) == guide
    return [
        Job(
            guide=guide,
            library=library,
            templates=templates,
            course=request.course,
            edition=edition,
            choice=request.choice,
            formats=formats,
            paper=request.paper,
            handouts=course.handouts if course and first and number == 0 else (),
            impositions=request.impositions,
            preflight=request.preflight,
            theme=theme,
        )
        for theme in dict.fromkeys(themes)
        for number, edition in enumerate(dict.fromkeys(editions))
    ]


def write(made: Iterable[tuple[Job, Made]], folder: Path) -> tuple[Built, ...]:
    """Write the files of jobs into ``folder``, all or none, and say what they are.

    When they are all there already, none is touched.
    """
    results = list(made)
    contents = {name: data for _, each in results for name, data in each.contents.items()}
    if not holds(folder, contents):
        write_all(contents, folder)
    return tuple(
        Built(
            job,
            each.edition,
            each.code,
            tuple(_outputs(job, each, folder)),
            each.reasons,
            each.warnings,
            each.of_pages,
        )
        for job, each in results
    )


def _outputs(job: Job, made: Made, folder: Path) -> Iterable[Output]:
    for name, data in made.contents.items():
        format_ = name.rpartition(".")[2]
        pages = made.pages if name == f"{job.stem}.pdf" else made.imposed.get(name)
        yield Output(folder / name, format_, len(data), pages, name in made.imposed)


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


def read_comparisons(
    project: Project, course: str | None, today: datetime.date
) -> tuple[Library, list[Problem]]:
    """Return what handouts and worksheets draw on, and the content's warnings.

    Errors in files that they do not use, such as guides, are let be; for any other raises
    ContentError, those of single files first, since the rest may only follow from them.
    """
    library, problems = load(project.content, project.root)
    unused = {"guides"} if course else {"guides", "courses"}
    _refuse_errors(problems, unused)
    problems = [*problems, *check(library, today)]
    _refuse_errors(problems, unused)
    return library, [problem for problem in problems if problem.severity == "warning"]


def _refuse_errors(problems: Sequence[Problem], unused: set[str]) -> None:
    errors = [
        problem
        for problem in problems
        if problem.severity == "error" and Path(problem.origin.file).parent.name not in unused
    ]
    if errors:
        raise ContentError(errors)


def guide_of(project: Project, asked: str | None) -> Guide:
    """Return one whole guide; raises as :func:`build` does."""
    library, problems = load(project.content, project.root)
    (name,) = guides_of(Found(library, problems), None, asked)
    return library.guides[name]


def write_differences(
    differences: Mapping[str, Difference],
    formats: Sequence[Format],
    folder: Path,
    *,
    project: Project,
    place: Origin,
) -> list[Path]:
    """Write each difference, by the id of its guide, as ``<guide>-diff.pdf`` or ``.html``.

    Raises RenderError, with problems at ``place``, or WriteError.
    """
    templates = load_templates(project.templates)
    contents = contained(
        lambda told: {
            f"{guide}-diff.{format_}": finish(
                difference, format_, templates, project.cache, place, "diff.html.jinja"
            )[0]
            for guide, difference in differences.items()
            for format_ in dict.fromkeys(formats)
        },
        place,
    )
    return write_all(contents, folder)

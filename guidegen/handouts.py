"""Comparison handouts, from a request to files: narrow, compose, climb the ladder, write."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guidegen.agreement import Plain
from guidegen.checks import check
from guidegen.comparing import Gathered, Part, gather, narrow
from guidegen.courses import changed_library, effective
from guidegen.fitting import LANGUAGE, Chosen, HandoutMaker, Laid
from guidegen.jobs import Format, Progress
from guidegen.ladder import Climb, Orientation, Plan, Refused, Wish
from guidegen.loader import load
from guidegen.markup import references_in
from guidegen.models import Comparison, ComparisonBlock, Course, CourseGuide, Library, Paper, walk
from guidegen.origin import Text
from guidegen.pipeline import Output
from guidegen.problems import ContentError, Problem, RequestError, unknown
from guidegen.project import Project
from guidegen.renderers.html import load_templates
from guidegen.writer import write_all

COPIES = (1, 2, 4)


@dataclass(frozen=True, slots=True)
class HandoutRequest:
    """What was asked for; ``names`` is one comparison, or two subjects and more."""

    names: tuple[str, ...]
    part: Part = field(default_factory=Part)
    course: str | None = None
    formats: tuple[Format, ...] = ()
    paper: Paper | None = None
    orientation: Orientation | None = None
    is_transposed: bool = False
    pages: int | None = None
    copies: int = 1
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class MadeHandout:
    """What was written; ``plan`` is the layout taken, None without a PDF."""

    chosen: Chosen
    code: str
    plan: Plan | None
    refused: tuple[Refused, ...]
    outputs: tuple[Output, ...]
    warnings: tuple[Problem, ...]


def compare(
    project: Project,
    request: HandoutRequest,
    *,
    today: datetime.date,
    progress: Progress = lambda step: None,
) -> MadeHandout:
    """Write the handout that was asked for, in each format.

    Raises RequestError for what does not exist or does not fit, ContentError or RenderError when
    something is wrong, WriteError when a file can't be written.
    """
    if request.copies not in COPIES:
        raise RequestError("copies on a sheet can be 1, 2 or 4")
    progress("reading content")
    library, warnings = _read(project, request, today)
    chosen = choose(library, request)
    paper = request.paper or (chosen.course.paper if chosen.course else None) or "letter"
    formats = request.formats or (chosen.course.formats if chosen.course else ()) or ("pdf", "html")
    maker = HandoutMaker(chosen, load_templates(project.templates), project.cache, paper, progress)
    wish = Wish(paper, request.orientation, request.is_transposed, request.pages, request.copies)
    contents: dict[str, bytes] = {}
    climbed: Climb[Laid] | None = None
    for format_ in dict.fromkeys(formats):
        if format_ == "pdf":
            climbed = maker.climb(wish)
        contents[f"{chosen.name}-comparison.{format_}"] = (
            maker.pdf(climbed)
            if climbed and format_ == "pdf"
            else maker.html(is_transposed=request.is_transposed)
        )
    progress("writing")
    folder = request.output or project.output / (request.course or "")
    write_all(contents, folder)
    taken = climbed.taken if climbed else None
    return MadeHandout(
        chosen=chosen,
        code=maker.handout(request.copies).view.code,
        plan=taken[0] if taken else None,
        refused=climbed.refused if climbed else (),
        outputs=tuple(
            Output(
                folder / name,
                name.rpartition(".")[2],
                len(content),
                taken[1].pages if taken and name.endswith(".pdf") else None,
            )
            for name, content in contents.items()
        ),
        warnings=_of_facts(chosen, warnings),
    )


def _read(
    project: Project, request: HandoutRequest, today: datetime.date
) -> tuple[Library, list[Problem]]:
    """Return library and warnings; errors in files that the handout does not use are let be."""
    library, problems = load(project.content, project.root)
    problems += check(library, today)
    unused = {"guides"} if request.course else {"guides", "courses"}
    errors = [
        problem
        for problem in problems
        if problem.severity == "error" and Path(problem.origin.file).parent.name not in unused
    ]
    if errors:
        raise ContentError(errors)
    return library, [problem for problem in problems if problem.severity == "warning"]


def _of_facts(chosen: Chosen, warnings: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the warnings about facts that the handout prints."""
    texts = (each for each in walk(chosen.comparison) if isinstance(each, Text))
    used = {each.target for text in texts for each in references_in(text) if each.kind == "fact"}
    facts = [chosen.library.facts[name] for name in used]
    origins = {origin for fact in facts for origin in (fact.origin, fact.review_by.origin)}
    return tuple(problem for problem in warnings if problem.origin in origins)


# --- what to print


def choose(library: Library, request: HandoutRequest) -> Chosen:
    """Return the comparison asked for, as the course has it and narrowed as was asked.

    Raises RequestError for what does not exist.
    """
    course = None
    if request.course is not None:
        _refuse_unknown("course", request.course, library.courses)
        course = effective(request.course, library.courses)
        library = _library_of(course, library, request.names)
    plain = Plain(library, (course.language if course else None) or LANGUAGE)
    gathered = _gathered(request.names, library)
    comparison = narrow(gathered.comparison, request.part, plain)
    return Chosen(
        name="-".join(request.names),
        comparison=comparison,
        library=library,
        course=course,
        subtitle=_subtitle(gathered, comparison, library, request.part, plain),
        files=gathered.files,
        left_out=gathered.left_out,
        has_all=not request.part.differences_only,
    )


def _refuse_unknown(what: str, asked: str, known: Mapping[str, object]) -> None:
    if asked not in known:
        message, hint = unknown(what, asked, known)
        raise RequestError(f"{message} ({hint})")


def _library_of(course: Course, library: Library, names: Sequence[str]) -> Library:
    """Return the library as that guide of the course has it which shows the comparison."""
    guides = [*course.guides.items()]
    guides.sort(
        key=lambda item: (not _narrows(item[1], names), not _shows(item[0], library, names))
    )
    return changed_library(library, guides[0][1])[0] if guides else library


def _narrows(taken: CourseGuide, names: Sequence[str]) -> bool:
    return any(name in taken.comparisons for name in names)


def _shows(guide: str, library: Library, names: Sequence[str]) -> bool:
    blocks = (each for each in walk(library.guides.get(guide)) if isinstance(each, ComparisonBlock))
    return any(block.comparison in names for block in blocks)


def _gathered(names: Sequence[str], library: Library) -> Gathered:
    if len(names) == 1:
        name = names[0]
        subjects = (each for file in library.comparisons.values() for each in file.subjects)
        if name not in library.comparisons and any(subject.id == name for subject in subjects):
            raise RequestError(f"{name!r} is a subject; name another to compare it with")
        _refuse_unknown("comparison", name, library.comparisons)
        return Gathered(library.comparisons[name], (name,))
    for name in names:
        if name in library.comparisons:
            raise RequestError(f"{name!r} is a comparison; print one at a time, or name subjects")
    return gather(names, library.comparisons)


def _subtitle(
    gathered: Gathered, shown: Comparison, library: Library, part: Part, plain: Plain
) -> str:
    """Return what was narrowed, against the whole as the course or the files have it."""
    whole = gathered.comparison
    of_file = library.comparisons[gathered.files[0]] if len(gathered.files) == 1 else whole
    said = []
    if len(shown.subjects) < len(of_file.subjects):
        said.append(", ".join(plain.name(subject.name) for subject in shown.subjects))
    if part.group:
        said.append(plain.name(next(iter(shown.criteria)).group or ""))
    if len(shown.criteria) < len(whole.criteria):
        why = "only where they differ, " if part.differences_only else ""
        said.append(f"{why}{len(shown.criteria)} of {len(whole.criteria)} aspects")
    return " · ".join(said)

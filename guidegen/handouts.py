"""Comparison handouts, from a request to files: narrow, compose, climb the ladder, write."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.containment import contained
from guidegen.fitting import Chosen, HandoutMaker
from guidegen.jobs import Format, Progress
from guidegen.ladder import Orientation, Plan, Refused, Wish
from guidegen.markup import references_in
from guidegen.models import Paper, walk
from guidegen.origin import Text
from guidegen.pipeline import Output, read_comparisons
from guidegen.preflight import Verdict
from guidegen.problems import Problem, RequestError
from guidegen.project import Project
from guidegen.renderers.html import load_templates
from guidegen.themes import look_of
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
    preflight: Verdict = "stop"
    theme: str | None = None


@dataclass(frozen=True, slots=True)
class MadeHandout:
    """What was written; ``plan`` is the layout taken, None without a PDF.

    ``of_pages`` are problems with pages that were let pass.
    """

    chosen: Chosen
    code: str
    plan: Plan | None
    refused: tuple[Refused, ...]
    outputs: tuple[Output, ...]
    warnings: tuple[Problem, ...]
    of_pages: tuple[Problem, ...] = ()


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
    templates = load_templates(project.templates)
    look = look_of(templates, request.theme)
    progress("reading content")
    library, warnings = read_comparisons(project, request.course, today)
    chosen = choose(library, request.names, request.part, request.course)
    paper = request.paper or (chosen.course.paper if chosen.course else None) or "letter"
    formats = request.formats or (chosen.course.formats if chosen.course else ()) or ("pdf", "html")
    maker = HandoutMaker(
        chosen, templates, project.cache, paper, preflight=request.preflight, look=look
    )
    wish = Wish(
        paper, request.orientation, request.is_transposed, request.pages, request.copies, look
    )
    printed = contained(
        lambda told: maker.telling(told).files(wish, formats), chosen.comparison.origin, progress
    )
    progress("writing")
    folder = request.output or project.output / (request.course or "")
    write_all(printed.contents, folder)
    return MadeHandout(
        chosen=chosen,
        code=maker.handout(request.copies).view.code,
        plan=printed.plan,
        refused=printed.refused,
        outputs=tuple(
            Output(
                folder / name,
                name.rpartition(".")[2],
                len(content),
                printed.pages if name.endswith(".pdf") else None,
            )
            for name, content in printed.contents.items()
        ),
        warnings=_of_facts(chosen, warnings),
        of_pages=printed.of_pages,
    )


def _of_facts(chosen: Chosen, warnings: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return the warnings about facts that the handout prints."""
    texts = (each for each in walk(chosen.comparison) if isinstance(each, Text))
    used = {each.target for text in texts for each in references_in(text) if each.kind == "fact"}
    facts = [chosen.library.facts[name] for name in used]
    origins = {origin for fact in facts for origin in (fact.origin, fact.review_by.origin)}
    return tuple(problem for problem in warnings if problem.origin in origins)

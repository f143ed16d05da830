"""`guidegen build`."""

from __future__ import annotations

import sys
from typing import Any, cast

from guidegen import pipeline
from guidegen.cli.app import app
from guidegen.cli.options import (
    CourseOption,
    EditionOption,
    FormatOption,
    GuideArgument,
    JsonOption,
    OutOption,
    PaperOption,
    PickOption,
    ProjectOption,
    QuietOption,
    SectionOption,
    SkipOption,
    TagOption,
)
from guidegen.cli.printing import (
    find_project,
    print_json,
    print_line,
    progress_of,
    report,
    shown,
    today,
)
from guidegen.jobs import Format
from guidegen.models import Guide
from guidegen.pipeline import Build, Built, Request
from guidegen.problems import RequestError
from guidegen.project import Project
from guidegen.selection import Choice


@app.command()
def build(
    guide: GuideArgument = None,
    section: SectionOption = None,
    skip: SkipOption = None,
    tag: TagOption = None,
    course: CourseOption = None,
    edition: EditionOption = None,
    pick: PickOption = False,
    formats: FormatOption = None,
    paper: PaperOption = None,
    output: OutOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print a guide, whole or the sections chosen, as PDF and HTML.

    Sections come in the order of the guide, or in the order in which -s names them. Contents,
    numbers, references, glossary and sources follow the selection.
    """
    found = find_project(project)
    choice = Choice(tuple(section or ()), tuple(skip or ()), tuple(tag or ()))
    if pick:
        choice = _pick(found, guide)
    request = Request(
        guide=guide,
        course=course,
        editions=tuple(each.value for each in edition or ()),
        choice=choice,
        formats=_formats(formats) if formats else (),
        paper=paper.value if paper else None,
        output=output,
    )
    with progress_of(quiet or as_json) as progress:
        built = pipeline.build(found, request, today=today(), progress=progress)
    if as_json:
        warnings = [problem.as_dict() for problem in built.warnings]
        print_json({"built": [_built_as_dict(each) for each in built.built], "problems": warnings})
    elif not quiet:
        report(built.warnings)
        _print_outputs(built)


def _formats(text: str) -> tuple[Format, ...]:
    formats = tuple(part.strip().lower() for part in text.split(","))
    for name in formats:
        if name not in ("pdf", "html"):
            raise RequestError(f"there is no format {name!r} (there are: pdf, html)")
    return cast("tuple[Format, ...]", formats)


def _pick(project: Project, guide: str | None) -> Choice:
    """Ask for the sections in the terminal."""
    if not sys.stdin.isatty():
        raise RequestError("--pick needs a terminal; name sections with -s instead")
    import questionary  # the toolkit behind it is slow to import

    whole: Guide = pipeline.guide_of(project, guide)
    choices = [
        questionary.Choice(f"{section.title}  ({section.id})", value=str(section.id), checked=True)
        for section in whole.sections
        if not section.is_generated
    ]
    picked = questionary.checkbox(f"Sections of {whole.title}", choices=choices).ask()
    if not picked:
        raise RequestError("no section was chosen; nothing was written")
    return Choice(sections=tuple(picked))


def _built_as_dict(built: Built) -> dict[str, Any]:
    return {
        "guide": built.job.guide,
        "course": built.job.course,
        "kind": built.job.edition,
        "edition": built.edition,
        "code": built.code,
        "reasons": [reason.as_dict() for reason in built.reasons],
        "outputs": [
            {
                "path": str(output.path),
                "format": output.format,
                "pages": output.pages,
                "bytes": output.bytes,
            }
            for output in built.outputs
        ],
    }


def _print_outputs(built: Build) -> None:
    for output in (output for each in built.built for output in each.outputs):
        pages = f"{output.pages} pages, " if output.pages else ""
        print_line(f"wrote {shown(output.path)} ({pages}{output.bytes / 1024:.0f} KB)")

"""`guidegen compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from guidegen import handouts
from guidegen.cli.app import app
from guidegen.cli.options import (
    CourseOption,
    CriteriaOption,
    FormatOption,
    JsonOption,
    KeyOption,
    OutOption,
    PaperOption,
    PaperSize,
    PreflightName,
    PreflightOption,
    ProjectOption,
    QuietOption,
    SubjectsOption,
    ThemeOption,
    parse_formats,
    parse_names,
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
from guidegen.cli.worksheets import write_worksheets
from guidegen.comparing import Part
from guidegen.handouts import HandoutRequest, MadeHandout
from guidegen.ladder import Orientation
from guidegen.problems import RequestError
from guidegen.worksheet_jobs import WorksheetRequest
from guidegen.worksheets import Wish


class OrientationName(StrEnum):
    """How the paper is held."""

    auto = "auto"
    portrait = "portrait"
    landscape = "landscape"


NamesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="COMPARISON | SUBJECT SUBJECT ...",
        help="Id of a comparison, or of two subjects or more that share criteria.",
    ),
]
GroupOption = Annotated[str | None, typer.Option("--group", help="Show this group of criteria.")]
DifferencesOption = Annotated[
    bool, typer.Option("--differences-only", help="Leave out what is the same in all subjects.")
]
TransposeOption = Annotated[
    bool, typer.Option("--transpose", help="Set subjects as rows and criteria as columns.")
]
OrientationOption = Annotated[
    OrientationName, typer.Option("--orientation", help="Default: whichever holds the table.")
]
PagesOption = Annotated[
    int | None, typer.Option("--pages", min=1, help="Fail when it takes more pages than this.")
]
BlankOption = Annotated[
    bool, typer.Option("--blank", help="Print the table with its cells to be filled in.")
]
CopiesOption = Annotated[
    int, typer.Option("--copies-per-sheet", help="1, 2 or 4 small copies, to be cut apart.")
]


@app.command()
def compare(
    names: NamesArgument,
    subjects: SubjectsOption = None,
    criteria: CriteriaOption = None,
    group: GroupOption = None,
    differences_only: DifferencesOption = False,
    transpose: TransposeOption = False,
    course: CourseOption = None,
    formats: FormatOption = None,
    paper: PaperOption = None,
    orientation: OrientationOption = OrientationName.auto,
    pages: PagesOption = None,
    copies: CopiesOption = 1,
    blank: BlankOption = False,
    key: KeyOption = False,
    theme: ThemeOption = None,
    output: OutOption = None,
    preflight: PreflightOption = PreflightName.stop,
    project: ProjectOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print a comparison as a handout that fits its paper.

    What agrees and what differs is marked by a sign, numbers are drawn on a scale, and a digest
    says what is the same. `guidegen list` shows the comparisons.
    """
    part = Part(parse_names(subjects), parse_names(criteria), group, differences_only)
    if blank or key:
        sheet = _blank_request(names, part, course, formats, paper, output, theme, with_key=key)
        sheet = replace(sheet, preflight=preflight.value)
        write_worksheets(find_project(project), sheet, as_json=as_json, quiet=quiet)
        return
    request = HandoutRequest(
        names=tuple(names),
        part=part,
        course=course,
        formats=parse_formats(formats) if formats else (),
        paper=paper.value if paper else None,
        orientation=_orientation(orientation),
        is_transposed=transpose,
        pages=pages,
        copies=copies,
        output=output,
        preflight=preflight.value,
        theme=theme,
    )
    found = find_project(project)
    with progress_of(quiet or as_json) as progress:
        made = handouts.compare(found, request, today=today(), progress=progress)
    if as_json:
        print_json(_as_dict(made))
        return
    report(() if quiet else made.warnings)
    report(made.of_pages)
    if not quiet:
        _print(made)


def _blank_request(
    names: Sequence[str],
    part: Part,
    course: str | None,
    formats: str | None,
    paper: PaperSize | None,
    output: Path | None,
    theme: str | None,
    *,
    with_key: bool,
) -> WorksheetRequest:
    """Return the request for the same table with its cells to be filled in."""
    if len(names) > 1:
        raise RequestError("--blank and --key take one comparison, not a list of subjects")
    return WorksheetRequest(
        comparison=names[0],
        wish=Wish("blank"),
        with_key=with_key,
        part=part,
        course=course,
        formats=parse_formats(formats) if formats else (),
        paper=paper.value if paper else None,
        output=output,
        theme=theme,
    )


def _orientation(name: OrientationName) -> Orientation | None:
    match name:
        case OrientationName.auto:
            return None
        case OrientationName.portrait:
            return "portrait"
        case OrientationName.landscape:
            return "landscape"


def _print(made: MadeHandout) -> None:
    for output in made.outputs:
        layout = ""
        if output.pages:
            pages = "1 page" if output.pages == 1 else f"{output.pages} pages"
            layout = f"{pages}, {made.plan}, "
        print_line(f"wrote {shown(output.path)} ({layout}{output.bytes / 1024:.0f} KB)")
    if len(made.chosen.files) > 1:
        print_line(f"put together from {', '.join(made.chosen.files)}")
    if made.chosen.left_out:
        names = ", ".join(made.chosen.left_out)
        print_line(f"left out, since not every subject has a value: {names}")


def _as_dict(made: MadeHandout) -> dict[str, Any]:
    comparison, plan = made.chosen.comparison, made.plan
    return {
        "comparison": made.chosen.name,
        "files": list(made.chosen.files),
        "subjects": [str(subject.id) for subject in comparison.subjects],
        "criteria": [str(criterion.id) for criterion in comparison.criteria],
        "left_out": list(made.chosen.left_out),
        "code": made.code,
        "rung": plan.rung if plan else None,
        "layout": str(plan) if plan else None,
        "refused": [
            {"rung": each.plan.rung, "layout": str(each.plan), "why": each.why}
            for each in made.refused
        ],
        "outputs": [output.as_dict() for output in made.outputs],
        "problems": [problem.as_dict() for problem in (*made.warnings, *made.of_pages)],
    }

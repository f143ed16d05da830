"""`guidegen worksheet`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from guidegen import settings, worksheet_jobs
from guidegen.cli.app import app
from guidegen.cli.options import (
    CourseOption,
    CriteriaOption,
    FormatOption,
    JsonOption,
    KeyOption,
    OutOption,
    PaperOption,
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
    say,
    shown,
    today,
)
from guidegen.comparing import Part
from guidegen.problems import RequestError
from guidegen.project import Project
from guidegen.settings import Settings
from guidegen.worksheet_jobs import MadeWorksheet, SheetFile, WorksheetRequest
from guidegen.worksheets import Skipped, Wish


class KindName(StrEnum):
    """What the sheet asks for."""

    blank = "blank"
    cloze = "cloze"
    matching = "matching"
    cards = "cards"
    quiz = "quiz"


class GivenName(StrEnum):
    """Which cells of a blank table are printed."""

    none = "none"
    half = "half"
    first_column = "first-column"


class FlipName(StrEnum):
    """On which edge the printer turns the paper."""

    long = "long"
    short = "short"


ComparisonArgument = Annotated[
    str | None, typer.Argument(metavar="[COMPARISON]", help="Id, as `guidegen list` shows.")
]
KindOption = Annotated[
    KindName | None, typer.Option("--kind", help="blank, cloze, matching, cards or quiz.")
]
SeedOption = Annotated[
    int, typer.Option("--seed", help="The same number gives the same sheets. Default: 1.")
]
VariantsOption = Annotated[
    str | None, typer.Option("--variants", help="Sheets in different order: A,B,C.")
]
GivenOption = Annotated[
    GivenName, typer.Option("--given", help="Cells that a blank table gives: none, half, ...")
]
BankOption = Annotated[
    bool, typer.Option("--bank", help="Print the missing words of a cloze list.")
]
FlipOption = Annotated[
    FlipName, typer.Option("--flip", help="On which edge the printer turns cards: long or short.")
]
CalibrationOption = Annotated[
    bool, typer.Option("--calibration", help="Print a sheet to measure how far backs are off.")
]
SetOffsetOption = Annotated[
    str | None,
    typer.Option("--set-offset", metavar="X,Y", help="Keep the measured offset, in mm."),
]


@app.command()
def worksheet(
    comparison: ComparisonArgument = None,
    kind: KindOption = None,
    seed: SeedOption = 1,
    variants: VariantsOption = None,
    key: KeyOption = False,
    given: GivenOption = GivenName.none,
    bank: BankOption = False,
    flip: FlipOption = FlipName.long,
    subjects: SubjectsOption = None,
    criteria: CriteriaOption = None,
    course: CourseOption = None,
    formats: FormatOption = None,
    paper: PaperOption = None,
    theme: ThemeOption = None,
    output: OutOption = None,
    preflight: PreflightOption = PreflightName.stop,
    calibration: CalibrationOption = False,
    set_offset: SetOffsetOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print an exercise made of a comparison: a table to fill in, gaps, pairs, cards or a quiz.

    The sheet never holds an answer (but for the backs of cards); --key writes them to a file of
    its own, under the same labels.
    """
    if set_offset is not None:
        _keep_offset(set_offset)
        return
    found = find_project(project)
    if calibration:
        sheet = worksheet_jobs.make_calibration(
            found, paper.value if paper else None, flip.value, output
        )
        _print_sheets([sheet], as_json)
        return
    if comparison is None or kind is None:
        raise RequestError("name a comparison and a --kind (`guidegen list` shows comparisons)")
    request = WorksheetRequest(
        comparison=comparison,
        wish=Wish(kind.value, seed, given.value, bank),
        variants=parse_names(variants),
        with_key=key,
        part=Part(parse_names(subjects), parse_names(criteria)),
        course=course,
        formats=parse_formats(formats) if formats else (),
        paper=paper.value if paper else None,
        flip=flip.value,
        output=output,
        preflight=preflight.value,
        theme=theme,
    )
    write_worksheets(found, request, as_json=as_json, quiet=quiet)


def write_worksheets(
    found: Project, request: WorksheetRequest, *, as_json: bool, quiet: bool
) -> None:
    """Write the sheets that were asked for, and say what they are."""
    offset = settings.read_settings(settings.settings_folder()).back_offset
    with progress_of(quiet or as_json) as progress:
        made = worksheet_jobs.make_worksheets(
            found, request, today=today(), offset=offset, progress=progress
        )
    if as_json:
        print_json(_as_dict(request, made))
        return
    report(made.of_pages)
    if not quiet:
        _print(made)


def _keep_offset(text: str) -> None:
    offset = settings.parse_offset(text)
    path = settings.write_settings(Settings(offset), settings.settings_folder())
    print_line(f"wrote {shown(path)} (backs move {offset.x:g} mm right, {offset.y:g} mm down)")


def _print_sheets(sheets: list[SheetFile], as_json: bool) -> None:
    if as_json:
        print_json({"outputs": [_file_as_dict(sheet) for sheet in sheets]})
    else:
        for sheet in sheets:
            _print_file(sheet)


def _print(made: MadeWorksheet) -> None:
    report(made.warnings)
    for line in _skipped_lines(made.skipped):
        say(line)
    for file in made.files:
        _print_file(file)


def _skipped_lines(skipped: Sequence[Skipped]) -> Iterator[str]:
    """Yield a line for each criterion and reason, with the subjects that it holds for."""
    subjects: dict[tuple[str, str], list[str]] = {}
    for each in skipped:
        subjects.setdefault((each.criterion, each.why), []).append(each.subject)
    for (criterion, why), names in subjects.items():
        listed = ", ".join(filter(None, names))
        what = f"{criterion} ({listed})" if criterion and listed else criterion or listed
        yield f"left out {what}: {why}"


def _print_file(file: SheetFile) -> None:
    parts = [f"{file.bytes / 1024:.0f} KB"]
    if file.pages:
        parts.insert(0, "1 page" if file.pages == 1 else f"{file.pages} pages")
    if file.items:
        parts.insert(0, "1 item" if file.items == 1 else f"{file.items} items")
    print_line(f"wrote {shown(file.path)} ({', '.join(parts)})")


def _as_dict(request: WorksheetRequest, made: MadeWorksheet) -> dict[str, Any]:
    return {
        "comparison": request.comparison,
        "kind": request.wish.kind,
        "seed": request.wish.seed,
        "outputs": [_file_as_dict(file) for file in made.files],
        "skipped": [
            {"criterion": each.criterion, "subject": each.subject, "why": each.why}
            for each in made.skipped
        ],
        "problems": [problem.as_dict() for problem in (*made.warnings, *made.of_pages)],
    }


def _file_as_dict(file: SheetFile) -> dict[str, Any]:
    return {
        "path": str(file.path),
        "format": file.format,
        "pages": file.pages,
        "bytes": file.bytes,
        "variant": file.variant or None,
        "key": file.is_key,
        "code": file.code,
        "items": file.items,
    }

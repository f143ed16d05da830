"""The command line: parses arguments, prints, and turns errors into exit codes.

0 all is well, 1 something is wrong with the content or the machine, 2 wrong usage.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NoReturn, cast

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from guidegen import __version__, doctor, overview, pipeline, schema, starter
from guidegen.jobs import Format
from guidegen.models import Guide
from guidegen.pipeline import Build, Built, Request
from guidegen.problems import ContentError, Problem, RequestError
from guidegen.project import Project, find
from guidegen.selection import Choice
from guidegen.writer import WriteError

app = typer.Typer(
    name="guidegen",
    help="Printable study guides and comparison handouts from content files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class PaperSize(StrEnum):
    """Paper that a guide can be printed on."""

    letter = "letter"
    a4 = "a4"


class EditionName(StrEnum):
    """For whom a guide is printed."""

    complete = "complete"
    student = "student"
    instructor = "instructor"
    key = "key"


ProjectOption = Annotated[
    Path | None,
    typer.Option("--project", help="Folder that holds content/. Default: the nearest one upward."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print plain data for programs.")]
GuideArgument = Annotated[
    str | None, typer.Argument(metavar="[GUIDE]", help="Id of the guide, as `guidegen list` shows.")
]
SectionOption = Annotated[
    list[str] | None,
    typer.Option("--section", "-s", help="Section to print; several come in the order given."),
]
SkipOption = Annotated[list[str] | None, typer.Option("--skip", help="Section to leave out.")]
TagOption = Annotated[
    list[str] | None, typer.Option("--tag", help="Print sections with this tag, in guide order.")
]
CourseOption = Annotated[str | None, typer.Option("--course", help="Print what this course takes.")]
EditionOption = Annotated[
    list[EditionName] | None,
    typer.Option("--edition", help="complete, student, instructor or key; may be given again."),
]
PickOption = Annotated[bool, typer.Option("--pick", help="Choose the sections from a list.")]
FormatOption = Annotated[
    str | None, typer.Option("--format", help="pdf, html, or both: pdf,html (the default).")
]
PaperOption = Annotated[
    PaperSize | None, typer.Option("--paper", help="Default: what the guide says.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder to write to. Default: build")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]


def main() -> None:
    """Run the command line; every foreseen error ends in a plain message and an exit code."""
    with _errors_in_plain_words():
        app()


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        _print(f"guidegen {__version__}")
        raise typer.Exit


@app.command("list")
def list_(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show guides with their sections, comparisons and courses."""
    found = _find(project)
    library, problems = pipeline.check_project(found, _today())
    content = overview.overview(library)
    if as_json:
        _print_json(content.as_dict())
    else:
        for guide in content.guides:
            out.print(_sections_table(guide))
        _print_titled("Comparisons", content.comparisons)
        _print_titled("Courses", content.courses)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        _report(errors)
        raise typer.Exit(1)


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
    found = _find(project)
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
    with _progress(quiet or as_json) as progress:
        built = pipeline.build(found, request, today=_today(), progress=progress)
    if as_json:
        warnings = [problem.as_dict() for problem in built.warnings]
        _print_json({"built": [_built_as_dict(each) for each in built.built], "problems": warnings})
    elif not quiet:
        _report(built.warnings)
        _print_outputs(built)


@app.command()
def check(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Check all content; print every problem with its place and how to mend it."""
    library, problems = pipeline.check_project(_find(project), _today())
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if as_json:
        _print_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        for problem in problems:
            _print(str(problem))
        guides = len(library.guides)
        _say(f"{guides} guides checked: {errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)


@app.command("labels")
def labels_(project: ProjectOption = None) -> None:
    """Fix the printed labels of every guide in its lock file, so that courses can share them."""
    for path in pipeline.write_labels(_find(project)):
        _print(f"wrote {_shown(path)}")


@app.command("schema")
def schema_(
    kind: Annotated[
        str | None, typer.Argument(help=f"One of: {', '.join(schema.KINDS)}. Default: all.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write all into content/schema of the project.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Print the JSON Schema of the content files, for editors."""
    if write:
        for path in starter.write_schemas(_find(project).content):
            _say(f"wrote {_shown(path)}")
    elif kind is None:
        _print_json(schema.whole_schema())
    elif kind in schema.KINDS:
        _print_json(schema.schema_of(kind))
    else:
        raise RequestError(f"there is no kind {kind!r}; there are: {', '.join(schema.KINDS)}")


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Make a small project of your own: a guide, a course and a README."""
    for path in starter.make_project(folder):
        _print(_shown(path))
    _say(f"Now run: guidegen build --project {folder}")


@app.command("doctor")
def doctor_(as_json: JsonOption = False) -> None:
    """Say what this machine has and lacks for printing, and how to mend it."""
    findings = doctor.examine()
    if as_json:
        _print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            sign = "ok     " if finding.ok else "MISSING"
            mend = f"   mend: {finding.mend}" if finding.mend else ""
            _print(f"{sign} {finding.name}: {finding.found}{mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def _find(folder: Path | None) -> Project:
    return find(folder, Path.cwd())


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


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


def _sections_table(guide: overview.GuideOverview) -> Table:
    title = f"{guide.id}: {guide.title}"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("section", "title", "tags"):
        table.add_column(name)
    for name in ("words", "pages"):
        table.add_column(name, justify="right")
    for section in guide.sections:
        words = "" if section.words is None else str(section.words)
        pages = "" if section.pages is None else f"~{section.pages}"
        table.add_row(section.id, RichText(section.title), ", ".join(section.tags), words, pages)
    return table


def _print_titled(heading: str, entries: Sequence[overview.Titled]) -> None:
    if entries:
        _print(f"\n{heading}")
        width = max(len(entry.id) for entry in entries)
        for entry in entries:
            _print(f"  {entry.id:{width}}  {entry.title}")


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
        _print(f"wrote {_shown(output.path)} ({pages}{output.bytes / 1024:.0f} KB)")


def _shown(path: Path) -> str:
    """Return the path as short as a person would type it."""
    with contextlib.suppress(ValueError):
        return str(path.resolve().relative_to(Path.cwd()))
    return str(path)


@contextlib.contextmanager
def _progress(silent: bool) -> Iterator[Callable[[str], None]]:
    if silent or not err.is_terminal:
        yield lambda step: None if silent else _say(f"{step} ...")
        return
    with err.status("starting") as status:
        yield status.update


@contextlib.contextmanager
def _errors_in_plain_words() -> Iterator[None]:
    try:
        yield
    except ContentError as error:
        _report(error.problems)
        _stop(1)
    except RequestError as error:
        _say(f"guidegen: {error}")
        _stop(2)
    except WriteError as error:
        _say(f"guidegen: {error}")
        _stop(1)


def _stop(code: int) -> NoReturn:
    raise SystemExit(code)


def _report(problems: Iterable[Problem]) -> None:
    for problem in problems:
        _say(str(problem))


def _say(text: str) -> None:
    err.print(RichText(text))


def _print(text: str) -> None:
    out.print(RichText(text))


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")

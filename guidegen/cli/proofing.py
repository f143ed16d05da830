"""`guidegen proof`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import JustifyMethod
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from guidegen import proof_jobs
from guidegen.cli.app import app
from guidegen.cli.options import (
    CourseOption,
    EditionOption,
    JsonOption,
    NoCacheOption,
    PaperOption,
    ProjectOption,
    QuietOption,
    ThemeOption,
    parse_path,
)
from guidegen.cli.printing import (
    find_project,
    out,
    print_json,
    print_line,
    progress_of,
    report,
    say,
    shown,
    today,
)
from guidegen.problems import counted
from guidegen.proof_jobs import ProofRequest, Proofs
from guidegen.proofs import Check, Proof, State
from guidegen.view.proof import SIGNS, SUMMARY, WORDS, rows_of, seen, summary_of, unseen, verdict_of

TargetsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE.pdf|GUIDE", help="Finished PDFs, or ids of guides."),
]
HtmlOption = Annotated[
    Path | None,
    typer.Option(
        "--html",
        parser=parse_path,
        metavar="FILE",
        help="Write the proofs to this web page, with a picture of each page.",
    ),
]
_STYLES: dict[State, str] = {
    "passed": "green",
    "failed": "bold red",
    "note": "cyan",
    "unseen": "dim",
}
# More sheets than that nobody reads in a terminal: a table, and what failed, take their place.
_MOST_SHEETS = 3
_MOST_FINDINGS = 5


@app.command()
def proof(
    targets: TargetsArgument = None,
    course: CourseOption = None,
    edition: EditionOption = None,
    paper: PaperOption = None,
    theme: ThemeOption = None,
    page: HtmlOption = None,
    no_cache: NoCacheOption = False,
    project: ProjectOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Look at finished PDFs, of any tool: what they hold, and what is wrong with them.

    A guide is made in memory first, and not written. More than three files give a table and what
    failed. Exit code 1 when a check fails.
    """
    request = ProofRequest(
        targets=tuple(targets or ()),
        course=course,
        editions=tuple(each.value for each in edition or ()),
        paper=paper.value if paper else None,
        theme=theme,
        page=page,
    )
    found = find_project(project)
    with progress_of(quiet or as_json) as progress:
        made = proof_jobs.prove_all(
            found, request, today=today(), progress=progress, use_cache=not no_cache
        )
    if as_json:
        print_json(_as_dict(made))
    else:
        _print(made, quiet=quiet)
    if made.problems or any(each.failed for each in made.proofs):
        raise typer.Exit(1)


def _as_dict(made: Proofs) -> dict[str, object]:
    return {
        "proofs": [each.as_dict() for each in made.proofs],
        "problems": [problem.as_dict() for problem in made.problems],
    }


def _print(made: Proofs, *, quiet: bool) -> None:
    proofs = [each for each in made.proofs if each.failed or not quiet]
    is_many = len(made.proofs) > _MOST_SHEETS
    if is_many and not quiet:
        out.print(_summary(proofs))
    for each in proofs:
        if is_many:
            _print_failed(each)
        else:
            _print_sheet(each)
    if made.page and not quiet:
        print_line(f"wrote {shown(made.page)}")
    report(made.problems)
    if len(made.proofs) + len(made.problems) > 1:
        failed = sum(bool(each.failed) for each in made.proofs)
        unread = f", {len(made.problems)} could not be read" if made.problems else ""
        say(f"{counted(len(made.proofs), 'file')} proved: {failed} failed a check{unread}")


def _summary(proofs: Sequence[Proof]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in SUMMARY:
        justify: JustifyMethod = "right" if name in ("pages", "words") else "left"
        table.add_column(name, justify=justify, no_wrap=name == "file", overflow="fold")
    for each in proofs:
        style = _STYLES["failed"] if each.failed else ""
        table.add_row(*(RichText(cell, style) for cell in summary_of(each)))
    return table


def _print_failed(each: Proof) -> None:
    if each.failed:
        out.print()
        _print_head(each)
    for check in each.failed:
        _print_check(check, most=_MOST_FINDINGS)


def _print_sheet(each: Proof) -> None:
    out.print()
    _print_head(each)
    for name, values in rows_of(each):
        for head, value in zip((name, *[""] * len(values)), values, strict=False):
            out.print(RichText.assemble(f"  {head:13} ", value))
    out.print()
    for check in seen(each.checks):
        _print_check(check)
    for why, codes in unseen(each.checks):
        _print_state("unseen", f"{why}: {', '.join(codes)}")


def _print_head(each: Proof) -> None:
    style = _STYLES["failed" if each.failed else "passed"]
    out.print(RichText.assemble((each.name, "bold"), "  ", (verdict_of(each), style)))


def _print_check(check: Check, *, most: int | None = None) -> None:
    _print_state(check.state, f"{check.code:18} {check.says}")
    lines = [str(finding) for finding in check.findings]
    for line in _cut(lines, most):
        out.print(Padding(RichText(line), (0, 0, 0, 13), expand=False), soft_wrap=False)


def _cut(lines: Sequence[str], most: int | None) -> Sequence[str]:
    if most is None or len(lines) <= most + 1:
        return lines
    return [*lines[:most], f"and {len(lines) - most} more"]


def _print_state(state: State, text: str) -> None:
    line = RichText.assemble((f"{SIGNS[state]} {WORDS[state]:8}", _STYLES[state]), f" {text}")
    out.print(Padding(line, (0, 0, 0, 2), expand=False), soft_wrap=False)

"""`guidegen build --all`, and `guidegen clean`, which forgets what it has kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from guidegen import batch
from guidegen.batch import Batch, Result, Told
from guidegen.cli.app import app
from guidegen.cli.options import ProjectOption
from guidegen.cli.printing import (
    err,
    find_project,
    out,
    print_json,
    print_line,
    report,
    say,
    shown,
    today,
)
from guidegen.pipeline import Built, Request
from guidegen.project import Project
from guidegen.writer import clear_cache


def build_all(
    project: Project,
    request: Request,
    *,
    jobs: int | None,
    scheduler: str | None,
    use_cache: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Build every course and print what became of each; exit code 1 when one failed."""
    with _progress(quiet or as_json) as told:
        made = batch.build_all(
            project,
            request,
            today=today(),
            jobs=jobs,
            scheduler=scheduler,
            use_cache=use_cache,
            told=told,
        )
    if as_json:
        print_json(_as_dict(made))
    else:
        _print(made, quiet)
    if made.failed:
        names = "; ".join(result.name for result in made.failed)
        say(f"guidegen: {len(made.failed)} of {len(made.results)} failed: {names}")
        raise typer.Exit(1)


@app.command("clean")
def clean_(project: ProjectOption = None) -> None:
    """Empty the cache: finished editions and fonts, which the next build makes anew."""
    cache = find_project(project).cache
    freed = clear_cache(cache)
    print_line(f"emptied {shown(cache)}, which freed {freed / 1_000_000:.1f} MB")


@contextlib.contextmanager
def _progress(silent: bool) -> Iterator[Told]:
    if silent or not err.is_terminal:
        yield lambda result, total: None if silent else say(f"{result.name}: {result.state}")
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("", total=None, last="reading content")

        def told(result: Result, total: int) -> None:
            bar.update(task, advance=1, total=total, last=f"{result.name}: {result.state}")

        yield told


def _print(made: Batch, quiet: bool) -> None:
    if not quiet:
        report(made.warnings)
        out.print(_table(made))
    # Courses of the same lineage fail for the same reason, which is told once.
    report(dict.fromkeys(problem for result in made.results for problem in result.problems))


def _table(made: Batch) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("course", "guide", "edition"):
        table.add_column(name)
    table.add_column("pages", justify="right")
    table.add_column("state")
    for result in made.results:
        sheets = [output.pages for output in _outputs(result) if output.pages]
        pages = str(sheets[0]) if sheets else ""
        style = "bold red" if result.state == "failed" else ""
        edition = ", ".join(filter(None, (result.edition, result.theme)))
        row = (result.course, result.guide, edition, pages, result.state)
        table.add_row(*row, style=style)
    return table


def _outputs(result: Result) -> Any:
    return result.built.outputs if result.built else ()


def _as_dict(made: Batch) -> dict[str, Any]:
    return {
        "results": [_result_as_dict(result) for result in made.results],
        "problems": [problem.as_dict() for problem in made.warnings],
    }


def _result_as_dict(result: Result) -> dict[str, Any]:
    return {
        "course": result.course,
        "guide": result.guide,
        "kind": result.edition,
        "theme": result.theme or None,
        "state": result.state,
        "problems": [problem.as_dict() for problem in result.problems],
    } | (built_as_dict(result.built) if result.built else {})


def built_as_dict(built: Built) -> dict[str, Any]:
    """Return what was made of one job as plain data for ``--json``."""
    return {
        "guide": built.job.guide,
        "course": built.job.course,
        "kind": built.job.edition,
        "theme": built.job.theme,
        "edition": built.edition,
        "code": built.code,
        "reasons": [reason.as_dict() for reason in built.reasons],
        "outputs": [output.as_dict() for output in built.outputs],
    }

"""Commands that only look: list and check."""

from __future__ import annotations

from collections.abc import Sequence

import typer
from rich.table import Table
from rich.text import Text as RichText

from guidegen import overview, pipeline
from guidegen.cli.app import app
from guidegen.cli.options import JsonOption, ProjectOption
from guidegen.cli.printing import find_project, out, print_json, print_line, report, say, today
from guidegen.problems import counted


@app.command("list")
def list_(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Show guides with their sections, comparisons and courses."""
    found = find_project(project)
    library, problems = pipeline.check_project(found, today())
    content = overview.overview(library)
    if as_json:
        print_json(content.as_dict())
    else:
        for guide in content.guides:
            out.print(_sections_table(guide))
        _print_titled("Comparisons", content.comparisons)
        _print_titled("Courses", content.courses)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        report(errors)
        raise typer.Exit(1)


@app.command()
def check(project: ProjectOption = None, as_json: JsonOption = False) -> None:
    """Check all content; print every problem with its place and how to mend it."""
    library, problems = pipeline.check_project(find_project(project), today())
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if as_json:
        print_json({"problems": [problem.as_dict() for problem in problems]})
    else:
        for problem in problems:
            print_line(str(problem))
        found = f"{counted(errors, 'error')}, {counted(warnings, 'warning')}"
        say(f"{counted(len(library.guides), 'guide')} checked: {found}")
    if errors:
        raise typer.Exit(1)


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
        print_line(f"\n{heading}")
        width = max(len(entry.id) for entry in entries)
        for entry in entries:
            print_line(f"  {entry.id:{width}}  {entry.title}")

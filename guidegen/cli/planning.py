"""Commands that explain courses: plan and diff."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as RichText

from guidegen import differences, pipeline, planning
from guidegen.cli.app import app
from guidegen.cli.options import (
    AllOption,
    CourseOption,
    EditionOption,
    FormatOption,
    GuideOption,
    JsonOption,
    OutOption,
    ProjectOption,
    parse_formats,
)
from guidegen.cli.printing import (
    find_project,
    out,
    print_json,
    print_line,
    report,
    say,
    shown,
    today,
)
from guidegen.found import guides_of, shared_guides
from guidegen.models import Edition
from guidegen.planning import Part, Plan
from guidegen.problems import Problem, RequestError
from guidegen.view.difference import ChangeView, Difference, Run

_GROUPS = {
    "guide": "Title",
    "section": "Sections",
    "block": "Blocks",
    "fact": "Facts",
    "comparison": "Comparisons",
}
_STYLES = {"": "", "+": "green underline", "−": "red strike"}


@app.command("plan")
def plan_(
    course: CourseOption = None,
    every: AllOption = False,
    guide: GuideOption = None,
    edition: EditionOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what each edition of a course will hold, and the reason for each part."""
    if every and course is not None:
        raise RequestError("say either --all or --course")
    found = pipeline.read(find_project(project), today())
    editions: tuple[Edition, ...] = tuple(each.value for each in edition or ())
    if every:
        plans, failed = planning.plan_all(found, guide, editions)
    elif course is not None:
        plans, failed = planning.plan_course(found, course, guide, editions), {}
    else:
        (name,) = guides_of(found, None, guide)
        plans, failed = [planning.plan(found.library, None, name, editions)], {}
    if as_json:
        print_json(_plans_as_dict(plans, failed))
    else:
        for each in plans:
            _print_plan(each)
        _report_failed(failed)
    if failed:
        raise typer.Exit(1)


@app.command("diff")
def diff_(
    course: Annotated[str, typer.Argument(help="Id of the course whose edition is looked at.")],
    other: Annotated[
        str, typer.Argument(help="Another course, or 'base' for the guide as it stands.")
    ] = differences.BASE,
    guide: GuideOption = None,
    formats: FormatOption = None,
    output: OutOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a course changes against the guide or another course, section by section.

    With --format it is written as a page to hand round instead.
    """
    where = find_project(project)
    asked = parse_formats(formats) if formats else ()
    against = _other_side(course, other)
    found = pipeline.read(where, today())
    told = {
        name: differences.compare(found.library, name, course, against)
        for name in shared_guides(found, course, against, guide)
    }
    paths = []
    if asked:
        folder, place = output or where.output / course, found.library.courses[course].origin
        paths = pipeline.write_differences(told, asked, folder, project=where, place=place)
    if as_json:
        print_json(_told_as_dict(course, other, told, paths))
    elif asked:
        for path in paths:
            print_line(f"wrote {shown(path)}")
    else:
        for each in told.values():
            _print_difference(each)


def _other_side(course: str, other: str) -> str | None:
    if other == course:
        raise RequestError("name two different courses, or 'base' for the guide as it stands")
    return None if other == differences.BASE else other


# --- plan


def _plans_as_dict(
    plans: Sequence[Plan], failed: Mapping[str, Sequence[Problem]]
) -> dict[str, object]:
    problems = {name: [each.as_dict() for each in own] for name, own in failed.items()}
    return {"plans": [each.as_dict() for each in plans], "failed": problems}


def _print_plan(plan: Plan) -> None:
    name = f"{plan.course}: {plan.guide}" if plan.course else plan.guide
    out.print(RichText.assemble("\n", (name, "bold"), f", {plan.title}"))
    out.print(_plan_table(plan))


def _plan_table(plan: Plan) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("label")
    table.add_column("part", overflow="fold", max_width=26)
    for edition in plan.editions:
        table.add_column(edition)
    table.add_column("reason", overflow="fold")
    for group, parts in groupby(plan.parts, lambda part: part.part):
        table.add_row("", RichText(_GROUPS[group], "bold"))
        # A tag can hide a dozen blocks that have no names of their own.
        for cells, number in Counter(_plan_row(part, plan) for part in parts).items():
            label, name, *rest = cells
            times = f" ({number} times)" if number > 1 else ""
            style = "dim" if _is_out(cells) else ""
            table.add_row(*(RichText(cell, style) for cell in (label, name + times, *rest)))
        table.add_section()
    return table


def _plan_row(part: Part, plan: Plan) -> tuple[str, ...]:
    words = {True: "in", False: "out", None: ""}
    editions = (words[part.printed.get(edition)] for edition in plan.editions)
    return part.label, part.name, *editions, "\n".join(map(str, part.reasons))


def _is_out(cells: Sequence[str]) -> bool:
    return "out" in cells and "in" not in cells


def _report_failed(failed: Mapping[str, Sequence[Problem]]) -> None:
    for course, problems in failed.items():
        say(f"no plan for the course {course}:")
        report(problems)


# --- diff


def _told_as_dict(
    course: str, other: str, told: Mapping[str, Difference], paths: Sequence[Path]
) -> dict[str, object]:
    return {
        "course": course,
        "other": other,
        "guides": {name: each.as_dict() for name, each in told.items()},
        "outputs": [str(path) for path in paths],
    }


def _print_difference(difference: Difference) -> None:
    out.print(RichText.assemble("\n", (difference.title, "bold")))
    print_line("\n".join((*difference.about, difference.lead)))
    _print_changes("The guide as a whole", difference.general)
    for section in difference.sections:
        _print_changes(f"{section.label} {section.title}".strip(), section.changes)
    if difference.facts:
        _print_heading("Facts")
    for fact in difference.facts:
        runs = (Run("−", fact.old), Run("+", fact.new))
        _print_indented(f"{fact.label}:", runs, f"source: {fact.source}")
    if difference.comparisons:
        _print_heading("Comparisons")
    for comparison in difference.comparisons:
        _print_indented(f"{comparison.title}:", (), "; ".join(comparison.says))
    if difference.same:
        _print_heading("Unchanged")
        _print_indented("; ".join(difference.same), ())


def _print_heading(text: str) -> None:
    out.print(RichText.assemble("\n", (text, "bold")))


def _print_changes(heading: str, changes: Sequence[ChangeView]) -> None:
    if changes:
        _print_heading(heading)
    for change in changes:
        head = " ".join(part for part in (change.action, change.what) if part)
        _print_indented(f"{head}: {change.says}".rstrip(": "), change.brief)


def _print_indented(head: str, runs: Sequence[Run], tail: str = "") -> None:
    text = RichText(head)
    for run in runs:
        shown_run = f"[{run.sign}{run.text}{run.sign}]" if run.sign else run.text
        text.append(" ").append(shown_run, _STYLES[run.sign])
    if tail:
        text.append(f" {tail}")
    out.print(Padding(text, (0, 0, 0, 2), expand=False), soft_wrap=False)

"""`guidegen build`."""

from __future__ import annotations

import sys

from guidegen import pipeline
from guidegen.cli.app import app
from guidegen.cli.batch import build_all, built_as_dict
from guidegen.cli.options import (
    AllOption,
    BookletOption,
    CourseOption,
    EditionOption,
    FormatOption,
    GuideArgument,
    JobsOption,
    JsonOption,
    NoCacheOption,
    NUpOption,
    OutOption,
    PaperOption,
    PickOption,
    PreflightName,
    PreflightOption,
    ProjectOption,
    QuietOption,
    SchedulerOption,
    SectionOption,
    SkipOption,
    TagOption,
    ThemeOption,
    parse_formats,
    parse_impositions,
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
from guidegen.models import Guide
from guidegen.pipeline import Build, Request
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
    every: AllOption = False,
    edition: EditionOption = None,
    pick: PickOption = False,
    formats: FormatOption = None,
    paper: PaperOption = None,
    booklet: BookletOption = False,
    n_up: NUpOption = None,
    theme: ThemeOption = None,
    output: OutOption = None,
    jobs: JobsOption = None,
    scheduler: SchedulerOption = None,
    no_cache: NoCacheOption = False,
    preflight: PreflightOption = PreflightName.stop,
    project: ProjectOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Print a guide, whole or the sections chosen, as PDF and HTML.

    Sections come in the order of the guide, or in the order in which -s names them. Contents,
    numbers, references, glossary and sources follow the selection. With --all every course gets
    its own, each in a folder of its name. What is for the printer comes beside the accessible PDF.
    """
    _refuse_mixture(every, one=pick or course is not None, many=bool(jobs or scheduler))
    asked_formats = parse_formats(formats) if formats else ()
    found, cached = find_project(project), not no_cache
    chosen = Choice(tuple(section or ()), tuple(skip or ()), tuple(tag or ()))
    request = Request(
        guide=guide,
        course=course,
        editions=tuple(each.value for each in edition or ()),
        choice=_pick(found, guide) if pick else chosen,
        formats=asked_formats,
        paper=paper.value if paper else None,
        impositions=parse_impositions(booklet, n_up, asked_formats),
        output=output,
        preflight=preflight.value,
        theme=theme,
    )
    if every:
        build_all(
            found,
            request,
            jobs=jobs,
            scheduler=scheduler,
            use_cache=cached,
            as_json=as_json,
            quiet=quiet,
        )
        return
    with progress_of(quiet or as_json) as progress:
        built = pipeline.build(found, request, today=today(), progress=progress, use_cache=cached)
    _print(built, as_json=as_json, quiet=quiet)


def _refuse_mixture(every: bool, *, one: bool, many: bool) -> None:
    """Refuse options that belong to one course together with --all, and the other way round."""
    if every and one:
        raise RequestError("say either --all, or --course or --pick")
    if many and not every:
        raise RequestError("--jobs and --scheduler belong to --all")


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


def _print(built: Build, *, as_json: bool, quiet: bool) -> None:
    of_pages = [problem for each in built.built for problem in each.of_pages]
    if as_json:
        problems = [problem.as_dict() for problem in (*built.warnings, *of_pages)]
        print_json({"built": [built_as_dict(each) for each in built.built], "problems": problems})
        return
    report(() if quiet else built.warnings)
    report(of_pages)
    if not quiet:
        _print_outputs(built)


def _print_outputs(built: Build) -> None:
    for output in (output for each in built.built for output in each.outputs):
        unit = "sides to print" if output.imposed else "pages"
        pages = f"{output.pages} {unit}, " if output.pages else ""
        print_line(f"wrote {shown(output.path)} ({pages}{output.bytes / 1024:.0f} KB)")

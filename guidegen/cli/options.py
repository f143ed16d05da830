"""Every option of the command line, defined once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, cast

import typer

from guidegen.jobs import Format
from guidegen.problems import RequestError
from guidegen.renderers.imposition import Imposition


class PaperSize(StrEnum):
    """Paper that a guide can be printed on."""

    letter = "letter"
    a4 = "a4"


class PagesPerSide(StrEnum):
    """How many finished pages stand on one side of a sheet."""

    two = "2"
    four = "4"


class EditionName(StrEnum):
    """For whom a guide is printed."""

    complete = "complete"
    student = "student"
    instructor = "instructor"
    key = "key"


class PreflightName(StrEnum):
    """What becomes of a file with something wrong on its pages."""

    stop = "stop"
    warn = "warn"


def parse_path(text: str) -> Path:
    """Return the path; RequestError for an empty one, which would be the folder one is in."""
    if not text.strip():
        raise RequestError("a path is empty (for the folder that you are in, write .)")
    return Path(text)


ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        parser=parse_path,
        metavar="PATH",
        help="Folder that holds content/. Default: the nearest one upward.",
    ),
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
AllOption = Annotated[bool, typer.Option("--all", help="Take every course.")]
GuideOption = Annotated[str | None, typer.Option("--guide", help="Id of one guide of several.")]
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
BookletOption = Annotated[
    bool, typer.Option("--booklet", help="Also lay it out on half pages, to fold and staple.")
]
NUpOption = Annotated[
    PagesPerSide | None,
    typer.Option("--n-up", help="Also print 2 or 4 pages to a side, made smaller."),
]
ThemeOption = Annotated[
    str | None,
    typer.Option("--theme", help="large-print, print-bw, dyslexia, or one of the project's own."),
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out", parser=parse_path, metavar="PATH", help="Folder to write to. Default: build"
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", min=1, help="Processes of --all. Default: one for each core."),
]
SchedulerOption = Annotated[
    str | None,
    typer.Option("--scheduler", help="Dask cluster for --all, such as tcp://host:8786."),
]
NoCacheOption = Annotated[
    bool, typer.Option("--no-cache", help="Make everything anew, and keep nothing of it.")
]
PreflightOption = Annotated[
    PreflightName,
    typer.Option(
        "--preflight", help="What a fault on the pages does: stop, or warn and write all the same."
    ),
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but problems.")]
SubjectsOption = Annotated[
    str | None, typer.Option("--subjects", help="Subjects to show, in order: a,b.")
]
CriteriaOption = Annotated[
    str | None, typer.Option("--criteria", help="Criteria to show, in order: x,y.")
]
KeyOption = Annotated[
    bool, typer.Option("--key", help="Write the answers, too, in their own file.")
]


def parse_impositions(
    booklet: bool, n_up: PagesPerSide | None, formats: tuple[Format, ...]
) -> tuple[Imposition, ...]:
    """Return how a guide goes to the printer besides its plain pages.

    Raises RequestError when none of the ``formats`` asked for has pages.
    """
    if (booklet or n_up) and formats and "pdf" not in formats:
        raise RequestError("--booklet and --n-up print the PDF: name it in --format, too")
    ways = ["booklet"] * booklet + [f"{n_up}-up"] * bool(n_up)
    return cast("tuple[Imposition, ...]", tuple(ways))


def parse_formats(text: str) -> tuple[Format, ...]:
    """Return the formats named in ``text``; RequestError for one that there is not."""
    formats = tuple(part.strip().lower() for part in text.split(","))
    for name in formats:
        if name not in ("pdf", "html"):
            raise RequestError(f"there is no format {name!r} (there are: pdf, html)")
    return cast("tuple[Format, ...]", formats)


def parse_names(text: str | None) -> tuple[str, ...]:
    """Return the names in a list such as ``a,b``; none for no text."""
    return tuple(name for part in (text or "").split(",") if (name := part.strip()))

"""What the commands print: results on stdout, progress and problems on stderr."""

from __future__ import annotations

import contextlib
import datetime
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text as RichText

from guidegen.problems import Problem
from guidegen.project import Project, find

# A pipe or a file has no width; tables then get one at which their places stay whole.
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 100)
err = Console(stderr=True, soft_wrap=True, highlight=False)


def find_project(folder: Path | None) -> Project:
    return find(folder, Path.cwd())


def today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


def shown(path: Path) -> str:
    """Return the path as short as a person would type it."""
    with contextlib.suppress(ValueError):
        return str(path.resolve().relative_to(Path.cwd()))
    return str(path)


@contextlib.contextmanager
def progress_of(silent: bool) -> Iterator[Callable[[str], None]]:
    if silent or not err.is_terminal:
        yield lambda step: None if silent else say(f"{step} ...")
        return
    with err.status("starting") as status:
        yield status.update


def report(problems: Iterable[Problem]) -> None:
    for problem in problems:
        say(str(problem))


def say(text: str) -> None:
    err.print(RichText(text))


def print_line(text: str) -> None:
    out.print(RichText(text))


def print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")

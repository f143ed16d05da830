"""What the commands print: results on stdout, progress and problems on stderr."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from rich.console import Console
from rich.text import Text as RichText

from guidegen.problems import Problem
from guidegen.project import Project, find

# A pipe or a file has no width; tables then get one at which their places stay whole.
out = Console(soft_wrap=True, highlight=False, width=None if sys.stdout.isatty() else 100)
err = Console(stderr=True, soft_wrap=True, highlight=False)


class OutputError(Exception):
    """The standard output takes no more, for the reason given."""


class _Guarded:
    """The standard output, of which a failure can be told from that of any other file."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with _output_errors():
            return self._stream.write(text)

    def flush(self) -> None:
        with _output_errors():
            self._stream.flush()


@contextlib.contextmanager
def guarded_output() -> Iterator[None]:
    """Raise OutputError when what is printed inside can't be; be quiet when nobody reads it."""
    stream = sys.stdout
    guarded = _Guarded(stream)
    sys.stdout = cast("TextIO", guarded)
    try:
        try:
            yield
        finally:
            guarded.flush()
    except OutputError:
        _discard(stream)
        raise
    except BrokenPipeError:
        _discard(stream)
        raise SystemExit(1) from None
    finally:
        sys.stdout = stream


@contextlib.contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from None


def _discard(stream: TextIO) -> None:
    """Throw away what the stream still holds, which Python would try to write when it ends."""
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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

"""The command line: parses arguments, prints, and turns errors into exit codes.

0 all is well, 1 something is wrong with the content or the machine, 2 wrong usage.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Annotated, NoReturn

import typer

from guidegen import __version__
from guidegen.cli import (
    batch,
    building,
    comparing,
    looking,
    planning,
    proofing,
    setting_up,
    worksheets,
)
from guidegen.cli.app import app
from guidegen.cli.printing import OutputError, guarded_output, print_line, report, say
from guidegen.problems import ContentError, RequestError
from guidegen.writer import WriteError

__all__ = [
    "app",
    "batch",
    "building",
    "comparing",
    "looking",
    "main",
    "planning",
    "proofing",
    "setting_up",
    "worksheets",
]


def main() -> None:
    """Run the command line; every foreseen error ends in a plain message and an exit code."""
    with _errors_in_plain_words(), guarded_output():
        app()


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        print_line(f"guidegen {__version__}")
        raise typer.Exit


@contextlib.contextmanager
def _errors_in_plain_words() -> Iterator[None]:
    try:
        yield
    except ContentError as error:
        report(error.problems)
        _stop(1)
    except RequestError as error:
        say(f"guidegen: {error}")
        _stop(2)
    except WriteError as error:
        say(f"guidegen: {error}")
        _stop(1)
    except OutputError as error:
        say(f"guidegen: cannot print the result: {error}")
        _stop(1)


def _stop(code: int) -> NoReturn:
    raise SystemExit(code)

"""The Typer application that the command modules add themselves to."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="guidegen",
    help="Printable study guides and comparison handouts from content files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=True,
    rich_markup_mode=None,
)

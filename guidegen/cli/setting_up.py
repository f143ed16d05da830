"""Commands that set up a project or a machine: new, labels, schema, doctor."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from guidegen import doctor, pipeline, schema, starter
from guidegen.cli.app import app
from guidegen.cli.options import JsonOption, ProjectOption
from guidegen.cli.printing import find_project, print_json, print_line, say, shown
from guidegen.problems import RequestError


@app.command("labels")
def labels_(project: ProjectOption = None) -> None:
    """Fix the printed labels of every guide in its lock file, so that courses can share them."""
    for path in pipeline.write_labels(find_project(project)):
        print_line(f"wrote {shown(path)}")


@app.command("schema")
def schema_(
    kind: Annotated[
        str | None, typer.Argument(help=f"One of: {', '.join(schema.KINDS)}. Default: all.")
    ] = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write all into content/schema of the project.")
    ] = False,
    project: ProjectOption = None,
) -> None:
    """Print the JSON Schema of the content files, for editors."""
    if write:
        for path in starter.write_schemas(find_project(project).content):
            say(f"wrote {shown(path)}")
    elif kind is None:
        print_json(schema.whole_schema())
    elif kind in schema.KINDS:
        print_json(schema.schema_of(kind))
    else:
        raise RequestError(f"there is no kind {kind!r}; there are: {', '.join(schema.KINDS)}")


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Make a small project of your own: a guide, a course and a README."""
    for path in starter.make_project(folder):
        print_line(shown(path))
    say(f"Now run: guidegen build --project {folder}")


@app.command("doctor")
def doctor_(as_json: JsonOption = False) -> None:
    """Say what this machine has and lacks for printing, and how to mend it."""
    findings = doctor.examine()
    if as_json:
        print_json({"findings": [finding.as_dict() for finding in findings]})
    else:
        for finding in findings:
            sign = "ok     " if finding.ok else "MISSING"
            mend = f"   mend: {finding.mend}" if finding.mend else ""
            print_line(f"{sign} {finding.name}: {finding.found}{mend}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)

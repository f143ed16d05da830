"""A small project of one's own, to begin with: a guide, a course, shared content and a README."""

from __future__ import annotations

import json
from pathlib import Path

from guidegen.problems import RequestError
from guidegen.project import bundled
from guidegen.schema import KINDS, schema_of
from guidegen.writer import write_all


def make_project(folder: Path) -> list[Path]:
    """Write the starter project into ``folder`` and return its files.

    Raises RequestError when the folder exists and is not empty, WriteError when it can't be
    written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise RequestError(f"{folder} exists and is not empty; name a new folder")
    source = bundled() / "templates" / "starter"
    written: list[Path] = []
    for place in sorted({path.parent for path in source.rglob("*") if path.is_file()}):
        files = {path.name: path.read_bytes() for path in sorted(place.iterdir()) if path.is_file()}
        written += write_all(files, folder / place.relative_to(source))
    return written + write_schemas(folder / "content")


def write_schemas(content: Path) -> list[Path]:
    """Write the JSON Schemas that the content files' modelines name; return their paths."""
    schemas = {f"{kind}.json": _as_text(schema_of(kind)).encode() for kind in KINDS}
    return write_all(schemas, content / "schema")


def _as_text(schema: dict[str, object]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"

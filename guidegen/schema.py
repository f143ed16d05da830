"""JSON Schema for editors, from the models: completion and checking while an author types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import models_json_schema

from guidegen.models import Comparison, Course, FactsFile, File, GlossaryFile, Guide, SourcesFile

KINDS: Mapping[str, type[File]] = {
    "guide": Guide,
    "comparison": Comparison,
    "course": Course,
    "facts": FactsFile,
    "sources": SourcesFile,
    "glossary": GlossaryFile,
}
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_of(kind: str) -> dict[str, Any]:
    """Return the schema of one kind of content file; KeyError for a kind that does not exist."""
    schema: dict[str, Any] = _for_editors({"$schema": DIALECT, **KINDS[kind].model_json_schema()})
    return schema


def whole_schema() -> dict[str, Any]:
    """Return one schema that any content file fits."""
    refs, schema = models_json_schema([(model, "validation") for model in KINDS.values()])
    any_of = [refs[model, "validation"] for model in KINDS.values()]
    head = {"$schema": DIALECT, "title": "guidegen content file", "anyOf": any_of}
    whole: dict[str, Any] = _for_editors({**head, **schema})
    return whole


def _for_editors(node: Any) -> Any:
    """Allow unquoted numbers and yes/no wherever text may stand.

    An editor's YAML reader takes ``title: 2024`` for a number; we keep it as the text typed.
    """
    if isinstance(node, list):
        return [_for_editors(child) for child in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _for_editors(child) for key, child in node.items()}
    if changed.get("type") == "string" and "const" in changed and changed["const"].isdigit():
        number = changed.pop("const")
        changed |= {"type": ["string", "integer"], "enum": [number, int(number)]}
    elif changed.get("type") == "string" and "enum" not in changed and "const" not in changed:
        changed["type"] = ["string", "number", "boolean"]
    elif changed.get("type") in ("integer", "boolean"):
        changed["type"] = [changed["type"], "string"]
    return changed

"""The JSON Schemas for editors: they accept what guidegen accepts, held against real content."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from guidegen.models import Block, Question
from guidegen.project import bundled
from guidegen.schema import DIALECT, KINDS, schema_of, whole_schema

CASES = Path(__file__).resolve().parents[1] / "golden/cases"
FOLDERS = {"guides": "guide", "comparisons": "comparison", "courses": "course"}
TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
# What they say is for people, or is said again by other words.
IGNORED = {"title", "description", "default", "discriminator", "$schema", "$defs"}


def faults(schema: dict[str, Any], value: Any, defs: dict[str, Any], at: str = "") -> Iterator[str]:
    """Yield where ``value`` does not fit; a word of JSON Schema that is new here is an error."""
    for word, rule in schema.items():
        match word:
            case "$ref":
                yield from faults(defs[rule.removeprefix("#/$defs/")], value, defs, at)
            case "anyOf" | "oneOf":
                fits = [part for part in rule if not list(faults(part, value, defs, at))]
                if not fits or (word == "oneOf" and len(fits) > 1):
                    yield f"{at}: fits {len(fits)} of {len(rule)}"
            case "type":
                names = rule if isinstance(rule, list) else [rule]
                if type(value) not in [each for name in names for each in TYPES[name]]:
                    yield f"{at}: is no {rule}"
            case "enum":
                if value not in rule:
                    yield f"{at}: not in {rule}"
            case "const":
                if value != rule:
                    yield f"{at}: not {rule}"
            case _:
                yield from inner_faults(word, rule, schema, value, defs, at)


def inner_faults(
    word: str, rule: Any, schema: dict[str, Any], value: Any, defs: dict[str, Any], at: str
) -> Iterator[str]:
    match word, value:
        case "properties", dict():
            for name in value.keys() & rule.keys():
                yield from faults(rule[name], value[name], defs, f"{at}/{name}")
        case "additionalProperties", dict():
            for name in value.keys() - schema.get("properties", {}).keys():
                if rule is False:
                    yield f"{at}: {name} is unknown"
                elif isinstance(rule, dict):
                    yield from faults(rule, value[name], defs, f"{at}/{name}")
        case "propertyNames", dict():
            for name in value:
                yield from faults(rule, name, defs, f"{at}/{name}")
        case "patternProperties", dict():
            for name in value:
                matching = [part for pattern, part in rule.items() if re.search(pattern, name)]
                for part in matching:
                    yield from faults(part, value[name], defs, f"{at}/{name}")
        case "required", dict():
            yield from (f"{at}: {name} is missing" for name in rule if name not in value)
        case "items", list():
            for number, item in enumerate(value):
                yield from faults(rule, item, defs, f"{at}/{number}")
        case ("minItems" | "minLength", list() | str()) if len(value) < rule:
            yield f"{at}: {word} {rule}"
        case ("maxItems" | "maxLength", list() | str()) if len(value) > rule:
            yield f"{at}: {word} {rule}"
        case ("pattern", str()) if not re.search(rule, value):
            yield f"{at}: {value!r} does not match {rule}"
        case ("minimum", int() | float()) if value < rule:
            yield f"{at}: below {rule}"
        case ("maximum", int() | float()) if value > rule:
            yield f"{at}: above {rule}"
        case _:
            known = {"properties", "additionalProperties", "propertyNames", "patternProperties"}
            known |= {"required", "items", "minItems", "maxItems", "minLength", "maxLength"}
            known |= {"pattern", "minimum", "maximum"} | IGNORED
            assert word in known, f"the test does not know the word {word!r} of JSON Schema"


def misfits(schema: dict[str, Any], value: Any) -> list[str]:
    return list(faults(schema, value, schema.get("$defs", {})))


def as_an_editor_reads(path: Path) -> Any:
    """Return the file with numbers and booleans as YAML has them, and dates as text."""
    return without_dates(yaml.safe_load(path.read_text(encoding="utf-8")))


def without_dates(node: Any) -> Any:
    if isinstance(node, dict):
        return {str(key): without_dates(value) for key, value in node.items()}
    if isinstance(node, list):
        return [without_dates(item) for item in node]
    return node.isoformat() if isinstance(node, datetime.date) else node


def content_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the content files of the projects in ``root`` with the kind that their place gives."""
    for path in sorted([*root.glob("content/*/*.yaml"), *root.glob("[a-z]*/content/*/*.yaml")]):
        yield FOLDERS.get(path.parent.name) or path.stem, path


@pytest.mark.parametrize("root", [bundled(), CASES], ids=["bundled", "golden"])
def test_content_fits_its_schema(root: Path) -> None:
    files = list(content_files(root))
    schemas = {kind: schema_of(kind) for kind in KINDS}
    wrong = {
        str(path.relative_to(root)): found
        for kind, path in files
        if (found := misfits(schemas[kind], as_an_editor_reads(path)))
    }
    assert wrong == {}
    assert {kind for kind, _ in files} >= {"guide", "comparison", "facts", "sources", "glossary"}
    assert len(files) >= 7


def test_content_fits_the_schema_of_all_files() -> None:
    files, schema = list(content_files(CASES)), whole_schema()
    assert len(files) > 25
    for _, path in files:
        assert misfits(schema, as_an_editor_reads(path)) == [], path


def guide(**fields: Any) -> dict[str, Any]:
    block = {"kind": "prose", "text": "x"}
    section = {"id": "a", "title": "A", "blocks": [block]}
    base = {"format": 1, "title": "T", "lead": "L", "edition": "2026", "sections": [section]}
    return {**base, **fields}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"format": "1"},
        {"title": 2024},
        {"title": True},
        {"edition": 2026},
        {"edition": "2026-11-24"},
        {"paper": "a4"},
    ],
)
def test_what_may_be_written_without_quotes_fits(fields: dict[str, Any]) -> None:
    assert misfits(schema_of("guide"), guide(**fields)) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"format": 2},
        {"format": "2"},
        {"titel": "x"},
        {"title": ""},
        {"title": ["x"]},
        {"edition": "soon"},
        {"paper": "A4"},
        {"sections": []},
        {"sections": [{"id": "A B", "title": "x", "blocks": [{"kind": "answers"}]}]},
        {"sections": [{"id": "a", "title": "x", "blocks": [{"kind": "poem"}]}]},
        {"sections": [{"id": "a", "title": "x", "blocks": [{"kind": "answers", "text": "x"}]}]},
        {"origin": "x"},
    ],
)
def test_what_guidegen_refuses_does_not_fit(fields: dict[str, Any]) -> None:
    assert misfits(schema_of("guide"), guide(**fields)) != []


def test_numbers_and_flags_may_be_quoted() -> None:
    def block(**fields: Any) -> dict[str, Any]:
        section = {"id": "a", "title": "A", "blocks": [{"kind": "checklist", **fields}]}
        return guide(sections=[section])

    assert misfits(schema_of("guide"), block(items=["x"], lines=2)) == []
    assert misfits(schema_of("guide"), block(items=["x"], lines="2")) == []
    assert misfits(schema_of("guide"), block(items=["x"], lines=99)) != []


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_plain_json_that_hides_how_we_work(kind: str) -> None:
    schema = schema_of(kind)
    text = json.dumps(schema)
    assert schema["$schema"] == DIALECT
    assert schema["additionalProperties"] is False
    assert "format" in schema["required"]
    assert "origin" not in text
    assert "\\u0000" not in text
    assert json.loads(text) == schema


def test_an_editor_is_offered_every_kind_and_type() -> None:
    text = json.dumps(schema_of("guide"))
    for union in (Block, Question):
        models = get_args(get_args(union)[0])
        assert len(models) >= 6
        for model in models:
            assert f'"#/$defs/{model.__name__}"' in text


def test_every_reference_in_a_schema_leads_somewhere() -> None:
    for schema in (whole_schema(), *(schema_of(kind) for kind in KINDS)):
        names = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
        assert names
        assert names <= set(schema["$defs"])


def test_a_kind_of_file_that_does_not_exist_has_no_schema() -> None:
    with pytest.raises(KeyError):
        schema_of("recipe")

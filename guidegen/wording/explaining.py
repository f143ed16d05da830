"""What pydantic says becomes a problem at its exact place.

A path of pydantic is followed through the tree of the file to the exact place, and through the
models to the names that may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, NamedTuple, TypeAlias, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

from guidegen.budgets import MAX_DETAILS
from guidegen.models import Content
from guidegen.models.base import ORIGIN_KEY
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, nearest
from guidegen.wording.tables import CULPRITS, FORMAT, ODD, OWN, PATTERNS, SHAPES, TAGGED, Words
from guidegen.yamltree import Gap, Mapping, Node, Sequence, short

_Models: TypeAlias = tuple[type[BaseModel], ...]
_Steps: TypeAlias = tuple[str | int, ...]
_Context: TypeAlias = dict[str, Any]


class _Place(NamedTuple):
    """Where a path of pydantic leads to: the steps that the tree has, and what stands there."""

    path: _Steps
    node: Node
    parent: Node
    models: _Models


@dataclass(frozen=True, slots=True)
class _Finding:
    """An error of pydantic with its place; ``path`` tells which findings concern one value."""

    path: _Steps
    kind: str
    node: Node
    origin: Origin
    words: Words


def explain(error: ValidationError, tree: Node, model: type[Content]) -> list[Problem]:
    """Return what pydantic found wrong with ``tree``, in plain words and at the exact places."""
    details = error.errors(include_url=False, include_input=False)[:MAX_DETAILS]
    findings = [found for detail in details for found in _findings(detail, tree, model)]
    # Where a union was refused, the branch that came furthest tells most.
    passed = {found.path[:length] for found in findings for length in range(len(found.path))}
    by_path: dict[_Steps, list[_Finding]] = {}
    for found in findings:
        by_path.setdefault(found.path, []).append(found)
    return [problem for path, group in by_path.items() for problem in _told(group, path in passed)]


def _told(group: list[_Finding], is_passed: bool) -> Iterator[Problem]:
    """Yield the one problem that tells most of what was found about one value."""
    values = [found for found in group if found.kind not in SHAPES]
    if values:
        first, *rest = values
        others = [found.words.hint for found in rest if found.kind == "literal_error"]
        hint = "; or ".join([first.words.hint, *others])
        yield Problem(first.origin, first.words.code, first.words.message, hint)
    elif not is_passed:
        words = _shape_words([found.kind for found in group], group[0].node)
        yield Problem(group[0].origin, *words)


def _findings(detail: ErrorDetails, tree: Node, model: type[Content]) -> Iterator[_Finding]:
    kind, steps, context = detail["type"], detail["loc"], detail.get("ctx", {})
    place = _follow(tree, model, steps)
    if "discriminator" in context:
        key = _alternatives(context["discriminator"])[0]
        yield from _tag_findings(kind, key, place, context)
    elif kind in ("missing", "extra_forbidden"):
        yield _key_finding(kind, str(steps[-1]), place)
    elif steps[-1:] == ("[key]",):
        words = _value_words(kind, place.path[-1], context)
        origin = _key_origin(place)
        yield _Finding((*place.path, "[key]"), kind, place.node, origin, words or ODD)
    elif not isinstance(place.node, Gap) and not _is_follow_up(kind, place.node, context):
        yield _value_finding(kind, place, detail["msg"], context)


def _tag_findings(kind: str, key: str, place: _Place, context: _Context) -> Iterator[_Finding]:
    tag = _child(place.node, key)
    node = place.node if tag is None else tag
    if not isinstance(place.node, Mapping):
        # Pydantic looks for the tag even among the attributes of a text.
        kind = "model_attributes_type"
    elif tag is not None and not isinstance(tag, Text):
        kind = "string_type"
    if not isinstance(node, Gap):
        words = _key_words(kind, key, place.models, context) or ODD
        yield _Finding((*place.path, key), kind, node, node.origin, words)


def _key_finding(kind: str, key: str, place: _Place) -> _Finding:
    if kind == "extra_forbidden":
        origin, path = _key_origin(place), place.path
    else:
        origin, path = place.node.origin, (*place.path, key)
    words = _key_words(kind, key, place.models, {}) or ODD
    if path == ("format",):
        words = FORMAT
    return _Finding(path, kind, place.node, origin, words)


def _value_finding(kind: str, place: _Place, message: str, context: _Context) -> _Finding:
    if place.path == ("format",):
        words: Words | None = FORMAT
    else:
        words = _value_words(kind, place.node, context)
    culprit = place.node
    for step in _steps_to_culprit(kind, context):
        culprit = _child(culprit, step) or culprit
    words = words or _other_words(kind, message)
    return _Finding(place.path, kind, place.node, culprit.origin, words)


def _is_follow_up(kind: str, node: Node, context: _Context) -> bool:
    """True when pydantic counts only the items that it accepted."""
    return kind == "too_short" and len(node) >= context["min_length"]


def _follow(tree: Node, model: type[Content], steps: _Steps) -> _Place:
    place = _Place((), tree, tree, (model,))
    is_named = False
    for step in steps:
        if not is_named and (models := _narrowed(place, step)):
            place, is_named = place._replace(models=models), True
        elif (child := _child(place.node, step)) is not None:
            models = _models_below(place.models, step)
            place, is_named = _Place((*place.path, step), child, place.node, models), False
    return place


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return node.get(step)
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node):
        return node[step]
    return None


def _key_origin(place: _Place) -> Origin:
    key = str(place.path[-1]) if place.path else ""
    at = place.parent.keys_at if isinstance(place.parent, Mapping) else {}
    return at.get(key, place.node.origin)


def _shape_words(types: Collection[str], node: object) -> Words:
    """Return the words for a value of the wrong shape; ``types`` are all that would be right."""
    expected = " or ".join(dict.fromkeys(SHAPES[kind][0] for kind in types))
    hint = SHAPES[next(iter(types))][1]
    if isinstance(node, dict) and "string_type" in types:
        hint = "text that holds ': ' must stand in quotes or below a '|'"
    return Words("wrong-type", f"expected {expected}, found {_found(node)}", hint)


def _value_words(kind: str, node: object, context: _Context) -> Words | None:
    """Return the words for a value of the right shape that is not allowed, else None."""
    match kind:
        case "string_pattern_mismatch":
            code, message, hint = PATTERNS.get(context["pattern"], ODD)
            return Words(code, message.format(short(str(node))), hint)
        case "literal_error":
            options = _alternatives(context["expected"])
            return Words(
                "not-a-choice", f"{_found(node)} is not allowed here", _choose(node, options)
            )
        case "string_too_short":
            return Words("empty-value", "the text is empty", "write a text or delete the line")
        case "string_too_long":
            message = f"the text has more than {context['max_length']:,} characters"
            return Words("too-long", message, "shorten it or divide it")
        case "too_short":
            return _count_words("too-few", "at least", context["min_length"], node)
        case "too_long":
            return _count_words("too-many", "at most", context["max_length"], node)
        case "greater_than_equal":
            return _range_words("at least", context["ge"])
        case "less_than_equal":
            return _range_words("at most", context["le"])
        case _:
            return None


def _key_words(kind: str, key: str, models: _Models, context: _Context) -> Words | None:
    """Return the words for a key that is missing, unknown or tells the wrong kind, else None."""
    match kind:
        case "missing":
            return Words("missing-field", f"'{key}' is missing", f"add a line '{key}: …'")
        case "extra_forbidden":
            fields = dict.fromkeys(str(name) for model in models for name in _fields(model))
            hint = nearest(key, fields) or "known here: " + ", ".join(fields)
            return Words("unknown-field", f"there is no field {short(key)} here", hint)
        case "union_tag_not_found":
            what, options = TAGGED[key], _tags(models)
            message = f"the {what} has no '{key}'"
            hint = f"add a line '{key}: …' with one of: " + ", ".join(options)
            return Words(f"missing-{key}", message, hint)
        case "union_tag_invalid":
            what, options = TAGGED[key], _tags(models)
            message = f"there is no {key} of {what} {short(context['tag'])}"
            return Words(f"unknown-{key}", message, _choose(context["tag"], options))
        case _:
            return None


def _other_words(kind: str, message: str) -> Words:
    """Return the words for an error of our own validators: their message, with a hint."""
    if kind in get_args(ErrorType):
        return ODD
    code, hint = OWN.get(kind, (kind.replace("_", "-"), ""))
    return Words(code, message, hint)


def _steps_to_culprit(kind: str, context: _Context) -> _Steps:
    """Return the way from a value that was refused to the part of it that is to blame."""
    if kind == "same_twice":
        return (context["field"],)
    steps = CULPRITS.get(kind, ())
    return (*steps, context["number"] - 1) if kind == "uneven_row" else steps


def _alternatives(expected: str) -> list[str]:
    """Return the words in single quotes in ``expected``."""
    return re.findall(r"'([^']*)'", expected)


def _narrowed(place: _Place, step: object) -> _Models:
    """Return those of the models that a step of pydantic's path selects: by class or by tag."""
    is_tag = any(step == _child(place.node, name) for name in TAGGED)
    return tuple(
        model
        for model in place.models
        if step == model.__name__ or (is_tag and len(place.models) > 1 and step == _tag(model))
    )


def _models_below(models: _Models, step: object) -> _Models:
    """Return the models that may stand in the field ``step``; for other steps the same ones."""
    fields: list[Any] = [_fields(model)[step] for model in models if step in _fields(model)]
    below = (inner for field in fields for inner in _models_in(field.annotation))
    return tuple(dict.fromkeys(below)) or models


@cache
def _fields(model: type[BaseModel]) -> dict[object, FieldInfo]:
    """Return the fields by the names that they have in files."""
    named = {field.validation_alias or name: field for name, field in model.model_fields.items()}
    return {name: field for name, field in named.items() if name != ORIGIN_KEY}


@cache
def _models_in(annotation: Any) -> _Models:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in _models_in(part))


@cache
def _tag(model: type[BaseModel]) -> str | None:
    for name in TAGGED:
        field = model.model_fields.get(name)
        if field and get_origin(field.annotation) is Literal:
            return str(get_args(field.annotation)[0])
    return None


def _tags(models: _Models) -> list[str]:
    return [tag for model in models if (tag := _tag(model))]


def _choose(word: object, options: list[str]) -> str:
    if len(options) == 1:
        return f"write {options[0]!r}"
    return nearest(str(word), options) or "write one of: " + ", ".join(options)


def _found(node: object) -> str:
    if isinstance(node, str):
        return short(node)
    return "'key: value' lines" if isinstance(node, dict) else "a list"


def _count_words(code: str, bound: str, limit: int, node: object) -> Words:
    number = len(node) if isinstance(node, (list, dict)) else 0
    hint = "add what is missing" if number < limit else "take some out"
    return Words(code, f"{bound} {limit} must stand here, found {number}", hint)


def _range_words(bound: str, limit: int) -> Words:
    return Words("out-of-range", f"the number must be {bound} {limit}", "write another number")

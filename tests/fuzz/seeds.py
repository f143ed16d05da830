"""Sound projects that are mutated, and the spots in them where something can be done."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from guidegen.loader import load
from guidegen.models import Content, Criterion, Library
from guidegen.origin import Text

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parents[1]
SORTS = frozenset({"Id", "Name", "Alt", "Inline", "Markdown", "Date", "Url", "Letter"})
SHARED = {"facts": "facts", "sources": "sources", "glossary": "glossary"}


@dataclass(frozen=True)
class Spot:
    """A value in a YAML file: ``start`` and ``end`` are its offsets, ``line`` is where it begins.

    ``sort`` is the class of its text, or flag, number, word, list or mapping. ``key_start`` is the
    offset of its key, None for what stands in a list. ``is_flow`` holds within brackets.
    """

    path: tuple[str | int, ...]
    sort: str
    value: Any
    start: int
    end: int
    line: int
    key_start: int | None
    is_flow: bool
    is_block: bool
    column: int

    @property
    def name(self) -> str:
        """The nearest key."""
        return next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")


@dataclass(frozen=True)
class Seed:
    """A sound project: its files by name, and the library that guidegen makes of them."""

    name: str
    files: Mapping[str, bytes] = field(repr=False)
    library: Library = field(repr=False)

    def text(self, file: str) -> str:
        return self.files[file].decode()

    @property
    def yaml_files(self) -> list[str]:
        return [name for name in self.files if name.startswith("content/") and ".yaml" in name]

    @functools.cached_property
    def spots(self) -> dict[str, list[Spot]]:
        """The spots of each YAML file."""
        return {file: [*_spots_of(self, file)] for file in self.yaml_files}


def read_seed(name: str, root: Path) -> Seed:
    """Return the project in the folder ``root``."""
    names = sorted(path for path in root.rglob("*") if path.is_file())
    kept = [path for path in names if _is_content(path.relative_to(root))]
    library, problems = load(root / "content", root)
    assert [str(each) for each in problems] == [], f"the seed {name} is not sound"
    return Seed(name, {p.relative_to(root).as_posix(): p.read_bytes() for p in kept}, library)


def _is_content(path: Path) -> bool:
    return path.parts[0] == "content" or path.name == "settings.yaml"


@functools.cache
def garden() -> Seed:
    """The project that has every kind of file, block and field."""
    return read_seed("garden", HERE / "garden")


@functools.cache
def all_seeds() -> list[Seed]:
    """The garden, again and again, the golden cases, and the content that is shipped, once."""
    cases = sorted(path for path in (HERE.parent / "golden/cases").iterdir() if path.is_dir())
    small = [read_seed(path.name, path) for path in cases]
    shipped = Seed("shipped", *_shipped())
    return [*[garden()] * 12, *small, shipped]


def _shipped() -> tuple[dict[str, bytes], Library]:
    files = sorted(path for path in (SHIPPED / "content").rglob("*") if path.is_file())
    library, _ = load(SHIPPED / "content", SHIPPED)
    return {path.relative_to(SHIPPED).as_posix(): path.read_bytes() for path in files}, library


def _spots_of(seed: Seed, file: str) -> Iterator[Spot]:
    node = yaml.compose(seed.text(file), Loader=yaml.SafeLoader)
    model = _model_of(seed.library, file)
    if node is not None and model is not None:
        yield from _walk(model, node, (), None, is_flow=False)


def _model_of(library: Library, file: str) -> object:
    _, folder, name = file.split("/", 2)
    stem = name.removesuffix(".yaml")
    if folder == "shared":
        entries = getattr(library, SHARED[stem])
        return {"terms" if stem == "glossary" else stem: entries, "format": "1"}
    models: Mapping[str, object] = getattr(library, folder, {})
    return models.get(stem)


def _walk(
    value: object, node: Any, path: tuple[str | int, ...], key: Any, *, is_flow: bool
) -> Iterator[Spot]:
    is_inside = is_flow or bool(getattr(node, "flow_style", False))
    yield _spot(value, node, path, key, is_flow=is_inside)
    if isinstance(node, yaml.MappingNode):
        for key_node, inner in node.value:
            name = key_node.value
            child = _child(value, name)
            yield from _walk(child, inner, (*path, name), key_node, is_flow=is_inside)
    elif isinstance(node, yaml.SequenceNode) and isinstance(value, tuple):
        for number, inner in enumerate(node.value):
            yield from _walk(value[number], inner, (*path, number), None, is_flow=is_inside)


def _spot(
    value: object, node: Any, path: tuple[str | int, ...], key: Any, *, is_flow: bool
) -> Spot:
    start, end = node.start_mark, node.end_mark
    return Spot(
        path=path,
        sort=_sort(value, node),
        value=getattr(node, "value", None),
        start=start.index,
        end=end.index,
        line=start.line + 1,
        key_start=key.start_mark.index if key else None,
        is_flow=is_flow,
        is_block=getattr(node, "style", None) in ("|", ">"),
        column=start.column,
    )


def _child(value: object, name: str) -> object:
    if isinstance(value, Criterion) and name == "values" and value.kind in ("number", "yes-no"):
        return None  # what may stand here depends on what else stands here
    if isinstance(value, Content):
        fields = {field.alias or name: name for name, field in type(value).model_fields.items()}
        return getattr(value, fields.get(name, name), None)
    return value.get(name) if isinstance(value, Mapping) else None


def _sort(value: object, node: Any) -> str:
    if isinstance(node, yaml.MappingNode):
        return "mapping"
    if isinstance(node, yaml.SequenceNode):
        return "list"
    if isinstance(value, Text):
        return type(value).__name__ if type(value).__name__ in SORTS else "word"
    match value:
        case bool():
            return "flag"
        case int() | float():
            return "number"
        case str():
            return "word"
        case _:
            return "unknown"

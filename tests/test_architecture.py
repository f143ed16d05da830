"""The shape of the code: who may import whom, one name through every layer, and sizes.

ARCHITECTURE.md has the section "Import table", with a row for each module: its name relative to
guidegen, and what it may import, both as code. A row stands for a module and for all that is
inside it, so that a package can have a single row; imports within a row are not looked at. Rows
may import only rows below them.
"""

from __future__ import annotations

import ast
import difflib
import re
import statistics
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import get_args

import pytest

from guidegen.models import Block, kind_of

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "guidegen"
TABLE = ROOT / "ARCHITECTURE.md"
HEADER = "| module | may import |"

# Each outside package beside the only modules that may import it.
RESERVED = {
    "click": (),
    "distributed": ("cluster",),
    "fontTools": ("renderers.fonts",),
    "jinja2": ("renderers.html",),
    "markdown_it": ("markup",),
    "mdit_py_plugins": ("markup",),
    "pydantic": ("models", "schema", "loader", "wording", "origin"),
    "pydantic_core": ("models", "schema", "loader", "wording", "origin"),
    "pydyf": ("renderers.pdf", "renderers.tags"),
    "questionary": ("cli",),
    "rich": ("cli",),
    "typer": ("cli",),
    "tinycss2": ("themes", "view.greys"),
    "weasyprint": ("renderers.lines", "renderers.pdf", "renderers.tags"),
    "yaml": ("yamltree",),
}

LONGEST_FUNCTION = 60
MEDIAN_FUNCTION = 8
LONGEST_MODULE = 350

KINDS = sorted(kind_of(block.__name__) for block in get_args(get_args(Block)[0]))


def module_of(path: Path) -> str:
    """Return the name relative to guidegen: ``renderers.pdf``, ``models``, ``__init__``."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    inner = parts[:-1] if parts[-1] == "__init__" else parts
    return ".".join(inner) or "__init__"


SOURCES = {module_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}


def test_the_walk_finds_the_modules() -> None:
    assert {"__init__", "cli", "models", "models.blocks", "renderers.pdf", "view"} <= set(TREES)
    assert len(list(own_imports())) > 80


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield module and name for each import, wherever it stands; the name is empty for ``import``.

    Imports inside functions and below TYPE_CHECKING count like any other.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that they can be searched for"
            yield from ((node.module or "", alias.name) for alias in node.names)


def own_imports() -> Iterator[tuple[str, str]]:
    """Yield pairs of modules of guidegen, of which the first imports the second."""
    for name, tree in TREES.items():
        for module, what in imported(tree):
            package, _, inner = module.partition(".")
            if package == "guidegen":
                longer = f"{inner}.{what}".strip(".")
                yield name, longer if longer in SOURCES else inner or "__init__"


def row_of(module: str, rows: list[str]) -> str:
    """Return the row that stands for a module: its own, or that of the package around it."""
    parts = module.split(".")
    names = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((name for name in names if name in rows), module)


def import_table() -> dict[str, set[str]]:
    """Return the table of ARCHITECTURE.md, in its order."""
    _, found, section = TABLE.read_text(encoding="utf-8").partition("\n## Import table\n")
    assert found, "ARCHITECTURE.md has no section '## Import table'"
    lines = iter(section.partition("\n## ")[0].splitlines())
    assert HEADER in lines, f"the import table begins with the line {HEADER}"
    cells = [line.strip("|").split("|") for line in lines if line.startswith("| `")]
    table = {name.strip(" `"): set(re.findall(r"`([^`]+)`", allowed)) for name, allowed in cells}
    assert len(table) == len(cells) > 20, "the import table is cut short, or a row stands twice"
    return table


def test_imports_are_those_of_the_table() -> None:
    table = import_table()
    rows = list(table)
    real: dict[str, set[str]] = {row_of(module, rows): set() for module in SOURCES}
    for importer, target in own_imports():
        from_row, to_row = row_of(importer, rows), row_of(target, rows)
        if from_row != to_row:
            real[from_row].add(to_row)
    if real != table:
        diff = difflib.ndiff(as_rows(table), as_rows(real))
        changes = [line for line in diff if line[0] in "+-"]
        pytest.fail("\n".join(["ARCHITECTURE.md (-) and the code (+):", *changes]), pytrace=False)


def as_rows(table: dict[str, set[str]]) -> list[str]:
    """Return the rows of the table in alphabetical order, as they are written."""
    allowed = {name: ", ".join(f"`{each}`" for each in sorted(table[name])) for name in table}
    return [f"| `{name}` | {allowed[name] or '–'} |" for name in sorted(table)]


def test_the_table_goes_one_way() -> None:
    table = import_table()
    below = set(table)
    for row, allowed in table.items():
        below.remove(row)
        assert allowed <= below, f"{row} may import only rows below it"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {name: set() for name in SOURCES}
    for importer, target in own_imports():
        if importer != target:
            graph[importer].add(target)
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("package", RESERVED)
def test_an_outside_package_is_imported_in_its_place_only(package: str) -> None:
    allowed = RESERVED[package]
    importers = {
        name
        for name, tree in TREES.items()
        if package in {module.partition(".")[0] for module, _ in imported(tree)}
    }
    strays = {name for name in importers if row_of(name, list(allowed)) not in allowed}
    assert strays == set()
    assert bool(importers) == bool(allowed), f"nobody imports {package}: RESERVED is out of date"


def test_the_walk_finds_the_kinds() -> None:
    assert len(KINDS) == len(set(KINDS)) >= 15
    assert {"prose", "key-points", "sources"} <= set(KINDS)


def test_a_kind_is_named_like_its_class() -> None:
    found = {
        block.__name__: get_args(block.model_fields["kind"].annotation)
        for block in get_args(get_args(Block)[0])
    }
    assert len(found) >= 15
    assert found == {name: (kind_of(name),) for name in found}
    assert all(name.endswith("Block") for name in found)


def test_each_kind_has_a_component() -> None:
    folder = ROOT / "templates/components"
    found = [kind for kind in KINDS if (folder / f"{kind}.html.jinja").is_file()]
    assert len(found) >= 15
    assert found == KINDS


def test_each_kind_has_its_part_of_the_style_sheet() -> None:
    sheet = (ROOT / "templates/css/components.css").read_text(encoding="utf-8")
    headings = " ".join(re.findall(r"/\*(.*?)\*/", sheet, re.DOTALL))
    rules = re.sub(r"/\*.*?\*/|\{[^}]*\}", " ", sheet, flags=re.DOTALL)
    found = [
        kind
        for kind in KINDS
        if re.search(rf"\.{kind}(?![\w-])", rules)
        or re.search(rf"(?<![\w-]){kind}(?![\w-])", headings)
    ]
    assert len(found) >= 15
    assert found == KINDS


def test_each_kind_has_a_golden_case() -> None:
    folder = ROOT / "tests/golden/cases"
    found = [kind for kind in KINDS if (folder / kind / "content/guides/case.yaml").is_file()]
    assert len(found) >= 15
    assert found == KINDS
    for kind in found:
        guide = (folder / kind / "content/guides/case.yaml").read_text(encoding="utf-8")
        assert re.search(rf"kind: {kind}\b", guide), f"the case {kind} shows no block of its kind"


def function_lengths() -> dict[str, int]:
    """Return the lines of each function, decorators left out, by module and name."""
    return {
        f"{module}:{node.lineno} {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def test_functions_are_short() -> None:
    lengths = function_lengths()
    assert len(lengths) > 250
    too_long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert too_long == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_modules_are_short() -> None:
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in SOURCES.items()
    }
    assert len(lengths) > 25
    longer = {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
    assert longer == {}

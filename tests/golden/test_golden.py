"""Golden files: each folder holds content, and beside it what guidegen makes of it.

``cases/<case>`` has the view (document.txt) and the page (page.html), so that a failure says
which of the two changed; ``checks/<code>`` has the problems that its content must give. Adding a
case is adding a folder with ``content`` and running ``pytest tests/golden --update-golden``.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import difflib
import json
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from guidegen.budgets import MAX_BYTES
from guidegen.checks import check
from guidegen.loader import load
from guidegen.models import Asset, Library
from guidegen.problems import Problem
from guidegen.project import bundled
from guidegen.renderers.html import load_templates, render
from guidegen.selection import Choice
from guidegen.themes import PLAIN
from guidegen.view.document import Document
from guidegen.wording.tables import OWN

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[1] / "guidegen"
CASES = sorted(path.name for path in (HERE / "cases").iterdir() if path.is_dir())
CODES = sorted(path.name for path in (HERE / "checks").iterdir() if path.is_dir())

# What is asked for in the cases that are about the asking.
CHOICES = {"selection": Choice(sections=("watering", "soil"))}


@pytest.mark.parametrize("case", CASES)
def test_view_and_page_are_as_expected(
    case: str,
    update_golden: bool,
    today: datetime.date,
    composed: Callable[..., Document],
) -> None:
    folder = HERE / "cases" / case
    library = sound_library(folder, today)
    document = composed(library, "case", CHOICES.get(case, Choice()))
    hold_against(folder / "document.txt", as_text(document), update_golden)
    hold_against(folder / "page.html", body_of(document), update_golden)


def test_there_is_a_case_for_each_kind_and_for_what_cuts_across() -> None:
    assert len(CASES) >= 18
    assert {"selection", "markdown"} <= set(CASES)
    assert set(CHOICES) <= set(CASES)


def sound_library(folder: Path, today: datetime.date) -> Library:
    library, problems = load(folder / "content", folder)
    problems += check(library, today)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    return library


def body_of(document: Document) -> str:
    """Return the body alone, so that a change of the style sheets leaves the golden files alone."""
    templates = load_templates([bundled() / "templates"])
    page = render(document, "print", templates, asset_url=lambda name: f"figures/{name}")
    start, end = page.index("<body"), page.index("</body>")
    return page[start:end] + "</body>\n"


def hold_against(path: Path, made: str, update: bool) -> None:
    """Compare ``made`` with the file, or write it there; a failure shows the difference."""
    if update:
        path.write_text(made, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    if made != expected:
        name = path.relative_to(HERE)
        diff = difflib.unified_diff(
            expected.splitlines(), made.splitlines(), f"{name} (expected)", "made now", lineterm=""
        )
        pytest.fail("\n".join(["differs; accept with --update-golden", *diff]), pytrace=False)


def as_text(value: object) -> str:
    """Return the document as an indented outline; what is empty is left out.

    HTML stands as it is, plain text in quotes; of a picture only name and type are told.
    """
    return "\n".join(_lines(value)) + "\n"


def _lines(value: object) -> Iterator[str]:
    if isinstance(value, Asset):
        yield f"{value.name}, {value.media_type}"
    elif dataclasses.is_dataclass(value):
        yield type(value).__name__
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        yield from _indented_pairs(fields)
    elif isinstance(value, Mapping):
        yield ""
        yield from _indented_pairs(value)
    elif isinstance(value, tuple):
        yield ""
        for item in value:
            first, *rest = textwrap.dedent("\n".join(_lines(item))).lstrip("\n").split("\n")
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
    elif isinstance(value, Markup):
        yield from ("", *(f"  {line}" for line in value.split("\n"))) if "\n" in value else (value,)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _indented_pairs(pairs: Mapping[str, Any]) -> Iterator[str]:
    for key, value in pairs.items():
        if value in ("", (), {}, PLAIN):
            continue
        first, *rest = _lines(value)
        yield f"  {key}: {first}".rstrip()
        yield from (f"  {line}" for line in rest)


def _too_large(root: Path) -> None:
    (root / "content/guides/case.yaml").write_bytes(b"#" * (MAX_BYTES + 1))


def _outside_project(root: Path) -> None:
    outside = root.parent / "elsewhere.yaml"
    outside.write_text("format: 1\n", encoding="utf-8")
    (root / "content/guides/case.yaml").symlink_to(outside)


# What a repository cannot hold well is made when it is needed.
PREPARE: Mapping[str, Callable[[Path], None]] = {
    "too-large": _too_large,
    "outside-project": _outside_project,
}
# No content can provoke these when it is loaded and checked: the first is told of an error that no
# model raises today, the second depends on the sections that are asked for, the third on templates.
NOT_FROM_CONTENT = {"not-allowed", "required-reference", "unknown-theme"}
# Slugs in the source that are words of something else.
NOT_CODES = {"utf-8", "yes-no"}
# The modules that find problems in content.
FINDERS = (
    "checks",
    "comparison_checks",
    "course_checks",
    "labels",
    "loader",
    "text_checks",
    "wording",
    "yamltree",
)
# Codes that are put together, by the form that they have in the source.
PUT_TOGETHER = {
    "unknown-{what}": {"unknown-source", "unknown-fact", "unknown-term"},
    "unknown-{key}": {"unknown-kind", "unknown-type"},
    "missing-{key}": {"missing-kind", "missing-type"},
}
SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")


@pytest.mark.parametrize("code", CODES)
def test_broken_content_gives_the_expected_problems(
    code: str, update_golden: bool, tmp_path: Path, today: datetime.date
) -> None:
    problems = problems_of(prepared(code, tmp_path / code), today)
    assert code in {problem.code for problem in problems}
    told = "".join(f"{problem}\n" for problem in problems)
    hold_against(HERE / "checks" / code / "expected.txt", told, update_golden)


def prepared(code: str, root: Path) -> Path:
    """Return a copy of the case's folder, completed."""
    root.mkdir()
    kept = HERE / "checks" / code / "content"
    if kept.is_dir():
        shutil.copytree(kept, root / "content")
    if code in PREPARE:
        (root / "content/guides").mkdir(parents=True, exist_ok=True)
        PREPARE[code](root)
    return root


def problems_of(root: Path, today: datetime.date) -> list[Problem]:
    """Return the problems as ``guidegen check`` does: those between files only of sound files."""
    library, problems = load(root / "content", root)
    if not any(problem.severity == "error" for problem in problems):
        problems += check(library, today)
    return problems


def test_each_code_in_the_source_has_a_folder() -> None:
    codes = set(codes_in_the_source())
    assert len(codes) > 40, "the walk through the source found next to nothing"
    assert codes - NOT_FROM_CONTENT == set(CODES)


def test_each_message_names_a_way_out() -> None:
    lines = [
        line
        for code in CODES
        for line in (HERE / "checks" / code / "expected.txt").read_text("utf-8").splitlines()
    ]
    assert len(lines) >= len(CODES) > 40
    assert [line for line in lines if not line.endswith(")")] == []


def test_what_is_excepted_is_still_in_the_source() -> None:
    found = set(slugs_in_the_source()) | set(positional_codes())
    assert NOT_CODES - found == set()
    assert NOT_FROM_CONTENT - found == set()
    assert set(forms_in_the_source()) == set(PUT_TOGETHER)
    assert set(PREPARE) <= set(CODES)


def codes_in_the_source() -> Iterator[str]:
    """Yield the codes that loader, yamltree, wording and checks can give."""
    yield from set(slugs_in_the_source()) - NOT_CODES
    yield from positional_codes()
    yield from own_codes()
    for codes in PUT_TOGETHER.values():
        yield from codes


def trees() -> Iterator[ast.Module]:
    for name in FINDERS:
        paths = [*(SOURCE / name).glob("*.py")] or [SOURCE / f"{name}.py"]
        yield from (ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def slugs_in_the_source() -> Iterator[str]:
    """Yield each string that looks like a code, but not the names of rules in CHECKS."""
    for tree in trees():
        names = {key for node in ast.walk(tree) for key in rule_names(node)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node not in names:
                text = node.value if isinstance(node.value, str) else ""
                yield from re.findall(rf"^{SLUG.pattern}$", text)


def rule_names(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "CHECKS":
        assert isinstance(node.value, ast.Dict)
        yield from (key for key in node.value.keys if key)


def positional_codes() -> Iterator[str]:
    """Yield what stands where a code stands, for codes of a single word."""
    places = {"Problem": 1, "report": 1, "_report": 1, "_abandon": 1, "Words": 0}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = places.get(name, len(node.args))
                if place < len(node.args) and isinstance(node.args[place], ast.Constant):
                    yield str(ast.literal_eval(node.args[place]))


def own_codes() -> Iterator[str]:
    """Yield the codes of what our own validators refuse."""
    for path in sorted((SOURCE / "models").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "PydanticCustomError":
                kind = str(ast.literal_eval(node.args[0]))
                yield OWN[kind][0] if kind in OWN else kind.replace("_", "-")


def forms_in_the_source() -> Iterator[str]:
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                form = ast.unparse(node)[2:-1]
                if SLUG.fullmatch(re.sub(r"\{\w+\}", "x", form)):
                    yield form

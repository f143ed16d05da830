"""The project that `guidegen new` makes, and the schemas that editors use."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import get_args

import pytest

from guidegen import starter
from guidegen.models import Edition, Guide
from guidegen.pipeline import Request, build, check_project
from guidegen.problems import RequestError
from guidegen.project import bundled, find
from guidegen.schema import KINDS

TODAY = datetime.date(2026, 11, 24)
SHOWN = {
    "answers",
    "callout",
    "comparison",
    "figure",
    "glossary",
    "key-points",
    "objectives",
    "prose",
    "questions",
    "sources",
    "steps",
    "table",
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    starter.make_project(tmp_path / "bio")
    return tmp_path / "bio"


def guide(project: Path) -> Guide:
    library, problems = check_project(find(project, project), TODAY)
    assert problems == []
    return library.guides["cell-division"]


def test_it_is_built_at_once_in_all_formats(made: Path) -> None:
    built = build(find(made, made), Request(output=made / "build"), today=TODAY)
    assert built.warnings == ()
    files = {output.path.name: output for each in built.built for output in each.outputs}
    assert set(files) == {"cell-division.pdf", "cell-division.html"}
    assert files["cell-division.pdf"].pages in (4, 5)
    assert all(output.bytes > 10_000 for output in files.values())


@pytest.mark.parametrize("edition", get_args(Edition))
def test_it_is_built_for_its_course_in_each_edition(made: Path, edition: Edition) -> None:
    request = Request(
        course="bio-101", editions=(edition,), formats=("html",), output=made / "build"
    )
    assert build(find(made, made), request, today=TODAY).warnings == ()


def test_its_figures_are_settled_for_years(made: Path) -> None:
    library, _ = check_project(find(made, made), TODAY)
    assert library.facts
    assert min(fact.review_by.last_day().year for fact in library.facts.values()) >= 2035


def test_it_shows_what_a_beginner_needs(made: Path) -> None:
    kinds = {block.kind for section in guide(made).sections for block in section.blocks}
    assert kinds == SHOWN
    text = (made / "content/guides/cell-division.yaml").read_text()
    for reference in ("[@", "[see:", "[term:", "[fact:", "[blank]"):
        assert reference in text
    questions = re.findall(r"- type: ([a-z-]+)", text)
    assert len(questions) == len(set(questions)) == 6


def test_its_readme_names_what_is_there(made: Path) -> None:
    readme = (made / "README.md").read_text()
    for place in re.findall(r"`(content/[a-z./-]*)`", readme):
        assert (made / place).exists(), place
    sections = {str(section.id) for section in guide(made).sections}
    named = re.findall(r"(?:-s|--skip) ([a-z-]+)", readme)
    assert named
    assert set(named) <= sections
    assert len(readme.splitlines()) <= 75


def test_a_folder_in_use_is_left_alone(made: Path) -> None:
    with pytest.raises(RequestError, match="exists and is not empty"):
        starter.make_project(made)
    with pytest.raises(RequestError, match="exists and is not empty"):
        starter.make_project(made / "README.md")


def test_an_empty_folder_will_do(tmp_path: Path) -> None:
    assert tmp_path / "README.md" in starter.make_project(tmp_path)


def modelines(folder: Path) -> list[tuple[Path, str]]:
    """Return each content file with the schema that its first line names."""
    first = re.compile(r"# yaml-language-server: \$schema=(.+)\n")
    files = sorted(folder.glob("*/*.yaml"))
    found = [(path, first.match(path.read_text())) for path in files]
    assert [path.name for path, match in found if match is None] == []
    return [(path, match[1]) for path, match in found if match]


@pytest.mark.parametrize("whose", ["bundled", "starter"])
def test_each_content_file_names_the_schema_of_its_kind(made: Path, whose: str) -> None:
    content = (bundled() if whose == "bundled" else made) / "content"
    named = modelines(content)
    assert len(named) >= 6
    for path, schema in named:
        assert (path.parent / schema).resolve() == content.resolve() / "schema" / Path(schema).name
        folder = path.parent.name
        expected = path.stem if folder == "shared" else folder.removesuffix("s")
        assert Path(schema).name == f"{expected}.json"


def test_the_schemas_of_the_bundled_content_are_fresh(tmp_path: Path) -> None:
    folder = bundled() / "content/schema"
    fresh = {path.name: path.read_text() for path in starter.write_schemas(tmp_path)}
    there = {path.name: path.read_text() for path in folder.iterdir()}
    assert set(fresh) == {f"{kind}.json" for kind in KINDS}
    assert there == fresh, "run: guidegen schema --write"
    assert all(json.loads(text)["$schema"] for text in there.values())

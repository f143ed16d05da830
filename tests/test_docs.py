"""The documents: they name what is there, and nothing of the machine where they were written."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
import typer

from guidegen import cli
from guidegen.models import Block, Question, kind_of

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
MODULES = sorted((ROOT / "guidegen").rglob("*.py"))
COMMANDS = {
    name: command
    for name, command in typer.main.get_group(cli.app).commands.items()
    if not command.hidden
}
# What Keep a Changelog knows.
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
# A folder of this machine, or a name that means something to nobody else.
LOCAL = re.compile(
    rb"(?<![\w.-])/(?:work|root|home/[a-z]\w*|tmp/[b]rief)(?![\w-])|\b[f]arm-|\b[h]elper-\d"
)


def section_of(text: str, heading: str) -> str:
    """Return the text below ``heading``, up to the next of its level."""
    _, found, after = f"\n{text}".partition(f"\n{heading}\n")
    assert found, f"there is no heading {heading!r}"
    return re.split(rf"\n{heading.split()[0]} ", after)[0]


def names_of(union: object) -> list[str]:
    """Return the kinds of a union of models."""
    names = [kind_of(model.__name__) for model in get_args(get_args(union)[0])]
    assert len(names) == len(set(names)) >= 6
    return names


# README.md


def test_the_readme_has_a_line_for_each_command() -> None:
    named = re.findall(r"^\| `guidegen ([a-z-]+)", section_of(README, "## Commands"), re.MULTILINE)
    assert {"build", "check", "list"} <= set(named)
    assert set(named) == set(COMMANDS)


def test_the_readme_names_each_kind_of_block_and_type_of_question() -> None:
    writing = section_of(README, "## Writing content")
    kinds = [*names_of(Block), *names_of(Question)]
    assert [kind for kind in kinds if f"`{kind}`" not in writing] == []


def test_each_option_in_the_readme_is_one() -> None:
    known = {
        option
        for command in (typer.main.get_command(cli.app), *COMMANDS.values())
        for parameter in command.params
        for option in parameter.opts
    }
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", "\n".join(commands_in_the_readme())))
    assert {"-s", "--skip", "--edition"} <= named
    assert named <= known


def commands_in_the_readme() -> Iterator[str]:
    """Yield what the readme says to type, remarks left out, and its code within lines."""
    for line in README.splitlines():
        if re.match(r" {4}\S*guidegen ", line):
            yield line.partition("#")[0]
        yield from re.findall(r"`(guidegen [^`]+|-[^`]+)`", line)


def test_each_target_in_the_readme_is_in_the_makefile() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"^ {4}make ([a-z]+)", README, re.MULTILINE)
    named += re.findall(r"`make ([a-z]+)`", README + ARCHITECTURE)
    assert {"guide", "test"} <= set(named)
    assert set(named) <= set(targets)


@pytest.mark.parametrize("text", [README, ARCHITECTURE], ids=["README", "ARCHITECTURE"])
def test_files_that_are_linked_or_named_are_there(text: str) -> None:
    places = re.findall(r"\]\((?!https?:|#)([^)]+)\)", text)
    places += re.findall(r"`((?:content|templates|tests|guidegen|models|view)/[\w./-]*)`", text)
    assert places
    roots = (ROOT, ROOT / "guidegen", ROOT / "templates")
    missing = [place for place in places if not any((root / place).exists() for root in roots)]
    assert missing == []


# The code


def test_each_module_says_what_it_is_for() -> None:
    assert len(MODULES) > 50
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]
    assert silent == []


def test_the_map_names_each_module_and_package() -> None:
    code_map = section_of(ARCHITECTURE, "## Code map")
    inside = {path.relative_to(ROOT / "guidegen").parts[0] for path in MODULES}
    wanted = {name.removesuffix(".py") for name in inside} - {"__init__", "__main__"}
    assert len(wanted) > 40
    named = set(re.findall(r"`([a-z_]+)(?:\.py|/)?`", code_map))
    assert sorted(wanted - named) == []


def test_the_map_names_nothing_that_is_gone() -> None:
    listed = re.findall(r"^- (`[^:]+):", section_of(ARCHITECTURE, "## Code map"), re.MULTILINE)
    named = set(re.findall(r"`([a-z_]+)/?`", " ".join(listed)))
    assert len(named) > 40
    there = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}
    assert sorted(named - there) == []


# CHANGELOG.md


def test_the_changelog_tells_what_is_not_released_yet() -> None:
    unreleased = section_of(CHANGELOG, "## Unreleased")
    headings = re.findall(r"^### (.+)$", unreleased, re.MULTILINE)
    assert headings
    assert set(headings) <= CHANGES
    assert re.search(r"^- \S", unreleased, re.MULTILINE)


# Nothing local


def committed() -> list[Path]:
    """Return the files that are, or would be, under version control."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no checkout")
    names = (name for name in done.stdout.split("\0") if "node_modules/" not in name)
    return [path for name in names if (path := ROOT / name).is_file()]


def test_no_file_names_a_place_on_the_machine_where_it_was_written() -> None:
    files = committed()
    assert len(files) > 300
    found = {
        f"{path.relative_to(ROOT)}: {match[0].decode()}"
        for path in files
        for match in LOCAL.finditer(path.read_bytes())
    }
    assert sorted(found) == []


@pytest.mark.parametrize(
    ("text", "is_local"),
    [
        ("/wor" + "k/main", True),
        ("see /roo" + "t", True),
        ("/home" + "/ann/x", True),
        ("/tmp/" + "brief/a", True),
        ("far" + "m-3", True),
        ("helper" + "-2", True),
        ("components/worksheet", False),
        ("http://a.org/work", False),
        ("/worksheet", False),
        ("self-helper", False),
    ],
)
def test_the_search_knows_a_local_name(text: str, is_local: bool) -> None:
    assert bool(LOCAL.search(text.encode())) == is_local

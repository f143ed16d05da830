"""The web pages in a real browser: axe-core, small and large, light and dark, by keyboard alone.

They need Chromium, Java and npm packages; `make test-a11y` installs them and runs these tests.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from printing import printed

from guidegen.models import Library

HERE = Path(__file__).resolve().parent
MODULES = HERE.parents[1] / ".venv/a11y/node_modules"
CHECKER = MODULES / "vnu-jar/build/dist/vnu.jar"
WORKSHEETS = ("blank", "cloze", "matching", "cards", "quiz")
LONGEST = 20 * 60  # seconds

PROJECTS = sorted((Path(__file__).resolve().parents[1] / "languages/projects").iterdir())
pytestmark = [pytest.mark.a11y, pytest.mark.browser]


def needs(program: str, package: str) -> str:
    """Return the program's path; skips the test when it is missing."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is missing (sudo apt-get install {package})")
    if not MODULES.is_dir():
        pytest.skip("npm packages are missing (make test-a11y installs them)")
    return path


@pytest.fixture(scope="session")
def pages(bundled_library: Library, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The web page of every guide, edition, course, handout and kind of worksheet that we ship."""
    editions = " ".join(
        f"--edition {each}" for each in ("complete", "student", "instructor", "key")
    )
    commands = [
        *(f"build {guide} {editions}" for guide in bundled_library.guides),
        "build --all",
        *(f"diff {course}" for course in bundled_library.courses),
        *(f"compare {comparison}" for comparison in bundled_library.comparisons),
        "compare certification-and-license --blank --key",
        *(f"worksheet ems-vs-emt --kind {kind} --key" for kind in WORKSHEETS),
        "worksheet national-levels --kind blank",
        *(f"build --project {each} --out build/{each.name}" for each in PROJECTS),
    ]
    folder = tmp_path_factory.mktemp("pages")
    pages = printed(folder, commands, "html")
    return [*pages, proof_page(folder)]


def proof_page(folder: Path) -> Path:
    """Return the web page with the proofs of a course's files."""
    courses = [sys.executable, "-m", "guidegen", "proof", "--course", "emt-101"]
    page = folder / "build/proof.html"
    ended = subprocess.run([*courses, "--html", str(page)], cwd=folder, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    return page


@pytest.fixture(scope="session")
def examine() -> Callable[[list[Path]], list[str]]:
    """Returns what a browser finds wrong with pages, each with the name of its file."""
    node, chromium = needs("node", "nodejs"), needs("chromium", "chromium")

    def run(files: list[Path]) -> list[str]:
        command = [node, str(HERE / "examine.js"), chromium, *map(str, files)]
        env = os.environ | {"NODE_PATH": str(MODULES)}
        ended = subprocess.run(command, env=env, capture_output=True, text=True, timeout=LONGEST)
        assert ended.returncode == 0, ended.stderr
        found: dict[str, list[str]] = json.loads(ended.stdout)
        assert set(found) == set(map(str, files))
        return [f"{shown(file)}: {fault}" for file, faults in found.items() for fault in faults]

    return run


@pytest.fixture(scope="session")
def errors_in() -> Callable[[list[Path]], list[str]]:
    """Returns the errors that the Nu HTML checker finds in pages."""
    java = needs("java", "default-jdk-headless")

    def run(files: list[Path]) -> list[str]:
        command = [java, "-jar", str(CHECKER), "--format", "json", "--stdout", "--exit-zero-always"]
        ended = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        messages: list[dict[str, Any]] = json.loads(ended.stdout)["messages"]
        return [
            f"{shown(each['url'])}:{each.get('lastLine')}: {each['message']}"
            for each in messages
            if each["type"] != "info"
        ]

    return run


def shown(file: str) -> str:
    return file.partition("/build/")[2] or Path(file).name


def test_the_pages_hold_each_kind_of_block(pages: list[Path]) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    kinds = {case.name for case in (HERE.parent / "golden/cases").iterdir()}
    shown_kinds = set(re.findall(r'class="block ([\w-]+)', text))
    assert kinds - shown_kinds == {"markdown", "selection"}


def test_a_browser_finds_nothing_wrong(
    pages: list[Path], examine: Callable[[list[Path]], list[str]]
) -> None:
    assert examine(pages) == []


def test_the_checker_finds_no_error(
    pages: list[Path], errors_in: Callable[[list[Path]], list[str]]
) -> None:
    assert errors_in(pages) == []


BAD_PAGE = """\
<!doctype html>
<html><head><meta charset="utf-8"><title>Bad</title>
<style>:focus { outline: 0 } .box { overflow: auto; width: 90px } .box div { width: 700px }</style>
</head><body><h1>Bad</h1><a href="#x">first</a> <a href="#y" tabindex="-1">never</a>
<p style="width: 700px; color: #bbbbbb">pale</p><div class="box"><div>long</div></div>
<wrong></wrong></body></html>
"""


@pytest.fixture
def bad_page(tmp_path: Path) -> list[Path]:
    page = tmp_path / "bad.html"
    page.write_text(BAD_PAGE, encoding="utf-8")
    return [page]


def test_the_browser_would_find_what_is_wrong(
    bad_page: list[Path], examine: Callable[[list[Path]], list[str]]
) -> None:
    found = "\n".join(examine(bad_page))
    for fault in (
        "320 px, dark: axe color-contrast: p:",
        "1280 px, light: axe html-has-lang:",
        "320 px, light: the page scrolls sideways",
        '1280 px: Tab comes to a. "first" before the text or a skip link',
        'focused but not marked: a. "first"',
        'Tab does not reach a. "never"',
        'the keyboard cannot scroll div.box "long"',
    ):
        assert fault in found


def test_the_checker_would_find_an_error(
    bad_page: list[Path], errors_in: Callable[[list[Path]], list[str]]
) -> None:
    assert any("Element “wrong” not allowed" in error for error in errors_in(bad_page))

"""What all tests share: the golden files' option, and content made on the spot."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from guidegen import jobs
from guidegen.checks import check
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.models import Library
from guidegen.project import bundled
from guidegen.selection import Choice
from guidegen.view.document import Document

TODAY = datetime.date(2026, 11, 24)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the code makes now as the expected output; refused when CI is set",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden: golden files are never rewritten where CI is set")


@pytest.fixture(scope="session")
def update_golden(pytestconfig: pytest.Config) -> bool:
    """True when golden files are to be rewritten instead of compared."""
    return bool(pytestconfig.getoption("--update-golden"))


@pytest.fixture(scope="session")
def today() -> datetime.date:
    """The day on which all tests take place."""
    return TODAY


@pytest.fixture(scope="session")
def bundled_library() -> Library:
    """The content that comes with guidegen, found sound."""
    root = bundled()
    library, problems = load(root / "content", root)
    problems += check(library, TODAY)
    assert [str(problem) for problem in problems if problem.severity == "error"] == []
    return library


@pytest.fixture(scope="session")
def composed() -> Callable[[Library, str, Choice], Document]:
    """Returns the document of what is chosen of the guide with this id."""

    def compose(library: Library, guide: str, choice: Choice) -> Document:
        return jobs.compose(Job(guide, library, {}, choice=choice))[1]

    return compose


@pytest.fixture
def library_of(tmp_path: Path) -> Callable[[dict[str, str]], Library]:
    """Returns the library of files given as text by their paths below ``content``."""

    def make(files: dict[str, str]) -> Library:
        for name, text in files.items():
            path = tmp_path / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        library, problems = load(tmp_path / "content", tmp_path)
        assert [str(problem) for problem in problems] == []
        return library

    return make

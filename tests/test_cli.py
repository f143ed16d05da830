"""The command line: exit codes, what goes to which stream, and words a person can act on."""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from running import Ended, Run
from typer.testing import CliRunner

from guidegen import __version__, cli, doctor, starter
from guidegen.doctor import Finding

HEAVY = {"weasyprint", "questionary", "prompt_toolkit", "fontTools", "pikepdf"}


@pytest.fixture
def bio(tmp_path: Path) -> Path:
    """A project as `guidegen new` makes it."""
    starter.make_project(tmp_path / "bio")
    return tmp_path / "bio"


@pytest.fixture
def run(bio: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs guidegen in the folder of the project ``bio``, in this process."""
    monkeypatch.chdir(bio)
    return guidegen


def process(*arguments: str, cwd: Path, **env: str) -> Ended:
    """Run guidegen as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "guidegen", *arguments],
        cwd=cwd,
        env=os.environ | env,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def break_project(project: Path) -> None:
    """Plant three faults, in three files."""
    guide = project / "content/guides/cell-division.yaml"
    guide.write_text(guide.read_text().replace("[term:spindle]", "[term:spindel]"))
    facts = project / "content/shared/facts.yaml"
    facts.write_text(facts.read_text().replace("source: openstax-", "source: openstacks-", 1))
    course = project / "content/courses/bio-101.yaml"
    course.write_text(course.read_text().replace("- meiosis", "- myosis"))


def headings(page: Path) -> list[str]:
    """Return the ids of the sections of a web page, in their order."""
    return re.findall(r'<h2 id="([a-z-]+)"', page.read_text())


# Exit codes


def test_a_process_ends_with_0_when_all_is_well(tmp_path: Path) -> None:
    ended = process("--version", cwd=tmp_path)
    assert (ended.code, ended.out, ended.err) == (0, f"guidegen {__version__}\n", "")


def test_a_process_ends_with_1_for_a_fault_in_the_content(bio: Path) -> None:
    break_project(bio)
    ended = process("build", "--format", "html", cwd=bio)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("reading content ...\ncontent/")
    assert "Traceback" not in ended.err


def test_a_process_ends_with_2_for_wrong_usage(bio: Path) -> None:
    ended = process("build", "--format", "docx", cwd=bio)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "guidegen: there is no format 'docx' (there are: pdf, html)\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "command", ["list", "list --json", "schema", "plan --course bio-101", "--help", "--version"]
)
def test_what_cannot_be_printed_is_told_in_one_line(bio: Path, command: str) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "guidegen", *command.split()],
            cwd=bio,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    reason = os.strerror(errno.ENOSPC)
    assert ended.returncode == 1
    assert ended.stderr == f"guidegen: cannot print the result: {reason}\n"


@pytest.mark.parametrize("command", ["list", "list --json", "schema", "--help"])
def test_a_pipe_that_nobody_reads_ends_quietly(bio: Path, command: str) -> None:
    line = [sys.executable, "-m", "guidegen", *command.split()]
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(line, cwd=bio, stdout=writer, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writer)
    assert (ended.returncode, ended.stderr) == (1, b"")


@pytest.mark.parametrize(
    "arguments",
    [["build", "--out", ""], ["check", "--project", " "], ["compare", "x", "--out", ""]],
)
def test_an_empty_path_is_wrong_usage(run: Run, bio: Path, arguments: list[str]) -> None:
    before = sorted(bio.rglob("*"))
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("guidegen: a path is empty")
    assert sorted(bio.rglob("*")) == before


def test_check_counts_in_words_that_agree(run: Run) -> None:
    assert run("check").err == "1 guide checked: 0 errors, 0 warnings\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["build", "--nonsense"],
        ["nonsense"],
        ["build", "--paper", "a5"],
        ["schema", "nonsense"],
        ["new"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_a_few_lines(run: Run, arguments: list[str]) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert arguments[-1] in ended.err
    assert "Traceback" not in ended.err
    assert len(ended.err.splitlines()) < 12


COMMANDS = sorted(typer.main.get_group(cli.app).commands)


def test_help_names_every_command() -> None:
    shown = CliRunner().invoke(cli.app, ["--help"])
    assert shown.exit_code == 0
    assert {"list", "build", "check", "labels", "schema", "new", "doctor"} <= set(COMMANDS)
    for command in COMMANDS:
        assert re.search(rf"^\W*{command}\s+[A-Z]", shown.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(cli.app, [command, "--help"])
    usage, _, explanation, *_ = shown.stdout.splitlines()
    assert shown.exit_code == 0
    assert f" {command} " in usage
    assert explanation.endswith(".") or len(explanation) > 60


def test_a_mistyped_command_is_met_with_a_known_one(run: Run) -> None:
    assert "Did you mean 'list'?" in run("lst").err


# Unknown names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["cell-divison"], "there is no guide 'cell-divison' (did you mean 'cell-division'?)"),
        (["-s", "mitosys"], "there is no section 'mitosys' (did you mean 'mitosis'?)"),
        (["--skip", "anwsers"], "there is no section 'anwsers' (did you mean 'answers'?)"),
        (["--tag", "basic"], "there is no tag 'basic' (did you mean 'basics'?)"),
        (["--course", "bio-110"], "there is no course 'bio-110' (did you mean 'bio-101'?)"),
        (["--format", "pfd"], "there is no format 'pfd' (there are: pdf, html)"),
        (["--project", "nowhere"], "there is no folder"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_an_unknown_name_is_met_with_a_known_one(
    run: Run, bio: Path, arguments: list[str], words: str
) -> None:
    ended = run("build", "--format", "html", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert not (bio / "build").exists()


def test_pick_without_a_terminal_is_refused(bio: Path) -> None:
    ended = process("build", "--pick", cwd=bio)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "guidegen: --pick needs a terminal; name sections with -s instead\n"
    assert not (bio / "build").exists()


# What is selected


def test_sections_come_in_the_order_in_which_they_are_named(run: Run, bio: Path) -> None:
    assert run("build", "--format", "html", "-s", "meiosis", "-s", "cell-cycle").code == 0
    page = bio / "build/cell-division.html"
    assert headings(page) == ["meiosis", "cell-cycle", "glossary", "sources"]


def test_skip_leaves_sections_out(run: Run, bio: Path) -> None:
    run("build", "--format", "html", "--skip", "answers", "--skip", "mitosis")
    page = bio / "build/cell-division.html"
    assert headings(page) == ["cell-cycle", "meiosis", "review-questions", "glossary", "sources"]


def test_tag_takes_sections_in_the_order_of_the_guide(run: Run, bio: Path) -> None:
    run("build", "--format", "html", "--tag", "reproduction", "--tag", "basics")
    sections = headings(bio / "build/cell-division.html")
    assert sections[:3] == ["cell-cycle", "mitosis", "meiosis"]
    assert "review-questions" not in sections


def test_a_course_has_its_sections_and_its_name(run: Run, bio: Path) -> None:
    assert run("build", "--format", "html", "--course", "bio-101").code == 0
    (page,) = bio.rglob("*.html")
    assert headings(page)[:4] == ["cell-cycle", "mitosis", "meiosis", "review-questions"]
    assert "BIO 101" in page.read_text()


def test_editions_are_files_of_their_own(run: Run, bio: Path) -> None:
    ended = run("build", "--format", "html", "--edition", "student", "--edition", "key")
    assert (ended.code, len(ended.out.splitlines())) == (0, 2)
    student, key = bio / "build/cell-division-student.html", bio / "build/cell-division-key.html"
    assert "making of new DNA" not in student.read_text()
    assert "making of new DNA" in key.read_text()


def test_out_names_the_folder(run: Run, bio: Path) -> None:
    ended = run("build", "--format", "html", "--out", "handouts/week-3")
    assert ended.out.startswith("wrote handouts/week-3/cell-division.html (")
    assert (bio / "handouts/week-3/cell-division.html").is_file()
    assert not (bio / "build").exists()


def test_a_folder_that_cannot_be_written_is_told_in_plain_words(run: Run, bio: Path) -> None:
    (bio / "taken").write_text("a file")
    ended = run("build", "--format", "html", "--out", "taken")
    assert (ended.code, ended.out) == (1, "")
    assert "guidegen: cannot write taken: " in ended.err
    assert (bio / "taken").read_text() == "a file"


# Which stream


def test_progress_goes_to_stderr_and_results_to_stdout(run: Run) -> None:
    ended = run("build", "--format", "html", "--no-cache")
    assert ended.err == "reading content ...\ncell-division: HTML ...\nwriting ...\n"
    assert re.fullmatch(r"wrote build/cell-division\.html \(\d+ KB\)\n", ended.out)


def test_quiet_is_silent(run: Run, bio: Path) -> None:
    ended = run("build", "--format", "html", "--quiet")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (bio / "build/cell-division.html").is_file()


def test_quiet_still_tells_problems(run: Run, bio: Path) -> None:
    break_project(bio)
    ended = run("build", "--format", "html", "--quiet")
    assert (ended.code, ended.out) == (1, "")
    assert len(ended.err.splitlines()) == 3


def test_json_of_a_build_says_what_was_made_and_why(run: Run, bio: Path) -> None:
    ended = run("build", "--format", "html", "--skip", "mitosis", "--json")
    assert (ended.code, ended.err) == (0, "")
    (told,) = ended.json["built"]
    (output,) = told["outputs"]
    page = Path(output["path"])
    assert (page, output["bytes"]) == (bio / "build/cell-division.html", page.stat().st_size)
    assert told["guide"] == "cell-division"
    assert told["code"] in page.read_text()
    assert ended.json["problems"] == []
    reasons = {reason["name"]: reason for reason in told["reasons"]}
    assert (reasons["meiosis"]["action"], reasons["mitosis"]["action"]) == ("in", "out")
    assert reasons["mitosis"]["why"] == "skipped on the command line"


def test_json_of_a_failed_build_leaves_stdout_empty(run: Run, bio: Path) -> None:
    break_project(bio)
    ended = run("build", "--format", "html", "--json")
    assert (ended.code, ended.out) == (1, "")
    assert "unknown-term" in ended.err


# The other commands


def test_list_shows_sections_and_courses(run: Run) -> None:
    ended = run("list")
    assert (ended.code, ended.err) == (0, "")
    for words in ("cell-division: Mitosis and meiosis", "review-questions", "basics", "bio-101"):
        assert words in ended.out


def test_list_as_json(run: Run) -> None:
    ended = run("list", "--json")
    assert (ended.code, ended.err) == (0, "")
    (guide,) = ended.json["guides"]
    sections = {section["id"]: section for section in guide["sections"]}
    assert list(sections)[:3] == ["cell-cycle", "mitosis", "meiosis"]
    assert sections["meiosis"]["tags"] == ["reproduction"]
    assert sections["meiosis"]["words"] > 100
    assert sections["glossary"]["words"] is None
    assert [course["id"] for course in ended.json["courses"]] == ["bio-101"]


def test_check_finds_nothing_in_sound_content(run: Run) -> None:
    ended = run("check")
    assert (ended.code, ended.out) == (0, "")
    assert "0 errors, 0 warnings" in ended.err


def test_check_as_json(run: Run, bio: Path) -> None:
    assert run("check", "--json").json == {"problems": []}
    break_project(bio)
    ended = run("check", "--json")
    assert (ended.code, ended.err) == (1, "")
    problem = next(each for each in ended.json["problems"] if each["code"] == "unknown-term")
    assert problem["file"] == "content/guides/cell-division.yaml"
    line = (bio / problem["file"]).read_text().splitlines()[problem["line"] - 1]
    assert line[problem["column"] - 1 :].startswith("[term:spindel]")
    assert problem["hint"] == "did you mean 'spindle'?"
    assert problem["severity"] == "error"


def test_a_schema_is_printed_as_json(run: Run) -> None:
    assert run("schema", "guide").json["title"] == "Guide"
    assert len(run("schema").json["anyOf"]) == 6


def test_schemas_are_written_for_editors(run: Run, bio: Path) -> None:
    (bio / "content/schema/guide.json").unlink()
    ended = run("schema", "--write")
    assert (ended.code, ended.out) == (0, "")
    assert "wrote content/schema/guide.json" in ended.err
    assert json.loads((bio / "content/schema/guide.json").read_text())["title"] == "Guide"


def test_labels_are_written_beside_the_guide(run: Run, bio: Path) -> None:
    lock = bio / "content/guides/cell-division.labels.lock"
    before = lock.read_text()
    lock.unlink()
    assert "labels-out-of-date" in run("check").out
    ended = run("labels")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "wrote content/guides/cell-division.labels.lock\n"
    assert lock.read_text() == before


def test_new_says_what_it_wrote_and_what_to_do_next(run: Run, bio: Path) -> None:
    ended = run("new", "chemistry")
    assert ended.code == 0
    assert [path for path in ended.out.splitlines() if not (bio / path).is_file()] == []
    assert "chemistry/content/guides/cell-division.yaml" in ended.out
    assert ended.err == "Now run: guidegen build --project chemistry\n"


def test_new_leaves_a_folder_in_use_alone(run: Run, bio: Path) -> None:
    before = sorted(bio.rglob("*"))
    ended = run("new", str(bio))
    assert (ended.code, ended.out) == (2, "")
    assert "exists and is not empty" in ended.err
    assert sorted(bio.rglob("*")) == before


def test_doctor_finds_this_machine_sound(run: Run) -> None:
    ended = run("doctor")
    assert (ended.code, ended.err) == (0, "")
    assert "MISSING" not in ended.out
    assert "Pango" in ended.out


def test_doctor_names_the_cure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = Finding("Pango", False, "not installed", "apt-get install libpango-1.0-0")
    monkeypatch.setattr(doctor, "examine", lambda: [missing])
    ended = run("doctor")
    assert ended.code == 1
    assert ended.out == "MISSING Pango: not installed   mend: apt-get install libpango-1.0-0\n"
    ended = run("doctor", "--json")
    assert (ended.code, ended.err) == (1, "")
    assert ended.json == {"findings": [missing.as_dict()]}


# A broken project


def test_all_problems_are_told_and_the_older_output_stays(run: Run, bio: Path) -> None:
    assert run("build", "--format", "html").code == 0
    page = bio / "build/cell-division.html"
    before = (page.read_bytes(), page.stat().st_mtime_ns)
    break_project(bio)
    ended = run("build", "--format", "html")
    assert ended.code == 1
    problems = ended.err.splitlines()[1:]
    assert [problem.split(":")[0] for problem in problems] == [
        "content/courses/bio-101.yaml",
        "content/guides/cell-division.yaml",
        "content/shared/facts.yaml",
    ]
    assert all(re.match(r"\S+:\d+:\d+: [a-z-]+: .+ \(.+\)$", problem) for problem in problems)
    assert (page.read_bytes(), page.stat().st_mtime_ns) == before
    assert [path.name for path in page.parent.iterdir()] == [page.name]


@pytest.fixture
def two_guides(bio: Path) -> Path:
    """The project with a second guide that is broken, and a course that hands out both."""
    guide = (bio / "content/guides/cell-division.yaml").read_text()
    (bio / "content/guides/broken.yaml").write_text(guide.replace("title:", "titel:", 1))
    course = bio / "content/courses/bio-101.yaml"
    course.write_text(course.read_text().rstrip() + "\n  broken: {}\n")
    return bio


def test_a_broken_guide_does_not_stop_another(run: Run, two_guides: Path) -> None:
    ended = run("build", "cell-division", "--format", "html")
    assert (ended.code, "broken.yaml" in ended.err) == (0, False)
    assert (two_guides / "build/cell-division.html").is_file()


@pytest.mark.parametrize("arguments", [(), ("cell-division",)], ids=["all", "the-sound-one"])
def test_a_course_with_a_broken_guide_tells_that_and_nothing_that_follows(
    run: Run, two_guides: Path, arguments: tuple[str, ...]
) -> None:
    ended = run("build", *arguments, "--course", "bio-101", "--format", "html", "--quiet")
    assert (ended.code, ended.out) == (1, "")
    assert "content/guides/broken.yaml:" in ended.err
    assert "unknown-field" in ended.err
    assert "unknown-guide" not in ended.err
    assert not (two_guides / "build").exists()


def test_files_that_cannot_be_read_at_all_make_no_traceback(bio: Path) -> None:
    (bio / "content/guides/cell-division.yaml").write_bytes(b"\xff\xfe\x00 not text")
    (bio / "content/shared/glossary.yaml").write_text("terms: [unclosed")
    for command in ("check", "list", "build"):
        ended = process(command, cwd=bio)
        assert ended.code == 1
        assert "Traceback" not in ended.err
        told = ended.out + ended.err
        assert "content/guides/cell-division.yaml:1:1: not-utf8" in told
        assert "content/shared/glossary.yaml:1:8: yaml-syntax" in told


# What a quick command does without


@pytest.mark.parametrize("argument", ["--help", "list", "check"])
def test_quick_commands_do_not_wait_for_heavy_imports(bio: Path, argument: str) -> None:
    script = (
        "import atexit, sys\n"
        "from guidegen.cli import main\n"
        "atexit.register(lambda: print('\\nmodules', *sys.modules))\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, argument],
        cwd=bio,
        capture_output=True,
        text=True,
        check=True,
    )
    modules = set(done.stdout.split("\nmodules ")[1].split())
    assert "guidegen.pipeline" in modules
    assert not HEAVY & modules

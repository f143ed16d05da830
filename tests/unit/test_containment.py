"""Layout is ended at its limits, and however else it ends, the answer is a problem with a place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import six_courses
from running import Run

from guidegen import containment, executors, making
from guidegen.containment import MEGABYTES, SECONDS, Limits, contained, limits
from guidegen.executors import run_here
from guidegen.jobs import Job, Made
from guidegen.origin import Origin
from guidegen.pipeline import Request
from guidegen.problems import ContentError, Problem, RenderError, RequestError
from guidegen.renderers import pdf
from guidegen.writer import WriteError

pytestmark = pytest.mark.skipif(not containment.CAN_END, reason="only Linux bears a fork")

PLACE = Origin("content/guides/g.yaml")
Told = Callable[[str], None]


def problem_of(work: Callable[[Told], object]) -> Problem:
    with pytest.raises(RenderError) as caught:
        contained(work, PLACE)
    (problem,) = caught.value.problems
    assert problem.origin == PLACE
    return problem


@pytest.fixture
def one_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECONDS, "1")


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The processes that were forked during the test."""
    numbers: list[int] = []
    fork = containment._fork

    def spy() -> int:
        numbers.append(fork())
        return numbers[-1]

    monkeypatch.setattr(containment, "_fork", spy)
    return numbers


def is_gone(forked: list[int]) -> bool:
    """Say whether the one process that was forked has ended and has been waited for."""
    (child,) = forked
    return not Path(f"/proc/{child}").exists()


# What comes back


def test_what_the_work_returns_comes_back_with_what_it_told(forked: list[int]) -> None:
    steps: list[str] = []

    def work(told: Told) -> tuple[int, bytes]:
        told("first")
        told("second")
        return os.getpid(), b"x" * 1_000_000

    worker, content = contained(work, PLACE, steps.append)
    assert worker != os.getpid()
    assert (len(content), steps) == (1_000_000, ["first", "second"])
    assert is_gone(forked)


FORESEEN = [
    ContentError([Problem(PLACE, "one", "a"), Problem(PLACE, "two", "b")]),
    RenderError([Problem(PLACE, "one", "a")]),
    RequestError("no section is left"),
    WriteError(Path("x"), "the disk is full"),
]


@pytest.mark.parametrize("error", FORESEEN, ids=lambda error: type(error).__name__)
def test_our_own_errors_come_back_as_they_are(error: Exception) -> None:
    def work(told: Told) -> None:
        raise error

    with pytest.raises(type(error)) as caught:
        contained(work, PLACE)
    assert (str(caught.value), vars(caught.value)) == (str(error), vars(error))


# Limits


def test_the_usual_limits_and_those_of_the_environment() -> None:
    assert limits({}) == Limits(seconds=300, megabytes=3000)
    assert limits({SECONDS: "900", MEGABYTES: "6000"}) == Limits(900, 6000)


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "ten", "٣", "1" * 9])
def test_a_limit_that_is_none_is_wrong_usage(text: str) -> None:
    with pytest.raises(RequestError, match=SECONDS):
        limits({SECONDS: text})


def test_what_takes_too_long_is_ended(one_second: None, forked: list[int]) -> None:
    def work(told: Told) -> None:
        while True:
            pass

    begun = time.monotonic()
    problem = problem_of(work)
    assert time.monotonic() - begun < 10
    assert problem.code == "layout-too-long"
    assert problem.message == "this took longer than 1 seconds and was ended"
    assert "GUIDEGEN_TIME_LIMIT=3" in problem.hint
    assert is_gone(forked)


def test_each_step_has_the_time_for_itself(one_second: None) -> None:
    def work(told: Told) -> str:
        for step in range(4):
            told(f"step {step}")
            time.sleep(0.4)
        return "done"

    assert contained(work, PLACE) == "done"


@pytest.mark.parametrize("size", [500_000_000, 10**15], ids=["piecewise", "at once"])
def test_what_takes_too_much_memory_is_ended(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MEGABYTES, "300")

    def work(told: Told) -> int:
        pieces = [bytes(min(size, 10**14))] if size > 10**14 else []
        while sum(map(len, pieces)) < size:
            pieces.append(b"x" * 1_000_000)
        return len(pieces)

    problem = problem_of(work)
    assert problem.code == "layout-too-big"
    assert problem.message == "this took more than 300 MB of memory and was ended"
    assert "GUIDEGEN_MEMORY_LIMIT=600" in problem.hint


# Other ends


def test_recursion_without_end_is_told() -> None:
    def work(told: Told) -> None:
        work(told)

    assert problem_of(work).code == "layout-too-deep"


def test_a_fault_of_ours_is_told_with_the_place_in_the_code() -> None:
    def work(told: Told) -> None:
        raise KeyError("x")

    problem = problem_of(work)
    assert problem.code == "crash"
    assert problem.message.startswith("KeyError: 'x' (unit/test_containment.py:")


def test_a_crash_is_told() -> None:
    # As GLib ends a process; on SIGSEGV pytest's own fault handler would print.
    problem = problem_of(lambda told: os.kill(os.getpid(), signal.SIGTRAP))
    assert (problem.code, problem.message) == ("crash", "the page engine ended with SIGTRAP")


def test_a_kill_by_the_system_counts_as_too_much_memory() -> None:
    problem = problem_of(lambda told: os.kill(os.getpid(), signal.SIGKILL))
    assert problem.code == "layout-too-big"


def test_a_result_that_cannot_travel_is_told() -> None:
    assert problem_of(lambda told: lambda: None).message == "the page engine ended with no result"


def test_an_exception_here_ends_the_work_and_leaves_nothing(forked: list[int]) -> None:
    def work(told: Told) -> None:
        told("begun")
        time.sleep(100)

    def interrupt(step: str) -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        contained(work, PLACE, interrupt)
    assert time.monotonic() - begun < 5
    assert is_gone(forked)


def test_where_nothing_can_be_ended_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containment, "CAN_END", False)
    assert contained(lambda told: os.getpid(), PLACE) == os.getpid()

    def work(told: Told) -> None:
        raise MemoryError

    assert problem_of(work).code == "layout-too-big"


# On real pages. Each of these took the engine minutes or gigabytes when there was no limit.

KILLERS = {
    "words": "word " * 19_000,
    "notes": "\n\n".join(["w^[Note.] " * 50] * 50),
    "lists": "\n".join(f"{'  ' * (n % 9)}- item" for n in range(4_000)),
    "pages": "\n\n".join(["| a | b |\n|---|---|\n| c | d |"] * 1_500),
}


def guide_of(text: str, times: int = 1) -> str:
    """Return a guide with the text in so many blocks."""
    head = "format: 1\ntitle: G\nlead: L\nedition: 2026-11-24\nsections:\n"
    block = f"- kind: prose\n  text: |\n{textwrap.indent(text, '    ')}\n"
    return f"{head}  - id: s\n    title: S\n    blocks:\n{textwrap.indent(block * times, '      ')}"


def write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "guidegen", *arguments]
    return subprocess.run(
        command, cwd=folder, env=os.environ | env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("killer", KILLERS)
def test_a_killer_is_ended_in_time(
    killer: str,
    one_second: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    guidegen: Run,
) -> None:
    write(tmp_path, {"content/guides/g.yaml": guide_of(KILLERS[killer])})
    monkeypatch.chdir(tmp_path)
    ended = guidegen("build", "--format", "pdf")
    assert ended.code == 1, ended.err
    assert "content/guides/g.yaml:1:1: layout-too-long: this took longer than 1" in ended.err
    assert not list(tmp_path.glob("build/*"))


def test_the_page_that_was_reached_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "5")
    pdf.import_engine()
    page = "<html lang=en><title>T</title>" + "<p style='break-after: page'>x</p>" * 3

    def work(told: Told) -> None:
        pdf.lay_out(page, {}, tmp_path)
        time.sleep(100)

    assert problem_of(work).message == "this took longer than 5 seconds and was ended at page 3"


def test_pages_that_take_too_much_memory_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"content/guides/g.yaml": guide_of("word " * 19_000)})
    done = run(tmp_path, "build", "--format", "pdf", GUIDEGEN_MEMORY_LIMIT="100")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert "content/guides/g.yaml:1:1: layout-too-big: " in done.stderr


def test_a_wrong_limit_is_wrong_usage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run
) -> None:
    six_courses.make(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(SECONDS, "soon")
    for arguments in (["build"], ["build", "--all"]):
        ended = guidegen(*arguments)
        assert (ended.code, ended.out) == (2, "")
        assert "GUIDEGEN_TIME_LIMIT is 'soon'" in ended.err


# In a batch

DEADLY = "carl: herbs"
MAKE = making._make


def hangs(job: Job, cache: Path, progress: Told) -> Made:
    if job.name == DEADLY:
        time.sleep(100)
    return MAKE(job, cache, progress)


def work_that_hangs(key: str, light: Job) -> object:
    making._make = hangs
    os.environ[SECONDS] = "2" if light.name == DEADLY else "300"
    return WORK(key, light)


WORK = executors._work


def test_only_the_job_that_hangs_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = six_courses.make(tmp_path)
    jobs: Mapping[int, Job] = dict(enumerate(six_courses.jobs(project, Request(formats=("html",)))))
    monkeypatch.setattr(executors, "_work", work_that_hangs)
    found = {jobs[number].name: each for number, each in run_here(jobs, project.cache, 2)}
    failed = {name: each for name, each in found.items() if not isinstance(each, Made)}
    assert len(found) == len(jobs)
    assert list(failed) == [DEADLY]
    (problem,) = failed[DEADLY]
    assert problem.code == "layout-too-long"


@pytest.mark.parametrize("arguments", [["build"], ["build", "--all"]], ids=" ".join)
@pytest.mark.timed
def test_ctrl_c_ends_all_at_once(arguments: list[str], tmp_path: Path) -> None:
    text = "\n\n".join(["A paragraph of some length that is printed."] * 1_400)
    guide = guide_of(text, times=20)
    course = "format: 1\ntitle: C\nguides: {g: {}}\n"
    write(tmp_path, {"content/guides/g.yaml": guide, "content/courses/c.yaml": course})
    command = [sys.executable, "-m", "guidegen", *arguments, "--format", "pdf"]
    # Its own session stands for a terminal, in which Ctrl-C reaches every process, also where the
    # tests themselves run in the background and so pass on that it is ignored.
    begun = subprocess.Popen(
        command,
        cwd=tmp_path,
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,
    )
    deadline = time.monotonic() + 60
    # With --all there are two processes of Python's own and a worker between the two.
    while len(members(begun.pid)) < (2 if arguments == ["build"] else 5):
        assert time.monotonic() < deadline
        assert begun.poll() is None, "it has ended before it was asked to"
        time.sleep(0.05)
    os.killpg(begun.pid, signal.SIGINT)
    begun.communicate(timeout=20)
    assert begun.returncode != 0
    deadline = time.monotonic() + 10
    while left := members(begun.pid):
        assert time.monotonic() < deadline, left
        time.sleep(0.05)
    assert not list(tmp_path.glob("build/**/*.pdf"))


def heed_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def members(session: int) -> list[str]:
    """Return the processes of a session that have not ended, as /proc knows them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == session and state != "Z":
            found.append(path.parent.name)
    return found

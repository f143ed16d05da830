"""Workers: warm, given the content once, missed by nobody when one of them dies."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import six_courses
from six_courses import EDITIONS

from guidegen import executors
from guidegen.executors import Outcome, Stock, attempt, outcomes, run_here, run_on, stock_of
from guidegen.jobs import Job, Made
from guidegen.pipeline import Request
from guidegen.problems import Problem, RenderError, RequestError
from guidegen.project import Project
from guidegen.writer import WriteError

DEADLY = "carl: herbs"
WORK = executors._work


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return six_courses.make(tmp_path)


@pytest.fixture
def jobs(project: Project) -> dict[int, Job]:
    return dict(enumerate(six_courses.jobs(project, Request(formats=("html",)))))


def by_name(jobs: Mapping[int, Job], found: Mapping[int, Outcome]) -> dict[str, Outcome]:
    return {jobs[number].name: found[number] for number in sorted(found)}


# The following run in the workers.


def dies_once(key: str, job: Job) -> Outcome:
    """Kill the worker at the deadly job, unless that was done before."""
    marker = executors._stocks[key][1] / "died"
    if job.name == DEADLY and not marker.exists():
        marker.write_bytes(b"")
        os.kill(os.getpid(), signal.SIGKILL)
    return WORK(key, job)


def dies_always(key: str, job: Job) -> Outcome:
    if job.name == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return WORK(key, job)


def state_of_worker() -> tuple[bool, bool, int, bool]:
    heard = signal.getsignal(signal.SIGINT)
    return (
        "weasyprint" in sys.modules,
        gc.isenabled(),
        gc.get_freeze_count(),
        heard == signal.SIG_IGN,
    )


def size_of(job: Job) -> int:
    return len(job.library.guides) + len(job.templates)


# Here


def test_parallel_jobs_make_the_very_bytes_of_single_ones(
    jobs: dict[int, Job], project: Project
) -> None:
    found = by_name(jobs, dict(run_here(jobs, project.cache, 2)))
    assert found == {job.name: attempt(job, project.cache) for job in jobs.values()}
    assert list(found) == EDITIONS
    assert all(isinstance(outcome, Made) for outcome in found.values())


def test_workers_are_warm_before_their_first_job(jobs: dict[int, Job], project: Project) -> None:
    stock = stock_of(jobs.values())
    with executors.warm_pool(1, project.cache, stock) as pool:
        is_imported, collects, frozen, ignores_keys = pool.submit(state_of_worker).result()
    assert (is_imported, collects, ignores_keys) == (True, False, True)
    assert frozen > 50_000


def test_content_does_not_travel_with_each_job(jobs: dict[int, Job], project: Project) -> None:
    sent: list[Job] = []

    class Spy(ThreadPoolExecutor):
        def submit(self, work, key, job):  # type: ignore[no-untyped-def,override]
            sent.append(job)
            return super().submit(size_of, job)

    with Spy() as spy:
        future = executors.submit_light(spy, stock_of(jobs.values()), jobs[0])
    assert future.result() == 0  # type: ignore[comparison-overlap]
    assert sent[0].name == jobs[0].name


def test_one_worker_can_serve_two_builds(jobs: dict[int, Job], project: Project) -> None:
    stock, other = stock_of(jobs.values()), Stock(jobs[0].library, {})
    executors.take(stock, project.cache)
    executors.take(other, project.cache)
    try:
        assert isinstance(executors._work(stock.key, jobs[0]), Made)
        assert not isinstance(executors._work(other.key, jobs[0]), Made)
    finally:
        executors.forget(stock)
        executors.forget(other)
    assert executors._stocks == {}


def test_a_killed_worker_costs_a_retry_and_no_job(
    jobs: dict[int, Job], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_work", dies_once)
    found = by_name(jobs, dict(run_here(jobs, project.cache, 2)))
    assert (project.cache / "died").exists()
    assert found == {job.name: attempt(job, project.cache) for job in jobs.values()}
    assert all(isinstance(outcome, Made) for outcome in found.values())


@pytest.mark.parametrize("workers", [1, 2])
def test_only_the_job_that_kills_its_worker_again_fails(
    workers: int, jobs: dict[int, Job], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_work", dies_always)
    found = by_name(jobs, dict(run_here(jobs, project.cache, workers)))
    assert sorted(found) == sorted(EDITIONS)
    lost = [name for name, outcome in found.items() if not isinstance(outcome, Made)]
    assert lost == [DEADLY]
    (problem,) = found[DEADLY]  # type: ignore[misc]
    assert (problem.code, problem.origin.file) == ("worker-died", "content/courses/carl.yaml")


def test_nothing_to_do_starts_no_process(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(executors, "warm_pool")
    assert list(run_here({}, project.cache, 2)) == []


def run_as_script(project: Project, end: str) -> str:
    """Return a script that begins to run all jobs here, and then does ``end``."""
    head = f"""
        import os, signal, sys, time, multiprocessing
        from pathlib import Path
        sys.path.insert(0, {str(Path(__file__).parent)!r})
        import six_courses
        from guidegen import executors
        if __name__ == "__main__":
            project = six_courses.make(Path({str(project.root)!r}))
            pages = six_courses.Request(formats=("html",))
            jobs = dict(enumerate(six_courses.jobs(project, pages)))
            found = executors.run_here(jobs, project.cache, 2)
            next(found)
    """
    return textwrap.dedent(head) + textwrap.indent(textwrap.dedent(end), "    ")


def test_processes_start_without_a_warning(project: Project, tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(run_as_script(project, "print(len(list(found)))"))
    done = subprocess.run(
        [sys.executable, "-W", "error", script], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("6\n", "", 0)


@pytest.mark.timed
def test_workers_end_with_a_killed_parent(project: Project, tmp_path: Path) -> None:
    end = """
        print(*(each.pid for each in multiprocessing.active_children()), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    script = tmp_path / "run.py"
    script.write_text(run_as_script(project, end))
    done = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, check=False)
    workers = [int(word) for word in done.stdout.split()]
    assert len(workers) == 2
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{worker}/cmdline").exists() for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)


# Anywhere


def test_any_executor_will_do(jobs: dict[int, Job], project: Project) -> None:
    with ThreadPoolExecutor(2) as pool:
        found = dict(run_on(jobs, lambda job: pool.submit(attempt, job, project.cache)))
    assert by_name(jobs, found) == {job.name: attempt(job, project.cache) for job in jobs.values()}


def test_an_executor_that_loses_jobs_leaves_none_unspoken_of(jobs: dict[int, Job]) -> None:
    def lose(job: Job) -> Future[Outcome]:
        future: Future[Outcome] = Future()
        if job.name == DEADLY:
            future.set_exception(BrokenExecutor())
        else:
            future.set_exception(OSError("the cluster is gone"))
        return future

    assert len(dict(outcomes(jobs, lose))) == len(jobs) - 1
    found = by_name(jobs, dict(run_on(jobs, lose)))
    assert sorted(found) == sorted(EDITIONS)
    (problem,) = found["anna: herbs"]  # type: ignore[misc]
    assert (problem.code, problem.message) == ("worker-died", "OSError: the cluster is gone")


def test_faults_of_all_kinds_come_back_as_problems(
    jobs: dict[int, Job], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Problem(jobs[0].library.courses["anna"].origin, "own", "of its own")
    faults = {
        "own": RenderError([own]),
        "nothing-to-build": RequestError("no section is left"),
        "not-written": WriteError(Path("x"), "the disk is full"),
        "crash": RecursionError("too deep"),
    }
    for code, fault in faults.items():

        def fail(job: Job, cache: Path, fault: Exception = fault) -> Made:
            raise fault

        monkeypatch.setattr(executors, "make", fail)
        (problem,) = attempt(jobs[0], project.cache)  # type: ignore[misc]
        assert (problem.code, problem.origin.file) == (code, "content/courses/anna.yaml")

"""Every course's editions in one go: what was built before is kept, what fails stops nothing else.

A course that is broken fails, with its own problems, and so does an edition of which no sound page
can be made. Only what all courses share, such as the facts, can stop the whole batch.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from guidegen.cache import Kept
from guidegen.containment import limits
from guidegen.courses import effective
from guidegen.executors import (
    Outcome,
    Stock,
    attempt,
    problems_from,
    run_here,
    run_on,
    stock_of,
    submit_light,
)
from guidegen.found import Found, course_names, handed_out, problems_of, refuse_unknown
from guidegen.jobs import Job, Made
from guidegen.pipeline import Built, Request, jobs_of, read, refuse_theme, write
from guidegen.problems import ContentError, Problem, RequestError
from guidegen.project import Project
from guidegen.renderers.html import read_templates
from guidegen.writer import WriteError

State = Literal["built", "cached", "failed"]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one edition of one guide, or of a course that could not be read at all.

    ``guide`` and ``edition`` are empty for such a course; ``built`` is None for what failed, and
    ``problems`` say why, or what is wrong with pages that were let pass.
    """

    course: str
    guide: str
    edition: str
    state: State
    built: Built | None = None
    problems: tuple[Problem, ...] = ()
    theme: str = ""

    @property
    def name(self) -> str:
        """The result in words, such as ``emt-101: ems-vs-emt, student``."""
        guide = f": {self.guide}" if self.guide else ""
        edition = "" if self.edition in ("", "complete") else f", {self.edition}"
        theme = f", {self.theme}" if self.theme else ""
        return f"{self.course}{guide}{edition}{theme}"


@dataclass(frozen=True, slots=True)
class Batch:
    """All results in order of course, guide and edition, and warnings that stopped nothing."""

    results: tuple[Result, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def failed(self) -> tuple[Result, ...]:
        """The results without files."""
        return tuple(result for result in self.results if result.state == "failed")


Told = Callable[[Result, int], None]
"""Told of each result as soon as it is there, and of how many there will be."""


def build_all(
    project: Project,
    request: Request,
    *,
    today: datetime.date,
    jobs: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    use_cache: bool = True,
    told: Told = lambda result, total: None,
) -> Batch:
    """Write the editions of every course, each into the folder of its course.

    They are made in ``jobs`` processes (as many as there are cores), or by ``executor``, or by
    the Dask cluster at the address ``scheduler``. ``request.course`` is not looked at.

    Raises ContentError for errors in what all courses share, RequestError when there is nothing
    to build, no such theme, or no cluster answers. Whatever else is wrong is told in the results.
    """
    limits()  # wrong ones are told before anything is made
    found = read(project, today)
    templates, faults = read_templates(project.templates)
    if shared := [*problems_of(found, None, ()), *faults]:
        raise ContentError(shared)
    refuse_theme(request, templates)
    entries = dict(enumerate(_entries(found, request, templates)))
    _refuse_nothing(found, request, entries)
    batch = _Batch(project, request, Kept(project.cache) if use_cache else None)
    results: dict[int, Result] = {}

    def take(number: int, result: Result) -> None:
        results[number] = result
        told(result, len(entries))

    left: dict[int, Job] = {}
    for number, entry in entries.items():
        if isinstance(entry, Result):
            take(number, entry)
        elif result := batch.from_cache(entry):
            take(number, result)
        else:
            left[number] = entry
    workers = jobs or cores()
    outcomes = _outcomes(left, project.cache, workers, executor, scheduler)
    with contextlib.closing(outcomes):
        for number, outcome in outcomes:
            take(number, batch.finished(left[number], outcome))
    ordered = tuple(results[number] for number in sorted(results))
    told_of = (each for result in ordered if result.built for each in result.built.warnings)
    return Batch(ordered, tuple(dict.fromkeys((*found.warnings, *told_of))))


def cores() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _entries(
    found: Found, request: Request, templates: Mapping[str, str]
) -> Iterator[Job | Result]:
    """Yield all that is asked for in its order: a job where it is sound, or else the failure."""
    for course in course_names(found):
        if problems := problems_of(found, course, ()):
            yield Result(course, "", "", "failed", problems=tuple(problems))
            continue
        of_course = replace(request, course=course)
        for name in effective(course, found.library.courses).guides:
            if request.guide in (None, name):
                problems = problems_of(found, course, [name])
                for job in jobs_of(found.library, of_course, str(name), templates):
                    yield _failed(job, problems) if problems else job


def _refuse_nothing(found: Found, request: Request, entries: Mapping[int, Job | Result]) -> None:
    if entries:
        return
    if request.guide is not None and found.library.courses:
        refuse_unknown("guide of a course", request.guide, handed_out(found))
    raise RequestError("there is no course that hands out a guide yet")


def _outcomes(
    jobs: Mapping[int, Job],
    cache: Path,
    workers: int,
    executor: Executor | None,
    scheduler: str | None,
) -> Generator[tuple[int, Outcome], None, None]:
    if executor is not None:
        yield from run_on(jobs, lambda job: executor.submit(attempt, job, cache))
    elif scheduler is not None and jobs:
        stock = stock_of(jobs.values())
        with _cluster(scheduler, stock) as cluster:
            yield from run_on(jobs, lambda job: submit_light(cluster, stock, job))
    else:
        yield from run_here(jobs, cache, workers)


def _cluster(address: str, stock: Stock) -> contextlib.AbstractContextManager[Executor]:
    try:
        from guidegen.cluster import dask_executor  # an extra, which few have installed
    except ModuleNotFoundError:
        raise RequestError("--scheduler needs Dask: pip install 'guidegen[distributed]'") from None
    return dask_executor(address, stock)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Turns what became of jobs into files and results; ``kept`` is None without a cache."""

    project: Project
    request: Request
    kept: Kept | None

    def from_cache(self, job: Job) -> Result | None:
        """Return the result of a job that an earlier build has done, or that cannot be done."""
        try:
            made = self.kept.get(job) if self.kept else None
        # As in a worker: a job that hits a fault of ours must not take the others with it.
        except Exception as error:
            return _failed(job, problems_from(error, job))
        return self.written(job, made, "cached") if made else None

    def finished(self, job: Job, outcome: Outcome) -> Result:
        """Return the result of a job that ran."""
        if isinstance(outcome, tuple):
            return _failed(job, outcome)
        if self.kept:
            self.kept.put(job, outcome)
        return self.written(job, outcome, "built")

    def written(self, job: Job, made: Made, state: State) -> Result:
        """Write the job's files as one set."""
        folder = self.request.output or self.project.output
        try:
            (built,) = write([(job, made)], folder / str(job.course))
        except WriteError as error:
            return _failed(job, problems_from(error, job))
        return Result(
            str(job.course), job.guide, job.edition, state, built, built.of_pages, job.theme or ""
        )


def _failed(job: Job, problems: Iterable[Problem]) -> Result:
    return Result(
        str(job.course),
        job.guide,
        job.edition,
        "failed",
        problems=tuple(problems),
        theme=job.theme or "",
    )

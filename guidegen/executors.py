"""Where jobs run: in warm processes of this machine, or with any ``concurrent.futures`` executor.

A job never raises in a worker: what is wrong with it comes back as problems, which are plain
values and so travel between processes.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from multiprocessing.connection import wait
from pathlib import Path

from guidegen.containment import crashed
from guidegen.jobs import Job, Made
from guidegen.making import make
from guidegen.models import Library
from guidegen.origin import NOWHERE, Origin
from guidegen.problems import ContentError, Problem, RenderError, RequestError
from guidegen.renderers.html import prepare
from guidegen.renderers.pdf import import_engine
from guidegen.writer import WriteError

Outcome = Made | tuple[Problem, ...]
"""What became of a job: its files, or the problems that stood in their way."""

Submit = Callable[[Job], "Future[Outcome]"]

_PRELOADED = ["guidegen.executors", "guidegen.warm"]


@dataclass(frozen=True, slots=True)
class Stock:
    """What all jobs of a build draw on. It goes to each worker once, and not with every job."""

    library: Library
    templates: Mapping[str, str]
    key: str = field(default_factory=lambda: secrets.token_hex(8))


# What this process has as a worker. More than one build at a time may use the same worker.
_stocks: dict[str, tuple[Stock, Path]] = {}
# WeasyPrint's log is one for the whole process, and some executors run jobs in threads.
_one_at_a_time = threading.Lock()


def run_here(jobs: Mapping[int, Job], cache: Path, workers: int) -> Iterator[tuple[int, Outcome]]:
    """Yield each job's number and what became of it, in the order in which they are finished.

    They run in ``workers`` processes of this machine; ``cache`` is a folder for fonts. When a
    process dies, the jobs that are left run again in new ones; a job that kills its process
    again, all by itself, has failed.
    """
    left = dict(jobs)
    for _ in range(2):
        for number, outcome in _round(dict(left), cache, workers):
            del left[number]
            yield number, outcome
    for number, job in left.items():
        alone = dict(_round({number: job}, cache, 1))
        yield number, alone.get(number) or died(job)


def _round(jobs: Mapping[int, Job], cache: Path, workers: int) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of one pool, without those of jobs that a dying process took along."""
    if not jobs:
        return
    stock = stock_of(jobs.values())
    pool = warm_pool(min(workers, len(jobs)), cache, stock)
    try:
        yield from outcomes(jobs, lambda job: submit_light(pool, stock, job))
    except BaseException:
        _kill(pool)
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _kill(pool: ProcessPoolExecutor) -> None:
    """End the workers at once, and with them what they are making: nobody waits for it."""
    # Public as kill_workers() from Python 3.14.
    for worker in dict(pool._processes or {}).values():
        worker.kill()


def run_on(jobs: Mapping[int, Job], submit: Submit) -> Iterator[tuple[int, Outcome]]:
    """Yield as :func:`run_here` does, from an executor that sees to dying workers by itself."""
    left = dict(jobs)
    for number, outcome in outcomes(jobs, submit):
        del left[number]
        yield number, outcome
    for number, job in left.items():
        yield number, died(job)


def outcomes(jobs: Mapping[int, Job], submit: Submit) -> Iterator[tuple[int, Outcome]]:
    """Yield the outcomes of all jobs but those that a broken executor has lost."""
    futures: dict[Future[Outcome], int] = {}
    with contextlib.suppress(BrokenExecutor):
        for number, job in jobs.items():
            futures[submit(job)] = number
    for future in as_completed(futures):
        number = futures[future]
        try:
            outcome = future.result()
        except BrokenExecutor:
            continue
        # Such as a cluster's own words for a worker that is gone.
        except Exception as error:
            outcome = died(jobs[number], f"{type(error).__name__}: {error}")
        yield number, outcome


def _languages(library: Library) -> set[str]:
    courses = {each.language for each in library.courses.values() if each.language}
    return courses | {each.language for each in library.guides.values()}


def warm_pool(workers: int, cache: Path, stock: Stock) -> ProcessPoolExecutor:
    """Return processes that have the engine, fonts and ``stock`` at hand before their first job."""
    # Forking from a process with threads can hang, so it is done from one that has none. On macOS
    # the engine's libraries do not bear it at all.
    context = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    context.set_forkserver_preload(_PRELOADED)
    return ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(stock, cache))


def _begin(stock: Stock, cache: Path) -> None:
    # Ctrl-C reaches all processes of a terminal; the one that started them decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    take(stock, cache)
    with contextlib.suppress(RenderError):
        import_engine()
    prepare(stock.templates, _languages(stock.library))
    # What is here now stays, and what a job leaves behind is collected when it is done.
    gc.collect()
    gc.freeze()
    gc.disable()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def stock_of(jobs: Iterable[Job]) -> Stock:
    """Return what the jobs of one build share."""
    first = next(iter(jobs))
    return Stock(first.library, first.templates)


def take(stock: Stock, cache: Path) -> None:
    """Keep ``stock`` in this process, a worker, for the jobs that :func:`submit_light` sends."""
    _stocks[stock.key] = (stock, cache)


def forget(stock: Stock) -> None:
    """Drop ``stock``, whose build is over."""
    _stocks.pop(stock.key, None)


def submit_light(executor: Executor, stock: Stock, job: Job) -> Future[Outcome]:
    """Send ``job`` to a worker that has taken ``stock``, without what is in the stock."""
    return executor.submit(_work, stock.key, replace(job, library=Library(), templates={}))


def _work(key: str, light: Job) -> Outcome:
    stock, cache = _stocks[key]
    outcome = attempt(replace(light, library=stock.library, templates=stock.templates), cache)
    if not gc.isenabled():
        gc.collect()
    return outcome


def attempt(job: Job, cache: Path) -> Outcome:
    """Return what became of ``job``; ``cache`` is a folder for fonts. Raises nothing."""
    try:
        with _one_at_a_time:
            return make(job, cache)
    # One job that hits a fault of ours must not take the others with it.
    except Exception as error:
        return problems_from(error, job)


def problems_from(error: Exception, job: Job) -> tuple[Problem, ...]:
    """Return what stood in the way of ``job`` as problems."""
    match error:
        case ContentError():
            return error.problems
        case RequestError():
            code, words = "nothing-to-build", str(error)
            hint = "let it take more sections, or leave this edition out"
        case WriteError():
            code, words, hint = "not-written", str(error), ""
        case _:
            return (crashed(_place(job), f"{type(error).__name__}: {error}"),)
    return (Problem(_place(job), code, words, hint),)


def died(job: Job, words: str = "the process that made it was killed more than once") -> Outcome:
    """Return the outcome of a job whose worker is gone."""
    hint = "is there memory enough? Try again with fewer --jobs"
    return (Problem(_place(job), "worker-died", words, hint),)


def _place(job: Job) -> Origin:
    """Return the file that asks for the job: its course's, or else its guide's."""
    named = job.library.courses.get(job.course or "") or job.library.guides.get(job.guide)
    return named.origin if named else NOWHERE

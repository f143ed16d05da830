"""One job, whole: the edition of the guide, its files for the printer, its course's handouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.containment import contained
from guidegen.fitting import HandoutMaker
from guidegen.imposing import with_imposed
from guidegen.jobs import Finished, Job, Made, Progress, parts_of, run
from guidegen.ladder import Wish


def make(job: Job, cache: Path, progress: Progress = lambda step: None) -> Made:
    """Make all files of the job in a process that can be ended; ``cache`` is a folder for fonts.

    Raises as :func:`run` does, and RenderError when it takes too long or too much memory.
    """
    place = job.library.guides[job.guide].origin
    return contained(lambda told: _make(job, cache, told), place, progress)


def _make(job: Job, cache: Path, progress: Progress) -> Made:
    made = with_imposed(run(job, cache, progress), job, cache, progress)
    if not job.handouts:
        return made
    handouts = dict(_handouts(job, cache, progress))
    contents = {name: finished.data for name, finished in handouts.items()}
    passed = (problem for finished in handouts.values() for problem in finished.of_pages)
    return replace(made, contents={**made.contents, **contents}, of_pages=(*made.of_pages, *passed))


def _handouts(job: Job, cache: Path, progress: Progress) -> Iterator[tuple[str, Finished]]:
    guide, _, _ = parts_of(job)
    for name in job.handouts:
        progress(f"{job.name}: handout {name}")
        chosen = choose(job.library, (name,), Part(), job.course)
        maker = HandoutMaker(chosen, job.templates, cache, guide.paper, preflight=job.preflight)
        for format_ in dict.fromkeys(job.formats):
            if format_ == "pdf":
                finished = maker.pdf(maker.climb(Wish(guide.paper)))
            else:
                finished = Finished(maker.html(is_transposed=False))
            yield f"{name}-comparison.{format_}", finished

"""One job, whole: the edition of the guide, its files for the printer, its course's handouts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.containment import contained
from guidegen.fitting import HandoutFiles, HandoutMaker
from guidegen.imposing import with_imposed
from guidegen.jobs import Job, Made, Progress, parts_of, run
from guidegen.ladder import Wish
from guidegen.themes import look_of


def make(job: Job, cache: Path, progress: Progress = lambda step: None) -> Made:
    """Make all files of the job in a process that can be ended; ``cache`` is a folder for fonts.

    Raises as :func:`run` does, and RenderError when it takes too long or too much memory.
    """
    place = job.library.guides[job.guide].origin
    return contained(lambda told: _make(job, cache, told), place, progress)


def _make(job: Job, cache: Path, progress: Progress) -> Made:
    made = with_imposed(run(job, cache, progress), job, cache, progress)
    contents, of_pages = dict(made.contents), list(made.of_pages)
    for files in _handouts(job, cache, progress):
        contents |= files.contents
        of_pages += files.of_pages
    return replace(made, contents=contents, of_pages=tuple(of_pages))


def _handouts(job: Job, cache: Path, progress: Progress) -> Iterator[HandoutFiles]:
    guide, _, _ = parts_of(job)
    look = look_of(job.templates, job.theme)
    for name in job.handouts:
        progress(f"{job.name}: handout {name}")
        chosen = choose(job.library, (name,), Part(), job.course)
        maker = HandoutMaker(
            chosen, job.templates, cache, guide.paper, preflight=job.preflight, look=look
        )
        yield maker.files(Wish(guide.paper, look=look), job.formats)

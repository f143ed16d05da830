"""What goes to the printer: a guide's booklet, and its pages with several of them to a side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from guidegen.jobs import (
    Finished,
    Job,
    Made,
    Progress,
    compose,
    finish_guide,
    parts_of,
    refuse_leaks,
)
from guidegen.languages import direction_of
from guidegen.models import Guide
from guidegen.preflight import LEAST_SIZE
from guidegen.problems import Problem, RenderError
from guidegen.renderers.imposition import Imposition, impose, least_size
from guidegen.themes import Look, look_of

HALF = ("narrow", "half")  # the style sheets for pages of half the paper


def with_imposed(made: Made, job: Job, cache: Path, progress: Progress) -> Made:
    """Add to what was made of ``job`` the files for the printer that it asks for.

    They are made of pages that were looked at; ``cache`` is a folder for fonts. Raises as
    :func:`guidegen.jobs.run` does.
    """
    guide, _, _ = parts_of(job)
    if why := refusal(job.impositions, look_of(job.templates, job.theme)):
        problem = Problem(guide.origin, "large-type", f"{job.name}: {why}", severity="warning")
        return replace(made, warnings=(*made.warnings, problem))
    contents, imposed, warnings = dict(made.contents), {}, list(made.warnings)
    of_pages = list(made.of_pages)
    for how in dict.fromkeys(job.impositions):
        progress(f"{job.name}: {how}")
        name = f"{job.stem}-{how.replace('-', '')}.pdf"
        is_booklet = how == "booklet"
        if is_booklet:
            pages, _, passed = _half_pages(name, made.code, job, cache)
            of_pages += passed
        else:
            pages = contents[f"{job.stem}.pdf"]
        file = impose(pages, how, from_right=direction_of(guide.language) == "rtl")
        contents[name], imposed[name] = file.content, file.sides
        if not is_booklet:
            warnings += _small_print(name, file.scale * least_size(pages), guide)
    return replace(
        made,
        contents=contents,
        imposed=imposed,
        warnings=tuple(warnings),
        of_pages=tuple(of_pages),
    )


def refusal(impositions: Sequence[Imposition], look: Look) -> str:
    """Return why pages in ``look`` can't be imposed, which is empty if they can."""
    if not impositions or look.least <= LEAST_SIZE:
        return ""
    return (
        f"{look.theme} keeps all type at {look.least:g} pt or more: half pages would have lines too"
        " short to read, and several pages to a side smaller type; print it on whole pages"
    )


def _half_pages(name: str, code: str, job: Job, cache: Path) -> Finished:
    """Return the guide on pages of half the paper, laid out anew, since half the type is no type.

    It is the same edition, so it has the ``code`` of the whole pages.
    """
    selection, document = compose(job, is_half=True)
    document = replace(document, code=code)
    try:
        made = finish_guide(selection, document, "pdf", job, cache, HALF)
    except RenderError as error:
        raise RenderError(_named(name, error.problems)) from None
    refuse_leaks(job, selection, {name: made.data})
    return made._replace(of_pages=tuple(_named(name, made.of_pages)))


def _named(name: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the problems with the name of the file whose pages they are about."""
    return (replace(each, message=f"in {name}: {each.message}") for each in problems)


def _small_print(name: str, size: float, guide: Guide) -> list[Problem]:
    """Warn of type below the size that all other pages keep."""
    if size > LEAST_SIZE - 0.05:
        return []
    return [
        Problem(
            guide.origin,
            "small-print",
            f"the smallest type in {name} is {size:.1f} pt, where {LEAST_SIZE:g} pt can be read",
            "--booklet has pages of half the size, and keeps the size of the type",
            severity="warning",
        )
    ]

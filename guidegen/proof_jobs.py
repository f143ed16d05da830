"""Proofs, from a request to sheets: finished files are read, guides are made in memory first."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from guidegen.cache import Kept
from guidegen.containment import contained
from guidegen.finished import load_finished, read_finished
from guidegen.jobs import Job, Made, Progress, finish
from guidegen.making import make
from guidegen.models import Edition, Paper
from guidegen.origin import Origin
from guidegen.pipeline import Request, jobs_for
from guidegen.problems import ContentError, Problem, RequestError
from guidegen.project import Project
from guidegen.proofs import Proof, prove
from guidegen.renderers import html
from guidegen.view.proof import compose_proofs
from guidegen.writer import write_all

TEMPLATE, STYLE_SHEET = "proof.html.jinja", "proof"


@dataclass(frozen=True, slots=True)
class ProofRequest:
    """What was asked for: ``targets`` are PDF files and ids of guides, as they were typed.

    Without any it is the guides of ``course``, or the only guide there is. Edition, paper and
    theme say how guides are made. ``page`` is where the proofs are written to as a web page, if
    they are.
    """

    targets: tuple[str, ...] = ()
    course: str | None = None
    editions: tuple[Edition, ...] = ()
    paper: Paper | None = None
    theme: str | None = None
    page: Path | None = None


@dataclass(frozen=True, slots=True)
class Proofs:
    """The proofs in the order asked for, what was wrong with files that have none, and the page."""

    proofs: tuple[Proof, ...]
    problems: tuple[Problem, ...]
    page: Path | None


@dataclass(frozen=True, slots=True)
class _Proved:
    """A proof, and the PDF that it is of."""

    proof: Proof
    content: bytes


def prove_all(
    project: Project,
    request: ProofRequest,
    *,
    today: datetime.date,
    progress: Progress = lambda step: None,
    use_cache: bool = True,
) -> Proofs:
    """Return the proof of each file and guide that was asked for.

    Nothing is written but the page, if one was asked for, and the cache. What is wrong with one
    file or guide stops no other. Raises RequestError for what does not exist, WriteError.
    """
    _refuse_mixture(request)
    proved: list[_Proved] = []
    problems: list[Problem] = []
    for target in request.targets or (None,):
        try:
            if target is not None and is_file(target):
                progress(f"reading {target}")
                proved.append(_of_file(target))
            else:
                proved += _of_guide(project, request, target, today, progress, use_cache)
        except ContentError as error:
            problems += error.problems
    page = None
    if request.page and proved:
        progress("drawing the contact sheet")
        try:
            page = _write_page(proved, request.page, project)
        except ContentError as error:
            problems += error.problems
    return Proofs(tuple(each.proof for each in proved), tuple(problems), page)


def is_file(target: str) -> bool:
    """Say whether a target names a file: no guide has such an ending, or a slash, in its id."""
    return target.lower().endswith(".pdf") or "/" in target


def _refuse_mixture(request: ProofRequest) -> None:
    files = [target for target in request.targets if is_file(target)]
    for file in files:
        if Path(file).is_dir():
            raise RequestError(f"{file} is a folder: name its files, such as {Path(file)}/*.pdf")
        if not Path(file).is_file():
            raise RequestError(f"there is no file {file}")
    of_guides = request.course or request.editions or request.paper or request.theme
    if of_guides and files and len(files) == len(request.targets):
        raise RequestError("--course, --edition, --paper and --theme are for guides, not for PDFs")
    if request.page and request.page.suffix.lower() not in (".html", ".htm"):
        raise RequestError(f"--html writes a web page: name it .html, not {request.page.name!r}")


def _write_page(proved: Sequence[_Proved], path: Path, project: Project) -> Path:
    """Write one page with all proofs and a picture of every page of theirs; return its path."""
    templates = html.load_templates(project.templates)
    place = Origin(proved[0].proof.name)
    content = contained(lambda told: _page(proved, templates, project.cache), place)
    try:
        (written,) = write_all({path.name: content}, path.parent)
    except ValueError as error:
        raise RequestError(str(error)) from None
    return written


def _page(proved: Sequence[_Proved], templates: Mapping[str, str], cache: Path) -> bytes:
    from guidegen.finished.thumbnails import thumbnails  # loads PDFium

    pictures = [list(thumbnails(each.content)) for each in proved]
    proofs = [each.proof for each in proved]
    page = compose_proofs(proofs, pictures)
    place = Origin(proofs[0].name)
    return finish(page, "html", templates, cache, place, TEMPLATE, (STYLE_SHEET,)).data


def _of_file(name: str) -> _Proved:
    return _proved(name, load_finished(Path(name), Origin(name)), None)


def _proved(name: str, content: bytes, problems: Sequence[Problem] | None) -> _Proved:
    """Return the proof of a PDF, which may be anybody's: what reads it may crash, or never end."""
    place = Origin(name)
    finished = contained(lambda told: read_finished(content, place), place)
    return _Proved(prove(name, finished, problems), content)


def _of_guide(
    project: Project,
    request: ProofRequest,
    guide: str | None,
    today: datetime.date,
    progress: Progress,
    use_cache: bool,
) -> Iterator[_Proved]:
    """Yield the proofs of a guide's editions, each followed by those of the handouts beside it."""
    wanted = Request(
        guide, request.course, request.editions, paper=request.paper, theme=request.theme
    )
    found, _ = jobs_for(project, wanted, today)
    kept = Kept(project.cache) if use_cache else None
    for job in found:
        contents, problems = _made(job, kept, project.cache, progress)
        for name, content in contents.items():
            shown = f"{job.course}/{name}" if job.course else name
            yield _proved(shown, content, problems)


def _made(
    job: Job, kept: Kept | None, cache: Path, progress: Progress
) -> tuple[Mapping[str, bytes], Sequence[Problem]]:
    """Return the job's PDFs by name, and what is wrong with their pages.

    A build refuses pages with anything wrong; here they are what is to be looked at.
    """
    alone = replace(job, formats=("pdf",), preflight="warn")
    for job_as_kept in (job, alone):
        if kept and "pdf" in job_as_kept.formats and (made := kept.get(job_as_kept)):
            return _pdfs(made), made.warnings
    made = make(alone, cache, progress)
    if kept:
        kept.put(alone, made)
    return _pdfs(made), (*made.warnings, *made.of_pages)


def _pdfs(made: Made) -> dict[str, bytes]:
    return {name: content for name, content in made.contents.items() if name.endswith(".pdf")}

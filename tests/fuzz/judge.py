"""Holds what guidegen says of a mutant against what it must say."""

from __future__ import annotations

import atexit
import datetime
import functools
import io
import re
import shutil
import signal
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType

import pikepdf

from guidegen.checks import check
from guidegen.jobs import Job, compose, run
from guidegen.loader import load
from guidegen.models import Content, Library
from guidegen.problems import ContentError, Problem, RenderError
from guidegen.project import bundled
from guidegen.renderers import html
from guidegen.settings import read_settings

from .mutant import Accepted, Mutant, Refused

TODAY = datetime.date(2026, 11, 24)
LONGEST = 10
# A page takes a hundredth of the time of a PDF.
PDF_TURNS = 30
_ACTIONS = {"/JS", "/JavaScript", "/Launch", "/OpenAction", "/AA", "/EmbeddedFiles", "/XFA"}
NEAR = 2
_ACTIVE = re.compile(
    "script|i?frame|frameset|object|embed|applet|form|input|button|select|textarea|base|link|portal"
    "|foreignobject|set|animate(?:motion|transform)?|audio|video|source"
)
_LINK = re.compile(r"#|https?:|mailto:|tel:", re.IGNORECASE)
_OWN = re.compile(r"#|figures/|data:image/(?:png|jpeg|svg\+xml)[;,]")
_ADDRESSES = {"href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcset"}
# What the templates of the mutators would make, were they obeyed.
OBEYED = "9801547"


@dataclass(frozen=True)
class Verdict:
    """What is wrong with guidegen, in words by goal; ``distance`` is that of the nearest error."""

    faults: tuple[tuple[str, str], ...] = ()
    distance: int | None = None
    problems: tuple[Problem, ...] = field(default=(), repr=False)


class TooSlow(BaseException):
    """Raised in the middle of whatever takes too long; nothing catches it by mistake."""


def judge(mutant: Mutant, turn: int = 0) -> Verdict:
    """Write ``mutant`` into a folder of its own, check and render it, and say what went wrong.

    Of its editions one is rendered, and ``turn`` says which.
    """
    root = Path(tempfile.mkdtemp(prefix="mutant-"))
    mutant.write(root)
    _set_timers(LONGEST)
    try:
        return _verdict(mutant, root, turn)
    except TooSlow:
        return Verdict((("hangs", f"took more than {LONGEST} s"),))
    except Exception:
        return Verdict((("tracebacks", traceback.format_exc()),))
    finally:
        _set_timers(0)
        shutil.rmtree(root)


def _set_timers(seconds: int) -> None:
    """Interrupt what takes so many seconds of this machine, or much longer because it waits."""
    signal.signal(signal.SIGPROF, _too_slow)
    signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 6 * seconds)


def _too_slow(_: int, __: FrameType | None) -> None:
    raise TooSlow


def _verdict(mutant: Mutant, root: Path, turn: int) -> Verdict:
    library, problems = load(root / "content", root)
    problems += _of_settings(root)
    if not any(problem.severity == "error" for problem in problems):
        problems += check(library, TODAY)
    errors = [problem for problem in problems if problem.severity == "error"]
    faults = [("placeless", f"{each}") for each in problems if not _has_place(each, root)]
    faults += [("placeless", f"no hint: {each}") for each in problems if not each.hint]
    distance = None
    expected = mutant.expectation
    if isinstance(expected, Refused):
        if not errors:
            faults.append(("accepted bad", f"no error, expected {expected}"))
        else:
            distance = min(_distance(each, expected) for each in errors)
            faults += _stray(errors, expected)
    elif isinstance(expected, Accepted):
        faults += [("refused good", str(each)) for each in errors]
        if not errors and expected.is_same and plain(library) != plain(mutant.seed.library):
            faults.append(("refused good", "the content is no more that of the seed"))
    if not errors:
        faults += _of_page(library, mutant, turn)
    return Verdict(tuple(faults), distance, tuple(problems))


def _of_settings(root: Path) -> list[Problem]:
    try:
        read_settings(root)
    except ContentError as error:
        return [
            Problem(
                replace(each.origin, file="settings.yaml"),
                each.code,
                each.message,
                each.hint,
            )
            for each in error.problems
        ]
    return []


def _has_place(problem: Problem, root: Path) -> bool:
    """Say whether the file is there and has the line; a link that leads nowhere is a place, too."""
    path = root / problem.origin.file
    if problem.origin.line < 1 or problem.origin.column < 1:
        return False
    if not path.is_file():
        is_whole = problem.origin.line == 1
        return is_whole and (path.exists() or path.is_symlink() or "?" in path.name)
    # A reader's editor counts CR alone as an end of line, as the loader does.
    content = re.sub(rb"\r\n?", b"\n", path.read_bytes())
    return problem.origin.line <= content.count(b"\n") + 1


def _distance(problem: Problem, expected: Refused) -> int:
    if problem.origin.file != expected.file:
        return 1_000_000
    return 0 if expected.line is None else abs(problem.origin.line - expected.line)


def _stray(errors: list[Problem], expected: Refused) -> Iterator[tuple[str, str]]:
    if not expected.has_followers:
        for each in errors:
            if _distance(each, expected) > NEAR:
                yield "astray", f"{each}, expected {expected.file}:{expected.line}"


def plain(value: object) -> object:
    """Return content without the places where it stands, for comparisons."""
    if isinstance(value, Library):
        return {kind: plain(getattr(value, kind)) for kind in Library.__slots__}
    if isinstance(value, Content):
        return {name: plain(each) for name, each in value if name != "origin"}
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


@functools.cache
def _templates() -> Mapping[str, str]:
    return html.load_templates([bundled() / "templates"])


def _of_page(library: Library, mutant: Mutant, turn: int) -> Iterator[tuple[str, str]]:
    """Yield what is active in a page of an accepted mutant."""
    jobs = [*_jobs(library)]
    if not jobs:
        return
    job = jobs[turn % len(jobs)]
    _, document = compose(job)
    page = html.render(document, "screen", job.templates, asset_url=lambda name: f"figures/{name}")
    if turn % PDF_TURNS == PDF_TURNS - 1 and mutant.seed.name != "shipped":
        yield from _of_pdf(job, mutant)
    if OBEYED in page:
        yield "active", "a template of an author was obeyed"
    yield from (("active", found) for found in active_in(page))


def _of_pdf(job: Job, mutant: Mutant) -> Iterator[tuple[str, str]]:
    """Yield what is active in the PDF, and what its pages lack.

    That no font has a character is for its author to hear; of the seeds' own pages only those of
    the garden are known to lack nothing.
    """
    try:
        made = run(replace(job, formats=("pdf",), preflight="warn"), font_cache())
    except RenderError as error:
        yield from (("refused good", str(each)) for each in error.problems)
        return
    if mutant.seed.name == "garden":
        lacking = [each for each in made.of_pages if each.code != "missing-glyph"]
        yield from (("refused good", str(each)) for each in lacking)
    with pikepdf.open(io.BytesIO(next(iter(made.contents.values())))) as pdf:
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Dictionary):
                yield from (("active", f"{name} in the PDF") for name in _ACTIONS & entry.keys())
                if not _LINK.match(str(entry.get("/URI", "#"))):
                    yield "active", f"the PDF links to {entry['/URI']}"


@functools.cache
def font_cache() -> Path:
    """Return the folder that the pages of all mutants share; it goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="mutants-cache-"))
    atexit.register(shutil.rmtree, folder)
    return folder


def _jobs(library: Library) -> Iterator[Job]:
    for guide in library.guides:
        yield Job(guide, library, _templates(), edition="instructor")
    for name, course in library.courses.items():
        for guide in course.guides:
            yield Job(guide, library, _templates(), course=name, edition="student")


def active_in(page: str) -> list[str]:
    """Return what a browser would run or fetch."""
    finder = _Finder()
    finder.feed(page)
    finder.close()
    return finder.found


class _Finder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if _ACTIVE.fullmatch(tag) or (tag == "meta" and given.get("http-equiv", "") == "refresh"):
            self.found.append(f"<{tag}>")
        for name, value in given.items():
            safe = _LINK if (tag, name) == ("a", "href") else _OWN
            is_address = name in _ADDRESSES and not safe.match(value)
            if name.startswith("on") or is_address or (name == "style" and "(" in value):
                self.found.append(f"<{tag} {name}={value[:60]!r}>")

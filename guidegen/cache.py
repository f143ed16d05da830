"""Finished files, kept between builds under a digest of everything that they depend on.

Into the digest go the sections that the job selects and no others, all shared facts, sources and
terms, the comparisons and figures that are shown, printed labels, what the course says, templates,
the fonts, and the versions of the code and of the engine. Line numbers do not: moving a section
within its file rebuilds nothing.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import json
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from guidegen import doctor
from guidegen.jobs import Job, Made, choose, parts_of
from guidegen.labels import Key, assign, keys_in
from guidegen.models import (
    Asset,
    Block,
    ComparisonBlock,
    Content,
    Course,
    CourseGuide,
    FigureBlock,
    Guide,
    Labels,
    Library,
    QuestionsBlock,
    Section,
    walk,
)
from guidegen.problems import problem_from
from guidegen.renderers.fonts import FACES, font_folder, is_installed
from guidegen.renderers.scripts import SCRIPTS, Script
from guidegen.seal import read_sealed, seal
from guidegen.selection import Selection
from guidegen.writer import WriteError, trim_cache, write_cache

FOLDER = "builds"
LIMIT = 500_000_000  # bytes

# What has a part in a page, besides the code here and what `guidegen doctor` looks at.
_PACKAGES = (
    "brotli",
    "cssselect2",
    "fonttools",
    "jinja2",
    "markdown-it-py",
    "markupsafe",
    "mdit-py-plugins",
    "pikepdf",
    "pillow",
    "pydyf",
    "pypdfium2",
    "pyphen",
    "tinycss2",
    "tinyhtml5",
)


Part = TypeVar("Part")


class Cache:
    """The finished files of earlier builds, in a folder that several builds may use at once."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        """``folder`` need not exist; beyond ``limit`` bytes what was unused longest is removed."""
        self._folder = folder / FOLDER
        self._limit = limit

    def get(self, digest: str) -> Made | None:
        """Return what was kept under ``digest``, without reasons; None if nothing sound was."""
        path = self._folder / digest
        made = _unpacked(digest, read_sealed(path))
        if made is not None:
            with suppress(OSError):
                os.utime(path)
        return made

    def put(self, digest: str, made: Made) -> None:
        """Keep ``made``; a full disk is no error, for the build has the files in hand."""
        with suppress(WriteError):
            write_cache(self._folder / digest, seal(_packed(digest, made)))
            trim_cache(self._folder, self._limit)


def _packed(digest: str, made: Made) -> bytes:
    header = {
        "digest": digest,
        "pages": made.pages,
        "edition": str(made.edition),
        "code": made.code,
        "imposed": dict(made.imposed),
        "warnings": [each.as_dict() for each in made.warnings],
        "files": [[name, len(content)] for name, content in made.contents.items()],
    }
    return b"\n".join((json.dumps(header).encode(), b"".join(made.contents.values())))


def _unpacked(digest: str, packed: bytes) -> Made | None:
    """Return what ``_packed`` was given, or None for anything that it did not make."""
    head, _, rest = packed.partition(b"\n")
    if not head:
        return None
    header = json.loads(head)
    if header["digest"] != digest:
        return None
    contents, start = {}, 0
    for name, length in header["files"]:
        contents[name] = rest[start : start + length]
        start += length
    return Made(
        contents,
        header["pages"],
        header["edition"],
        header["code"],
        (),
        header["imposed"],
        tuple(map(problem_from, header["warnings"])),
    )


class Kept:
    """The cache, asked by job."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is the project's cache, where this takes a folder of its own."""
        self._cache = Cache(folder)
        self._digests: Digests | None = None

    def get(self, job: Job) -> Made | None:
        """Return what an earlier build made of the very same content, with today's reasons.

        Raises RequestError for sections that do not exist.
        """
        selection = choose(job)
        made = self._cache.get(self._of(job, selection))
        return replace(made, reasons=selection.reasons) if made else None

    def put(self, job: Job, made: Made) -> None:
        """Keep what was made of ``job``, but nothing whose pages were let pass with faults."""
        if not made.of_pages:
            self._cache.put(self._of(job, choose(job)), made)

    def _of(self, job: Job, selection: Selection) -> str:
        if self._digests is None or not self._digests.are_of(job):
            self._digests = Digests(job.library, job.templates)
        return self._digests.of(job, selection)


def digest(job: Job) -> str:
    """Return a word that differs whenever the job's files may differ.

    Raises what :func:`guidegen.jobs.run` raises for sections that do not exist.
    """
    return Digests(job.library, job.templates).of(job, choose(job))


class Digests:
    """Digests of jobs that share a library and templates.

    Those of their parts are remembered, so that forty jobs cost little more than one.
    """

    def __init__(self, library: Library, templates: Mapping[str, str]) -> None:
        self._library = library
        self._templates = templates
        # By identity, since hashing content would cost what this saves. Each part is kept alive, so
        # that no other can come to have its identity.
        self._known: dict[int, tuple[object, str]] = {}
        self._labels: dict[str, Labels] = {}
        shared = (library.facts, library.sources, library.glossary)
        entries = (_mix(name, _dump(entry)) for kind in shared for name, entry in kind.items())
        pages = (_mix(*pair) for pair in sorted(templates.items()))
        self._base = _mix(tools(), *map(str, map(len, shared)), *entries, *pages)

    def are_of(self, job: Job) -> bool:
        """Say whether ``job`` draws on the same library and templates."""
        return job.library is self._library and job.templates is self._templates

    def of(self, job: Job, selection: Selection) -> str:
        """Return the digest of a job, which selects ``selection``."""
        whole, course, taken = parts_of(job)
        shown = [section.id for section in selection.guide.sections]
        changed = {section.id: section for section in selection.changed.sections}
        sections = [changed[name] for name in shown]
        blocks = [block for section in sections for block in section.blocks]
        return _mix(
            self._base,
            repr(
                (
                    job.guide,
                    job.edition,
                    job.theme,
                    sorted(set(job.formats)),
                    sorted(set(job.impositions)),
                    job.course is None,
                    job.handouts,
                )
            ),
            selection.guide.model_dump_json(exclude={"sections"}),
            _of_course(course, taken),
            *(self._once(section, _outline) for section in whole.sections),
            "sections",
            *(self._section(section, self._labels_of(job.guide)) for section in sections),
            "beside",
            *self._beside(blocks, course),
            "handouts",
            *self._handouts(job, course),
        )

    def _section(self, section: Section, labels: Labels) -> str:
        """The blocks are those of all editions: an edition is made again for a changed answer.

        That is no change of a student's page, but the search for leaks must know of it.
        """
        keys: list[Key] = [("section", section.id), *(key for key, _ in keys_in(section))]
        given = [labels.by_key.get(key, "") for key in keys]
        blocks = (self._once(block, _dump) for block in section.blocks)
        return _mix(section.id, section.title, *given, *blocks)

    def _beside(self, blocks: Iterable[Block], course: Course | None) -> Iterator[str]:
        """Yield the digests of the comparisons and figures that are shown."""
        theme = course.theme if course else None
        figures = [theme.logo] if theme and theme.logo else []
        for block in blocks:
            if isinstance(block, ComparisonBlock):
                yield self._once(self._library.comparisons[block.comparison], _dump)
            elif isinstance(block, FigureBlock):
                figures.append(block.file)
        for name in figures:
            asset = self._library.figures[name]
            yield self._once(asset, _picture)

    def _handouts(self, job: Job, course: Course | None) -> Iterator[str]:
        """Yield the digests of the handouts; any guide of the course may narrow what they show."""
        if course is None or not job.handouts:
            return
        yield _mix(course.model_dump_json(include={"guides"}))
        guides = (self._library.guides.get(name) for name in course.guides)
        yield from (self._once(guide, _comparisons_in) for guide in guides if guide)
        shown = (self._library.comparisons[name] for name in job.handouts)
        yield from (self._once(comparison, _dump) for comparison in shown)

    def _labels_of(self, name: str) -> Labels:
        if name not in self._labels:
            locked = self._library.labels.get(name, Labels())
            self._labels[name] = assign(self._library.guides[name], locked)
        return self._labels[name]

    def _once(self, part: Part, digest_of: Callable[[Part], str]) -> str:
        if id(part) not in self._known:
            self._known[id(part)] = (part, digest_of(part))
        return self._known[id(part)][1]


def _of_course(course: Course | None, taken: CourseGuide | None) -> str:
    """Return the digest of what a course says of itself and changes in the guide.

    What it selects is left out, for that shows in the selection.
    """
    if course is None or taken is None:
        return ""
    return _mix(
        course.model_dump_json(exclude={"guides", "extends", "editions", "formats", "themes"}),
        taken.model_dump_json(exclude={"sections", "tags", "all_but"}),
    )


def _outline(section: Section) -> str:
    """Return the digest of the words that may stand for parts of ``section`` elsewhere."""
    parts = [(block.id, block.title, getattr(block, "caption", "")) for block in section.blocks]
    questions = [
        question.id
        for block in section.blocks
        if isinstance(block, QuestionsBlock)
        for question in block.items
        if question.id
    ]
    return _mix(section.id, section.title, repr((parts, questions)))


def _comparisons_in(guide: Guide) -> str:
    parts = (part for part in walk(guide) if isinstance(part, ComparisonBlock))
    return _mix(guide.language, *sorted({str(part.comparison) for part in parts}))


def _dump(part: Content) -> str:
    return _mix(part.model_dump_json())


def _picture(asset: Asset) -> str:
    return _mix(asset.name, asset.media_type, asset.data)


@functools.cache
def tools() -> str:
    """Return a word that differs whenever this installation may make other pages of a job."""
    code = Path(__file__).parent
    ours = (path for pattern in ("*.py", "*.mo") for path in sorted(code.rglob(pattern)))
    sources = (path.read_bytes() for path in ours)
    fonts = (path.read_bytes() for path in _font_files())
    versions = (importlib.metadata.version(name) for name in _PACKAGES)
    of_scripts = repr([*map(_script_version, SCRIPTS)])
    engine = repr((doctor.examine(), zlib.ZLIB_RUNTIME_VERSION))
    return _mix(engine, of_scripts, *versions, *sources, *fonts)


def _script_version(script: Script) -> tuple[str, ...]:
    """Return the versions of a script's fonts; to read them all would take as long as a page."""
    if not is_installed(script):
        return ()
    return tuple(importlib.metadata.version(name) for name in script.packages)


def _font_files() -> list[Path]:
    """Return the files of our faces; one that is missing is seen by `guidegen doctor`."""
    paths = [font_folder(face.package) / face.file for face in FACES]
    return [path for path in paths if path.is_file()]


def _mix(*parts: str | bytes) -> str:
    """Return one word for all parts; where one ends and the next begins makes a difference."""
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        whole.update(len(raw).to_bytes(8, "big"))
        whole.update(raw)
    return whole.hexdigest()

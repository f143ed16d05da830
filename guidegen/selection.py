"""Which parts of a guide an edition shall have, and why: one pure function.

Order of precedence: the guide, then the course, then the command line; a list given is the whole
list. Sections named with ``--section`` come in the order in which they are named, those of a
course in the course's order; all others keep the order of the guide. Back matter (answers,
glossary, sources) follows the sections chosen, so it is always offered and falls away by itself
where it would be empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from guidegen.courses import Reason, changed_guide, changed_library
from guidegen.editions import for_edition
from guidegen.models import CourseGuide, Edition, Guide, Library
from guidegen.origin import Origin
from guidegen.problems import RequestError, unknown


@dataclass(frozen=True, slots=True)
class Choice:
    """The sections asked for on the command line."""

    sections: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """A guide of just the chosen parts, the library it draws on, and the reason for each part.

    ``changed`` is the guide with the course's changes but nothing left out.
    """

    guide: Guide
    changed: Guide
    library: Library
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Section ids in order, and why they are in and the others out."""

    ids: Sequence[str]
    why: str
    origin: Origin | None = None


def select(
    guide: Guide,
    library: Library,
    choice: Choice,
    *,
    course: CourseGuide | None = None,
    edition: Edition = "complete",
) -> Selection:
    """Return the chosen part of ``guide`` for ``edition``, with the changes of ``course``.

    Raises RequestError for an id or tag that the guide does not have, or when nothing is left.
    What the course file names was checked before.
    """
    reasons: list[Reason] = []
    changed = guide
    if course is not None:
        changed, reasons = changed_guide(guide, course)
        library, of_library = changed_library(library, course)
        reasons += of_library
    by_id = {str(section.id): section for section in changed.sections}
    _refuse_unknown("section", (*choice.sections, *choice.skip), by_id)
    _refuse_unknown("tag", choice.tags, {tag for each in changed.sections for tag in each.tags})
    wanted = _wanted(changed, choice, course)
    kept = [name for name in wanted.ids if name not in choice.skip]
    if all(by_id[name].is_generated for name in kept):
        raise RequestError("no section is left (ask for at least one that is not back matter)")
    sections = tuple(by_id[name] for name in kept)
    chosen = for_edition(changed.model_copy(update={"sections": sections}), edition)
    if not chosen.sections:
        raise RequestError(f"nothing is left for the {edition} edition of these sections")
    of_sections = tuple(_reasons(changed, kept, choice, wanted))
    return Selection(chosen, changed, library, (*of_sections, *reasons))


def _refuse_unknown(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            message, hint = unknown(what, name, known)
            raise RequestError(f"{message} ({hint})")


def _wanted(guide: Guide, choice: Choice, course: CourseGuide | None) -> _Wanted:
    if choice.sections or choice.tags:
        ids = [*choice.sections, *_tagged(guide, choice.tags)]
        return _Wanted(_with_back_matter(guide, ids), "asked for")
    if course is not None:
        return _wanted_by_course(guide, course)
    return _Wanted([str(section.id) for section in guide.sections], "part of the guide")


def _wanted_by_course(guide: Guide, course: CourseGuide) -> _Wanted:
    own = [str(extra.section.id) for extra in course.extra_sections]
    if course.sections:
        named = [str(name) for name in course.sections]
        ids = [*named, *(name for name in own if name not in named)]
        return _Wanted(_with_back_matter(guide, ids), "in the course", course.sections[0].origin)
    if course.tags:
        ids = [name for name in _ids(guide) if name in {*_tagged(guide, course.tags), *own}]
        why = f"tagged {', '.join(course.tags)}"
        return _Wanted(_with_back_matter(guide, ids), why, course.tags[0].origin)
    if course.all_but:
        ids = [name for name in _ids(guide) if name not in course.all_but]
        return _Wanted(ids, "in the course", course.all_but[0].origin)
    return _Wanted(_ids(guide), "in the course", course.origin)


def _ids(guide: Guide) -> list[str]:
    return [str(section.id) for section in guide.sections]


def _tagged(guide: Guide, tags: Iterable[str]) -> list[str]:
    wanted = set(tags)
    return [str(section.id) for section in guide.sections if wanted & set(section.tags)]


def _with_back_matter(guide: Guide, wanted: Sequence[str]) -> list[str]:
    generated = [str(section.id) for section in guide.sections if section.is_generated]
    return list(dict.fromkeys([*wanted, *generated]))


def _reasons(guide: Guide, kept: list[str], choice: Choice, wanted: _Wanted) -> Iterator[Reason]:
    for section in guide.sections:
        name = str(section.id)
        if name in choice.skip:
            yield Reason("section", name, "out", "skipped on the command line")
        elif name not in kept:
            yield Reason("section", name, "out", f"not {wanted.why}", wanted.origin)
        elif section.is_generated and name not in choice.sections:
            yield Reason("section", name, "in", "follows the sections")
        else:
            yield Reason("section", name, "in", wanted.why, wanted.origin)

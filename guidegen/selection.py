"""Which sections a guide shall have, and why: a pure function of guide, course and choice.

Order of precedence: the guide, then the course, then the command line; a list given is the whole
list. Sections named with ``--section`` come in the order in which they are named; all others keep
the order of the guide. Back matter (answers, glossary, sources) follows the sections chosen, so
it is always offered and falls away by itself where it would be empty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from guidegen.models import Guide
from guidegen.problems import RequestError, unknown


@dataclass(frozen=True, slots=True)
class Choice:
    """The sections asked for on the command line."""

    sections: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """True when nothing was asked for, so that the whole guide is meant."""
        return not (self.sections or self.skip or self.tags)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a section is in or out."""

    section: str
    included: bool
    why: str


@dataclass(frozen=True, slots=True)
class Selection:
    """A guide of just the chosen sections, and the reason for each section of the whole."""

    guide: Guide
    reasons: tuple[Reason, ...] = field(default=())


def select(guide: Guide, choice: Choice, course: Sequence[str] | None = None) -> Selection:
    """Return the chosen part of ``guide``; ``course`` lists the sections of a course, in order.

    Raises RequestError for an id or tag that the guide does not have, or when nothing is left.
    """
    by_id = {str(section.id): section for section in guide.sections}
    _refuse_unknown("section", (*choice.sections, *choice.skip, *(course or ())), by_id)
    _refuse_unknown("tag", choice.tags, {tag for section in guide.sections for tag in section.tags})
    wanted, why = _wanted(guide, choice, course)
    kept = [name for name in wanted if name not in choice.skip]
    if all(by_id[name].is_generated for name in kept):
        raise RequestError("no section is left (ask for at least one that is not back matter)")
    chosen = guide.model_copy(update={"sections": tuple(by_id[name] for name in kept)})
    return Selection(chosen, tuple(_reasons(guide, kept, choice, why)))


def _refuse_unknown(what: str, asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            message, hint = unknown(what, name, known)
            raise RequestError(f"{message} ({hint})")


def _wanted(guide: Guide, choice: Choice, course: Sequence[str] | None) -> tuple[list[str], str]:
    """Return section ids in order, before any is skipped, and why they are in."""
    if choice.sections or choice.tags:
        tagged = [
            str(section.id) for section in guide.sections if set(section.tags) & set(choice.tags)
        ]
        return _with_back_matter(guide, [*choice.sections, *tagged]), "asked for"
    if course:
        return _with_back_matter(guide, course), "in the course"
    return [str(section.id) for section in guide.sections], "part of the guide"


def _with_back_matter(guide: Guide, wanted: Sequence[str]) -> list[str]:
    generated = [str(section.id) for section in guide.sections if section.is_generated]
    return list(dict.fromkeys([*wanted, *generated]))


def _reasons(guide: Guide, kept: list[str], choice: Choice, why: str) -> Iterator[Reason]:
    for section in guide.sections:
        name = str(section.id)
        if name in choice.skip:
            yield Reason(name, included=False, why="skipped on the command line")
        elif name not in kept:
            yield Reason(name, included=False, why=f"not {why}")
        else:
            follows = section.is_generated and name not in choice.sections
            yield Reason(name, included=True, why="follows the sections" if follows else why)

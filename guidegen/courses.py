"""What a course changes in a guide: titles, blocks, sections, facts and comparisons.

Everything here is value in, value out; each change comes with its reason, so that `guidegen plan`
can say why a part is as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from guidegen.models import (
    Block,
    Comparison,
    Course,
    CourseGuide,
    Fact,
    Guide,
    Library,
    Narrowing,
    Section,
)
from guidegen.origin import Origin


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a part of an edition is as it is.

    ``part`` is section, block, fact or comparison; ``action`` one of in, out, renamed, hidden,
    replaced, added, overridden, narrowed; ``origin`` the line that says so, if one does.
    """

    part: str
    name: str
    action: str
    why: str
    origin: Origin | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the reason as plain data for ``--json``."""
        place = f"{self.origin.file}:{self.origin.line}" if self.origin else None
        return {
            "part": self.part,
            "name": self.name,
            "action": self.action,
            "why": self.why,
            "place": place,
        }

    def __str__(self) -> str:
        file = self.origin.file.removeprefix("content/") if self.origin else ""
        place = f", {file}:{self.origin.line}" if self.origin else ""
        return f"{self.action}: {self.why}{place}"


def effective(name: str, courses: Mapping[str, Course]) -> Course:
    """Return the course with the fields it takes from the courses that it extends.

    A field given replaces the other's, whole. Circles and unknown names were refused before.
    """
    course = courses[name]
    if course.extends is None:
        return course
    base = effective(course.extends, courses)
    given = {field: getattr(course, field) for field in course.model_fields_set}
    return base.model_copy(update=given)


def changed_guide(guide: Guide, course: CourseGuide) -> tuple[Guide, list[Reason]]:
    """Return ``guide`` with the course's titles, blocks and sections, nothing left out yet."""
    reasons: list[Reason] = []
    sections = [_changed_section(section, course, reasons) for section in guide.sections]
    for extra in course.extra_sections:
        at = _place(sections, extra.after)
        sections.insert(at, extra.section)
        why = "the course's own section"
        reasons.append(Reason("section", extra.section.id, "added", why, extra.origin))
    update: dict[str, object] = {"sections": tuple(sections)}
    for name in ("title", "subtitle", "lead"):
        if (text := getattr(course, name)) is not None:
            update[name] = text
            reasons.append(Reason("guide", name, "renamed", f"now “{text}”", text.origin))
    return guide.model_copy(update=update), reasons


def _place(sections: list[Section], after: str | None) -> int:
    """Return where an extra section goes: behind ``after``, or before the back matter."""
    ids = [str(section.id) for section in sections]
    if after is not None:
        return ids.index(after) + 1
    texts = [at for at, section in enumerate(sections) if not section.is_generated]
    return texts[-1] + 1 if texts else 0


def _changed_section(section: Section, course: CourseGuide, reasons: list[Reason]) -> Section:
    blocks = tuple(
        part for block in section.blocks for part in _changed_block(block, course, reasons)
    )
    title = course.titles.get(section.id)
    if title is not None:
        reasons.append(Reason("section", section.id, "renamed", f"now “{title}”", title.origin))
    return section.model_copy(update={"blocks": blocks, "title": title or section.title})


def _changed_block(block: Block, course: CourseGuide, reasons: list[Reason]) -> Iterator[Block]:
    for insertion in course.insert:
        if block.id and insertion.before == block.id:
            yield from _added(insertion.blocks, f"before {block.id}", reasons)
    hidden = _hidden(block, course)
    if hidden is not None:
        reasons.append(Reason("block", block.id or block.kind, "hidden", *hidden))
    else:
        yield _replaced(block, course, reasons)
    for insertion in course.insert:
        if block.id and insertion.after == block.id:
            yield from _added(insertion.blocks, f"after {block.id}", reasons)


def _added(blocks: Iterable[Block], where: str, reasons: list[Reason]) -> Iterator[Block]:
    for block in blocks:
        reasons.append(Reason("block", block.id or block.kind, "added", where, block.origin))
        yield block


def _hidden(block: Block, course: CourseGuide) -> tuple[str, Origin] | None:
    for name in course.hide:
        if block.id == name:
            return "by its id", name.origin
    for tag in course.hide_tags:
        if tag in block.tags:
            return f"by its tag {tag}", tag.origin
    return None


def _replaced(block: Block, course: CourseGuide, reasons: list[Reason]) -> Block:
    """A replacement keeps the id, so that references and the printed label stay."""
    other = course.replace.get(block.id) if block.id else None
    if other is None:
        return block
    reasons.append(Reason("block", str(block.id), "replaced", "by the course's own", other.origin))
    return other.model_copy(update={"id": block.id})


def changed_library(library: Library, course: CourseGuide) -> tuple[Library, list[Reason]]:
    """Return ``library`` with the course's facts, and comparisons narrowed to what it shows."""
    reasons = [
        Reason("fact", name, "overridden", _figures(library.facts[name], fact), fact.origin)
        for name, fact in course.facts.items()
    ]
    comparisons = dict(library.comparisons)
    for name, narrowing in course.comparisons.items():
        comparisons[name] = narrowed(comparisons[name], narrowing)
        why = _kept(narrowing)
        reasons.append(Reason("comparison", name, "narrowed", why, narrowing.origin))
    facts = dict(library.facts) | {str(name): fact for name, fact in course.facts.items()}
    return replace(library, facts=facts, comparisons=comparisons), reasons


def narrowed(comparison: Comparison, narrowing: Narrowing) -> Comparison:
    """Return the comparison with the subjects and criteria named, in the order named."""
    subjects = {str(subject.id): subject for subject in comparison.subjects}
    criteria = {str(criterion.id): criterion for criterion in comparison.criteria}
    return comparison.model_copy(
        update={
            "subjects": tuple(subjects[name] for name in narrowing.subjects or subjects),
            "criteria": tuple(criteria[name] for name in narrowing.criteria or criteria),
        }
    )


def _figures(old: Fact, new: Fact) -> str:
    return f"{old.value} becomes {new.value} ({new.place}, as of {new.as_of})"


def _kept(narrowing: Narrowing) -> str:
    parts = [
        f"{what} {', '.join(names)}"
        for what, names in (("subjects", narrowing.subjects), ("criteria", narrowing.criteria))
        if names
    ]
    return "only " + "; ".join(parts)

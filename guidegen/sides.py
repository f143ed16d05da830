"""One of two editions that are compared: its sections, and the words of their blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guidegen.courses import effective
from guidegen.jobs import Job, parts_of
from guidegen.languages import words_for
from guidegen.models import (
    GENERATED,
    Block,
    Comparison,
    ComparisonBlock,
    Content,
    Guide,
    Labels,
    Library,
    Section,
)
from guidegen.selection import Choice, Selection, select
from guidegen.view.blocks import Place, block_view
from guidegen.view.numbering import Numbering, Target, number
from guidegen.view.plain import plain_text
from guidegen.view.references import Composer

_BASE_IN_WORDS = "the base guide"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two editions: its name, title, what was selected, and the note to the reader."""

    name: str
    title: str
    selection: Selection
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with its name in words, its title and its text."""

    block: Block
    name: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A side by section ids in printed order; the blocks of each by what they are matched by."""

    titles: Mapping[str, str]
    labels: Mapping[str, str]
    blocks: Mapping[str, Mapping[str, Shown]]


def side_of(library: Library, guide: str, course: str | None) -> Side:
    """Return a course's edition of a sound guide, or without a course the guide as it stands.

    Raises RequestError when nothing is left of it.
    """
    whole, _, taken = parts_of(Job(guide, library, {}, course=course))
    selection = select(whole, library, Choice(), course=taken)
    if course is None or taken is None:
        return Side(_BASE_IN_WORDS, whole.title, selection)
    title = effective(course, library.courses).title
    return Side(course, title, selection, taken.note)


def printed_of(selection: Selection, whole: Guide, labels: Labels, library: Library) -> Printed:
    """Return what a side prints.

    Both sides are given one ``library``, so that only what authors wrote can differ.
    """
    guide = _unabridged(selection)
    words = words_for(guide.language)
    numbering, *others = (number(each, labels, words) for each in (guide, whole, selection.changed))
    targets = others[0].targets | others[1].targets
    composer = _composer(library, targets | numbering.targets, guide.language)
    ids = [str(section.id) for section in guide.sections]
    return Printed(
        {str(section.id): composer.plain(section.title) for section in guide.sections},
        dict(zip(ids, numbering.sections, strict=True)),
        {
            str(section.id): dict(_shown_blocks(section, at, numbering, composer))
            for at, section in enumerate(guide.sections)
        },
    )


def _unabridged(selection: Selection) -> Guide:
    """Return the chosen sections with all of their blocks, the instructor's among them."""
    changed = {section.id: section for section in selection.changed.sections}
    sections = tuple(changed[section.id] for section in selection.guide.sections)
    return selection.guide.model_copy(update={"sections": sections})


def _composer(library: Library, targets: dict[str, Target], language: str) -> Composer:
    """Return a composer whose words do not depend on what else an edition holds.

    Whatever is left out still has its label, and sources go by their names, not by numbers.
    """
    return Composer(
        library,
        Numbering(targets=targets),
        {},
        frozenset(),
        language,
        elsewhere="",
        shows_answers=True,
    )


def _shown_blocks(
    section: Section, at: int, numbering: Numbering, composer: Composer
) -> Iterator[tuple[str, Shown]]:
    """Yield the blocks by what they are matched by: their id, or else all that they say."""
    seen: Counter[str] = Counter()
    for place, block in enumerate(section.blocks):
        where = (at, place)
        key = f"id {block.id}" if block.id else source_of(block)
        seen[key] += 1
        title = composer.plain(block.title)
        kind = block.kind.replace("-", " ")
        name = numbering.labels[where] or (f"{kind} “{title}”" if title else kind)
        there = Place("", numbering.labels[where], numbering.questions.get(where, ()))
        yield f"{key} {seen[key]}", Shown(block, name, title, _text(block, there, composer))


def _text(block: Block, place: Place, composer: Composer) -> str:
    """Return the words of a block; those of back matter follow from the other blocks."""
    if isinstance(block, GENERATED):
        return ""
    if isinstance(block, ComparisonBlock):
        block = _fitting(block, composer.library.comparisons[block.comparison])
    return plain_text(block_view(block, place, composer))


def _fitting(block: ComparisonBlock, comparison: Comparison) -> ComparisonBlock:
    """Return the block without the subjects and criteria that the comparison no longer has."""
    subjects = {str(each.id) for each in comparison.subjects}
    criteria = {str(each.id) for each in comparison.criteria}
    return block.model_copy(
        update={
            "subjects": tuple(name for name in block.subjects if name in subjects),
            "criteria": tuple(name for name in block.criteria if name in criteria),
        }
    )


def source_of(content: Content) -> str:
    """Return what the author wrote, wherever it stands."""
    return content.model_dump_json()

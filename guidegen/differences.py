"""What an edition changes against another one of the same guide, section by section, in words.

Blocks are matched by their id, or else by what their author wrote; a figure or a comparison that
differs is told once for itself, not again for each block that prints it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from guidegen import markup
from guidegen.labels import assign
from guidegen.languages import ENGLISH, words_for
from guidegen.models import (
    Comparison,
    Fact,
    Guide,
    Labels,
    Library,
)
from guidegen.ordering import merged, unmoved
from guidegen.sides import Printed, Shown, Side, printed_of, side_of, source_of
from guidegen.view.difference import (
    ChangedComparison,
    ChangedFact,
    ChangedSection,
    ChangeView,
    Difference,
    Run,
    Sign,
)
from guidegen.view.references import quantity
from guidegen.worddiff import word_diff

BASE = "base"
"""What stands for the guide as it is, where another course could be named."""


def compare(library: Library, guide: str, course: str, other: str | None) -> Difference:
    """Return what a course's edition of a sound guide changes against that of ``other``.

    ``other`` is a course that hands out the same guide, or None for the guide as it stands.
    Raises RequestError when nothing is left of an edition.
    """
    labels = assign(library.guides[guide], library.labels.get(guide, Labels()))
    old, new = side_of(library, guide, other), side_of(library, guide, course)
    return difference(old, new, whole=library.guides[guide], labels=labels)


def difference(old: Side, new: Side, *, whole: Guide, labels: Labels) -> Difference:
    """Return what ``new`` changes against ``old``; both are editions of the guide ``whole``.

    ``labels`` are those of the whole guide.
    """
    library, guide = new.selection.library, new.selection.guide
    before, after = (printed_of(side.selection, whole, labels, library) for side in (old, new))
    sections = tuple(_sections(before, after, whole))
    facts = tuple(_facts(old.selection.library, new.selection.library))
    comparisons = tuple(_comparisons(old.selection.library, new.selection.library))
    general = tuple(_general(old, new))
    changed = {section.anchor for section in sections}
    return Difference(
        title=f"What {new.name} changes",
        about=(f"{_plain(new.title, guide)} · {_plain(whole.title, guide)}",),
        lead=f"Compared with {old.name}: {_counts(sections, facts, comparisons)}.",
        # Our words are most of the report, and they are English.
        language=guide.language if words_for(guide.language).language == ENGLISH else ENGLISH,
        paper=guide.paper,
        edition=guide.edition,
        general=general,
        sections=sections,
        facts=facts,
        comparisons=comparisons,
        same=tuple(_name_of(name, after) for name in after.titles if name not in changed),
    )


def _plain(text: str | None, guide: Guide) -> str:
    return markup.to_plain(text, guide.language) if text else ""


# --- sections


def _sections(before: Printed, after: Printed, whole: Guide) -> Iterator[ChangedSection]:
    orders = [*after.titles], [*before.titles]
    stayed = unmoved(orders[1], orders[0])
    of_guide = {str(section.id) for section in whole.sections}
    for name in merged(orders):
        if name not in before.titles:
            changes = _added_section(after.blocks[name], is_own=name not in of_guide)
        elif name not in after.titles:
            changes = iter([ChangeView(action="removed", says=_size(before.blocks[name]))])
        else:
            changes = _changed_section(name, before, after, is_moved=name not in stayed)
        found = tuple(changes)
        if found:
            edition = after if name in after.titles else before
            title = edition.titles[name]
            label = edition.labels[name]
            yield ChangedSection(anchor=name, label=label, title=title, changes=found)


def _added_section(blocks: Mapping[str, Shown], *, is_own: bool) -> Iterator[ChangeView]:
    """What is not in the guide is new to every reader, so its text is told too."""
    yield ChangeView(action="added", says=_size(blocks))
    if is_own:
        yield from map(_added_block, blocks.values())


def _size(blocks: Mapping[str, Shown]) -> str:
    words = sum(len(shown.text.split()) for shown in blocks.values())
    return f"{_counted(len(blocks), 'block')}, {_counted(words, 'word')}" if words else ""


def _changed_section(
    name: str, before: Printed, after: Printed, *, is_moved: bool
) -> Iterator[ChangeView]:
    old, new = before.titles[name], after.titles[name]
    if old != new:
        yield ChangeView(action="renamed", says=f"“{old}” is now “{new}”")
    if is_moved:
        says = f"now {_position(name, after)}, was {_position(name, before)}"
        yield ChangeView(action="moved", says=says)
    yield from _changed_blocks(before.blocks[name], after.blocks[name])


def _position(name: str, edition: Printed) -> str:
    names = [*edition.titles]
    at = names.index(name)
    return f"after “{edition.titles[names[at - 1]]}”" if at else "first"


# --- blocks


def _changed_blocks(old: Mapping[str, Shown], new: Mapping[str, Shown]) -> Iterator[ChangeView]:
    for key in merged([[*new], [*old]]):
        if key not in old:
            yield _added_block(new[key])
        elif key not in new:
            runs = _whole_run("−", old[key].text)
            yield ChangeView(action="removed", what=old[key].name, runs=runs)
        elif source_of(old[key].block) != source_of(new[key].block):
            yield from _replaced_block(old[key], new[key])


def _added_block(shown: Shown) -> ChangeView:
    return ChangeView(action="added", what=shown.name, runs=_whole_run("+", shown.text))


def _whole_run(sign: Sign, text: str) -> tuple[Run, ...]:
    return (Run(sign, text),) if text else ()


def _replaced_block(old: Shown, new: Shown) -> Iterator[ChangeView]:
    """Tags and such may differ without a word on the page being another."""
    before, after = old.text, new.text
    if old.title != new.title:
        before, after = f"{old.title} {before}", f"{new.title} {after}"
    is_other = old.block.kind != new.block.kind
    if is_other or before != after:
        says = f"instead of: {old.name}" if is_other else ""
        runs = word_diff(before, after)
        yield ChangeView(action="replaced", what=new.name, says=says, runs=runs)


# --- the rest


def _general(old: Side, new: Side) -> Iterator[ChangeView]:
    titles = [_plain(side.selection.guide.title, new.selection.guide) for side in (old, new)]
    if titles[0] != titles[1]:
        yield ChangeView(action="renamed", what="Title", runs=word_diff(*titles))
    notes = [" ".join((side.note or "").split()) for side in (old, new)]
    if notes[0] != notes[1]:
        action = "replaced" if all(notes) else "added" if notes[1] else "removed"
        yield ChangeView(action=action, what="Note to the reader", runs=word_diff(*notes))


def _facts(old: Library, new: Library) -> Iterator[ChangedFact]:
    for name, fact in new.facts.items():
        if source_of(fact) != source_of(old.facts[name]):
            was, now = _figure(old.facts[name]), _figure(fact)
            source = str(new.sources[fact.source].short)
            yield ChangedFact(label=str(fact.label), old=was, new=now, source=source)


def _figure(fact: Fact) -> str:
    return f"{quantity(fact)} ({fact.place}, as of {fact.as_of})"


def _comparisons(old: Library, new: Library) -> Iterator[ChangedComparison]:
    for name, comparison in new.comparisons.items():
        if says := tuple(_narrowings(old.comparisons[name], comparison)):
            yield ChangedComparison(title=str(comparison.title), says=says)


def _narrowings(old: Comparison, new: Comparison) -> Iterator[str]:
    for what in ("subjects", "criteria"):
        before, after = (
            {str(each.id): str(each.name) for each in getattr(comparison, what)}
            for comparison in (old, new)
        )
        if gone := [name for key, name in before.items() if key not in after]:
            yield f"{what} left out: {', '.join(gone)}"
        if come := [name for key, name in after.items() if key not in before]:
            yield f"{what} added: {', '.join(come)}"
        if len(unmoved([*before], [*after])) < len(before.keys() & after.keys()):
            yield f"{what} in another order: {', '.join(after.values())}"


def _counts(
    sections: Sequence[ChangedSection],
    facts: Sequence[ChangedFact],
    comparisons: Sequence[ChangedComparison],
) -> str:
    of_sections = Counter(change.action for each in sections for change in each.of_section)
    of_blocks = Counter(change.action for each in sections for change in each.of_blocks)
    parts = [
        *_tally("section", of_sections),
        *_tally("block", of_blocks),
        *_tally("fact", Counter({"overridden": len(facts)})),
        *_tally("comparison", Counter({"changed": len(comparisons)})),
    ]
    return "; ".join(parts) or "all sections are the same"


def _tally(what: str, numbers: Counter[str]) -> Iterator[str]:
    """Yield a phrase such as ``2 sections removed, 1 moved``, or nothing."""
    (action, number), *rest = numbers.most_common() or [("", 0)]
    if number:
        more = (f", {number} {action}" for action, number in rest)
        yield f"{_counted(number, what)} {action}{''.join(more)}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _name_of(name: str, edition: Printed) -> str:
    return f"{edition.labels[name]} {edition.titles[name]}".strip()

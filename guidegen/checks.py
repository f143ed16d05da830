"""Rules that hold between files, and editorial rules: one function each, in the table CHECKS."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from guidegen import comparison_checks, course_checks, labels, languages, markup
from guidegen.models import (
    GENERATED,
    Block,
    ComparisonBlock,
    Content,
    Course,
    DefinitionBlock,
    FactsBlock,
    FigureBlock,
    Guide,
    Inline,
    Labels,
    Language,
    Library,
    Markdown,
    Section,
    walk,
)
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, unknown


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules look at. ``today`` is given, never read from a clock."""

    library: Library
    today: datetime.date


def check(library: Library, today: datetime.date) -> list[Problem]:
    """Return every problem that a rule finds in ``library``, sorted by place."""
    scope = Scope(library, today)
    found = [problem for rule in CHECKS.values() for problem in rule(scope)]
    for table in (course_checks.CHECKS, comparison_checks.CHECKS):
        found += [problem for rule in table.values() for problem in rule(library)]
    return sorted(found, key=lambda problem: (problem.origin, problem.code))


def _unknown(code: str, what: str, word: Text, known: Collection[str]) -> Iterator[Problem]:
    if word not in known:
        message, hint = unknown(what, word, known)
        yield Problem(word.origin, code, message, hint)


def _bodies(library: Library) -> Iterator[tuple[Content, Collection[str] | None]]:
    """Yield each file or entry with the ids that its ``[see:…]`` may name (None: not allowed)."""
    for guide in library.guides.values():
        yield guide, _targets(guide)
    for entries in (library.comparisons, library.facts, library.sources, library.glossary):
        for entry in entries.values():
            yield entry, None
    yield from _course_bodies(library)


def _course_bodies(library: Library) -> Iterator[tuple[Content, Collection[str] | None]]:
    for course in library.courses.values():
        for guide_id, taken in course.guides.items():
            if guide := library.guides.get(guide_id):
                own = course_checks.own_ids(taken)
                yield taken, {*_targets(guide), *(str(name) for name in own)}


def _targets(guide: Guide) -> dict[str, Origin]:
    """Return the ids of a guide's sections, blocks and questions with their places."""
    return {str(name): name.origin for name in _ids(guide)}


def _ids(guide: Guide) -> Iterator[Text]:
    for section in guide.sections:
        yield section.id
        yield from course_checks.ids_in(section.blocks)


def required_references(chosen: Guide) -> list[Problem]:
    """Return a problem for each ``[see!:…]`` in ``chosen`` whose target it leaves out."""
    present = _targets(chosen)
    return [
        Problem(
            reference.origin,
            "required-reference",
            f"this text needs {reference.target!r}, which these sections leave out",
            "take that section too, or write [see:…], which becomes plain words",
        )
        for text in _texts(chosen)
        for reference in markup.references_in(text)
        if reference.kind == "see!" and reference.target not in present
    ]


def _texts(body: Content) -> Iterator[Text]:
    return (text for text in walk(body) if isinstance(text, (Inline, Markdown)))


def unknown_references(scope: Scope) -> Iterator[Problem]:
    """Every citation, fact, term and cross-reference in a text must lead somewhere."""
    library = scope.library
    known: Mapping[str, tuple[str, Collection[str]]] = {
        "cite": ("source", library.sources),
        "fact": ("fact", library.facts),
        "term": ("term", library.glossary),
    }
    for reference, targets in _references(library):
        word = Text(reference.target, reference.origin)
        if reference.kind in known:
            what, names = known[reference.kind]
            yield from _unknown(f"unknown-{what}", what, word, names)
        elif reference.kind in ("see", "see!"):
            yield from _see(word, targets)


def _references(library: Library) -> Iterator[tuple[markup.Reference, Collection[str] | None]]:
    """Yield each reference with the ids that it may name if it is a ``[see:…]``."""
    for body, targets in _bodies(library):
        for text in _texts(body):
            for reference in markup.references_in(text):
                yield reference, targets


def _see(word: Text, targets: Collection[str] | None) -> Iterator[Problem]:
    if targets is None:
        yield Problem(
            word.origin,
            "see-outside-guide",
            f"[see:{word}] stands in a file that several guides share",
            "only the text of a guide can point to its sections; name the thing in words",
        )
    else:
        yield from _unknown("unknown-section", "section or block", word, targets)


def malformed_references(scope: Scope) -> Iterator[Problem]:
    """What looks like a reference but is none would be printed with its brackets."""
    for reference, _ in _references(scope.library):
        if reference.kind == "malformed":
            yield Problem(
                reference.origin,
                "malformed-reference",
                f"{reference.target} is not a reference",
                "write [@source], [see:section], [term:id], [term:id|words], [fact:id] or "
                "[lang:es|words], with ids in lower case",
            )


def bad_languages(scope: Scope) -> Iterator[Problem]:
    """Words of another language say which; a screen reader takes its voice from that."""
    for reference, _ in _references(scope.library):
        if reference.kind == "lang" and not re.match(Language.pattern, reference.target):
            message = f"{reference.target!r} is not a language code"
            hint = "write it such as 'es', 'pt-BR' or 'zh-Hant'"
            yield Problem(reference.origin, "bad-language", message, hint)


def bad_links(scope: Scope) -> Iterator[Problem]:
    """Links lead to the web, to a mail address or telephone, or to a place in this guide."""
    for body, targets in _bodies(scope.library):
        for text in _texts(body):
            for link in markup.links_in(text):
                if link.is_image or not link.is_safe:
                    yield _bad_link(link)
                elif link.target.startswith("#"):
                    yield from _see(Text(link.target[1:], link.origin), targets)


def _bad_link(link: markup.Link) -> Problem:
    if link.is_image:
        hint = "use a block of kind figure, which has a caption and alt text"
        return Problem(link.origin, "image-in-text", "a picture cannot stand within a text", hint)
    hint = "a link starts with https://, http://, mailto:, tel: or # and a section's id"
    message = f"{link.target or 'an empty address'} cannot be linked to"
    return Problem(link.origin, "bad-link", message, hint)


def unused_footnotes(scope: Scope) -> Iterator[Problem]:
    """A footnote that no mark refers to would vanish from the page."""
    for body, _ in _bodies(scope.library):
        for text in _texts(body):
            for name, origin in markup.unused_footnotes_in(text):
                message = f"nothing refers to the footnote [^{name}]"
                hint = f"put [^{name}] where the note belongs, or delete it"
                yield Problem(origin, "unused-footnote", message, hint)


def duplicate_ids(scope: Scope) -> Iterator[Problem]:
    """An id names one thing in a guide, be it a section, a block or a question."""
    for guide in scope.library.guides.values():
        yield from _repeated(_ids(guide))
    for comparison in scope.library.comparisons.values():
        yield from _repeated(subject.id for subject in comparison.subjects)
        yield from _repeated(criterion.id for criterion in comparison.criteria)


def _repeated(ids: Iterator[Text]) -> Iterator[Problem]:
    seen: dict[str, Origin] = {}
    for name in ids:
        if name in seen:
            message = f"the id {str(name)!r} is already used in line {seen[name].line}"
            yield Problem(name.origin, "duplicate-id", message, "give one of them another id")
        seen.setdefault(name, name.origin)


def same_labels(scope: Scope) -> Iterator[Problem]:
    """What is numbered is known by its id or its words, so two of the same words need an id."""
    for guide in scope.library.guides.values():
        seen: set[labels.Key] = set()
        for section in guide.sections:
            for key, origin in labels.keys_in(section):
                if key in seen:
                    message = f"another {key[0]} of this guide has the same words"
                    hint = "give each of them an id, so that their printed labels stay apart"
                    yield Problem(origin, "needs-id", message, hint)
                seen.add(key)


def generated_twice(scope: Scope) -> Iterator[Problem]:
    """A guide has one glossary, one list of sources and one of answers, in every course."""
    guides = scope.library.guides
    for guide in guides.values():
        yield from _generated_twice([*_blocks(guide.sections)])
    for course in scope.library.courses.values():
        for name, taken in course.guides.items():
            own = [block for each in taken.insert for block in each.blocks]
            own += _blocks(extra.section for extra in taken.extra_sections)
            if name in guides:
                found = [*_generated_twice([*_blocks(guides[name].sections), *own])]
                yield from (each for each in found if each.origin.file == course.origin.file)


def _blocks(sections: Iterable[Section]) -> Iterator[Block]:
    return (block for section in sections for block in section.blocks)


def _generated_twice(blocks: Iterable[Block]) -> Iterator[Problem]:
    seen: set[str] = set()
    for block in blocks:
        if isinstance(block, GENERATED) and block.kind in seen:
            message = f"this guide already has a block of kind {block.kind}"
            yield Problem(block.origin, "twice-generated", message, "delete one of them")
        seen.add(block.kind)


def unknown_names(scope: Scope) -> Iterator[Problem]:
    """Blocks name comparisons, facts, terms and figures that exist."""
    library = scope.library
    for body in (*library.guides.values(), *library.courses.values()):
        for part in walk(body):
            match part:
                case ComparisonBlock():
                    yield from _comparison_names(part, library)
                case FactsBlock():
                    for name in part.facts:
                        yield from _unknown("unknown-fact", "fact", name, library.facts)
                case DefinitionBlock():
                    yield from _unknown("unknown-term", "term", part.term, library.glossary)
                case FigureBlock() if part.file not in library.figures:
                    message, hint = unknown("figure", part.file, library.figures)
                    yield Problem(part.origin, "unknown-figure", message, hint)


def _comparison_names(block: ComparisonBlock, library: Library) -> Iterator[Problem]:
    yield from _unknown("unknown-comparison", "comparison", block.comparison, library.comparisons)
    if comparison := library.comparisons.get(block.comparison):
        subjects = {str(subject.id) for subject in comparison.subjects}
        criteria = {str(criterion.id) for criterion in comparison.criteria}
        for name in block.subjects:
            yield from _unknown("unknown-subject", "subject", name, subjects)
        for name in block.criteria:
            yield from _unknown("unknown-criterion", "criterion", name, criteria)


def unknown_fact_sources(scope: Scope) -> Iterator[Problem]:
    """A fact's source is one of the shared sources."""
    for fact in scope.library.facts.values():
        yield from _unknown("unknown-source", "source", fact.source, scope.library.sources)


def stale_facts(scope: Scope) -> Iterator[Problem]:
    """A fact whose day of review has passed may no longer be right."""
    for name, fact in scope.library.facts.items():
        if fact.review_by.last_day() < scope.today:
            message = f"the fact {str(name)!r} was to be reviewed by {fact.review_by}"
            hint = "look it up again, then set value, as_of and review_by"
            yield Problem(fact.review_by.origin, "stale-fact", message, hint, "warning")


def labels_out_of_date(scope: Scope) -> Iterator[Problem]:
    """Courses share a guide's labels, so they must stand in its lock file before anything moves."""
    used = {str(name) for course in scope.library.courses.values() for name in course.guides}
    for name, guide in scope.library.guides.items():
        locked = scope.library.labels.get(name, Labels())
        if name not in used and not locked.by_key:
            continue
        missing = labels.assign(guide, locked).by_key.keys() - locked.by_key.keys()
        if missing:
            message = f"{len(missing)} sections, tables, figures or questions have no fixed label"
            hint = "run `guidegen labels` once the guide is as it shall be"
            yield Problem(guide.origin, "labels-out-of-date", message, hint, "warning")


def facts_to_review(scope: Scope) -> Iterator[Problem]:
    """A fact marked ``review: needed`` is printed as unsettled, and named here."""
    for name, fact in scope.library.facts.items():
        if fact.review:
            message = f"the fact {str(name)!r} is marked as needing review"
            hint = "confirm it with its source, then delete the line `review: needed`"
            yield Problem(fact.origin, "review-needed", message, hint, "warning")


def untranslated(scope: Scope) -> Iterator[Problem]:
    """Without a translation our words beside the author's are English."""
    library = scope.library
    bodies: Iterable[Guide | Course] = (*library.guides.values(), *library.courses.values())
    for body in bodies:
        if body.language and languages.catalogue_of(body.language) is None:
            message = (
                "page words such as 'Table' will be English: there is no translation into "
                f"{str(body.language)!r}"
            )
            hint = f"there are: {', '.join(languages.catalogues())}; README.md says how to add one"
            yield Problem(body.language.origin, "untranslated", message, hint, "warning")


CHECKS: Mapping[str, Callable[[Scope], Iterator[Problem]]] = {
    "unknown-reference": unknown_references,
    "malformed-reference": malformed_references,
    "bad-language": bad_languages,
    "bad-link": bad_links,
    "unused-footnote": unused_footnotes,
    "duplicate-id": duplicate_ids,
    "same-label": same_labels,
    "twice-generated": generated_twice,
    "unknown-name": unknown_names,
    "unknown-fact-source": unknown_fact_sources,
    "stale-fact": stale_facts,
    "labels-out-of-date": labels_out_of_date,
    "review-needed": facts_to_review,
    "untranslated": untranslated,
}

"""Rules that hold between files, and editorial rules: one function each, in the table CHECKS."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from guidegen import comparison_checks, course_checks, labels, languages
from guidegen.markup import references_in
from guidegen.models import (
    GENERATED,
    Block,
    ComparisonBlock,
    Course,
    DefinitionBlock,
    FactsBlock,
    FigureBlock,
    Guide,
    Labels,
    Library,
    Section,
    walk,
)
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, first_few, unknown
from guidegen.text_checks import check_texts, ids_of, targets_of, texts_in, unknown_word


@dataclass(frozen=True, slots=True)
class Scope:
    """What the rules look at. ``today`` is given, never read from a clock."""

    library: Library
    today: datetime.date


def check(library: Library, today: datetime.date) -> list[Problem]:
    """Return every problem that a rule finds in ``library``, sorted by place."""
    scope = Scope(library, today)
    found = [problem for rule in CHECKS.values() for problem in first_few(rule(scope))]
    for table in (course_checks.CHECKS, comparison_checks.CHECKS):
        found += [problem for rule in table.values() for problem in first_few(rule(library))]
    return sorted(found, key=lambda problem: (problem.origin, problem.code))


def required_references(chosen: Guide) -> list[Problem]:
    """Return a problem for each ``[see!:…]`` in ``chosen`` whose target it leaves out."""
    present = targets_of(chosen)
    return [
        Problem(
            reference.origin,
            "required-reference",
            f"this text needs {reference.target!r}, which these sections leave out",
            "take that section too, or write [see:…], which becomes plain words",
        )
        for text in texts_in(chosen)
        for reference in references_in(text)
        if reference.kind == "see!" and reference.target not in present
    ]


def texts(scope: Scope) -> Iterator[Problem]:
    """Every text holds to the rules for texts."""
    return check_texts(scope.library)


def duplicate_ids(scope: Scope) -> Iterator[Problem]:
    """An id names one thing in a guide, be it a section, a block or a question."""
    for guide in scope.library.guides.values():
        yield from _repeated(ids_of(guide))
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
                        yield from unknown_word("unknown-fact", "fact", name, library.facts)
                case DefinitionBlock():
                    yield from unknown_word("unknown-term", "term", part.term, library.glossary)
                case FigureBlock() if part.file not in library.figures:
                    message, hint = unknown("figure", part.file, library.figures)
                    yield Problem(part.file.origin, "unknown-figure", message, hint)


def _comparison_names(block: ComparisonBlock, library: Library) -> Iterator[Problem]:
    known = library.comparisons
    yield from unknown_word("unknown-comparison", "comparison", block.comparison, known)
    if comparison := known.get(block.comparison):
        subjects = {str(subject.id) for subject in comparison.subjects}
        criteria = {str(criterion.id) for criterion in comparison.criteria}
        for name in block.subjects:
            yield from unknown_word("unknown-subject", "subject", name, subjects)
        for name in block.criteria:
            yield from unknown_word("unknown-criterion", "criterion", name, criteria)


def unknown_fact_sources(scope: Scope) -> Iterator[Problem]:
    """A fact's source is one of the shared sources."""
    for fact in scope.library.facts.values():
        yield from unknown_word("unknown-source", "source", fact.source, scope.library.sources)


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
    "text": texts,
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

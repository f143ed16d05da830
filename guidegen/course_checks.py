"""Rules for course files: whatever a course names must exist, and nothing is silently ignored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from guidegen.budgets import MAX_ANCESTORS
from guidegen.colour import LEAST_CONTRAST, WHITE, contrast
from guidegen.models import (
    Block,
    Course,
    CourseGuide,
    Guide,
    Id,
    Library,
    Narrowing,
    QuestionsBlock,
)
from guidegen.origin import Text
from guidegen.problems import Problem, unknown

Rule = Callable[[Library], Iterator[Problem]]


def unknown_names(
    code: str, what: str, words: Iterable[Text], known: Collection[str]
) -> Iterator[Problem]:
    """Yield a problem for each of ``words`` that is not ``known``, with the nearest match."""
    for word in words:
        if word not in known:
            message, hint = unknown(what, word, known)
            yield Problem(word.origin, code, message, hint)


def extended_courses(library: Library) -> Iterator[Problem]:
    """``extends`` names a course that exists, and never leads back to where it began."""
    for name, course in library.courses.items():
        if course.extends is None:
            continue
        yield from unknown_names("unknown-course", "course", [course.extends], library.courses)
        ancestors = _ancestors(course, library)
        if name in ancestors:
            yield Problem(
                course.extends.origin,
                "circular-extends",
                f"the course {name!r} extends itself, by way of {course.extends}",
                "let one of the courses in the circle stand alone",
            )
        elif len(ancestors) > MAX_ANCESTORS:
            message = f"more than {MAX_ANCESTORS} courses extend each other in a row"
            hint = "let this course extend one nearer to the last of them"
            yield Problem(course.extends.origin, "too-deep", message, hint)


def _ancestors(course: Course, library: Library) -> list[str]:
    """Return the courses that ``course`` extends, one more than are allowed at most."""
    names: list[str] = []
    while course.extends and course.extends in library.courses and course.extends not in names:
        names.append(str(course.extends))
        course = library.courses[course.extends]
        if len(names) > MAX_ANCESTORS:
            break
    return names


def unknown_course_parts(library: Library) -> Iterator[Problem]:
    """A course names guides, sections, blocks and tags that exist."""
    for course in library.courses.values():
        for name, taken in course.guides.items():
            yield from unknown_names("unknown-guide", "guide", [name], library.guides)
            if guide := library.guides.get(name):
                yield from _unknown_sections(guide, taken)
                yield from _unknown_blocks(guide, taken)


def _unknown_sections(guide: Guide, taken: CourseGuide) -> Iterator[Problem]:
    own = [extra.section.id for extra in taken.extra_sections]
    of_guide = {str(section.id) for section in guide.sections}
    known = of_guide | set(map(str, own))
    named = (*taken.sections, *taken.all_but, *taken.titles)
    yield from unknown_names("unknown-section", "section", named, known)
    for at, extra in enumerate(taken.extra_sections):
        earlier = of_guide | set(map(str, own[:at]))
        if extra.after:
            yield from unknown_names("unknown-section", "earlier section", [extra.after], earlier)
    tags = {str(tag) for section in guide.sections for tag in section.tags}
    yield from unknown_names("unknown-tag", "section tag", taken.tags, tags)


def doubled_ids(library: Library) -> Iterator[Problem]:
    """What a course adds needs ids of its own, since both stand on one page."""
    for course in library.courses.values():
        for name, taken in course.guides.items():
            guide = library.guides.get(name)
            sections = guide.sections if guide else ()
            blocks = (block for section in sections for block in section.blocks)
            seen = {str(section.id) for section in sections} | set(map(str, ids_in(blocks)))
            for own in own_ids(taken):
                if own in seen:
                    message = f"the id {str(own)!r} is already used in this guide"
                    yield Problem(own.origin, "duplicate-id", message, "take another id")
                seen.add(own)


def own_ids(taken: CourseGuide) -> Iterator[Id]:
    """Yield the ids of the sections, blocks and questions that a course adds to a guide."""
    for insertion in taken.insert:
        yield from ids_in(insertion.blocks)
    for extra in taken.extra_sections:
        yield extra.section.id
        yield from ids_in(extra.section.blocks)


def ids_in(blocks: Iterable[Block]) -> Iterator[Id]:
    """Yield the ids of blocks and of the questions in them."""
    for block in blocks:
        if block.id:
            yield block.id
        if isinstance(block, QuestionsBlock):
            yield from (question.id for question in block.items if question.id)


def _unknown_blocks(guide: Guide, taken: CourseGuide) -> Iterator[Problem]:
    blocks = [block for section in guide.sections for block in section.blocks]
    ids = {str(block.id) for block in blocks if block.id}
    places = (each.before or each.after for each in taken.insert)
    named = (*taken.hide, *taken.replace, *(place for place in places if place))
    yield from unknown_names("unknown-block", "block with the id", named, ids)
    tags = {str(tag) for block in blocks for tag in block.tags}
    yield from unknown_names("unknown-tag", "block tag", taken.hide_tags, tags)


def unknown_course_values(library: Library) -> Iterator[Problem]:
    """A course overrides facts and narrows comparisons that exist; its figures exist too."""
    for course in library.courses.values():
        yield from unknown_names(
            "unknown-comparison", "comparison", course.handouts, library.comparisons
        )
        for taken in course.guides.values():
            yield from unknown_names("unknown-fact", "fact", taken.facts, library.facts)
            sources = (fact.source for fact in taken.facts.values())
            yield from unknown_names("unknown-source", "source", sources, library.sources)
            names = taken.comparisons
            yield from unknown_names("unknown-comparison", "comparison", names, library.comparisons)
            for name, narrowing in taken.comparisons.items():
                yield from narrowing_problems(name, narrowing, library)


def narrowing_problems(name: str, narrowing: Narrowing, library: Library) -> Iterator[Problem]:
    """Yield a problem for each subject or criterion that the comparison does not have."""
    if comparison := library.comparisons.get(name):
        subjects = {str(subject.id) for subject in comparison.subjects}
        criteria = {str(criterion.id) for criterion in comparison.criteria}
        yield from unknown_names("unknown-subject", "subject", narrowing.subjects, subjects)
        yield from unknown_names("unknown-criterion", "criterion", narrowing.criteria, criteria)


def themes(library: Library) -> Iterator[Problem]:
    """The accent can be read on white, and the logo is one of the figures."""
    for course in library.courses.values():
        theme = course.theme
        if theme and theme.accent and contrast(theme.accent, WHITE) < LEAST_CONTRAST:
            ratio = contrast(theme.accent, WHITE)
            yield Problem(
                theme.accent.origin,
                "low-contrast",
                f"the accent {theme.accent} has a contrast of {ratio:.1f} to 1 on white",
                f"take a darker colour; WCAG AA asks for {LEAST_CONTRAST} to 1",
            )
        if theme and theme.logo and theme.logo not in library.figures:
            message, hint = unknown("figure", theme.logo, library.figures)
            yield Problem(theme.logo.origin, "unknown-figure", message, hint)


def unknown_themes(library: Library, known: Collection[str]) -> Iterator[Problem]:
    """A course asks for themes that exist; which do is known only beside the templates."""
    for course in library.courses.values():
        yield from unknown_names("unknown-theme", "theme", course.themes, known)


def hidden_blocks(library: Library) -> Iterator[Problem]:
    """A block cannot be hidden and replaced at once."""
    for course in library.courses.values():
        for taken in course.guides.values():
            for name in taken.hide:
                if name in taken.replace:
                    message = f"the block {str(name)!r} is both hidden and replaced"
                    hint = "delete it from one of the two lists"
                    yield Problem(name.origin, "hidden-and-replaced", message, hint)


CHECKS: Mapping[str, Rule] = {
    "extended-course": extended_courses,
    "unknown-course-part": unknown_course_parts,
    "unknown-course-value": unknown_course_values,
    "doubled-id": doubled_ids,
    "theme": themes,
    "hidden-block": hidden_blocks,
}

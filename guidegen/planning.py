"""What each edition of a course will hold, and why: the plan before anything is built.

A course that is broken has no plan but problems; it does not keep the others from theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guidegen.courses import Reason, effective
from guidegen.found import Found, course_names, guides_of, handed_out, refuse_unknown
from guidegen.jobs import Job, compose
from guidegen.labels import assign, key_of
from guidegen.models import Block, Edition, Guide, Labels, Library
from guidegen.ordering import merged
from guidegen.origin import Origin
from guidegen.problems import ContentError, Problem, RequestError
from guidegen.selection import Selection
from guidegen.view.document import Document, FigureView, TableView


@dataclass(frozen=True, slots=True)
class Part:
    """A section, block, fact or comparison.

    ``label`` is the printed one, empty for what has none; ``printed`` says for each edition
    whether the part is in it, and is empty where that is no question.
    """

    part: str
    name: str
    label: str = ""
    title: str = ""
    printed: Mapping[Edition, bool] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the part as plain data for ``--json``."""
        return {
            "part": self.part,
            "name": self.name,
            "label": self.label,
            "title": self.title,
            "editions": {name: "in" if is_in else "out" for name, is_in in self.printed.items()},
            "reasons": [reason.as_dict() for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """The editions of one guide: sections in their printed order, then whatever is changed."""

    course: str | None
    guide: str
    title: str
    editions: tuple[Edition, ...]
    parts: tuple[Part, ...]

    def as_dict(self) -> dict[str, object]:
        """Return the plan as plain data for ``--json``."""
        return {
            "course": self.course,
            "guide": self.guide,
            "title": self.title,
            "editions": list(self.editions),
            "parts": [part.as_dict() for part in self.parts],
        }


def plan(
    library: Library, course: str | None, guide: str, editions: Sequence[Edition] = ()
) -> Plan:
    """Return the plan of one sound guide; ``editions`` default to those of the course.

    Raises ContentError for a required reference that is left out, RequestError when nothing is
    left of an edition.
    """
    of_course = effective(course, library.courses).editions if course else ()
    wanted = tuple(dict.fromkeys(editions or of_course or ("complete",)))
    jobs = {edition: Job(guide, library, {}, course=course, edition=edition) for edition in wanted}
    views = {edition: compose(job) for edition, job in jobs.items()}
    selections = [selection for selection, _ in views.values()]
    documents = {edition: document for edition, (_, document) in views.items()}
    labels = assign(library.guides[guide], library.labels.get(guide, Labels()))
    parts = (
        *_titles(selections[0]),
        *_sections(selections, documents, labels),
        *_blocks(library.guides[guide], selections[0], documents, labels),
        *_others(selections[0]),
    )
    return Plan(course, guide, next(iter(documents.values())).title, wanted, parts)


def plan_course(
    found: Found, course: str, guide: str | None, editions: Sequence[Edition] = ()
) -> list[Plan]:
    """Return a plan for each guide of a course, or for ``guide`` alone.

    Raises ContentError with whatever keeps the course from being built, RequestError for what
    does not exist.
    """
    names = guides_of(found, course, guide)
    try:
        return [plan(found.library, course, name, editions) for name in names]
    except RequestError as error:
        place = found.library.courses[course].origin
        hint = "let the course take more sections, or leave this edition out"
        raise ContentError([Problem(place, "nothing-left", str(error), hint)]) from None


def plan_all(
    found: Found, guide: str | None, editions: Sequence[Edition] = ()
) -> tuple[list[Plan], dict[str, tuple[Problem, ...]]]:
    """Return the plans of all sound courses, and the problems of the others by course.

    With ``guide``, of the courses that hand it out. Raises RequestError when there is none.
    """
    plans: list[Plan] = []
    failed: dict[str, tuple[Problem, ...]] = {}
    for course in course_names(found):
        try:
            names = guides_of(found, course, None)
            if guide is None or guide in names:
                plans += plan_course(found, course, guide, editions)
        except ContentError as error:
            failed[course] = error.problems
    if not plans and not failed:
        if guide is None:
            raise RequestError("there is no course yet")
        refuse_unknown("guide of a course", guide, handed_out(found))
    return plans, failed


def _titles(selection: Selection) -> Iterator[Part]:
    for reason in selection.reasons:
        if reason.part == "guide":
            yield Part("guide", reason.name, title=selection.guide.title, reasons=(reason,))


def _sections(
    selections: Sequence[Selection], documents: Mapping[Edition, Document], labels: Labels
) -> Iterator[Part]:
    """Yield the sections in their printed order, then those that are left out."""
    printed = {
        edition: {section.anchor: section.label for section in document.sections}
        for edition, document in documents.items()
    }
    titles = {str(each.id): str(each.title) for each in selections[0].changed.sections}
    for name in dict.fromkeys([*merged([[*shown] for shown in printed.values()]), *titles]):
        given = (shown[name] for shown in printed.values() if name in shown)
        is_in = {edition: name in shown for edition, shown in printed.items()}
        yield Part(
            "section",
            name,
            next(given, labels.by_key.get(("section", name), "")),
            titles[name],
            is_in,
            tuple(_section_reasons(name, is_in, selections[0].reasons)),
        )


def _section_reasons(
    name: str, printed: Mapping[Edition, bool], reasons: Iterable[Reason]
) -> Iterator[Reason]:
    """Yield the reasons of the selection, and one for editions where nothing of it is left."""
    own = [reason for reason in reasons if (reason.part, reason.name) == ("section", name)]
    lacking = [edition for edition, is_in in printed.items() if not is_in]
    is_chosen = any(reason.action == "in" for reason in own)
    for reason in own:
        if reason.action != "in" or any(printed.values()):
            yield reason
    if is_chosen and lacking:
        where = f" for the edition {', '.join(lacking)}" if len(printed) > 1 else ""
        yield Reason("section", name, "out", f"nothing in it{where}")


def _blocks(
    whole: Guide, selection: Selection, documents: Mapping[Edition, Document], labels: Labels
) -> Iterator[Part]:
    by_id = {str(block.id): block for each in whole.sections for block in each.blocks if block.id}
    places = {edition: _labels_by_place(document) for edition, document in documents.items()}
    for reason in selection.reasons:
        if reason.part == "block":
            place = _place(reason.origin)
            given = [shown[place] for shown in places.values() if place in shown]
            old = by_id.get(str(reason.name))
            label = given[0] if given else _label(old, labels)
            printed = {edition: place in shown for edition, shown in places.items()}
            yield Part("block", str(reason.name), label, "", printed, (reason,))


def _labels_by_place(document: Document) -> dict[str, str]:
    return {
        block.origin: block.label if isinstance(block, TableView | FigureView) else ""
        for section in document.sections
        for block in section.blocks
    }


def _label(block: Block | None, labels: Labels) -> str:
    key = key_of(block) if block else None
    return f"{key[0].capitalize()} {labels.by_key[key]}" if key else ""


def _place(origin: Origin | None) -> str:
    return f"{origin.file}:{origin.line}" if origin else ""


def _others(selection: Selection) -> Iterator[Part]:
    for reason in selection.reasons:
        if reason.part == "fact":
            label = str(selection.library.facts[reason.name].label)
            yield Part("fact", str(reason.name), title=label, reasons=(reason,))
        elif reason.part == "comparison":
            title = str(selection.library.comparisons[reason.name].title)
            yield Part("comparison", str(reason.name), title=title, reasons=(reason,))

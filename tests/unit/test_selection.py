"""Which sections an edition has, in which order, and the reason for each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import pytest

from guidegen.models import CourseGuide, Guide, Library
from guidegen.problems import RequestError
from guidegen.selection import Choice, Selection, select

GUIDE = """format: 1
title: The garden
lead: All of it.
edition: 2026-11-24
sections:
  - {id: soil, title: Soil, tags: [basics], blocks: [{kind: prose, text: Dig.}]}
  - {id: answers, title: Answers, blocks: [{kind: answers}]}
  - {id: tools, title: Tools, tags: [basics, shed], blocks: [{kind: prose, text: Rake.}]}
  - {id: trees, title: Trees, tags: [summer], blocks: [{kind: prose, text: Climb.}]}
  - id: sources
    title: Glossary and sources
    tags: [summer]
    blocks: [{kind: glossary}, {kind: sources}]
"""
EVERYTHING = ["soil", "answers", "tools", "trees", "sources"]
BACK = ["answers", "sources"]


@pytest.fixture
def library(library_of: Callable[[dict[str, str]], Library]) -> Library:
    return library_of({"guides/garden.yaml": GUIDE})


@pytest.fixture
def guide(library: Library) -> Guide:
    return library.guides["garden"]


def ids(selection: Selection) -> list[str]:
    return [str(section.id) for section in selection.guide.sections]


def why(selection: Selection) -> dict[str, tuple[str, str]]:
    return {reason.name: (reason.action, reason.why) for reason in selection.reasons}


def test_without_a_wish_the_whole_guide_is_meant(guide: Guide, library: Library) -> None:
    selection = select(guide, library, Choice())
    assert selection.guide == guide
    assert why(selection)["soil"] == ("in", "part of the guide")
    assert why(selection)["sources"] == ("in", "follows the sections")


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice(sections=("trees",)), ["trees", *BACK]),
        (Choice(sections=("trees", "soil")), ["trees", "soil", *BACK]),
        (Choice(sections=("trees", "trees")), ["trees", *BACK]),
        (Choice(sections=("sources", "soil")), ["sources", "soil", "answers"]),
        (Choice(tags=("basics",)), ["soil", "tools", *BACK]),
        (Choice(tags=("shed", "summer")), ["tools", "trees", "sources", "answers"]),
        (Choice(sections=("trees",), tags=("basics",)), ["trees", "soil", "tools", *BACK]),
        (Choice(skip=("tools",)), ["soil", "answers", "trees", "sources"]),
        (Choice(skip=("answers", "sources")), ["soil", "tools", "trees"]),
        (Choice(tags=("basics",), skip=("soil",)), ["tools", *BACK]),
        (Choice(sections=("soil",), skip=("sources",)), ["soil", "answers"]),
    ],
)
def test_what_is_asked_for_is_taken_in_its_order(
    guide: Guide, library: Library, choice: Choice, expected: list[str]
) -> None:
    selection = select(guide, library, choice)
    assert sorted(ids(selection)) == sorted(expected)
    texts = [name for name in ids(selection) if name not in BACK]
    assert texts == [name for name in expected if name not in BACK]


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ({}, EVERYTHING),
        ({"sections": ("trees", "soil")}, ["trees", "soil", *BACK]),
        ({"tags": ("basics",)}, ["soil", "tools", *BACK]),
        ({"all_but": ("trees", "answers")}, ["soil", "tools", "sources"]),
    ],
)
def test_a_course_takes_its_sections(
    guide: Guide, library: Library, taken: dict[str, tuple[str, ...]], expected: list[str]
) -> None:
    course = CourseGuide.model_validate(taken)
    assert ids(select(guide, library, Choice(), course=course)) == expected


def test_the_command_line_goes_before_the_course(guide: Guide, library: Library) -> None:
    course = CourseGuide.model_validate({"sections": ("soil",)})
    assert ids(select(guide, library, Choice(sections=("trees",)), course=course)) == [
        "trees",
        *BACK,
    ]
    skipping = select(guide, library, Choice(skip=("sources",)), course=course)
    assert ids(skipping) == ["soil", "answers"]


def test_a_course_gives_the_guide_its_own_title_subtitle_and_lead(
    guide: Guide, library: Library
) -> None:
    own = {"title": "Our garden", "subtitle": "In spring", "lead": "Some of it."}
    selection = select(guide, library, Choice(), course=CourseGuide.model_validate(own))
    assert {name: getattr(selection.guide, name) for name in own} == own
    reasons = {each.name: each.why for each in selection.reasons if each.part == "guide"}
    assert reasons == {name: f"now “{text}”" for name, text in own.items()}
    untouched = select(guide, library, Choice(), course=CourseGuide()).guide
    assert (untouched.title, untouched.subtitle, untouched.lead) == (
        "The garden",
        None,
        "All of it.",
    )


def test_each_part_has_a_reason(guide: Guide, library: Library) -> None:
    selection = select(guide, library, Choice(sections=("soil", "sources"), skip=("answers",)))
    assert why(selection) == {
        "soil": ("in", "asked for"),
        "answers": ("out", "skipped on the command line"),
        "tools": ("out", "not asked for"),
        "trees": ("out", "not asked for"),
        "sources": ("in", "asked for"),
    }


COURSE = "format: 1\ntitle: Spring\nguides:\n  garden:\n"


@pytest.mark.parametrize(
    ("taken", "why_in", "line", "trees"),
    [
        ("    sections: [trees,\n      soil]\n", "in the course", 5, True),
        ("    tags: [summer,\n      shed]\n", "tagged summer, shed", 5, True),
        ("    title: Ours\n    all_but:\n      - trees\n", "in the course", 7, False),
        ("    title: Ours\n", "in the course", 5, True),
    ],
)
def test_a_reason_names_the_line_of_the_course_that_decides(
    library_of: Callable[[dict[str, str]], Library],
    taken: str,
    why_in: str,
    line: int,
    trees: bool,
) -> None:
    library = library_of({"guides/garden.yaml": GUIDE, "courses/spring.yaml": COURSE + taken})
    course = library.courses["spring"].guides["garden"]  # type: ignore[index]  # an Id is a str
    chosen = select(library.guides["garden"], library, Choice(skip=("tools",)), course=course)
    assert chosen.library.guides == library.guides
    reasons = {each.name: each for each in chosen.reasons if each.part == "section"}
    assert list(reasons) == EVERYTHING
    assert (reasons["tools"].action, reasons["tools"].origin) == ("out", None)
    reason = reasons["trees"]
    expected = ("in", why_in) if trees else ("out", f"not {why_in}")
    assert (reason.action, reason.why) == expected
    assert reason.origin is not None
    assert str(reason.origin).startswith(f"content/courses/spring.yaml:{line}:")
    assert (reasons["answers"].why, reasons["answers"].origin) == ("follows the sections", None)


def test_sections_that_a_course_adds_are_taken_with_those_it_names(
    library_of: Callable[[dict[str, str]], Library],
) -> None:
    extra = """    extra_sections:
      - after: soil
        section: {id: pond, title: Pond, blocks: [{kind: prose, text: Swim.}]}
"""
    for taken, expected in [
        ("    sections: [trees]\n", ["trees", "pond", *BACK]),
        ("    sections: [pond, trees]\n", ["pond", "trees", *BACK]),
        ("    tags: [shed]\n", ["pond", "tools", *BACK]),
    ]:
        files = {"guides/garden.yaml": GUIDE, "courses/spring.yaml": COURSE + taken + extra}
        library = library_of(files)
        course = library.courses["spring"].guides["garden"]  # type: ignore[index]
        chosen = select(library.guides["garden"], library, Choice(), course=course)
        assert ids(chosen) == expected


def test_an_edition_without_any_content_is_refused(guide: Guide, library: Library) -> None:
    with pytest.raises(RequestError) as refused:
        select(guide, library, Choice(sections=("soil",)), edition="key")
    assert str(refused.value) == "nothing is left for the key edition of these sections"


def test_reasons_and_sections_never_disagree(guide: Guide, library: Library) -> None:
    names = ["soil", "answers", "tools", "trees"]
    choices = [
        Choice(sections=asked, skip=skipped)
        for size in (0, 1, 2)
        for asked in combinations(names, size)
        for skipped in combinations(names, 1)
        if set(asked) - set(skipped) - set(BACK) or not asked
    ]
    assert len(choices) > 20
    for choice in choices:
        selection = select(guide, library, choice)
        assert list(why(selection)) == EVERYTHING
        said = {name for name, (action, _) in why(selection).items() if action == "in"}
        assert said == set(ids(selection))


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(sections=("tree",)), "there is no section 'tree' (did you mean 'trees'?)"),
        (Choice(skip=("nothing",)), "there is no section 'nothing' (there are: answers, "),
        (Choice(tags=("basic",)), "there is no tag 'basic' (did you mean 'basics'?)"),
        (Choice(sections=("soil",), skip=("soil",)), "no section is left"),
        (Choice(sections=("sources",)), "no section is left"),
        (Choice(skip=("soil", "tools", "trees")), "no section is left"),
    ],
)
def test_what_cannot_be_had_is_refused(
    guide: Guide, library: Library, choice: Choice, message: str
) -> None:
    with pytest.raises(RequestError) as refused:
        select(guide, library, choice)
    assert message in str(refused.value)


def test_nothing_is_changed_by_selecting(guide: Guide, library: Library) -> None:
    before = repr(guide)
    selection = select(guide, library, Choice(sections=("trees",)))
    assert repr(guide) == before
    assert selection.changed == guide
    assert selection.guide.title is guide.title

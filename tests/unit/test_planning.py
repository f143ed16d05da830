"""Plans: what is in an edition and what is out, each with its reason and place."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guidegen.found import Found, course_names, guides_of, problems_of, shared_guides
from guidegen.models import Library
from guidegen.origin import Origin
from guidegen.planning import Part, Plan, plan, plan_all, plan_course
from guidegen.problems import ContentError, Problem, RequestError

LibraryOf = Callable[[dict[str, str]], Library]


@pytest.fixture
def library(library_of: LibraryOf, course_files: dict[str, str]) -> Library:
    return library_of(course_files)


def fault(file: str, severity: str = "error") -> Problem:
    """Return a problem in a file."""
    assert severity in ("error", "warning")
    return Problem(Origin(file, 3), "some-fault", "wrong", "mend it", severity)  # type: ignore[arg-type]


def parts_of(plan: Plan, group: str) -> list[Part]:
    return [part for part in plan.parts if part.part == group]


def reasons_of(plan: Plan, group: str, name: str) -> list[str]:
    return [
        str(reason)
        for part in parts_of(plan, group)
        if part.name == name
        for reason in part.reasons
    ]


def test_a_plain_guide_takes_every_section_in_its_order(library: Library) -> None:
    found = plan(library, None, "tea")
    assert found.title == "Tea"
    assert found.editions == ("complete",)
    assert [(part.label, part.name) for part in found.parts] == [
        ("A", "leaves"),
        ("B", "water"),
        ("C", "cups"),
        ("D", "quiz"),
        ("", "answers"),
        ("", "sources"),
    ]
    assert all(part.printed == {"complete": True} for part in found.parts)
    assert reasons_of(found, "section", "leaves") == ["in: part of the guide"]


def test_sections_come_in_their_printed_order_and_those_left_out_last(library: Library) -> None:
    found = plan(library, "black", "tea")
    assert [(part.label, part.name) for part in parts_of(found, "section")] == [
        ("B", "water"),
        ("D", "quiz"),
        ("A", "leaves"),
        ("1", "own"),
        ("", "sources"),
        ("C", "cups"),
        ("", "answers"),
    ]


def test_each_edition_says_what_is_in_it(library: Library) -> None:
    found = plan(library, "black", "tea")
    assert found.editions == ("student", "key")
    printed = {part.name: dict(part.printed) for part in parts_of(found, "section")}
    assert printed["quiz"] == {"student": True, "key": True}
    assert printed["water"] == {"student": True, "key": False}
    assert printed["cups"] == {"student": False, "key": False}


def test_the_editions_asked_for_replace_those_of_the_course(library: Library) -> None:
    assert plan(library, "black", "tea", ["instructor"]).editions == ("instructor",)


def test_every_section_has_its_reason_with_the_line_that_says_so(library: Library) -> None:
    found = plan(library, "black", "tea")
    course = "courses/black.yaml"
    assert reasons_of(found, "section", "cups") == [f"out: not in the course, {course}:7"]
    assert reasons_of(found, "section", "water") == [
        f"in: in the course, {course}:7",
        f"renamed: now “Hot water”, {course}:9",
        "out: nothing in it for the edition key",
    ]
    assert reasons_of(found, "section", "answers") == [
        "out: nothing in it for the edition student, key"
    ]


def test_changed_blocks_facts_and_comparisons_are_named_with_their_reasons(
    library: Library,
) -> None:
    found = plan(library, "black", "tea")
    course = "courses/black.yaml"
    assert [part.name for part in parts_of(found, "block")] == ["leaves-text", "prose", "callout"]
    assert reasons_of(found, "block", "leaves-text") == [
        f"replaced: by the course's own, {course}:13"
    ]
    assert reasons_of(found, "block", "prose") == [f"hidden: by its tag lore, {course}:10"]
    assert reasons_of(found, "block", "callout") == [f"added: after teas, {course}:18"]
    (steeping,) = parts_of(found, "fact")
    assert (steeping.title, steeping.printed) == ("Steeping", {})
    assert "overridden: 2 becomes 4 (Assam" in str(steeping.reasons[0])
    (teas,) = parts_of(found, "comparison")
    assert "only subjects black, green; criteria taste" in str(teas.reasons[0])


def test_a_changed_block_is_in_only_the_editions_that_print_it(library: Library) -> None:
    found = plan(library, "black", "tea")
    printed = {part.name: dict(part.printed) for part in parts_of(found, "block")}
    assert printed["leaves-text"] == {"student": True, "key": False}
    assert printed["prose"] == {"student": False, "key": False}


def test_a_hidden_table_keeps_its_printed_label(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    hiding = "format: 1\ntitle: Short\nguides:\n  tea:\n    hide: [teas]\n"
    library = library_of(course_files | {"courses/short.yaml": hiding})
    (teas,) = parts_of(plan(library, "short", "tea"), "block")
    assert (teas.label, teas.printed) == ("Table A1", {"complete": False})


def test_the_plan_as_plain_data_has_everything(library: Library) -> None:
    data = plan(library, "black", "tea").as_dict()
    assert (data["course"], data["guide"], data["title"]) == ("black", "tea", "Black tea only")
    assert data["editions"] == ["student", "key"]
    parts = data["parts"]
    assert isinstance(parts, list)
    assert {
        "part": "section",
        "name": "cups",
        "label": "C",
        "title": "Cups",
        "editions": {"student": "out", "key": "out"},
        "reasons": [
            {
                "part": "section",
                "name": "cups",
                "action": "out",
                "why": "not in the course",
                "place": "content/courses/black.yaml:7",
            }
        ],
    } in parts


# What keeps a course from its plan


@pytest.mark.parametrize(
    ("file", "concerns"),
    [
        ("content/courses/black.yaml", True),
        ("content/courses/plain.yaml", False),
        ("content/guides/tea.yaml", True),
        ("content/guides/coffee.yaml", False),
        ("content/shared/facts.yaml", True),
    ],
)
def test_only_the_errors_that_concern_a_course_stop_it(
    library: Library, file: str, concerns: bool
) -> None:
    found = Found(library, [fault(file)])
    assert bool(problems_of(found, "black")) == concerns


def test_warnings_stop_nothing(library: Library) -> None:
    assert problems_of(Found(library, [fault("content/guides/tea.yaml", "warning")]), "black") == []


def test_a_broken_course_stops_those_that_extend_it(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    child = "format: 1\nextends: black\ntitle: Child\n"
    library = library_of(course_files | {"courses/child.yaml": child})
    found = Found(library, [fault("content/courses/black.yaml")])
    assert [problem.code for problem in problems_of(found, "child")] == ["some-fault"]


def test_errors_of_files_are_told_before_what_follows_from_them(library: Library) -> None:
    root, follows = fault("content/shared/facts.yaml"), fault("content/courses/black.yaml")
    assert problems_of(Found(library, [root], [follows]), "black") == [root]
    assert problems_of(Found(library, [], [follows]), "black") == [follows]


def test_all_courses_but_the_broken_one_get_their_plan(library: Library) -> None:
    broken = fault("content/courses/green.yaml")
    found = Found(library, [broken])
    assert course_names(found) == ["black", "green", "plain"]
    plans, failed = plan_all(found, None)
    assert [each.course for each in plans] == ["black", "plain"]
    assert failed == {"green": (broken,)}


def test_an_edition_with_nothing_left_is_a_problem_of_the_course(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    keyless = "format: 1\ntitle: No quiz\neditions: [key]\nguides:\n  tea:\n    all_but: [quiz]\n"
    found = Found(library_of(course_files | {"courses/keyless.yaml": keyless}))
    with pytest.raises(ContentError) as raised:
        plan_course(found, "keyless", None)
    (problem,) = raised.value.problems
    assert (problem.code, problem.origin.file) == ("nothing-left", "content/courses/keyless.yaml")


@pytest.mark.parametrize(
    ("course", "guide", "words"),
    [
        ("blck", None, r"no course 'blck' \(did you mean 'black'"),
        ("black", "tee", r"no guide in the course black 'tee' \(did you mean 'tea'"),
        (None, "teas", r"no guide 'teas' \(did you mean 'tea'"),
    ],
)
def test_an_unknown_name_is_met_with_the_nearest(
    library: Library, course: str | None, guide: str | None, words: str
) -> None:
    with pytest.raises(RequestError, match=words):
        guides_of(Found(library), course, guide)


def test_an_unknown_guide_is_refused_for_all_courses(library: Library) -> None:
    with pytest.raises(RequestError, match=r"'tee' \(did you mean 'tea'"):
        plan_all(Found(library), "tee")


def test_without_any_course_there_is_no_plan_of_all() -> None:
    with pytest.raises(RequestError, match="there is no course yet"):
        plan_all(Found(Library()), None)


def test_two_courses_without_a_common_guide_cannot_be_compared(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    none = "format: 1\ntitle: Nothing yet\n"
    found = Found(library_of(course_files | {"courses/none.yaml": none}))
    with pytest.raises(RequestError, match="black and none have no guide in common"):
        shared_guides(found, "black", "none", None)
    assert shared_guides(found, "black", "plain", None) == ["tea"]

"""Differences between two editions, in words: sections, blocks, facts and comparisons."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegen.differences import compare
from guidegen.models import Library
from guidegen.ordering import merged, unmoved
from guidegen.view.difference import ChangeView, Difference, Run, shortened
from guidegen.worddiff import word_diff

LibraryOf = Callable[[dict[str, str]], Library]

# Few different words, so that the texts have much in common.
WORDS = ["a", "b", "c", "the", "tea", "cup", "of"]
texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)


@pytest.fixture
def library(library_of: LibraryOf, course_files: dict[str, str]) -> Library:
    return library_of(course_files)


@pytest.fixture
def told(library: Library) -> Difference:
    """What the course black changes in the guide."""
    return compare(library, "tea", "black", None)


def changes_in(difference: Difference, section: str) -> list[tuple[str, str, str]]:
    return [
        (change.action, change.what, change.says)
        for each in difference.sections
        if each.anchor == section
        for change in each.changes
    ]


def change_of(difference: Difference, section: str, action: str) -> ChangeView:
    (found,) = [
        change
        for each in difference.sections
        if each.anchor == section
        for change in each.of_blocks
        if change.action == action
    ]
    return found


# Words


@given(texts, texts)
def test_the_insertions_and_deletions_lead_from_the_old_text_to_the_new(old: str, new: str) -> None:
    runs = word_diff(old, new)
    assert " ".join(run.text for run in runs if run.sign != "−") == new
    assert " ".join(run.text for run in runs if run.sign != "+") == old


@given(texts, texts)
def test_no_two_runs_of_a_sign_follow_each_other_and_none_is_empty(old: str, new: str) -> None:
    runs = word_diff(old, new)
    assert all(run.text for run in runs)
    assert all(one.sign != next_.sign for one, next_ in itertools.pairwise(runs))


@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert word_diff(text, text) == ((Run("", text),) if text else ())


def test_a_changed_word_stands_between_those_that_stay() -> None:
    assert word_diff("we ask for 150 hours in class", "we ask for 190 hours in class") == (
        Run("", "we ask for"),
        Run("−", "150"),
        Run("+", "190"),
        Run("", "hours in class"),
    )


def test_a_lone_word_between_two_changes_goes_with_them() -> None:
    assert word_diff("one the two", "three the four") == (
        Run("−", "one the two"),
        Run("+", "three the four"),
    )


def test_unchanged_words_far_from_any_change_are_left_out_of_the_brief_form() -> None:
    long = " ".join(str(number) for number in range(50))
    brief = shortened((Run("", long), Run("+", "new"), Run("", long)))
    assert [run.text for run in brief] == ["… 43 44 45 46 47 48 49", "new", "0 1 2 3 4 5 6 …"]


def test_changed_words_are_never_left_out_unless_a_whole_text_is_gone() -> None:
    long = " ".join(str(number) for number in range(50))
    replaced = ChangeView(action="replaced", what="prose", runs=(Run("−", long), Run("+", "new")))
    removed = ChangeView(action="removed", what="prose", runs=(Run("−", long),))
    assert replaced.brief == replaced.runs
    assert removed.brief == (Run("−", "0 1 2 3 4 5 6 7 8 9 10 11 …"),)


# Orders


names = st.lists(st.sampled_from("abcdefgh"), unique=True)


@given(names, names)
def test_merged_holds_every_name_once_and_keeps_the_first_order(
    one: list[str], two: list[str]
) -> None:
    both = merged([one, two])
    assert sorted(both) == sorted({*one, *two})
    assert [name for name in both if name in one] == one


@given(names, names)
def test_what_has_not_moved_has_the_same_order_in_both(old: list[str], new: list[str]) -> None:
    stayed = unmoved(old, new)
    assert [name for name in old if name in stayed] == [name for name in new if name in stayed]


def test_a_single_section_moved_to_the_front_is_the_only_one_that_moved() -> None:
    assert unmoved(["a", "b", "c", "d"], ["d", "a", "b", "c"]) == {"a", "b", "c"}


# Sections and blocks


def test_sections_come_in_the_new_order_with_those_removed_where_they_stood(
    told: Difference,
) -> None:
    assert [(each.label, each.anchor) for each in told.sections] == [
        ("B", "water"),
        ("C", "cups"),
        ("A", "leaves"),
        ("1", "own"),
    ]
    assert told.same == ("D Quiz", "Answers", "Sources")


def test_a_renamed_a_removed_and_a_moved_section_are_told_in_words(told: Difference) -> None:
    assert changes_in(told, "water") == [("renamed", "", "“Water” is now “Hot water”")]
    assert changes_in(told, "cups") == [("removed", "", "2 blocks, 6 words")]
    assert changes_in(told, "leaves")[0] == ("moved", "", "now after “Quiz”, was first")


def test_a_section_of_the_course_s_own_is_told_with_its_text(told: Difference) -> None:
    assert changes_in(told, "own") == [("added", "", "1 block, 5 words"), ("added", "prose", "")]
    assert change_of(told, "own", "added").runs == (Run("+", "It stands in room 4."),)


def test_a_replaced_block_is_told_as_a_difference_of_words(told: Difference) -> None:
    assert change_of(told, "leaves", "replaced").runs == (
        Run("−", "Green"),
        Run("+", "Black"),
        Run("", "leaves steep for 4 minutes [Leaf Office]. They taste of"),
        Run("−", "grass"),
        Run("+", "malt"),
        Run("", "and hay."),
    )


def test_blocks_added_and_hidden_are_told_with_their_text(told: Difference) -> None:
    assert change_of(told, "leaves", "added").runs == (Run("+", "Ask for the strong kind."),)
    assert change_of(told, "leaves", "removed").runs[0].sign == "−"


def test_a_fact_is_told_with_place_date_and_source(told: Difference) -> None:
    (fact,) = told.facts
    assert (fact.old, fact.new, fact.source) == (
        "2 minutes (World, as of 2026)",
        "4 minutes (Assam, as of 2026-05)",
        "Leaf Office",
    )


def test_a_narrowed_comparison_is_told_by_what_it_lost(told: Difference) -> None:
    (teas,) = told.comparisons
    assert teas.says == (
        "subjects left out: White",
        "subjects in another order: Black, Green",
        "criteria left out: Colour",
    )


def test_title_and_note_are_changes_of_the_whole_guide(told: Difference) -> None:
    assert [(change.action, change.what) for change in told.general] == [
        ("renamed", "Title"),
        ("added", "Note to the reader"),
    ]
    assert told.general[1].runs == (Run("+", "Bring *milk*."),)


def test_a_course_that_changes_nothing_differs_in_nothing(library: Library) -> None:
    same = compare(library, "tea", "plain", None)
    assert (same.general, same.sections, same.facts, same.comparisons) == ((), (), (), ())
    assert same.lead == "Compared with the base guide: all sections are the same."


def test_two_courses_are_compared_the_other_way_round(library: Library) -> None:
    back = compare(library, "tea", "plain", "black")
    assert changes_in(back, "own") == [("removed", "", "1 block, 5 words")]
    assert changes_in(back, "cups") == [("added", "", "2 blocks, 6 words")]
    assert back.facts[0].new == "2 minutes (World, as of 2026)"
    assert back.comparisons[0].says[0] == "subjects added: White"


def test_a_narrowed_subject_that_a_block_names_is_no_hindrance(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    guide = course_files["guides/tea.yaml"].replace(
        "        comparison: teas\n", "        comparison: teas\n        subjects: [white, black]\n"
    )
    told = compare(library_of(course_files | {"guides/tea.yaml": guide}), "tea", "black", None)
    assert all(change.what != "Table A1" for each in told.sections for change in each.changes)


def test_a_replacement_of_another_kind_says_what_was_there(
    library_of: LibraryOf, course_files: dict[str, str]
) -> None:
    course = course_files["courses/black.yaml"].replace(
        "        kind: prose\n        text: Black", "        kind: callout\n        style: note\n"
        "        title: Taste\n        text: Black"
    )  # fmt: skip
    told = compare(library_of(course_files | {"courses/black.yaml": course}), "tea", "black", None)
    assert ("replaced", "callout “Taste”", "instead of: prose") in changes_in(told, "leaves")
    assert change_of(told, "leaves", "replaced").runs[1] == Run("+", "Taste Black")

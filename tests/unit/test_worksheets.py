"""Worksheets: one right answer each, evenly spread, the same for the same seed, and no leaks."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegen.models import Library
from guidegen.origin import Text
from guidegen.problems import RenderError
from guidegen.project import bundled
from guidegen.renderers.html import load_templates, render
from guidegen.view.cards import cards_view
from guidegen.view.worksheet import Dress, Worksheet, compose_key, compose_worksheet
from guidegen.worksheet_jobs import Printed, refuse_leaks
from guidegen.worksheets import (
    BlankSheet,
    Card,
    CardsSheet,
    Cell,
    ClozeSheet,
    Exercise,
    Grid,
    Head,
    Kind,
    MatchingSheet,
    QuizSheet,
    Sheet,
    Wish,
    grid_of,
    make_exercise,
)
from guidegen.worksheets.likeness import texts_alike

KINDS: tuple[Kind, ...] = get_args(Kind)
DRESS = Dress(title="Beds", language="en-US", paper="letter", seed=3)

# Values that are easily alike: in case, in order, in numbers, one within the other.
VALUES = (
    "Oxygen", "oxygen", "Oxygen and aspirin", "aspirin, oxygen", "Aspirin", "Oral glucose",
    "glucose", "40 hours", "40.0 hours", "30–50 hours", "1,000 hours", "1000 hours", "60 hours",
    "yes", "no", "None", "IV", "IV and IO", "IO", "intravenous", "Nasal airway", "Oral airway",
    "the state", "The state and the agency's medical director", "Subject 1 cares for patients",
    "BLS", "Basic life support", "Cardioversion", "Manual defibrillation, pacing", "CPR",
)  # fmt: skip
SYNONYMS = {"bls": "basic life support", "iv": "intravenous"}


def grid(rows: Sequence[Sequence[str]], reasons: Sequence[Sequence[str]] = ()) -> Grid:
    """Return a grid whose rows are criteria and whose columns are subjects."""
    subjects = tuple(Head(f"s{at}", f"Subject {at}") for at in range(len(rows[0])))
    criteria = tuple(Head(f"c{at}", f"Criterion {at}") for at in range(len(rows)))
    cells = {
        (subject.id, criterion.id): Cell(
            subject,
            criterion,
            rows[row][column],
            kind="yes-no" if rows[row][column] in ("yes", "no") else "text",
            reason=reasons[row][column] if reasons else "",
            applies=not (reasons and reasons[row][column]),
        )
        for row, criterion in enumerate(criteria)
        for column, subject in enumerate(subjects)
    }
    return Grid("beds", "Beds", subjects, criteria, cells, SYNONYMS)


@st.composite
def grids(draw: st.DrawFn, values: Sequence[str] = VALUES) -> Grid:
    """Draw a grid of 1 to 6 criteria and 2 to 7 subjects, some of its cells not to be asked."""
    columns = draw(st.integers(2, 7))
    row = st.lists(st.sampled_from(values), min_size=columns, max_size=columns)
    rows = draw(st.lists(row, min_size=1, max_size=6))
    reason = st.sampled_from(["", "", "", "does not apply"])
    flags = st.lists(reason, min_size=columns, max_size=columns)
    reasons = draw(st.lists(flags, min_size=len(rows), max_size=len(rows)))
    return grid(rows, reasons)


wishes = st.builds(
    Wish,
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 99),
    given=st.sampled_from(["none", "half", "first-column"]),
    bank=st.booleans(),
)
variants = st.sampled_from(["", "A", "B", "C"])


def cell_of(found: Grid, asked: str) -> Cell:
    return next(cell for cell in found.all() if cell.asked == asked)


def words_of(text: str) -> set[str]:
    """Fold a value in the plainest way, apart from the code under test."""
    return set(re.findall(r"\w+", text.replace(",", "").casefold())) - {"the", "and", "s"}


def plainly_alike(first: str, second: str) -> bool:
    one, other = words_of(first), words_of(second)
    return one <= other or other <= one


# One right answer


@given(grids(), st.integers(0, 99), variants)
def test_no_question_of_a_quiz_has_two_right_answers(found: Grid, seed: int, variant: str) -> None:
    exercise = make_exercise(found, Wish("quiz", seed), variant)
    assert isinstance(exercise.sheet, QuizSheet)
    for item, answer in zip(exercise.sheet.items, exercise.answers, strict=True):
        options = dict(item.options)
        right = options.pop(answer.letter)
        assert 2 <= len(options) <= 3
        if item.criterion:
            assert right == answer.text
            assert [text for text in options.values() if plainly_alike(text, right)] == []
            pairs = itertools.combinations(options.values(), 2)
            assert [pair for pair in pairs if plainly_alike(*pair)] == []
        else:
            own = {
                cell.asked: cell.text for cell in found.all() if cell.subject.name == item.subject
            }
            assert right == answer.asked.partition(": ")[2] + ": " + answer.text
            wrong = [text.partition(": ")[2] for text in options.values()]
            assert [
                text for text in wrong for value in own.values() if plainly_alike(text, value)
            ] == []


@given(grids(), st.integers(0, 99), variants)
def test_no_prompt_of_a_matching_sheet_fits_two_options(
    found: Grid, seed: int, variant: str
) -> None:
    exercise = make_exercise(found, Wish("matching", seed), variant)
    assert isinstance(exercise.sheet, MatchingSheet)
    answers = {answer.label: answer for answer in exercise.answers}
    for each in exercise.sheet.sets:
        options = dict(each.options)
        assert len(options) == len(each.prompts) >= 3
        assert [p for p in itertools.combinations(options.values(), 2) if plainly_alike(*p)] == []
        letters = [answers[label].letter for label, _ in each.prompts]
        assert sorted(letters) == sorted(options)
        assert [options[answers[label].letter] for label, _ in each.prompts] == [
            answers[label].text for label, _ in each.prompts
        ]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("BLS", "Basic life support"),
        ("40 hours", "40.0 hours"),
        ("1,000 hours", "1000 hours"),
        ("150–190 hours", "160 hours"),
        ("IV", "IV and IO"),
        ("Drugs", "A drug"),
        ("Yes", "yes"),
        ("Supraglottic airway; suction", "Suction"),
    ],
)
def test_alike_values_are_known_as_such(first: str, second: str) -> None:
    assert texts_alike(first, second, SYNONYMS)
    assert texts_alike(second, first, SYNONYMS)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Yes", "No"),
        ("40 hours", "60 hours"),
        ("40 hours", "40 days"),
        ("31–35%", "34–38%"),
        ("Emergency Medical Technician", "Emergency Medical Responder"),
        ("Oral airway", "Nasal airway"),
    ],
)
def test_values_that_differ_are_kept_apart(first: str, second: str) -> None:
    assert not texts_alike(first, second, SYNONYMS)


def test_an_item_without_two_honest_wrong_options_is_left_out_with_the_reason() -> None:
    found = grid([["BLS", "Basic life support", "ALS", "ALS"], ["one", "two", "three", "four"]])
    exercise = make_exercise(found, Wish("quiz"))
    assert [answer.asked for answer in exercise.answers if "Criterion 0" in answer.asked] == []
    assert len(exercise.answers) == 4
    told = [(each.subject, each.why) for each in exercise.skipped]
    assert told == [
        (f"Subject {at}", "fewer than 2 wrong options that are clearly wrong") for at in range(4)
    ]


def test_an_answer_that_names_its_own_subject_is_no_question() -> None:
    found = grid([["Subject 0 writes", "Two reads", "Three sings"]])
    exercise = make_exercise(found, Wish("quiz"))
    assert exercise.answers == ()
    assert ("Subject 0", "the answer names Subject 0") in {
        (each.subject, each.why) for each in exercise.skipped
    }


def test_two_subjects_make_a_quiz_of_what_is_true_of_one_and_not_of_the_other() -> None:
    found = grid([["red", "blue"], ["round", "square"], ["warm", "cold"], ["old", "older, old"]])
    exercise = make_exercise(found, Wish("quiz"))
    assert isinstance(exercise.sheet, QuizSheet)
    assert len(exercise.sheet.items) == 6
    assert {(item.criterion, item.other) for item in exercise.sheet.items} == {
        ("", "Subject 0"),
        ("", "Subject 1"),
    }


# Spread


@given(grids([f"value{letter}" for letter in "abcdefghijklmnop"]), st.integers(0, 999), variants)
def test_right_answers_stand_equally_often_at_each_letter(
    found: Grid, seed: int, variant: str
) -> None:
    exercise = make_exercise(found, Wish("quiz", seed), variant)
    assert isinstance(exercise.sheet, QuizSheet)
    counts = Counter(answer.letter for answer in exercise.answers)
    widest = max((len(item.options) for item in exercise.sheet.items), default=0)
    times = [counts[letter] for letter in "ABCD"[:widest]]
    assert max(times, default=0) - min(times, default=0) <= 1


@given(grids(), st.integers(0, 999), variants)
def test_spread_is_even_where_some_questions_have_three_options_only(
    found: Grid, seed: int, variant: str
) -> None:
    exercise = make_exercise(found, Wish("quiz", seed), variant)
    assert isinstance(exercise.sheet, QuizSheet)
    widest = max((len(item.options) for item in exercise.sheet.items), default=0)
    counts = Counter(answer.letter for answer in exercise.answers)
    times = [counts[letter] for letter in "ABCD"[:widest]]
    assert max(times, default=0) - min(times, default=0) <= 1


# Chance


@given(grids(), wishes, variants)
def test_the_same_seed_gives_the_same_exercise(found: Grid, wish: Wish, variant: str) -> None:
    assert make_exercise(found, wish, variant) == make_exercise(found, wish, variant)


def test_the_draw_is_the_same_on_every_machine() -> None:
    found = grid([["red", "blue", "green", "white"], ["one", "two", "three", "four"]])
    exercise = make_exercise(found, Wish("quiz", 7), "A")
    drawn = "".join(f"{a.label}{a.letter}{a.asked[8]}{a.asked[-1]} " for a in exercise.answers)
    assert drawn == "1D11 2C00 3C30 4B31 5D01 6B20 7A10 8A21 "


@given(grids(), wishes)
def test_variants_ask_the_same_in_another_order(found: Grid, wish: Wish) -> None:
    if wish.kind == "blank" and wish.given == "half":
        wish = replace(wish, given="none")
    one, other = (make_exercise(found, wish, variant) for variant in "AB")
    assert Counter((a.asked, a.text) for a in one.answers) == Counter(
        (a.asked, a.text) for a in other.answers
    )
    if isinstance(one.sheet, QuizSheet) and isinstance(other.sheet, QuizSheet):
        assert Counter(frozenset(text for _, text in item.options) for item in one.sheet.items) == (
            Counter(frozenset(text for _, text in item.options) for item in other.sheet.items)
        )


def test_variants_and_seeds_differ_in_order() -> None:
    found = grid([[f"value{row}{column}x" for column in range(4)] for row in range(5)])
    for kind in KINDS:
        if kind != "blank":
            sheets = [
                make_exercise(found, Wish(kind, seed), variant).sheet
                for seed, variant in ((1, "A"), (1, "B"), (2, "A"))
            ]
            assert sheets[0] != sheets[1] != sheets[2] != sheets[0]


# The key


@given(grids(), wishes, variants)
def test_every_answer_in_the_key_belongs_to_its_label(
    found: Grid, wish: Wish, variant: str
) -> None:
    exercise = make_exercise(found, wish, variant)
    labels = [answer.label for answer in exercise.answers]
    assert labels == [str(number) for number in range(1, len(labels) + 1)]
    asked = dict(asked_on(exercise.sheet))
    assert list(asked) == labels
    for answer in exercise.answers:
        cell = cell_of(found, answer.asked)
        assert asked[answer.label] <= {cell.subject.name, cell.criterion.name}
        if isinstance(exercise.sheet, ClozeSheet):
            item = next(each for each in exercise.sheet.items if each.label == answer.label)
            words = [*answer.text.split(" … "), ""]
            filled = "".join(map("".join, zip(item.pieces, words, strict=True)))
            assert filled == cell.text
        else:
            assert answer.text == cell.text


def asked_on(sheet: Sheet) -> list[tuple[str, set[str]]]:
    """Return each label of a sheet with the subject and criterion beside it."""
    match sheet:
        case BlankSheet():
            return [
                (cell.label, {row.criterion.name, subject.name})
                for row in sheet.rows
                for cell, subject in zip(row.cells, sheet.subjects, strict=True)
                if cell.label
            ]
        case MatchingSheet():
            return [
                (label, {each.title, text}) for each in sheet.sets for label, text in each.prompts
            ]
        case CardsSheet():
            return [(each.label, {each.subject, each.criterion}) for each in sheet.cards]
        case ClozeSheet():
            return [(each.label, {each.subject, each.criterion}) for each in sheet.items]
        case QuizSheet():
            return [(each.label, {each.subject, each.criterion} - {""}) for each in sheet.items]


def test_a_key_names_the_code_of_its_sheet() -> None:
    found = grid([["red", "blue", "green"]])
    exercise = make_exercise(found, Wish("quiz"), "A")
    sheet = compose_worksheet(exercise.sheet, "A", DRESS)
    key = compose_key(exercise.sheet, exercise.answers, "A", DRESS, of_code=sheet.code)
    assert key.of_code == sheet.code != key.code
    assert "seed 3" in key.mark
    assert "seed" not in sheet.mark


# What students see


def document(found: Grid, wish: Wish) -> Worksheet:
    return compose_worksheet(make_exercise(found, wish).sheet, "", DRESS)


@given(grids(), st.data())
def test_a_blank_table_does_not_change_with_its_answers(found: Grid, data: st.DataObject) -> None:
    others = {
        place: replace(cell, text=data.draw(st.sampled_from(VALUES)))
        for place, cell in found.cells.items()
        if cell.applies
    }
    others = {**found.cells, **others}
    assert document(found, Wish("blank")) == document(replace(found, cells=others), Wish("blank"))


def test_a_matching_sheet_does_not_change_when_values_change_their_owner() -> None:
    rows = [["red", "blue", "green", "white"], ["one", "two", "three", "four"]]
    first = document(grid(rows), Wish("matching"))
    for turned in itertools.permutations(rows[0]):
        assert document(grid([list(turned), rows[1]]), Wish("matching")) == first


def test_a_cloze_list_does_not_change_with_the_words_of_its_gaps() -> None:
    first = grid([["Gives oxygenation first", "Starts intravenous lines"]])
    second = grid([["Gives medications first", "Starts compression lines"]])
    assert document(first, Wish("cloze")) == document(second, Wish("cloze"))


def test_the_words_of_a_cloze_list_come_in_alphabetical_order() -> None:
    found = grid([["Oxygen first", "Aspirin then", "Glucose last", "Oxygen later"]])
    sheet = make_exercise(found, Wish("cloze", bank=True)).sheet
    assert isinstance(sheet, ClozeSheet)
    assert sheet.bank == ("Aspirin", "Glucose", "Oxygen (2×)")


def test_gaps_stand_for_the_longest_words_of_content() -> None:
    found = grid([["Adds a supraglottic airway, no tube", "with Subject"]])
    sheet = make_exercise(found, Wish("cloze")).sheet
    assert isinstance(sheet, ClozeSheet)
    pieces = {item.subject: item.pieces for item in sheet.items}
    assert pieces["Subject 0"] == ("Adds a ", " ", ", no tube")
    assert pieces["Subject 1"] == ("", "")


@pytest.mark.parametrize("given_cells", ["half", "first-column"])
def test_given_cells_are_printed_and_the_others_are_not(given_cells: str) -> None:
    found = grid([["red", "blue", "green"], ["one", "two", "three"]])
    wish = Wish("blank", given="half" if given_cells == "half" else "first-column")
    sheet = make_exercise(found, wish).sheet
    assert isinstance(sheet, BlankSheet)
    shown = [[bool(cell.text) for cell in row.cells] for row in sheet.rows]
    if given_cells == "half":
        assert shown in (
            [[True, False, True], [False, True, False]],
            [[False, True, False], [True, False, True]],
        )
    else:
        assert shown == [[True, False, False], [True, False, False]]


def test_what_does_not_apply_is_given_and_not_asked() -> None:
    found = grid([["red", "blue", "green"]])
    cell = replace(
        found.cells["s1", "c0"], text="n/a: never", reason="does not apply", applies=False
    )
    found = replace(found, cells={**found.cells, ("s1", "c0"): cell})
    blank = make_exercise(found, Wish("blank"))
    assert isinstance(blank.sheet, BlankSheet)
    assert [each.text for each in blank.sheet.rows[0].cells] == ["", "n/a: never", ""]
    cards = make_exercise(found, Wish("cards"))
    assert [answer.text for answer in cards.answers if "n/a" in answer.text] == []
    assert [(each.subject, each.why) for each in cards.skipped] == [("Subject 1", "does not apply")]


Shipped = Callable[[Kind], tuple[Exercise[Sheet], Worksheet]]


@pytest.fixture
def shipped(bundled_library: Library) -> Shipped:
    """Returns an exercise of the four national levels with its student document."""

    def make(kind: Kind) -> tuple[Exercise[Sheet], Worksheet]:
        wording = Printed(bundled_library, "en-US")
        comparison = bundled_library.comparisons["national-levels"]
        found = grid_of("national-levels", comparison, wording, synonyms={})
        exercise = make_exercise(found, Wish(kind, 7), "A")
        return exercise, compose_worksheet(exercise.sheet, "A", DRESS)

    return make


@pytest.mark.parametrize("kind", ["blank", "cloze", "matching", "quiz"])
def test_the_page_of_a_student_holds_no_trace_of_an_answer(shipped: Shipped, kind: Kind) -> None:
    exercise, sheet = shipped(kind)
    templates = load_templates([bundled() / "templates"])
    pages = {
        f"{medium}.html": render(
            sheet, medium, templates, asset_url=str, template="worksheet.html.jinja"
        )
        for medium in ("print", "screen")
    }
    for page in pages.values():
        body = page[page.index("<body") :]
        assert " data-" not in body
        assert "<!--" not in body
        assert not re.search("answer(?! to each question)", body)
        assert not re.search("right(?! (answer|for))", body)
    refuse_leaks(exercise.answers, sheet, {name: page.encode() for name, page in pages.items()})


def test_nothing_but_the_words_of_options_differs_between_right_and_wrong(
    shipped: Shipped,
) -> None:
    _, sheet = shipped("quiz")
    templates = load_templates([bundled() / "templates"])
    page = render(sheet, "print", templates, asset_url=str, template="worksheet.html.jinja")
    options = re.findall(r"<li>(.*?)</li>", page)
    assert len(options) > 60
    assert {re.sub(r"(?<=>)[^<]*", "", f">{option}") for option in options} == {
        '><span class="letter"></span>'
    }


@pytest.mark.parametrize("kind", ["blank", "cloze", "matching", "quiz"])
def test_the_gate_finds_an_answer_that_got_into_a_file(shipped: Shipped, kind: Kind) -> None:
    exercise, sheet = shipped(kind)
    answer = next(each for each in exercise.answers if len(each.whole.split()) > 5)
    with pytest.raises(RenderError, match="answer-leak"):
        refuse_leaks(exercise.answers, sheet, {"a.html": f"<p>{answer.whole}</p>".encode()})


# Words


def test_citations_are_left_out_and_facts_filled_in(bundled_library: Library) -> None:
    wording = Printed(bundled_library, "en-US")
    assert wording.text("Oral airway [@wikem-levels], **mask**") == "Oral airway, mask"
    assert wording.text("[fact:exam-fee-emr]") == "$88"
    assert not wording.rests_on_doubt(Text("Oral airway"))


# Cards


@pytest.mark.parametrize("flip", ["long", "short"])
@pytest.mark.parametrize("number", [1, 3, 8, 11])
def test_each_back_lies_behind_its_front(flip: str, number: int) -> None:
    cards = [Card(str(at), "subject", "criterion", f"back {at}") for at in range(number)]
    view = cards_view(cards, "long" if flip == "long" else "short")
    assert [page.side for page in view.pages] == ["front", "back"] * -(-number // 8)
    for front, back in zip(view.pages[::2], view.pages[1::2], strict=True):
        for at, face in enumerate(front.faces):
            row, column = divmod(at, 2)
            behind = row * 2 + (1 - column) if flip == "long" else (3 - row) * 2 + column
            other = back.faces[behind]
            assert (face and face.label) == (other and other.label)
            assert other is None or other.text == f"back {other.label}"


def test_what_is_too_long_for_a_card_is_left_out() -> None:
    exercise = make_exercise(grid([["word " * 100, "short"]]), Wish("cards"))
    assert [answer.text for answer in exercise.answers] == ["short"]
    assert [each.why for each in exercise.skipped] == ["too long for a card"]

"""Which comparison a handout shows, and what its subtitle says was left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.fitting import Chosen
from guidegen.models import Library
from guidegen.problems import RequestError

LETTERS = """format: 1
title: Letters
question: Which?
subjects: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}]
criteria:
  - {id: size, name: Size, group: Of the body, values: {a: big, b: big, c: small}}
  - {id: hue, name: Hue, group: Of the body, values: {a: red, b: red, c: red}}
  - {id: sound, name: Sound, values: {a: soft, b: hard, c: none}}
"""
DIGITS = """format: 1
title: Digits
question: Which?
subjects: [{id: one, name: One}, {id: a, name: A}]
criteria:
  - {id: size, name: Size, values: {one: tiny, a: big}}
"""


def guide(comparison: str) -> str:
    return f"""format: 1
title: A guide
lead: To read.
edition: 2026-11-24
sections:
  - id: all
    title: All
    blocks:
      - {{kind: prose, text: Words.}}
      - {{kind: comparison, comparison: {comparison}}}
"""


def course(**guides: str) -> str:
    listing = "".join(f"  {name}: {taken}\n" for name, taken in guides.items())
    return f"format: 1\ntitle: A course\nguides:\n{listing}"


NARROWED = "{comparisons: {letters: {subjects: [c, a]}}}"


@pytest.fixture
def library(library_of: Callable[[dict[str, str]], Library]) -> Library:
    return library_of(
        {
            "comparisons/letters.yaml": LETTERS,
            "comparisons/digits.yaml": DIGITS,
            "guides/first.yaml": guide("digits"),
            "guides/second.yaml": guide("letters"),
            "courses/narrowing.yaml": course(first="{}", second=NARROWED),
            "courses/showing.yaml": course(first="{facts: {}}", second="{title: The second}"),
        }
    )


def subjects(chosen: Chosen) -> list[str]:
    return [str(each.id) for each in chosen.comparison.subjects]


def test_a_whole_comparison_has_no_subtitle(library: Library) -> None:
    chosen = choose(library, ["letters"], Part(), None)
    assert (chosen.name, chosen.subtitle, chosen.files) == ("letters", "", ("letters",))
    assert (chosen.course, chosen.left_out, chosen.has_all) == (None, (), True)
    assert chosen.library is library


@pytest.mark.parametrize(
    ("part", "subtitle"),
    [
        (Part(subjects=("c", "a")), "C, A"),
        (Part(group="of-the-body"), "Of the body · 2 of 3 aspects"),
        (Part(criteria=("sound",)), "1 of 3 aspects"),
        (Part(differences_only=True), "only where they differ, 2 of 3 aspects"),
        (
            Part(subjects=("a", "b"), differences_only=True),
            "A, B · only where they differ, 1 of 3 aspects",
        ),
    ],
)
def test_the_subtitle_says_what_was_narrowed(library: Library, part: Part, subtitle: str) -> None:
    chosen = choose(library, ["letters"], part, None)
    assert chosen.subtitle == subtitle
    assert chosen.has_all is not part.differences_only


def test_subjects_of_one_file_are_said_to_be_a_part_of_it(library: Library) -> None:
    chosen = choose(library, ["a", "c"], Part(), None)
    assert (chosen.name, chosen.files, chosen.subtitle) == ("a-c", ("letters",), "A, C")


def test_subjects_of_several_files_are_no_part_of_any(library: Library) -> None:
    chosen = choose(library, ["one", "b"], Part(), None)
    assert chosen.files == ("digits", "letters")
    assert (chosen.left_out, chosen.subtitle) == (("hue", "sound"), "")


def test_a_course_that_narrows_a_comparison_has_its_way(library: Library) -> None:
    chosen = choose(library, ["letters"], Part(), "narrowing")
    assert subjects(chosen) == ["c", "a"]
    assert chosen.course is not None
    assert chosen.course.title == "A course"
    assert chosen.library.guides == library.guides


def test_of_two_guides_the_one_that_shows_the_comparison_counts(
    library_of: Callable[[dict[str, str]], Library],
) -> None:
    def fact(value: str) -> str:
        return (
            f"{{label: Height, value: '{value}', place: here, source: book, as_of: 2026, "
            "review_by: 2030}"
        )

    def taken(value: str) -> str:
        return f"{{facts: {{height: {fact(value)}}}}}"

    library = library_of(
        {
            "comparisons/letters.yaml": LETTERS.replace("a: soft", "a: '[fact:height]'"),
            "comparisons/digits.yaml": DIGITS,
            "guides/first.yaml": guide("digits"),
            "guides/second.yaml": guide("letters"),
            "guides/third.yaml": guide("digits"),
            "shared/facts.yaml": f"format: 1\nfacts:\n  height: {fact('1')}\n",
            "shared/sources.yaml": "format: 1\nsources: {book: {title: B, publisher: P, short: B}}",
            "courses/own.yaml": course(first=taken("2"), second=taken("3"), third=taken("4")),
        }
    )
    assert choose(library, ["letters"], Part(), "own").library.facts["height"].value == "3"
    assert choose(library, ["digits"], Part(), "own").library.facts["height"].value == "2"


@pytest.mark.parametrize(
    ("names", "asked", "message"),
    [
        (["lettres"], None, "there is no comparison 'lettres' (did you mean 'letters'?)"),
        (["a"], None, "'a' is a subject; name another to compare it with"),
        (
            ["letters", "digits"],
            None,
            "'letters' is a comparison; print one at a time, or name subjects",
        ),
        (["letters"], "narrow", "there is no course 'narrow' ("),
    ],
)
def test_what_cannot_be_chosen_is_said(
    library: Library, names: list[str], asked: str | None, message: str
) -> None:
    with pytest.raises(RequestError) as refused:
        choose(library, names, Part(), asked)
    assert str(refused.value).startswith(message)

"""Guesses and floods: what is told of many names and many problems, and what that costs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from guidegen.budgets import MAX_GUESSES, MAX_TOLD
from guidegen.origin import Origin
from guidegen.problems import TOO_MANY, Problem, first_few, nearest, unknown


def problems(count: int | None = None) -> Iterator[Problem]:
    numbers = itertools.count(1) if count is None else range(1, count + 1)
    return (Problem(Origin("f.yaml", line), "code", "message", "hint") for line in numbers)


def test_a_few_problems_are_all_told() -> None:
    assert [*first_few(problems(MAX_TOLD))] == [*problems(MAX_TOLD)]


def test_a_flood_is_cut_off_with_a_word_at_the_first_that_is_left_out() -> None:
    told = [*first_few(problems())]
    assert told[:-1] == [*problems(MAX_TOLD)]
    assert (told[-1].code, told[-1].origin.line) == (TOO_MANY, MAX_TOLD + 1)


def test_the_word_on_the_rest_is_no_graver_than_the_rest() -> None:
    warnings = (Problem(Origin("f"), "c", "m", "h", "warning") for _ in range(MAX_TOLD + 1))
    assert [*first_few(warnings)][-1].severity == "warning"


def test_of_very_many_names_those_that_begin_alike_are_looked_at() -> None:
    names = [f"{letter}x-{number}" for letter in "abc" for number in range(MAX_GUESSES)]
    assert nearest("bx-41x", [*names[::200], "bx-41"]) == "did you mean 'bx-41'?"
    assert nearest("qq", names) == ""
    assert unknown("fact", "qq", names)[1].startswith("there are: ax-0, ax-1, ")


def test_where_too_many_names_begin_alike_none_is_offered() -> None:
    names = [f"same-{number:04}" for number in range(MAX_GUESSES + 1)]
    assert nearest("same-00x", names) == ""
    assert nearest("same-00x", names[:9]) != ""

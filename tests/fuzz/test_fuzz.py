"""Three hundred mutants in every run; `make fuzz` judges ten thousand."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guidegen.models import Library
from guidegen.origin import Origin
from guidegen.problems import Problem

from . import judge as judging
from .judge import active_in, judge
from .kinds import KINDS
from .mutant import Accepted, Mutant, Refused, make
from .seeds import garden
from .sweep import LEAST_RIGHT, Tally, judged, report

SEED = 0
SHARES = [range(start, start + 75) for start in range(0, 300, 75)]


@pytest.mark.parametrize("numbers", SHARES, ids=lambda each: f"{each.start}-{each.stop}")
def test_mutants_are_told_in_an_orderly_way_and_at_the_right_place(numbers: range) -> None:
    tally = Tally()
    for number in numbers:
        _, verdict, seconds = judged((SEED, number))
        tally.add(number, verdict, seconds)
    shown = [f"python -m tests.fuzz --seed {SEED} --number {number}" for number in tally.failed]
    assert shown == []
    assert tally.share_within(0) >= LEAST_RIGHT - 2  # one of fifty may be a line off


def test_there_are_more_than_thirty_kinds_and_the_garden_is_fit_for_each() -> None:
    assert len(KINDS) > 100
    expectations = {type(make(kind, [garden()], random.Random(1)).expectation) for kind in KINDS}
    assert {Accepted, Refused} <= expectations


def test_the_same_number_is_the_same_mutant() -> None:
    numbers = [(SEED, number) for number in (3, 50, 101)]
    assert [judged(each)[1] for each in numbers] == [judged(each)[1] for each in numbers]


@pytest.mark.parametrize("kind", ["html-in-text", "template-in-text", "harmless-svg"])
def test_a_pdf_of_hostile_words_is_inert(kind: str) -> None:
    mutant = make(kind, [garden()], random.Random(7))
    assert judge(mutant, turn=judging.PDF_TURNS - 1).faults == ()


# The judge is not to be deceived.

Load = Callable[[Path, Path], tuple[Library, list[Problem]]]
FILE = "content/guides/garden.yaml"


def fails(*_: object) -> Any:
    raise ZeroDivisionError


def takes_long(*_: object) -> Any:
    while True:
        pass


def finds(*problems: Problem) -> Load:
    return lambda content, root: (Library(), [*problems])


def problem(line: int, file: str = FILE, hint: str = "mend it") -> Problem:
    return Problem(Origin(file, line), "code", "message", hint)


WRONG: list[tuple[str, Load]] = [
    ("tracebacks", fails),
    ("hangs", takes_long),
    ("accepted bad", finds()),
    ("accepted bad", lambda content, root: (garden().library, [])),
    ("placeless", finds(problem(4), problem(9_999))),
    ("placeless", finds(problem(4), problem(1, file="content/guides/none.yaml"))),
    ("placeless", finds(problem(4), problem(0))),
    ("placeless", finds(problem(4, hint=""))),
    ("astray", finds(problem(4), problem(20))),
]


@pytest.mark.parametrize(("goal", "load"), WRONG)
def test_the_judge_sees_what_is_wrong(
    goal: str, load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "load", load)
    monkeypatch.setattr(judging, "LONGEST", 1)
    verdict = judge(Mutant(garden(), garden().files, Refused(FILE, 4)))
    assert goal in {found for found, _ in verdict.faults}


def test_the_judge_measures_how_far_the_nearest_error_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "load", finds(problem(9), problem(6)))
    mutant = Mutant(garden(), garden().files, Refused(FILE, 4, has_followers=True))
    verdict = judge(mutant)
    assert (verdict.faults, verdict.distance) == ((), 2)
    assert "2 lines off" in report(mutant, verdict)


def test_the_judge_sees_that_good_content_is_refused_or_changed() -> None:
    files = dict(garden().files)
    files[FILE] = files[FILE].replace(b"title: What soil is", b"title: What sand is")
    changed = judge(Mutant(garden(), files, Accepted(is_same=True)))
    files[FILE] = files[FILE].replace(b"kind: steps", b"kind: steeps")
    refused = judge(Mutant(garden(), files, Accepted()))
    assert [goal for goal, _ in (*changed.faults, *refused.faults)] == ["refused good"] * 2


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<img src='http://a.example/b.png'>",
        "<p onclick='x'>",
        "<a href='javascript:x'>x</a>",
        "<meta http-equiv='refresh' content='0'>",
        "<p style='background: url(x)'>",
        "<iframe></iframe>",
    ],
)
def test_the_judge_sees_what_is_active(page: str) -> None:
    assert active_in(page)
    assert active_in("<p>&lt;script&gt;</p><a href='https://a.example'>x</a>") == []

"""The ladder: rungs in order, what rules them out, and that real pages hold every word."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidegen.fitting import Chosen, HandoutMaker, lay_out
from guidegen.ladder import (
    PAPERS,
    Climb,
    Plan,
    Refused,
    Wish,
    climb,
    copy_size,
    measure_em,
    plans,
    shared_out,
    turned,
)
from guidegen.models import Comparison, Id, Inline, Library
from guidegen.problems import RequestError
from guidegen.project import bundled, find
from guidegen.renderers.html import load_templates
from guidegen.themes import PLAIN
from guidegen.view.handout import compose_handout

LEAST_TYPE = 9.0
SHORT = [["Aspect", "A", "B"], ["size", "small", "large"], ["colour", "red", "green"]]


@dataclass(frozen=True)
class Seen:
    """What a made-up layout shows."""

    pages: int = 1
    faults: tuple[str, ...] = ()
    tallest_row: float = 0.1


def rows(subjects: int, criteria: int, words: str) -> list[list[str]]:
    head = ["Aspect", *(f"S{number}" for number in range(subjects))]
    return [head, *([f"C{number}", *[words] * subjects] for number in range(criteria))]


def open_plans(table: list[list[str]], wish: Wish) -> list[Plan]:
    return [each for each in plans(table, wish) if isinstance(each, Plan)]


def test_a_short_table_stands_upright_first() -> None:
    first, second, *_ = open_plans(SHORT, Wish())
    assert (first.rung, second.rung) == ("portrait", "landscape")


def test_rungs_come_in_order_and_end_with_cards() -> None:
    every = [
        each.plan.rung if isinstance(each, Refused) else each.rung
        for each in plans(rows(6, 6, "a few words here"), Wish())
    ]
    order = ["portrait", "landscape", "tight", "split", "transposed", "cards"]
    assert list(dict.fromkeys(every)) == order


def test_a_table_of_many_columns_is_not_tried_whole() -> None:
    ruled_out = [each for each in plans(rows(14, 3, "word"), Wish()) if isinstance(each, Refused)]
    assert {each.plan.rung for each in ruled_out} >= {"portrait", "landscape", "tight"}
    assert all("too narrow" in each.why for each in ruled_out)


def test_a_word_wider_than_the_paper_leaves_only_cards() -> None:
    assert {plan.rung for plan in open_plans(rows(2, 2, "x" * 400), Wish())} == {"cards"}


@pytest.mark.parametrize("orientation", ["portrait", "landscape"])
def test_an_orientation_asked_for_is_the_only_one(orientation: Any) -> None:
    found = open_plans(rows(8, 8, "word"), Wish(orientation=orientation))
    assert found
    assert {plan.orientation for plan in found} == {orientation}


def test_transposed_plans_have_criteria_as_columns() -> None:
    first = open_plans(rows(2, 3, "word"), Wish(is_transposed=True))[0]
    assert first.is_transposed
    assert first.sheets == ((0, 1, 2),)


def test_the_bounds_of_tight_spacing() -> None:
    assert PLAIN.tight.size >= LEAST_TYPE
    assert PLAIN.tight.leading >= 1.2 * PLAIN.tight.size
    assert PLAIN.tight.above >= 1.5
    assert PLAIN.tight.beside >= 4


@given(st.integers(1, 60), st.integers(1, 30))
def test_columns_are_shared_out_whole_in_order_and_evenly(columns: int, sheets: int) -> None:
    shared = shared_out(columns, sheets)
    assert [column for sheet in shared for column in sheet] == list(range(columns))
    assert max(map(len, shared)) - min(map(len, shared)) <= 1


@pytest.mark.parametrize("paper", PAPERS)
def test_copies_fill_the_sheet(paper: Any) -> None:
    width, height = PAPERS[paper]
    for orientation in ("portrait", "landscape"):
        for copies in (1, 2, 4):
            plan = Plan(orientation, orientation, ((0,),), copies=copies)
            across, down = copy_size(paper, plan)
            assert across * down * copies == pytest.approx(width * height)


def test_landscape_and_small_type_make_room() -> None:
    upright = Plan("portrait", "portrait", ((0,),))
    tight = Plan("tight", "portrait", ((0,),), is_tight=True)
    across = Plan("landscape", "landscape", ((0,),))
    assert (
        measure_em("a4", upright, PLAIN)
        < measure_em("a4", tight, PLAIN)
        < measure_em("a4", across, PLAIN)
    )


def test_a_turned_table_turned_again_is_itself() -> None:
    assert turned(turned(SHORT)) == SHORT


# --- climbing


def climbed(seen: dict[str, Seen], pages: int | None = None) -> Climb[Seen]:
    table = rows(6, 3, "a few words")
    return climb(plans(table, Wish()), lambda plan: seen.get(plan.rung, Seen()), pages)


def test_the_first_plan_that_holds_is_taken() -> None:
    taken = climbed({"portrait": Seen(faults=("cut off",))}).taken
    assert taken is not None
    assert taken[0].rung == "landscape"


def test_a_row_of_more_than_half_a_page_is_refused_but_not_in_a_split_table() -> None:
    high = Seen(tallest_row=0.6)
    found = climbed(dict.fromkeys(("portrait", "landscape", "tight", "split"), high))
    assert found.taken is not None
    assert found.taken[0].rung == "split"
    assert "a row would be taller than half a page" in {each.why for each in found.refused}


def test_too_many_pages_are_refused_and_the_fewest_remembered() -> None:
    seen = {rung: Seen(pages=3) for rung in ("landscape", "tight", "transposed", "cards")}
    found = climbed(seen | {"portrait": Seen(pages=4)}, pages=2)
    assert found.taken is not None
    assert found.taken[0].rung == "split"
    none = climbed(seen | {"portrait": Seen(pages=4), "split": Seen(pages=5)}, pages=2)
    assert none.taken is None
    assert none.fewest is not None
    assert none.fewest[1] == 3


@given(
    st.integers(2, 20),
    st.integers(1, 25),
    st.lists(st.text("abcdefgh ", max_size=200), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from(["letter", "a4"]),
)
@settings(max_examples=60)
def test_any_table_has_a_plan_that_shows_every_cell(
    subjects: int, criteria: int, texts: list[str], is_transposed: bool, paper: Any
) -> None:
    table = rows(subjects, criteria, "")
    for at, line in enumerate(table[1:]):
        line[1:] = [texts[(at + column) % len(texts)] for column in range(subjects)]
    found = open_plans(table, Wish(paper=paper, is_transposed=is_transposed))
    assert found
    for plan in found:
        columns = criteria if plan.is_transposed else subjects
        assert sorted(column for sheet in plan.sheets for column in sheet) == [*range(columns)]


# --- on real pages


WORDS = [
    *("assessment", "ambulance", "defibrillator", "responsibility", "the", "of", "and", "to"),
    *("certification", "airway", "care", "training", "hospital", "under", "protocol", "rarely"),
]


def comparison_of(subjects: int, criteria: int, draw: random.Random, most: int) -> Comparison:
    """Return a comparison of made-up words, each of which says where it stands."""

    def text(place: str, most: int = most) -> str:
        count = draw.randint(1, most)
        return f"{place} " + " ".join(draw.choice(WORDS) for _ in range(count))

    values = {
        criterion: {f"s{at}": text(f"v{criterion}x{at}") for at in range(subjects)}
        for criterion in range(criteria)
    }
    return Comparison.model_validate(
        {
            "format": "1",
            "title": "Made up",
            "question": "Does every word stand on the paper?",
            "subjects": [{"id": f"s{at}", "name": f"Subject{at}"} for at in range(subjects)],
            "criteria": [
                {
                    "id": f"c{at}",
                    "name": text(f"name{at}", min(most, 12)),
                    "group": f"Group{at // 5}",
                    "values": values[at],
                }
                for at in range(criteria)
            ],
            "remember": [text("remember0")],
        }
    )


def maker_of(comparison: Comparison, paper: Any = "letter") -> HandoutMaker:
    project = find(bundled(), Path.cwd())
    chosen = Chosen("made-up", comparison, Library(), None, "en-US", "", ("made-up",), ())
    return HandoutMaker(chosen, load_templates(project.templates), project.cache, paper)


def letters(page: Any) -> Iterator[tuple[str, float, tuple[float, float, float, float]]]:
    """Yield each letter of a page with its size and its box in points."""
    text = page.get_textpage()
    content = text.get_text_range()
    for at in range(text.count_chars()):
        size = pdfium.FPDFText_GetFontSize(text, at)
        yield content[at] if at < len(content) else "", size, text.get_charbox(at)


def assert_all_words_are_on_paper(data: bytes, comparison: Comparison) -> None:
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    said: list[str] = []
    for page in pdf:
        width, height = page.get_size()
        said += page.get_textpage().get_text_range().split()
        for letter, size, (left, bottom, right, top) in letters(page):
            if letter.strip():
                assert size >= LEAST_TYPE - 0.01, f"{letter} is set in {size} pt"
                assert -0.1 <= left <= right <= width + 0.1
                assert -0.1 <= bottom <= top <= height + 0.1
    wanted = [str(each.name) for each in comparison.subjects]
    for criterion in comparison.criteria:
        wanted.append(str(criterion.name))
        for value in criterion.values.values():
            wanted += map(str, value) if isinstance(value, tuple) else [str(value)]
    need: dict[str, int] = {}
    for word in " ".join(wanted).split():
        need[word] = need.get(word, 0) + 1
    lacking = {word: count for word, count in need.items() if said.count(word) < count}
    assert lacking == {}


@pytest.mark.slow
def test_fourteen_subjects_by_twenty_long_criteria_are_all_on_paper() -> None:
    comparison = comparison_of(14, 20, random.Random(14), most=18)
    maker = maker_of(comparison, "a4")
    found = maker.climb(Wish(paper="a4"))
    assert found.taken is not None
    assert found.taken[0].rung in ("split", "transposed")
    assert_all_words_are_on_paper(maker.pdf(found).data, comparison)


def finds_a_rung_with_all_words(
    subjects: int, criteria: int, most: int, is_transposed: bool, seed: int
) -> None:
    comparison = comparison_of(subjects, criteria, random.Random(seed), most)
    maker = maker_of(comparison)
    found = maker.climb(Wish(is_transposed=is_transposed))
    assert found.taken is not None
    assert_all_words_are_on_paper(maker.pdf(found).data, comparison)


TABLES = st.tuples(
    st.integers(2, 7),
    st.integers(1, 7),
    st.sampled_from([2, 9, 60]),
    st.booleans(),
    st.integers(0, 99),
)


@pytest.mark.slow
@given(TABLES)
@settings(max_examples=5)
def test_a_few_random_comparisons_find_a_rung_with_all_words(
    table: tuple[int, int, int, bool, int],
) -> None:
    finds_a_rung_with_all_words(*table)


@pytest.mark.sweep
@given(TABLES)
@settings(max_examples=40)
def test_random_comparisons_find_a_rung_with_all_words(
    table: tuple[int, int, int, bool, int],
) -> None:
    finds_a_rung_with_all_words(*table)


def test_a_value_longer_than_a_page_is_set_whole_on_cards() -> None:
    comparison = comparison_of(2, 2, random.Random(1), most=9)
    long = " ".join(WORDS * 30)
    items = tuple(Inline(f"item{at} {long}") for at in range(2))
    first, second = comparison.criteria
    values = {**first.values, Id("s0"): items}
    longer = first.model_copy(update={"kind": "list", "values": values})
    comparison = comparison.model_copy(update={"criteria": (longer, second)})
    maker = maker_of(comparison)
    found = maker.climb(Wish())
    assert found.taken is not None
    assert found.taken[0].rung == "cards"
    assert_all_words_are_on_paper(maker.pdf(found).data, comparison)


def test_heads_are_repeated_and_no_row_is_split() -> None:
    comparison = comparison_of(3, 30, random.Random(3), most=14)
    maker = maker_of(comparison)
    found = maker.climb(Wish(orientation="landscape"))
    pdf = pypdfium2.PdfDocument(io.BytesIO(maker.pdf(found).data))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    of_table = [text for text in pages if re.search(r"\bv\d+x0\b", text)]
    assert len(of_table) > 1
    for text in of_table:
        assert "Subject0" in text
        starts = {re.sub(r"x\d$", "", word) for word in re.findall(r"\bv\d+x\d\b", text)}
        assert all(f"{start}x{at}" in text for start in starts for at in range(3))


def test_asking_for_fewer_pages_than_it_needs_says_what_is_lacking() -> None:
    maker = maker_of(comparison_of(4, 14, random.Random(4), most=14))
    with pytest.raises(RequestError) as refused:
        maker.climb(Wish(pages=1))
    assert re.search(r"needs \d pages at 9 pt in .*: drop \d+ criteria", str(refused.value))
    assert re.search(r"--pages \d", str(refused.value))


def test_copies_that_do_not_fit_are_refused() -> None:
    maker = maker_of(comparison_of(3, 12, random.Random(5), most=10))
    with pytest.raises(RequestError, match="4 copies of made-up do not fit on a sheet"):
        maker.climb(Wish(copies=4))


def test_copies_are_all_on_one_sheet() -> None:
    comparison = comparison_of(2, 3, random.Random(6), most=3)
    maker = maker_of(comparison)
    found = maker.climb(Wish(copies=2))
    pdf = pypdfium2.PdfDocument(io.BytesIO(maker.pdf(found).data))
    assert len(pdf) == 1
    assert pdf[0].get_textpage().get_text_range().split().count("v0x0") == 2


def test_text_that_would_be_lost_is_found() -> None:
    comparison = comparison_of(2, 2, random.Random(7), most=3)
    project = find(bundled(), Path.cwd())
    templates = load_templates(project.templates)
    templates["css/page.css"] += "tbody tr:last-child td { display: none }"
    handout = compose_handout(comparison, Library(), language="en-US")
    laid = lay_out(
        handout, Plan("portrait", "portrait", ((0, 1),)), "letter", templates, project.cache
    )
    assert any("v1x0" in fault and "cut off" in fault for fault in laid.faults)

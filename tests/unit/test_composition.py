"""Column widths: they add up, no word is cut, and long text gets the room."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guidegen import composition
from guidegen.composition import column_widths, longest_word, measure_of, text_width
from guidegen.themes import PLAIN

Rows = list[list[str]]

# Shares are rounded to a tenth of a percent, and the last column takes what that leaves.
FULL = measure_of(PLAIN)
ROUNDING = 0.0005 * FULL.upright

words = st.text(alphabet="aimWM1-.—é", min_size=1, max_size=14)
cells = st.lists(words, max_size=12).map(" ".join)


@st.composite
def tables(draw: st.DrawFn, columns: int = 8) -> Rows:
    width = draw(st.integers(1, columns))
    row = st.lists(cells, min_size=width, max_size=width)
    return draw(st.lists(row, min_size=1, max_size=5))


def least_words(rows: Rows) -> list[float]:
    """Return the width in em that the longest word of each column needs, set in semibold."""
    columns = zip(*rows, strict=True)
    return [composition._BOLD * max(map(longest_word, column)) for column in columns]


def room(shares: tuple[float, ...]) -> list[float]:
    """Return the width in em that each column has for its text."""
    return [share / 100 * FULL.upright - composition._PADDING_EM for share in shares]


@given(tables(columns=20))
@settings(max_examples=30)
def test_widths_add_up_to_a_hundred_percent(rows: Rows) -> None:
    shares = column_widths(rows, FULL.upright)
    assert len(shares) == len(rows[0])
    assert sum(shares) == pytest.approx(100, abs=1e-9)
    assert min(shares) > 0


@given(tables())
@settings(max_examples=50)
def test_no_word_is_cut_where_all_of_them_fit(rows: Rows) -> None:
    least = [max(word, composition._LEAST_SHARE * FULL.upright) for word in least_words(rows)]
    shares = column_widths(rows, FULL.upright)
    if sum(least) + composition._PADDING_EM * len(least) <= FULL.upright:
        for word, width in zip(least, room(shares), strict=True):
            assert width >= word - len(shares) * ROUNDING


def test_no_word_is_cut_in_a_table_of_many_narrow_columns() -> None:
    rows = [["cardiopulmonary", *"abcdefghijkl"]]
    least = least_words(rows)
    assert sum(least) + composition._PADDING_EM * len(least) < FULL.upright
    shares = column_widths(rows, FULL.upright)
    assert room(shares)[0] >= least[0] - len(shares) * ROUNDING


def test_a_single_column_has_it_all() -> None:
    assert column_widths([["a"], ["b c d"]], FULL.upright) == (100,)


def test_columns_alike_are_alike() -> None:
    first, second = column_widths([["name", "name"], ["some words", "some words"]], FULL.upright)
    assert first == pytest.approx(second, abs=2)


def test_long_text_gets_more_room_than_short() -> None:
    short, long = column_widths([["Port", "Remark"], ["22", "a long remark " * 10]], FULL.upright)
    assert long > 3 * short


def test_one_long_cell_does_not_starve_its_neighbours() -> None:
    rows = [["Word", "Meaning"], ["communication", "what is said " * 60]]
    first, _ = column_widths(rows, FULL.upright)
    assert first / 100 * FULL.upright >= text_width("communication")


@pytest.mark.parametrize(("text", "width"), [("", 0), ("1", 0.497), ("i i", 0.692), ("W", 0.786)])
def test_the_width_of_a_text_is_that_of_its_letters(text: str, width: float) -> None:
    assert text_width(text) == pytest.approx(width)


def test_a_word_may_be_broken_after_a_hyphen() -> None:
    assert longest_word("bag-valve-mask and") == text_width("valve-")
    assert longest_word("  ") == 0

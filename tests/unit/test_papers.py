"""Paper sizes by name, and sheets."""

from __future__ import annotations

import pytest

from guidegen.papers import papers_of, sheets_for


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        ((612, 792), "letter (216 × 279 mm)"),
        ((792, 612), "letter landscape (279 × 216 mm)"),
        ((595.28, 841.89), "A4 (210 × 297 mm)"),
        ((609.7, 789.5), "letter (215 × 279 mm)"),
        ((300, 300), "106 × 106 mm"),
    ],
)
def test_papers_have_names(size: tuple[float, float], shown: str) -> None:
    (paper,) = papers_of([size])
    assert str(paper) == shown


def test_papers_say_which_pages_have_them() -> None:
    letter, a4 = papers_of([(612, 792), (595.28, 841.89), (612.1, 791.9)])
    assert (letter.name, letter.pages) == ("letter", (1, 3))
    assert (a4.name, a4.pages) == ("A4", (2,))


@pytest.mark.parametrize(("pages", "one", "two"), [(0, 0, 0), (1, 1, 1), (2, 2, 1), (23, 23, 12)])
def test_sheets(pages: int, one: int, two: int) -> None:
    assert (sheets_for(pages, sides=1), sheets_for(pages, sides=2)) == (one, two)

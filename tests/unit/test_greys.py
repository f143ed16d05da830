"""Drawings in greys: no colour is left, and every contrast is what it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidegen.colour import contrast_of, grey_of
from guidegen.models import Asset
from guidegen.view.greys import in_greys

PARTS = st.floats(0, 1)
COLOURS = st.tuples(PARTS, PARTS, PARTS)
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def greys(inner: str) -> str:
    asset = Asset("drawing.svg", "image/svg+xml", SVG.format(inner).encode())
    return in_greys(asset).data.decode()


@given(COLOURS, COLOURS)
def test_two_greys_contrast_as_their_colours_do(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> None:
    drawn = [(grey_of(colour),) * 3 for colour in (one, other)]
    assert contrast_of(drawn[0], drawn[1]) == pytest.approx(contrast_of(one, other), rel=0.01)


@pytest.mark.parametrize(
    "coloured",
    [
        '<rect fill="#1f4e79"/>',
        "<rect fill='#08f' stroke = \"red\"/>",
        '<rect style="stroke: rgb(31, 78, 121); fill:navy"/>',
        "<style>.a { fill: #1f4e79; stroke:orange }</style>",
        '<stop stop-color="hsl(10, 50%, 50%)"/>',
        '<rect fill="rgba(31, 78, 121, 0.5)"/>',
    ],
)
def test_a_colour_becomes_a_grey_however_it_is_written(coloured: str) -> None:
    drawn = greys(coloured)
    found = re.findall(r"rgba?\(([\d.]+%), \1, \1", drawn)
    assert len(found) == len(re.findall(r"fill|stroke|stop-color", coloured))
    assert not re.search(r"#[0-9a-f]{3}|red|navy|orange|hsl", drawn)
    assert ("0.5)" in drawn) == ("0.5)" in coloured)


@pytest.mark.parametrize(
    "kept",
    ['<a href="#fed"/>', '<rect fill="none"/>', '<rect fill="url(#abc)" stroke="currentColor"/>'],
)
def test_what_is_no_colour_stays(kept: str) -> None:
    assert greys(kept) == SVG.format(kept)


def test_a_photograph_stays_as_it_is() -> None:
    photograph = Asset("tree.png", "image/png", b'fill="#1f4e79"')
    assert in_greys(photograph) is photograph

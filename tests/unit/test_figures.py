"""Drawings and photographs are refused when the page engine could not draw them, at their place."""

from __future__ import annotations

import base64

import pytest
from fuzz.pictures import jpeg, png, svg

from guidegen.budgets import MAX_ELEMENTS, MAX_PNG_PIXELS, MAX_SVG_DEPTH
from guidegen.figures import svg_faults
from guidegen.photographs import photograph_faults


def told(inside: str) -> list[str]:
    """Return the faults of a drawing with ``inside`` on line 2."""
    return [f"{line}: {message}" for line, _, message in svg_faults(svg(inside))]


CIRCLES = [
    "<g id='a'><use href='#a'/></g>",
    "<g id='a'><use xmlns:x='http://www.w3.org/1999/xlink' x:href='#a'/></g>",
    "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
    "<pattern id='p'><rect fill='url(#p)'/></pattern>",
    "<g fill='url(#p)'><pattern id='p'><rect/></pattern></g>",
    "<mask id='m'><rect style='opacity: 1; mask: url( \"#m\" )'/></mask>",
    "<clipPath id='c'><rect clip-path='url(#c)'/></clipPath>",
    "<marker id='m'><path d='M0 0' marker-end='url(#m)'/></marker>",
    "<style>path { marker-mid: url(#m) }</style><marker id='m'><path d='M0 0'/></marker>",
    "<style>.x { marker-mid: url(#m) }</style><marker id='m'><path class='y x'/></marker>",
    "<style>#z { fill: url(#p) }</style><pattern id='p'><path id='z'/></pattern>",
    "<style>[id] { mask: url(#m) }</style><mask id='m'/>",
    "<linearGradient id='g' href='#g'/>",
]


@pytest.mark.parametrize("inside", CIRCLES)
def test_what_would_be_drawn_without_end_is_refused(inside: str) -> None:
    [fault] = told(inside)
    assert fault.startswith("2: <")
    assert fault.endswith("leads back to itself and would be drawn without end")


def test_the_place_of_a_circle_is_that_of_the_last_part_of_it() -> None:
    [(line, column, message)] = svg_faults(svg("<g id='a'>\n  <use href='#a'/></g>"))
    assert (line, column) == (3, 3)
    assert message.startswith("<use>")


COUNTED = [
    ("<g id='a'>{}</g><use href='#a'/>", 1),
    ("<pattern id='p'>{}</pattern><g><rect fill='url(#p)'/><rect stroke='url(#p)'/></g>", 2),
    ("<pattern id='p'>{}</pattern><g fill='url(#p)'><rect/><g><path/></g></g>", 2),
    ("<marker id='m'>{}</marker><path marker-end='url(#m)' d='M0 0L1 1 2 2'/>", 1),
    ("<marker id='m'>{}</marker><polygon style='marker: url(#m)' points='1,1'/>", 2),
    ("<mask id='m'>{}</mask><g mask='url(#m)'><rect/><rect/></g>", 1),
    ("<style>.a,.b > rect {{ mask: url(#m) }}</style><mask id='m'>{}</mask><rect/>", 1),
]


@pytest.mark.parametrize(("inside", "times"), COUNTED)
def test_each_use_of_a_part_counts(inside: str, times: int) -> None:
    within = MAX_ELEMENTS // (times + 1) - 20
    assert told(inside.format("<g/>" * within)) == []
    [fault] = told(inside.format("<g/>" * (within + 40)))
    assert fault[1:] == f": more than {MAX_ELEMENTS:,} elements would be drawn here"


def test_each_element_that_is_used_may_be_filled_with_a_pattern() -> None:
    parts = f"<pattern id='p'>{'<g/>' * 200}</pattern><g id='a'>{'<rect/>' * 100}</g>"
    assert told(f"{parts}<use href='#a'/>") == []
    [fault] = told(f"{parts}<use href='#a' fill='url(#p)'/>")
    assert fault == f"2: more than {MAX_ELEMENTS:,} elements would be drawn here"


HARMLESS = [
    "<a href='#top'><g id='top'/></a>",
    "<g clip-path='url(#c)'><clipPath id='c'><rect/></clipPath></g>",
    "<linearGradient id='g'><stop/></linearGradient>" + "<rect fill='url(#g)'/>" * 9_000,
    "<use href='#not-there'/><rect fill='url(#nor-there)'/>",
    "<style>/* { */ .a:hover, #b > c d { fill: red } @</style>".replace(" @", ""),
    "<style><![CDATA[ * { fill: red } ]]></style>",
    "<g>" * (MAX_SVG_DEPTH - 3) + "</g>" * (MAX_SVG_DEPTH - 3),
    "<rect x='-1.5e2' y='.5em' width='50%' height='1,2 3' rx='auto'/>",
    "<g transform='translate(1) rotate(1,2,3), matrix(1 0 0 1 .5 -1)skewX(2)'/>",
    "<g transform='none'/><linearGradient spreadMethod='pad'/><svg viewBox='-1,-1 .5 1e1'/>",
    "<text>{{ 1337*7331 }} onload=x</text><title>url(x)</title>",
]


@pytest.mark.parametrize("inside", HARMLESS)
def test_what_can_be_drawn_is_accepted(inside: str) -> None:
    assert told(inside) == []


FAULTS = [
    ("<style>a ~ b { fill: red }</style>", "<style> may only name elements by type, id and class"),
    ("<style>a b c d { fill: red }</style>", "<style> may only name"),
    ("<style>a:not(b) { fill: red }</style>", "<style> may only name"),
    ("<style>@media print { a { fill: red } }</style>", "<style> may only hold plain rules"),
    ("<style>a { fill: red } b</style>", "<style> may only hold plain rules"),
    ("<style>a { fill: red</style>", "<style> may only hold plain rules"),
    ("<style>}</style>", "<style> may only hold plain rules"),
    ("<svg viewBox='0 0 0 9'/>", "'viewBox' cannot be '0 0 0 9'"),
    ("<svg viewBox='0 0 9'/>", "'viewBox' cannot be"),
    ("<svg viewBox='0 0 9 nan'/>", "'viewBox' cannot be"),
    ("<g transform='rotate(1 2)'/>", "'transform' cannot be"),
    ("<g transform='spin(1)'/>", "'transform' cannot be"),
    ("<g transform='rotate(1) x'/>", "'transform' cannot be"),
    ("<rect width='pxpx'/>", "'width' cannot be 'pxpx'"),
    ("<path stroke-dasharray='1 x'/>", "'stroke-dasharray' cannot be"),
    ("<radialGradient spreadMethod='reflect'/>", "a gradient that repeats itself"),
    ("<g>" * MAX_SVG_DEPTH, "elements are more than 100 deep"),
    ("<g/>" * MAX_ELEMENTS, "the picture has more than 10,000 elements"),
    (
        "".join(f"<g id='g{n}'><use href='#g{n + 1}'/></g>" for n in range(60)),
        "parts are drawn more than 100 deep in each other",
    ),
    ("<image href='data:image/png;base64,AAAA'/>", "'href' holds a picture, and the content is"),
    ("<image href='data:image/png;base64,!'/>", "'href' holds a picture, and the content is"),
]


@pytest.mark.parametrize(("inside", "message"), FAULTS)
def test_what_the_engine_cannot_draw_is_refused(inside: str, message: str) -> None:
    [fault] = told(inside)
    assert fault.startswith(f"2: {message}")


def test_a_picture_within_a_drawing_is_looked_at() -> None:
    def image(content: bytes, kind: str = "png") -> str:
        packed = base64.b64encode(content).decode()
        return f"<image href='data:image/{kind};charset=x;base64,{packed}'/>"

    assert told(image(png()) + image(jpeg(), "jpeg")) == []
    [fault] = told(image(png(20_000, 20_000)))
    assert "20,000 x 20,000 pixels" in fault


@pytest.mark.parametrize(
    ("content", "kind"),
    [(png(3, 2), "png"), (jpeg(3, 2), "jpeg"), (png(4_000, MAX_PNG_PIXELS // 4_000), "png")],
)
def test_a_whole_photograph_is_accepted(content: bytes, kind: str) -> None:
    assert photograph_faults(content, f"image/{kind}") == []


@pytest.mark.parametrize(("content", "kind"), [(png(9, 9), "png"), (jpeg(9, 9), "jpeg")])
def test_a_photograph_cut_off_anywhere_is_refused(content: bytes, kind: str) -> None:
    for length in range(len(content)):
        assert len(photograph_faults(content[:length], f"image/{kind}")) == 1, length


def test_a_png_with_a_changed_byte_is_refused() -> None:
    whole = png(9, 9)
    for at in range(len(whole) - 4):
        changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]
        assert photograph_faults(changed, "image/png"), at


def test_bytes_may_fill_the_space_before_a_mark_of_a_jpeg() -> None:
    whole = jpeg(5, 5)
    frame = whole.index(b"\xff\xc0")
    filled = whole[:frame] + b"\xff\xff" + whole[frame:]
    assert photograph_faults(filled, "image/jpeg") == []


@pytest.mark.parametrize(
    ("content", "kind", "message"),
    [
        (png(), "jpeg", "the content is not JPEG"),
        (jpeg(), "png", "the content is not PNG"),
        (png(4_001, 4_000), "png", "4,001 x 4,000 pixels, more than 16 million"),
        (jpeg(10_000, 5_001), "jpeg", "10,000 x 5,001 pixels, more than 50 million"),
        (jpeg(0, 5), "jpeg", "the JPEG is empty"),
    ],
)
def test_what_is_wrong_with_a_photograph_is_said(content: bytes, kind: str, message: str) -> None:
    [fault] = photograph_faults(content, f"image/{kind}")
    assert message in fault

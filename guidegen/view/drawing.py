"""Pictures drawn from data: small plots of numbers, and fields that overlap. SVG in points.

What is drawn is measured for type of 9 pt; larger type is the same drawing in a larger scale.

Text is as large as the least of the page, since a picture is shown at its own size, and is wrapped
by its measured width, so that it cannot run out of its field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from guidegen.agreement import Quantity
from guidegen.composition import column_widths, text_width
from guidegen.themes import PLAIN, Look

PLOT_WIDTH = 62.0
PLOT_HEIGHT = 8.0

_SIZE = 9.0
_LEADING = 11.5
_PAD = 7.0
_LEAST_FIELD_EM = 11.0
# A browser may set the picture in Arial, which runs wider than the type that is measured.
_SPARE = 1.16
_FONT = "Source Sans Pro, Helvetica Neue, Arial, sans-serif"

Field = frozenset[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished picture and its size in points."""

    svg: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float


def plot(
    quantity: Quantity, top: float, accent: str = PLAIN.accent, line: str = PLAIN.plot_line
) -> Drawing:
    """Return a dot for a number or a bar for a range, on a line from 0 to ``top``."""
    room, middle = PLOT_WIDTH - 6, PLOT_HEIGHT / 2
    low, high = (3 + room * value / top if top else 3 for value in (quantity.low, quantity.high))
    parts = [
        f'<path d="M3 {middle}H{3 + room:g}M3 1V{PLOT_HEIGHT - 1}M{3 + room:g} 1V{PLOT_HEIGHT - 1}"'
        f' stroke="{line}" stroke-width="0.6" fill="none"/>'
    ]
    if quantity.low == quantity.high:
        parts.append(f'<circle cx="{low:.2f}" cy="{middle}" r="2.6" fill="{accent}"/>')
    else:
        length = max(high - low, 2)
        parts.append(
            f'<rect x="{low:.2f}" y="{middle - 2.2:.2f}" width="{length:.2f}" height="4.4" '
            f'fill="{accent}"/>'
        )
    return _drawing(parts, PLOT_WIDTH, PLOT_HEIGHT)


def fields(
    names: Mapping[str, str],
    heads: Mapping[Field, str],
    entries: Mapping[Field, Sequence[str]],
    width: float,
    accent: str = PLAIN.accent,
    look: Look = PLAIN,
) -> Drawing:
    """Return two or three fields that overlap, with what is in each part of them.

    ``names`` are the sets by id; ``heads`` and ``entries`` stand in the part that belongs to just
    the sets named; ``width`` is in points. The height follows from the text.
    """
    scale = look.least / _SIZE
    width /= scale
    ids = list(names)
    regions = _pair(ids) if len(ids) == 2 else _triple(ids)
    texts = {part: [heads[part], *entries.get(part, ())] for row in regions for part in row}
    columns = _columns([row for row in regions if len(row) > 1], texts, width)
    boxes, height = _boxes(regions, texts, columns, width)
    parts = list(_outlines(ids, boxes, accent, look.tint))
    for part, box in boxes.items():
        parts += _written(texts[part], box, look.ink)
    return _drawing(parts, width, height, scale)


def has_field_room(width: float, look: Look) -> bool:
    """Return whether three fields side by side can be read in ``width`` points."""
    return 3 * _LEAST_FIELD_EM * look.least <= width


def _pair(ids: Sequence[str]) -> list[list[Field]]:
    first, second = ids
    return [[frozenset({first}), frozenset(ids), frozenset({second})]]


def _triple(ids: Sequence[str]) -> list[list[Field]]:
    """The third field lies across the foot of the other two, so every part is a rectangle."""
    first, second, third = ids
    return [
        [frozenset({first}), frozenset({first, second}), frozenset({second})],
        [frozenset({first, third}), frozenset(ids), frozenset({second, third})],
        [frozenset({third})],
    ]


def _columns(
    rows: Sequence[Sequence[Field]], texts: Mapping[Field, Sequence[str]], width: float
) -> list[float]:
    cells = [[" ".join(texts[part]) for part in row] for row in rows]
    shares = column_widths(cells, width / _SIZE, [_LEAST_FIELD_EM] * 3)
    return [share / 100 * width for share in shares]


def _boxes(
    regions: Sequence[Sequence[Field]],
    texts: Mapping[Field, Sequence[str]],
    columns: Sequence[float],
    width: float,
) -> tuple[dict[Field, _Box], float]:
    boxes: dict[Field, _Box] = {}
    y = 1.0
    for row in regions:
        widths = columns if len(row) > 1 else [width]
        lines = [
            len(list(_lines(texts[part], across))) for part, across in zip(row, widths, strict=True)
        ]
        height = max(lines) * _LEADING + 2 * _PAD
        for at, part in enumerate(row):
            boxes[part] = _Box(sum(widths[:at]), y, widths[at], height)
        y += height
    return boxes, y + 1


def _outlines(
    ids: Sequence[str], boxes: Mapping[Field, _Box], accent: str, tint: float
) -> Iterator[str]:
    """Each field has a line of its own kind, so that they can be told apart in grey."""
    for name, dashes in zip(ids, ("none", "5 2.5", "1.2 2"), strict=False):
        own = [box for part, box in boxes.items() if name in part]
        left, top = min(box.x for box in own), min(box.y for box in own)
        right = max(box.x + box.width for box in own)
        foot = max(box.y + box.height for box in own)
        yield (
            f'<rect x="{left + 1:.2f}" y="{top:.2f}" width="{right - left - 2:.2f}" '
            f'height="{foot - top:.2f}" rx="9" fill="{accent}" fill-opacity="{tint:g}" '
            f'stroke="{accent}" stroke-width="1" stroke-dasharray="{dashes}"/>'
        )


def _written(texts: Sequence[str], box: _Box, ink: str) -> Iterator[str]:
    for at, (line, is_head, indent) in enumerate(_lines(texts, box.width)):
        weight = "600" if is_head else "400"
        y = box.y + _PAD + at * _LEADING + 0.8 * _SIZE
        yield Markup(
            '<text x="{:.2f}" y="{:.2f}" font-family="{}" font-size="9" font-weight="{}" '
            'fill="{}">{}</text>'
        ).format(box.x + _PAD + indent, y, _FONT, weight, ink, line)


def _lines(texts: Sequence[str], width: float) -> Iterator[tuple[str, bool, float]]:
    """Yield the lines of a part: the text, whether it is the heading, and its indent in points."""
    head, *entries = texts
    room = (width - 2 * _PAD) / _SIZE / _SPARE
    yield from ((line, True, 0.0) for line in wrapped(head, room))
    for entry in entries:
        for at, line in enumerate(wrapped(f"– {entry}", room - 0.75)):
            yield line, False, 0.0 if at == 0 else 0.75 * _SIZE


def wrapped(text: str, room_em: float) -> Iterator[str]:
    """Yield ``text`` in lines of at most ``room_em``; a word that is longer is cut."""
    line = ""
    for word in (piece for whole in text.split() for piece in _pieces(whole, room_em)):
        longer = f"{line} {word}".strip()
        if line and text_width(longer) > room_em:
            yield line
            line = word
        else:
            line = longer
    yield line


def _pieces(word: str, room_em: float) -> Iterator[str]:
    piece = ""
    for letter in word:
        if piece and text_width(piece + letter) > room_em:
            yield piece
            piece = ""
        piece += letter
    yield piece


def _drawing(parts: Sequence[str], width: float, height: float, scale: float = 1.0) -> Drawing:
    shown = (width * scale, height * scale)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{shown[0]:g}pt" height="{shown[1]:g}pt" '
        f'viewBox="0 0 {width:g} {height:g}">{"".join(map(str, parts))}</svg>'
    )
    return Drawing(svg.encode(), *shown)

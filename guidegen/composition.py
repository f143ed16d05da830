"""Page composition: how wide the columns of a table must be for its content.

The engine's own automatic table layout takes about a sixth of a build and still lets one long word
squeeze its neighbours, so the widths are computed here and the tables are fixed.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from guidegen.letters import is_wide, parts_of
from guidegen.papers import MM_PER_POINT
from guidegen.themes import Look

# Advance widths of Source Sans Pro Regular in thousandths of an em (read from the font's hmtx
# table); what is not listed is taken as wide as a digit, capitals as _CAPITAL.
_ADVANCES = {
    " ": 200, "f": 292, "i": 246, "j": 247, "l": 255, "m": 830, "r": 347, "s": 419, "t": 338,
    "w": 718, ".": 249, ",": 249, ":": 249, ";": 249, "'": 249, "’": 249, "(": 303, ")": 303,
    "-": 311, "/": 350, "[": 303, "]": 303, "W": 786, "M": 831, "I": 263, "%": 824,
}  # fmt: skip
_DIGIT = 497
_CAPITAL = 600
_WIDE = 1000
# Least squares over the words of a few pages in IBM Plex Sans Arabic and Mukta, whose letters have
# several forms each: an Arabic letter stands for its kind, and a virama joins what is beside it.
_ARABIC, _NARROW, _BROAD = 470, "اأإآلدذرزو،", "سشصضطظ"
_DEVANAGARI, _VOWEL_SIGN, _VIRAMA = 600, 240, -430
_BOLD = 1.06
_PADDING_EM = 1.4
_STEPS = 60
_LEAST_SHARE = 0.07
_SPARE = 1.16  # over the estimated width of a word, set in semibold

# Widths in mm, upright and across: the paper, a little less than A4 has upright and letter across,
# and the text on half of it, with the margins of half.css.
_PAPER = (205.69, 270.95)
_HALF = (110.95, 186.0)
_HALF_FIGURES = 62

READABLE_EM = 7.0  # a column narrower than this breaks its text into single words


@dataclass(frozen=True, slots=True)
class Measure:
    """How wide a table may be, in em of its type: on a page, and on one in landscape.

    ``figures`` is the width of the upright page in percent of a full page's: what is drawn wider
    than that stands in landscape, so that its lettering stays as large. ``turns_tables``: so does
    any table that does not fit, and not only a comparison. ``folds_tables``: columns that have no
    room are set under each other, since a theme's type is larger than the author had in mind.
    """

    upright: float
    landscape: float
    figures: int = 100
    turns_tables: bool = False
    folds_tables: bool = False


def measure_of(look: Look, *, is_half: bool = False) -> Measure:
    """Return the measure of the pages of ``look``; ``is_half`` means half the paper."""
    widths = _HALF if is_half else [edge - look.margins for edge in _PAPER]
    upright, across = (round(width / MM_PER_POINT / look.normal.em, 1) for width in widths)
    return Measure(
        upright,
        across,
        figures=_HALF_FIGURES if is_half else 100,
        turns_tables=is_half,
        folds_tables=bool(look.theme),
    )


def text_width(text: str) -> float:
    """Return the width of ``text`` in em, set in the sans on one line."""
    return sum(map(_advance, text)) / 1000


@functools.cache
def _advance(letter: str) -> int:
    if letter in _ADVANCES:
        return _ADVANCES[letter]
    if letter >= "\u0600":
        return _advance_elsewhere(letter)
    return _CAPITAL if letter.isupper() else _DIGIT


def _advance_elsewhere(letter: str) -> int:
    """Return the advance of a letter that is neither Latin, Greek, Cyrillic nor Hebrew."""
    category = unicodedata.category(letter)
    if letter == "\u094d":
        return _VIRAMA
    if category in ("Mn", "Cf"):
        return 0
    if letter < "\u0700":
        return 350 if letter in _NARROW else 790 if letter in _BROAD else _ARABIC
    if "\u0900" <= letter < "\u0980":
        return _VOWEL_SIGN if category == "Mc" else _DEVANAGARI
    if is_wide(letter):
        return _WIDE
    return _CAPITAL if letter.isupper() else _DIGIT


def longest_word(text: str) -> float:
    """Return the width in em of the widest part of ``text`` that no line break can split."""
    return max(map(text_width, parts_of(text)), default=0.0)


def readable_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    """Return the width in em that each column needs to be read with ease, padding left out.

    That is its longest word, with some room to spare since widths are estimates, and never less
    than ``READABLE_EM``.
    """
    columns = zip(*rows, strict=True)
    return [max(_SPARE * max(map(longest_word, column)), READABLE_EM) for column in columns]


def is_readable(rows: Sequence[Sequence[str]], measure_em: float) -> bool:
    """Return whether a table as wide as ``measure_em`` has room for all its columns."""
    return _fits(readable_widths(rows), measure_em)


def holds_words(rows: Sequence[Sequence[str]], measure_em: float) -> bool:
    """Return whether a table as wide as ``measure_em`` has room for its longest words."""
    return _fits(_word_widths(rows), measure_em)


def has_room(rows: Sequence[Sequence[str]], measure_em: float) -> bool:
    """Return whether each column can be as wide as its longest text, or at least be read with ease.

    Less strict than :func:`is_readable`: a column of short values, such as years, may be narrow.
    """
    naturals = (_BOLD * max(map(text_width, column)) for column in zip(*rows, strict=True))
    return _fits(list(map(min, naturals, readable_widths(rows))), measure_em)


def _fits(widths: Sequence[float], measure_em: float) -> bool:
    return sum(widths) + _PADDING_EM * len(widths) <= measure_em


def _word_widths(rows: Sequence[Sequence[str]]) -> list[float]:
    columns = zip(*rows, strict=True)
    return [max(_BOLD * max(map(longest_word, column)), _DIGIT / 1000) for column in columns]


def column_widths(
    rows: Sequence[Sequence[str]], measure_em: float, least: Sequence[float] = ()
) -> tuple[float, ...]:
    """Return the share of each column in percent, adding up to 100.

    ``rows`` are the cells as plain text, the heading row among them; ``measure_em`` is the width
    of the whole table in em of its type size. Every column first gets its longest word, or what
    ``least`` says in em; the rest goes, step by step, to the column whose widening takes most
    lines off the table.
    """
    words = _word_widths(rows)
    padding = _PADDING_EM * len(words)
    wished = list(least) or [max(word, _LEAST_SHARE * measure_em) for word in words]
    # Many columns can't all have their share; then each has at least its longest word.
    least = wished if sum(wished) + padding <= measure_em else words
    spare = measure_em - padding - sum(least)
    widths = _spread(rows, least, spare) if spare > 0 else least
    total = sum(widths) + padding
    shares = [round(100 * (width + _PADDING_EM) / total, 1) for width in widths]
    shares[-1] = round(100 - sum(shares[:-1]), 1)
    return tuple(shares)


def _spread(rows: Sequence[Sequence[str]], least: list[float], spare: float) -> list[float]:
    lengths = [[text_width(cell) for cell in row] for row in rows]
    natural = [max(column) * _BOLD for column in zip(*lengths, strict=True)]
    widths, step = list(least), spare / _STEPS
    for _ in range(_STEPS):
        gains = [
            _height(lengths, widths) - _height(lengths, _widened(widths, column, step))
            for column in range(len(widths))
        ]
        widths = _widened(widths, _neediest(gains, widths, natural), step)
    return widths


def _neediest(gains: list[float], widths: list[float], natural: list[float]) -> int:
    """Prefer the column that saves most; where none does, the one that lacks most."""
    lacking = [want / width for want, width in zip(natural, widths, strict=True)]
    return max(
        range(len(gains)), key=lambda column: (gains[column] > 0 and gains[column], lacking[column])
    )


def _widened(widths: list[float], column: int, step: float) -> list[float]:
    return [width + step * (at == column) for at, width in enumerate(widths)]


def _height(lengths: list[list[float]], widths: list[float]) -> float:
    """Return the lines of all rows, counted in fractions so that each step can be felt."""
    return sum(
        max(1.0, *(length / width for length, width in zip(row, widths, strict=True)))
        for row in lengths
    )

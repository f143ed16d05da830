"""Flashcards on paper: a grid of fixed places in mid-paper, the same on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from guidegen.composition import longest_word, text_width
from guidegen.ladder import PAPERS
from guidegen.models import Paper
from guidegen.settings import Offset
from guidegen.worksheets import Card

Flip = Literal["long", "short"]

CARD_WIDTH, CARD_HEIGHT = 90, 60  # mm
COLUMNS, ROWS = 2, 4
MARGIN = 8  # mm, at the top and left of a sheet of cards, as in components.css
MARK, MARK_GAP = 3, 1  # mm, a cut mark and its distance from the cards

WORD_PT = 200.0  # the longest word of a card, a little less than the card has room for

# A text of so many em at most is set in so many points; a longer one in the last size.
Sizes = tuple[tuple[float, int], ...]
BACK_SIZES: Sizes = ((10.5, 20), (45.0, 16), (80.0, 13), (0, 11))
SUBJECT_SIZES: Sizes = ((17.0, 24), (0, 15))
CRITERION_SIZES: Sizes = ((40.0, 14), (0, 11))


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFace:
    """One side of a card; ``size`` and ``detail_size`` are in pt, a back has no ``detail``."""

    label: str
    text: str
    size: int
    detail: str = ""
    detail_size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """One side of a sheet: the places of the grid row by row, None where no card is."""

    side: Literal["front", "back"]
    faces: tuple[CardFace | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutMark:
    """A line outside the cards, from its left top; mm from the corner of the grid."""

    left: int
    top: int
    is_upright: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CardsView:
    """The sides in the order of printing, and the cut marks that all of them have.

    ``cards`` are front and back of each card together, for a screen.
    """

    pages: tuple[CardPage, ...]
    marks: tuple[CutMark, ...]
    cards: tuple[tuple[CardFace, CardFace], ...]


def cards_view(cards: Sequence[Card], flip: Flip) -> CardsView:
    """Return the sheets of cards, made to be turned over on the ``flip`` edge."""
    return CardsView(
        pages=tuple(_pages(cards, flip)),
        marks=tuple(_marks()),
        cards=tuple((_front(card), _back(card)) for card in cards),
    )


def places(paper: Paper, offset: Offset) -> tuple[tuple[str, str], ...]:
    """Return as tokens where the grid of cards begins, in mid-paper, and how far backs move."""
    width, height = PAPERS[paper]
    left = (width - COLUMNS * CARD_WIDTH) / 2 - MARGIN
    top = (height - ROWS * CARD_HEIGHT) / 2 - MARGIN
    return (
        ("cards-left", f"{left:.3f}mm"),
        ("cards-top", f"{top:.3f}mm"),
        ("back-x", f"{offset.x:g}mm"),
        ("back-y", f"{offset.y:g}mm"),
    )


def _pages(cards: Sequence[Card], flip: Flip) -> Iterator[CardPage]:
    on_sheet = COLUMNS * ROWS
    for start in range(0, len(cards), on_sheet):
        held = cards[start : start + on_sheet]
        empty = [None] * (on_sheet - len(held))
        yield CardPage(side="front", faces=(*map(_front, held), *empty))
        yield CardPage(side="back", faces=_turned([*map(_back, held), *empty], flip))


def _turned(faces: Sequence[CardFace | None], flip: Flip) -> tuple[CardFace | None, ...]:
    """Return the faces as they must stand on the back to lie behind their fronts.

    Flipped on the long edge, left and right change places; on the short edge, top and bottom.
    """
    rows = [faces[at : at + COLUMNS] for at in range(0, len(faces), COLUMNS)]
    turned = [row[::-1] for row in rows] if flip == "long" else rows[::-1]
    return tuple(face for row in turned for face in row)


def _marks() -> Iterator[CutMark]:
    before = -MARK_GAP - MARK
    width, height = COLUMNS * CARD_WIDTH, ROWS * CARD_HEIGHT
    for column in range(COLUMNS + 1):
        for top in (before, height + MARK_GAP):
            yield CutMark(left=column * CARD_WIDTH, top=top, is_upright=True)
    for row in range(ROWS + 1):
        for left in (before, width + MARK_GAP):
            yield CutMark(left=left, top=row * CARD_HEIGHT, is_upright=False)


def _front(card: Card) -> CardFace:
    return CardFace(
        label=card.label,
        text=card.subject,
        size=_size(card.subject, SUBJECT_SIZES),
        detail=card.criterion,
        detail_size=_size(card.criterion, CRITERION_SIZES),
    )


def _back(card: Card) -> CardFace:
    return CardFace(label=card.label, text=card.back, size=_size(card.back, BACK_SIZES))


def _size(text: str, sizes: Sizes) -> int:
    """Return the largest size in which the text and its longest word have room."""
    width, word = text_width(text), longest_word(text)
    for most, size in sizes:
        if width <= most and word * size <= WORD_PT:
            return size
    return sizes[-1][1]

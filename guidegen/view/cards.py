"""Flashcards on paper: a grid of fixed places in mid-paper, the same on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from guidegen.composition import longest_word, text_width
from guidegen.ladder import PAPERS
from guidegen.models import Paper
from guidegen.papers import MM_PER_POINT
from guidegen.settings import Offset
from guidegen.themes import PLAIN, Look
from guidegen.worksheets import Card

Flip = Literal["long", "short"]

GRID_WIDTH = 180  # mm, of all cards on a sheet, as in components.css
MARGIN = 8  # mm, at the top and left of a sheet of cards, as in components.css
MARK, MARK_GAP = 3, 1  # mm, a cut mark and its distance from the cards

SIDES, SPARE_PT = 12, 21.1  # mm of padding, and what the longest word must leave free beside it

# A text of so many em at most is set in so many points, where 11 is the smallest type of a card; a
# longer one in the last size.
Sizes = tuple[tuple[float, int], ...]
SMALLEST = 11
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


def cards_view(cards: Sequence[Card], flip: Flip, look: Look = PLAIN) -> CardsView:
    """Return the sheets of cards, made to be turned over on the ``flip`` edge."""
    faces = tuple((_front(card, look), _back(card, look)) for card in cards)
    return CardsView(pages=tuple(_pages(faces, flip, look)), marks=tuple(_marks(look)), cards=faces)


def places(paper: Paper, offset: Offset, look: Look = PLAIN) -> tuple[tuple[str, str], ...]:
    """Return as tokens where the grid of cards begins, in mid-paper, and how far backs move."""
    width, height = PAPERS[paper]
    left = (width - GRID_WIDTH) / 2 - MARGIN
    top = (height - look.cards_height) / 2 - MARGIN
    return (
        ("cards-left", f"{left:.3f}mm"),
        ("cards-top", f"{top:.3f}mm"),
        ("back-x", f"{offset.x:g}mm"),
        ("back-y", f"{offset.y:g}mm"),
    )


def _pages(
    faces: Sequence[tuple[CardFace, CardFace]], flip: Flip, look: Look
) -> Iterator[CardPage]:
    on_sheet = look.card_columns * look.card_rows
    for start in range(0, len(faces), on_sheet):
        fronts, backs = zip(*faces[start : start + on_sheet], strict=True)
        empty = [None] * (on_sheet - len(fronts))
        yield CardPage(side="front", faces=(*fronts, *empty))
        turned = _turned([*backs, *empty], flip, look.card_columns)
        yield CardPage(side="back", faces=turned)


def _turned(
    faces: Sequence[CardFace | None], flip: Flip, columns: int
) -> tuple[CardFace | None, ...]:
    """Return the faces as they must stand on the back to lie behind their fronts.

    Flipped on the long edge, left and right change places; on the short edge, top and bottom.
    """
    rows = [faces[at : at + columns] for at in range(0, len(faces), columns)]
    turned = [row[::-1] for row in rows] if flip == "long" else rows[::-1]
    return tuple(face for row in turned for face in row)


def _marks(look: Look) -> Iterator[CutMark]:
    before = -MARK_GAP - MARK
    height = int(look.cards_height)
    for column in range(look.card_columns + 1):
        left = column * GRID_WIDTH // look.card_columns
        for top in (before, height + MARK_GAP):
            yield CutMark(left=left, top=top, is_upright=True)
    for row in range(look.card_rows + 1):
        top = row * height // look.card_rows
        for left in (before, GRID_WIDTH + MARK_GAP):
            yield CutMark(left=left, top=top, is_upright=False)


def _front(card: Card, look: Look) -> CardFace:
    return CardFace(
        label=card.label,
        text=card.subject,
        size=_size(card.subject, SUBJECT_SIZES, look),
        detail=card.criterion,
        detail_size=_size(card.criterion, CRITERION_SIZES, look),
    )


def _back(card: Card, look: Look) -> CardFace:
    size = _size(card.back, BACK_SIZES, look)
    return CardFace(label=card.label, text=card.back, size=size)


def _size(text: str, sizes: Sizes, look: Look) -> int:
    """Return the largest size in which the text and its longest word have room."""
    width, word = (each(text) * look.normal.stretch for each in (text_width, longest_word))
    room = (GRID_WIDTH / look.card_columns - SIDES) / MM_PER_POINT - SPARE_PT
    scaled = [(most, round(size * look.card / SMALLEST)) for most, size in sizes]
    fitting = (size for most, size in scaled if width <= most and word * size <= room)
    return next(fitting, scaled[-1][1])

"""Worksheets: exercises made of one comparison and a seed, each with its key.

A sheet never holds an answer (but for flashcards, whose backs are the answers); the answers stand
beside it in the :class:`Exercise`, under the same labels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidegen.worksheets.blank import BlankCell, BlankRow, BlankSheet, Given, make_blank
from guidegen.worksheets.cards import Card, CardsSheet, make_cards
from guidegen.worksheets.cloze import ClozeItem, ClozeSheet, make_cloze
from guidegen.worksheets.exercise import Answer, Draw, Exercise, Skipped
from guidegen.worksheets.grid import Cell, Grid, Head, Wording, grid_of
from guidegen.worksheets.matching import MatchingSet, MatchingSheet, make_matching
from guidegen.worksheets.quiz import QuizItem, QuizSheet, make_quiz

Kind = Literal["blank", "cloze", "matching", "cards", "quiz"]
Sheet = BlankSheet | ClozeSheet | MatchingSheet | CardsSheet | QuizSheet


@dataclass(frozen=True, slots=True)
class Wish:
    """Which worksheet: ``given`` is for blank tables, ``bank`` for cloze lists."""

    kind: Kind
    seed: int = 1
    given: Given = "none"
    bank: bool = False


def make_exercise(grid: Grid, wish: Wish, variant: str = "") -> Exercise[Sheet]:
    """Return one variant of a worksheet; equal arguments give an equal exercise everywhere."""
    draw = Draw(wish.seed, variant, wish.kind, grid.id)
    match wish.kind:
        case "blank":
            return make_blank(grid, draw, variant, wish.given)
        case "cloze":
            return make_cloze(grid, draw, bank=wish.bank)
        case "matching":
            return make_matching(grid, draw)
        case "cards":
            return make_cards(grid, draw)
        case "quiz":
            return make_quiz(grid, draw)


__all__ = [
    "Answer",
    "BlankCell",
    "BlankRow",
    "BlankSheet",
    "Card",
    "CardsSheet",
    "Cell",
    "ClozeItem",
    "ClozeSheet",
    "Draw",
    "Exercise",
    "Given",
    "Grid",
    "Head",
    "Kind",
    "MatchingSet",
    "MatchingSheet",
    "QuizItem",
    "QuizSheet",
    "Sheet",
    "Skipped",
    "Wish",
    "Wording",
    "grid_of",
    "make_exercise",
]

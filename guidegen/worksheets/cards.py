"""Flashcards: subject and criterion in front, the value behind."""

from __future__ import annotations

from dataclasses import dataclass

from guidegen.composition import longest_word, text_width
from guidegen.worksheets.exercise import Answer, Draw, Exercise, Skipped, answer_of, skip, usable
from guidegen.worksheets.grid import Cell, Grid

# What a card of 90 x 60 mm holds of each text in its smallest type, in em of that type.
MOST_BACK_EM = 150.0
MOST_SUBJECT_EM = 30.0
MOST_CRITERION_EM = 70.0
MOST_WORD_EM = 13.0


@dataclass(frozen=True, slots=True)
class Card:
    """A card with both its sides; the label stands on both."""

    label: str
    subject: str
    criterion: str
    back: str


@dataclass(frozen=True, slots=True)
class CardsSheet:
    """The cards; they are the one kind of sheet that carries its answers, on the back."""

    cards: tuple[Card, ...]


def make_cards(grid: Grid, draw: Draw) -> Exercise[CardsSheet]:
    """Return a card for each cell, in the variant's order."""
    skipped: list[Skipped] = []
    cards: list[Card] = []
    answers: list[Answer] = []
    for cell in draw.mixed(usable(grid.all(), skipped)):
        if not _fits(cell):
            skipped.append(skip(cell, "too long for a card"))
            continue
        label = len(cards) + 1
        cards.append(Card(str(label), cell.subject.name, cell.criterion.name, cell.text))
        answers.append(answer_of(label, cell))
    return Exercise(CardsSheet(tuple(cards)), tuple(answers), tuple(skipped))


def _fits(cell: Cell) -> bool:
    texts = (cell.text, cell.subject.name, cell.criterion.name)
    return (
        max(map(longest_word, texts)) <= MOST_WORD_EM
        and text_width(cell.text) <= MOST_BACK_EM
        and text_width(cell.subject.name) <= MOST_SUBJECT_EM
        and text_width(cell.criterion.name) <= MOST_CRITERION_EM
    )

"""A worksheet made ready for print: its pages, cards and tables are laid out here."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markupsafe import Markup

from guidegen.composition import text_width
from guidegen.models import Asset, Course, Paper
from guidegen.settings import NO_OFFSET, Offset
from guidegen.view.blank_table import BlankTable, blank_tables, room
from guidegen.view.cards import CardsView, Flip, cards_view, places
from guidegen.worksheets import (
    Answer,
    BlankSheet,
    CardsSheet,
    ClozeSheet,
    MatchingSheet,
    QuizItem,
    QuizSheet,
    Sheet,
)

# Half of the measure, less the letter, in em of the text type.
SHORT_EM = 20.0
NAMES = {
    "blank": "Blank table",
    "cloze": "Fill the gaps",
    "matching": "Match the columns",
    "cards": "Flashcards",
    "quiz": "Quiz",
    "calibration": "Calibration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizItemView:
    """A question with its lettered options; short ones stand two abreast."""

    label: str
    html: Markup
    options: tuple[tuple[str, str], ...]
    is_short: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRow:
    """An answer in the key."""

    label: str
    letter: str
    text: str
    asked: str


Body: TypeAlias = (
    tuple[BlankTable, ...]
    | ClozeSheet
    | MatchingSheet
    | tuple[QuizItemView, ...]
    | CardsView
    | tuple[KeyRow, ...]
    | tuple[int, ...]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """Everything that a renderer needs for a worksheet or its key.

    ``component`` names the template of the body; ``mark`` is printed at the foot of each page,
    ``of_code`` in a key: the code of the sheet that it is for.
    """

    title: str
    heading: str
    lead: str
    language: str
    paper: str
    component: str
    mark: str
    variant: str
    is_key: bool
    about: tuple[str, ...]
    body: Body
    code: str = ""
    of_code: str = ""
    tokens: tuple[tuple[str, str], ...] = ()
    figures: Mapping[str, Asset] = field(default_factory=dict)

    @property
    def is_bare(self) -> bool:
        """True for sheets that are all drawing on paper, without a head."""
        return self.component in ("worksheet-cards", "worksheet-calibration")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What the sheets of one request share: title, language, paper, course, how cards are turned.

    ``seed`` is printed in the key, for the instructor who wants the same sheets again.
    """

    title: str
    language: str
    paper: Paper
    seed: int
    course: Course | None = None
    flip: Flip = "long"
    offset: Offset = NO_OFFSET


def compose_worksheet(sheet: Sheet, variant: str, dress: Dress) -> Worksheet:
    """Return the document of what students see; no answer can get in, for there is none here."""
    kind = _kind(sheet)
    body: Body
    tokens: tuple[tuple[str, str], ...] = ()
    match sheet:
        case BlankSheet():
            body = tuple(blank_tables(sheet, dress.paper, {}))
        case QuizSheet():
            body = tuple(map(_quiz_item, sheet.items))
        case CardsSheet():
            body = cards_view(sheet.cards, dress.flip)
            tokens = places(dress.paper, dress.offset)
        case ClozeSheet() | MatchingSheet():
            body = sheet
    return _finished(
        Worksheet(
            title=f"{dress.title}: {NAMES[kind].lower()}",
            heading=dress.title,
            lead=_instructions(sheet, dress.flip),
            language=dress.language,
            paper=_paper(sheet, dress.paper),
            component=f"worksheet-{kind}",
            mark=_mark(NAMES[kind], variant),
            variant=variant,
            is_key=False,
            about=_about(dress.course),
            body=body,
            tokens=(*_accent(dress.course), *tokens),
        )
    )


def compose_key(
    sheet: Sheet, answers: Sequence[Answer], variant: str, dress: Dress, *, of_code: str
) -> Worksheet:
    """Return the key to a sheet; ``of_code`` is the edition code of what students see."""
    kind = _kind(sheet)
    body: Body = tuple(map(_key_row, answers))
    if isinstance(sheet, BlankSheet):
        body = tuple(
            blank_tables(sheet, dress.paper, {answer.label: answer.text for answer in answers})
        )
    return _finished(
        Worksheet(
            title=f"{dress.title}: {NAMES[kind].lower()}, key",
            heading=dress.title,
            lead="The answers, under the labels of the sheet.",
            language=dress.language,
            paper=_paper(sheet, dress.paper),
            component="worksheet-blank" if kind == "blank" else "worksheet-key",
            mark=_mark(f"{NAMES[kind]}, key", variant, f"seed {dress.seed}"),
            variant=variant,
            is_key=True,
            about=_about(dress.course),
            body=body,
            tokens=_accent(dress.course),
            of_code=of_code,
        )
    )


def compose_calibration(dress: Dress) -> Worksheet:
    """Return the sheet by which a printer's offset between two sides is measured."""
    return _finished(
        Worksheet(
            title="Calibration sheet for cards printed on both sides",
            heading="Calibration sheet",
            lead=f"Print both pages on one sheet at 100%, flipped on the {dress.flip} edge.",
            language=dress.language,
            paper=dress.paper,
            component="worksheet-calibration",
            mark=NAMES["calibration"],
            variant="",
            is_key=False,
            about=(),
            body=tuple(range(-50, 51)),
            tokens=places(dress.paper, NO_OFFSET),
        )
    )


def _kind(sheet: Sheet) -> str:
    match sheet:
        case BlankSheet():
            return "blank"
        case ClozeSheet():
            return "cloze"
        case MatchingSheet():
            return "matching"
        case CardsSheet():
            return "cards"
        case QuizSheet():
            return "quiz"


def _instructions(sheet: Sheet, flip: Flip) -> str:
    match sheet:
        case BlankSheet():
            return "Fill in the numbered cells from memory, then check them against your guide."
        case ClozeSheet(bank=bank):
            choose = "Choose from the list of words" if bank else "Write what is missing"
            return f"{choose} to fill each gap, so that the entry is right for its subject."
        case MatchingSheet(by_subject=by_subject):
            what = "name" if by_subject else "aspect"
            return f"Before each {what}, write the letter of the entry that belongs to it."
        case QuizSheet():
            return "Circle the letter of the one right answer to each question."
        case CardsSheet():
            return f"Print on both sides at 100%, flip on the {flip} edge, cut along the marks."


def _paper(sheet: Sheet, paper: Paper) -> str:
    across = isinstance(sheet, BlankSheet) and room(sheet, paper)[0]
    return f"{paper} landscape" if across else paper


def _mark(*parts: str) -> str:
    name, variant, *rest = parts
    return " · ".join([name, *([f"variant {variant}"] if variant else []), *rest])


def _about(course: Course | None) -> tuple[str, ...]:
    if course is None:
        return ()
    parts = (course.institution, course.code, course.title, course.instructor, course.term)
    return (" · ".join(part for part in parts if part),)


def _accent(course: Course | None) -> tuple[tuple[str, str], ...]:
    accent = course.theme.accent if course and course.theme else None
    return (("accent", accent),) if accent else ()


def _finished(worksheet: Worksheet) -> Worksheet:
    """Give the sheet its edition code: five letters that differ when anything printed does."""
    digest = hashlib.sha256(repr(worksheet).encode()).digest()
    return dataclasses.replace(worksheet, code=base64.b32encode(digest).decode()[:5])


# --- quiz


def _quiz_item(item: QuizItem) -> QuizItemView:
    if item.criterion:
        asked = Markup("Under <em>{}</em>, which of these fits <strong>{}</strong>?")
        html = asked.format(item.criterion, item.subject)
    else:
        asked = Markup("Which of these is true of <strong>{}</strong>, not of {}?")
        html = asked.format(item.subject, item.other)
    widest = max(text_width(text) for _, text in item.options)
    return QuizItemView(
        label=item.label, html=html, options=item.options, is_short=widest < SHORT_EM
    )


# --- key


def _key_row(answer: Answer) -> KeyRow:
    return KeyRow(label=answer.label, letter=answer.letter, text=answer.text, asked=answer.asked)

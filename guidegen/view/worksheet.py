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
from guidegen.languages import PageWords, words_for
from guidegen.models import Asset, Course, Paper
from guidegen.settings import NO_OFFSET, Offset
from guidegen.themes import PLAIN, Look
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

SHORT_PT = 210.0  # half of the measure, less the letter


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
    look: Look = field(default=PLAIN, repr=False)

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
    look: Look = PLAIN


def compose_worksheet(sheet: Sheet, variant: str, dress: Dress) -> Worksheet:
    """Return the document of what students see; no answer can get in, for there is none here."""
    kind, words = _kind(sheet), words_for(dress.language)
    body: Body
    tokens: tuple[tuple[str, str], ...] = ()
    match sheet:
        case BlankSheet():
            body = tuple(blank_tables(sheet, dress.paper, dress.look, {}, words))
        case QuizSheet():
            body = tuple(_quiz_item(item, dress.look, words) for item in sheet.items)
        case CardsSheet():
            body = cards_view(sheet.cards, dress.flip, dress.look)
            tokens = places(dress.paper, dress.offset, dress.look)
        case ClozeSheet() | MatchingSheet():
            body = sheet
    return _finished(
        Worksheet(
            title=f"{dress.title}: {_within_title(kind, words)}",
            heading=dress.title,
            lead=_instructions(sheet, dress.flip, words),
            language=dress.language,
            paper=_paper(sheet, dress),
            component=f"worksheet-{kind}",
            mark=" · ".join((name_of(kind, words), *_variant(variant, words))),
            variant=variant,
            is_key=False,
            about=_about(dress.course),
            body=body,
            tokens=(*_accent(dress), *tokens),
            look=dress.look,
        )
    )


def compose_key(
    sheet: Sheet, answers: Sequence[Answer], variant: str, dress: Dress, *, of_code: str
) -> Worksheet:
    """Return the key to a sheet; ``of_code`` is the edition code of what students see."""
    kind, words = _kind(sheet), words_for(dress.language)
    of_sheet = words.gettext("{worksheet}, key")
    seed = words.gettext("seed {number}").format(number=dress.seed)
    body: Body = tuple(map(_key_row, answers))
    if isinstance(sheet, BlankSheet):
        given = {answer.label: answer.text for answer in answers}
        body = tuple(blank_tables(sheet, dress.paper, dress.look, given, words))
    return _finished(
        Worksheet(
            title=f"{dress.title}: {of_sheet.format(worksheet=_within_title(kind, words))}",
            heading=dress.title,
            lead=words.gettext("The answers, under the labels of the sheet."),
            language=dress.language,
            paper=_paper(sheet, dress),
            component="worksheet-blank" if kind == "blank" else "worksheet-key",
            mark=" · ".join(
                (
                    of_sheet.format(worksheet=name_of(kind, words)),
                    *_variant(variant, words),
                    seed,
                )
            ),
            variant=variant,
            is_key=True,
            about=_about(dress.course),
            body=body,
            tokens=_accent(dress),
            look=dress.look,
            of_code=of_code,
        )
    )


def compose_calibration(dress: Dress) -> Worksheet:
    """Return the sheet by which a printer's offset between two sides is measured."""
    words = words_for(dress.language)
    long, short = (
        words.gettext("Print both pages on one sheet at 100%, flipped on the long edge."),
        words.gettext("Print both pages on one sheet at 100%, flipped on the short edge."),
    )
    return _finished(
        Worksheet(
            title=words.gettext("Calibration sheet for cards printed on both sides"),
            heading=words.gettext("Calibration sheet"),
            lead=long if dress.flip == "long" else short,
            language=dress.language,
            paper=dress.paper,
            component="worksheet-calibration",
            mark=name_of("calibration", words),
            variant="",
            is_key=False,
            about=(),
            body=tuple(range(-50, 51)),
            tokens=places(dress.paper, NO_OFFSET),
            look=dress.look,
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


def name_of(kind: str, words: PageWords) -> str:
    """Return the printed name of a kind of worksheet."""
    names = {
        "blank": words.gettext("Blank table"),
        "cloze": words.gettext("Fill the gaps"),
        "matching": words.gettext("Match the columns"),
        "cards": words.gettext("Flashcards"),
        "quiz": words.gettext("Quiz"),
        "calibration": words.gettext("Calibration"),
    }
    return names[kind]


def _within_title(kind: str, words: PageWords) -> str:
    names = {
        "blank": words.pgettext("within a title", "blank table"),
        "cloze": words.pgettext("within a title", "fill the gaps"),
        "matching": words.pgettext("within a title", "match the columns"),
        "cards": words.pgettext("within a title", "flashcards"),
        "quiz": words.pgettext("within a title", "quiz"),
    }
    return names[kind]


def _instructions(sheet: Sheet, flip: Flip, words: PageWords) -> str:
    _ = words.gettext
    match sheet:
        case BlankSheet():
            return _("Fill in the numbered cells from memory, then check them against your guide.")
        case ClozeSheet(bank=()):
            return _(
                "Write what is missing to fill each gap, "
                "so that the entry is right for its subject."
            )
        case ClozeSheet():
            return _(
                "Choose from the list of words to fill each gap, "
                "so that the entry is right for its subject."
            )
        case MatchingSheet(by_subject=True):
            return _("Before each name, write the letter of the entry that belongs to it.")
        case MatchingSheet():
            return _("Before each aspect, write the letter of the entry that belongs to it.")
        case QuizSheet():
            return _("Circle the letter of the one right answer to each question.")
        case CardsSheet() if flip == "long":
            return _("Print on both sides at 100%, flip on the long edge, cut along the marks.")
        case CardsSheet():
            return _("Print on both sides at 100%, flip on the short edge, cut along the marks.")


def _paper(sheet: Sheet, dress: Dress) -> str:
    across = isinstance(sheet, BlankSheet) and room(sheet, dress.paper, dress.look)[0]
    return f"{dress.paper} landscape" if across else dress.paper


def _variant(variant: str, words: PageWords) -> tuple[str, ...]:
    return (words.gettext("variant {name}").format(name=variant),) if variant else ()


def _about(course: Course | None) -> tuple[str, ...]:
    if course is None:
        return ()
    parts = (course.institution, course.code, course.title, course.instructor, course.term)
    return (" · ".join(part for part in parts if part),)


def _accent(dress: Dress) -> tuple[tuple[str, str], ...]:
    theme = dress.course.theme if dress.course else None
    accent = theme.accent if theme and "accent" not in dress.look.sets else None
    return (("accent", accent),) if accent else ()


def _finished(worksheet: Worksheet) -> Worksheet:
    """Give the sheet its edition code: five letters that differ when anything printed does."""
    printed = repr(worksheet) + worksheet.look.theme
    digest = hashlib.sha256(printed.encode()).digest()
    return dataclasses.replace(worksheet, code=base64.b32encode(digest).decode()[:5])


# --- quiz


def _quiz_item(item: QuizItem, look: Look, words: PageWords) -> QuizItemView:
    subject = Markup("<strong>{}</strong>").format(item.subject)
    if item.criterion:
        asked = words.gettext("Under {criterion}, which of these fits {subject}?")
    else:
        asked = words.gettext("Which of these is true of {subject}, not of {other}?")
    html = Markup(asked).format(
        subject=subject,
        criterion=Markup("<em>{}</em>").format(item.criterion),
        other=item.other,
    )
    widest = max(text_width(text) for _, text in item.options)
    is_short = widest < SHORT_PT / look.text_em
    return QuizItemView(label=item.label, html=html, options=item.options, is_short=is_short)


# --- key


def _key_row(answer: Answer) -> KeyRow:
    return KeyRow(label=answer.label, letter=answer.letter, text=answer.text, asked=answer.asked)

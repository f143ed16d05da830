"""One branch per block kind: block in, block view out."""

from __future__ import annotations

from typing import NamedTuple

from guidegen.languages import PageWords
from guidegen.models import (
    Block,
    CalloutBlock,
    ChecklistBlock,
    ComparisonBlock,
    DefinitionBlock,
    FactsBlock,
    FaqBlock,
    FigureBlock,
    KeyPointsBlock,
    MnemonicBlock,
    ObjectivesBlock,
    ProseBlock,
    QuestionsBlock,
    StepsBlock,
    TableBlock,
    Term,
    TimelineBlock,
)
from guidegen.view.document import (
    AnswersView,
    BlockView,
    CalloutView,
    DefinitionView,
    FaqView,
    FigureView,
    Head,
    ItemsView,
    MnemonicView,
    ProseView,
    QuestionsView,
    TermView,
    TimelineView,
    WideFigureView,
    line_of,
)
from guidegen.view.questions import answers_of, question_view
from guidegen.view.references import Composer
from guidegen.view.tables import table_view


class Place(NamedTuple):
    """Where a block stands: what its view needs beside its own content."""

    anchor: str
    label: str
    questions: tuple[str, ...] = ()


def head_of(block: Block, place: Place, composer: Composer) -> Head:
    """Return what the view of any block starts with."""
    return Head(
        kind=block.kind,
        anchor=place.anchor,
        title=composer.plain(block.title),
        for_instructor=block.audience == "instructor",
        origin=line_of(block.origin),
    )


def block_view(block: Block, place: Place, composer: Composer) -> BlockView:
    """Return the view of a block that is not generated."""
    head = head_of(block, place, composer)
    below = 4 if block.title else 3  # the level of headings within the block
    match block:
        case ProseBlock():
            return ProseView(**head, html=composer.rich(block.text, below))
        case ObjectivesBlock() | KeyPointsBlock():
            return ItemsView(**head, items=composer.inlines(block.items))
        case StepsBlock():
            intro = composer.inline(block.intro)
            items = tuple(composer.rich(item, below) for item in block.items)
            return ItemsView(**head, intro=intro, items=items)
        case ChecklistBlock():
            intro, items = composer.inline(block.intro), composer.inlines(block.items)
            return ItemsView(**head, intro=intro, items=items, lines=block.lines)
        case DefinitionBlock():
            composer.term(block.term, "")
            term = term_view(block.term, composer.library.glossary[block.term], composer)
            return DefinitionView(**head, term=term, html=composer.rich(block.text, below))
        case TableBlock() | ComparisonBlock() | FactsBlock():
            return table_view(block, head, place.label, composer)
        case TimelineBlock():
            events = tuple(
                (composer.plain(event.when), composer.inline(event.text)) for event in block.events
            )
            return TimelineView(**head, events=events)
        case CalloutBlock():
            label = _callout_label(block.style, composer.words)
            html = composer.rich(block.text, below)
            return CalloutView(**head, style=block.style, label=label, html=html)
        case FaqBlock():
            pairs = tuple(
                (composer.plain(item.question), composer.rich(item.answer, below + 1))
                for item in block.items
            )
            return FaqView(**head, items=pairs)
        case MnemonicBlock():
            return _mnemonic(block, head, composer)
        case QuestionsBlock():
            intro = composer.inline(block.intro)
            questions = tuple(
                question_view(each, label, composer)
                for each, label in zip(block.items, place.questions, strict=True)
            )
            return QuestionsView(**head, intro=intro, items=questions)
        case FigureBlock():
            # What a full page gives to a figure, so much it has on half a page, or on its side.
            share = 100 * block.width // composer.measure.figures
            return (FigureView if share <= 100 else WideFigureView)(
                **head,
                label=place.label,
                file=block.file,
                alt=composer.plain(block.alt),
                caption=composer.inline(block.caption),
                width=share if share <= 100 else block.width,
            )
        case _:
            raise AssertionError(f"{block.kind} is composed as back matter")


def key_view(block: Block, place: Place, composer: Composer) -> BlockView:
    """Return the answers to a questions block, which is all that the key prints."""
    assert isinstance(block, QuestionsBlock)
    head = Head(**{**head_of(block, place, composer), "kind": "answers"})
    return AnswersView(**head, items=tuple(answers_of(block, place.questions, composer)))


def term_view(name: str, term: Term, composer: Composer) -> TermView:
    """Return a glossary entry."""
    return TermView(
        anchor=f"term_{name}",
        term=composer.plain(term.term),
        expansion=composer.plain(term.expansion),
        html=composer.inline(term.text),
    )


def _callout_label(style: str, words: PageWords) -> str:
    labels = {
        "note": words.gettext("Note"),
        "warning": words.gettext("Careful"),
        "exam-tip": words.gettext("Exam tip"),
    }
    return labels[style]


def _mnemonic(block: MnemonicBlock, head: Head, composer: Composer) -> MnemonicView:
    use = composer.inline(block.use)
    letters = tuple(
        (str(entry.letter), composer.plain(entry.stands_for), composer.inline(entry.prompt))
        for entry in block.letters
    )
    return MnemonicView(
        **head,
        word=block.word,
        use=use,
        letters=letters,
        has_prompts=any(prompt for _, _, prompt in letters),
        note=composer.inline(block.note),
    )

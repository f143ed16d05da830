"""Review questions as they are printed, and the answers for the key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from string import ascii_uppercase

from markupsafe import Markup

from guidegen.composition import text_width
from guidegen.models import (
    FillInQuestion,
    MatchingQuestion,
    MultipleChoiceQuestion,
    OrderingQuestion,
    Question,
    QuestionsBlock,
    ShortAnswerQuestion,
    TrueFalseQuestion,
)
from guidegen.themes import Look
from guidegen.view.document import AnswerView, QuestionView, line_of
from guidegen.view.references import Composer

SHORT_PT = 157.5  # half of the text column, less the letter


def question_view(question: Question, label: str, composer: Composer) -> QuestionView:
    """Return the question; its answer goes with it only into the instructor's edition."""
    html = composer.inline(question.question)
    choices: tuple[tuple[str, Markup], ...] = ()
    prompts: tuple[Markup, ...] = ()
    lines = 0
    match question:
        case MultipleChoiceQuestion():
            choices = _lettered(question.options, composer)
        case TrueFalseQuestion() | FillInQuestion():
            pass
        case ShortAnswerQuestion():
            lines = question.lines
        case MatchingQuestion():
            prompts = tuple(composer.inline(pair.left) for pair in question.pairs)
            choices = _lettered(_shuffled(pair.right for pair in question.pairs), composer)
        case OrderingQuestion():
            choices = _lettered(_shuffled(question.items), composer)
    return QuestionView(
        label=label,
        anchor=f"question_{label}",
        type=question.type,
        html=html,
        choices=choices,
        prompts=prompts,
        lines=lines,
        is_short=_are_short(choices, composer.look),
        answer=answer_view(question, label, composer) if composer.shows_answers else None,
        origin=line_of(question.origin),
    )


def _are_short(choices: tuple[tuple[str, Markup], ...], look: Look) -> bool:
    widest = max((text_width(text.striptags()) for _, text in choices), default=0.0)
    return bool(choices) and widest < SHORT_PT / look.text_em


def answer_view(question: Question, label: str, composer: Composer) -> AnswerView:
    """Return the answer as the key prints it."""
    return AnswerView(
        label=label,
        question=f"question_{label}",
        html=_answer(question, composer),
        why=composer.inline(question.why) if question.why else Markup(),
    )


def answers_of(
    block: QuestionsBlock, labels: tuple[str, ...], composer: Composer
) -> Iterator[AnswerView]:
    """Yield the answers to the questions of ``block``, under their labels."""
    for question, label in zip(block.items, labels, strict=True):
        yield answer_view(question, label, composer)


def _answer(question: Question, composer: Composer) -> Markup:
    match question:
        case MultipleChoiceQuestion():
            option = composer.inline(question.options[question.answer_index])
            return Markup("<strong>{}</strong> {}").format(question.answer, option)
        case TrueFalseQuestion():
            true, false = composer.words.gettext("True"), composer.words.gettext("False")
            return Markup("<strong>{}</strong>").format(true if question.answer else false)
        case ShortAnswerQuestion():
            return composer.rich(question.answer)
        case FillInQuestion():
            return Markup(composer.words.joined(composer.inlines(question.answers)))
        case MatchingQuestion():
            rights = [pair.right for pair in question.pairs]
            order = _shuffled(rights)
            letters = (ascii_uppercase[order.index(right)] for right in rights)
            pairs = (f"{number} {letter}" for number, letter in enumerate(letters, 1))
            return Markup("{}").format(composer.words.listed(map(composer.apart, pairs)))
        case OrderingQuestion():
            order = _shuffled(question.items)
            letters = (ascii_uppercase[order.index(item)] for item in question.items)
            return Markup("{}").format(composer.words.listed(map(composer.apart, letters)))


def _shuffled(texts: Iterable[str]) -> list[str]:
    """Mix without chance: alphabetical order says nothing of the right one, and never changes."""
    return sorted(texts, key=lambda text: (text.casefold(), text))


def _lettered(texts: Sequence[str], composer: Composer) -> tuple[tuple[str, Markup], ...]:
    return tuple(
        (letter, composer.inline(text))
        for letter, text in zip(ascii_uppercase, texts, strict=False)
    )

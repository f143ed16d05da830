"""Editions of one guide: what students, instructors and the key may see.

Answers are taken out of the *data* before anything is rendered, so a template cannot leak them.
"""

from __future__ import annotations

from collections.abc import Iterator

from guidegen.models import (
    AnswersBlock,
    Block,
    Edition,
    FillInQuestion,
    Guide,
    Inline,
    Markdown,
    MatchingQuestion,
    MultipleChoiceQuestion,
    OrderingQuestion,
    Question,
    QuestionsBlock,
    Section,
    ShortAnswerQuestion,
    TrueFalseQuestion,
    walk,
)
from guidegen.origin import Text

REMOVED = "…"


def for_edition(guide: Guide, edition: Edition) -> Guide:
    """Return what ``edition`` shows of ``guide``; sections left without blocks fall away."""
    sections = tuple(
        section.model_copy(update={"blocks": blocks})
        for section in guide.sections
        if (blocks := tuple(_blocks(section, edition)))
    )
    return guide.model_copy(update={"sections": sections})


def _blocks(section: Section, edition: Edition) -> Iterator[Block]:
    for block in section.blocks:
        if edition == "key":
            if isinstance(block, QuestionsBlock):
                yield block
        elif edition == "instructor":
            if not isinstance(block, AnswersBlock):
                yield block
        elif block.audience == "everyone":
            if edition == "complete":
                yield block
            elif not isinstance(block, AnswersBlock):
                yield without_answers(block)


def without_answers(block: Block) -> Block:
    """Return the block with every answer and explanation taken out of its data."""
    if not isinstance(block, QuestionsBlock):
        return block
    return block.model_copy(update={"items": tuple(map(_unanswered, block.items))})


def _unanswered(question: Question) -> Question:
    return question.model_copy(update={"why": None, **_blanked(question)})


def _blanked(question: Question) -> dict[str, object]:
    """Return the fields of ``question`` that hold its answer, emptied of it.

    Pairs and items stay, since they are printed; their order, which is the answer, goes.
    """
    match question:
        case MultipleChoiceQuestion():
            return {"answer": "A"}
        case TrueFalseQuestion():
            return {"answer": False}
        case ShortAnswerQuestion():
            return {"answer": Markdown(REMOVED)}
        case FillInQuestion():
            return {"answers": tuple(Inline(REMOVED) for _ in question.answers)}
        case MatchingQuestion():
            rights = sorted((pair.right for pair in question.pairs), key=str.casefold)
            pairs = zip(question.pairs, rights, strict=True)
            return {"pairs": tuple(pair.model_copy(update={"right": end}) for pair, end in pairs)}
        case OrderingQuestion():
            return {"items": tuple(sorted(question.items, key=str.casefold))}


def hidden_texts(whole: Guide, shown: Guide) -> list[Text]:
    """Return the texts of ``whole`` that ``shown`` has lost: answers and instructor notes."""
    visible = {str(text) for text in _markup(shown)}
    return [text for text in _markup(whole) if str(text) not in visible]


def _markup(guide: Guide) -> Iterator[Text]:
    return (text for text in walk(guide) if isinstance(text, (Inline, Markdown)))

"""Review questions: one class per ``type``, each with the answer that the key prints."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from guidegen.models.base import Content, Id, Inline, Markdown

BLANK = "[blank]"


def _distinct(field: str, what: str, texts: tuple[Inline, ...]) -> None:
    """Refuse texts of which two are the same, since either would then be right."""
    if len({" ".join(text.casefold().split()) for text in texts}) < len(texts):
        raise PydanticCustomError(
            "same_twice", "two {what} are the same", {"what": what, "field": field}
        )


class _Question(Content):
    """What all questions share. ``why`` explains the answer and is printed in the key."""

    id: Id | None = None
    question: Inline
    why: Inline | None = None


class MultipleChoiceQuestion(_Question):
    """One right option among several, named by its letter."""

    type: Literal["multiple-choice"]
    options: tuple[Inline, ...] = Field(min_length=2, max_length=8)
    answer: Annotated[str, StringConstraints(pattern=r"^[A-H]$")]

    @property
    def answer_index(self) -> int:
        """The place of the right option, from 0."""
        return ord(self.answer) - ord("A")

    @model_validator(mode="after")
    def _answer_is_an_option(self) -> Self:
        if self.answer_index >= len(self.options):
            raise PydanticCustomError(
                "answer_without_option",
                "the answer is {answer}, but there are only {count} options",
                {"answer": self.answer, "count": len(self.options)},
            )
        _distinct("options", "options", self.options)
        return self


class TrueFalseQuestion(_Question):
    """A statement to be judged."""

    type: Literal["true-false"]
    answer: bool


class ShortAnswerQuestion(_Question):
    """A question answered in writing, on ``lines`` ruled lines."""

    type: Literal["short-answer"]
    answer: Markdown
    lines: int = Field(default=3, ge=1, le=20)


class FillInQuestion(_Question):
    """A sentence with one ``[blank]`` for each of ``answers``."""

    type: Literal["fill-in"]
    answers: tuple[Inline, ...] = Field(min_length=1, max_length=10)

    @model_validator(mode="after")
    def _one_answer_a_blank(self) -> Self:
        blanks = self.question.count(BLANK)
        if blanks != len(self.answers):
            raise PydanticCustomError(
                "blanks_and_answers",
                "the question has {blanks} [blank] marks and {answers} answers",
                {"blanks": blanks, "answers": len(self.answers)},
            )
        return self


class Pair(Content):
    """Two things that belong together in a matching question."""

    left: Inline
    right: Inline


class MatchingQuestion(_Question):
    """Pairs to be matched; the right-hand side is printed in alphabetical order."""

    type: Literal["matching"]
    pairs: tuple[Pair, ...] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _no_pair_twice(self) -> Self:
        _distinct("pairs", "right-hand sides", tuple(pair.right for pair in self.pairs))
        return self


class OrderingQuestion(_Question):
    """Items in their right order; they are printed in alphabetical order."""

    type: Literal["ordering"]
    items: tuple[Inline, ...] = Field(min_length=2, max_length=12)

    @model_validator(mode="after")
    def _no_item_twice(self) -> Self:
        _distinct("items", "items", self.items)
        return self


Question = Annotated[
    MultipleChoiceQuestion
    | TrueFalseQuestion
    | ShortAnswerQuestion
    | FillInQuestion
    | MatchingQuestion
    | OrderingQuestion,
    Field(discriminator="type"),
]

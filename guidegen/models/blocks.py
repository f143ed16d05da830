"""The blocks that sections are made of: one class per ``kind``.

Adding a kind: add its class here and to ``Block``; a test then names every other layer that is
still without it (view, component, style sheet, golden case).
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from guidegen.budgets import MAX_COLUMNS, MAX_ROWS
from guidegen.models.base import Alt, Content, Id, Inline, Markdown, Name
from guidegen.models.questions import Question
from guidegen.origin import Text


class FileName(Text):
    """The path of a picture below content/figures."""

    __slots__ = ()
    max_length = 200
    pattern = r"^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$"


class BlockBase(Content):
    """What all blocks share. ``title`` becomes a heading below the section's.

    ``for: instructor`` keeps a block out of every edition but the instructor's.
    """

    id: Id | None = None
    title: Name | None = None
    tags: tuple[Id, ...] = ()
    audience: Literal["everyone", "instructor"] = Field(default="everyone", alias="for")


class ProseBlock(BlockBase):
    """Running text, written here or in a ``.md`` file beside the guide."""

    kind: Literal["prose"]
    text: Markdown | None = None
    file: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\.md$")] | None = (
        None
    )

    @model_validator(mode="after")
    def _text_or_file(self) -> Self:
        if self.text is None:
            raise PydanticCustomError(
                "text_or_file",
                "a prose block needs either 'text' or 'file'"
                if self.file is None
                else "the file {file!r} could not be used",
                {"file": self.file},
            )
        return self


class ObjectivesBlock(BlockBase):
    """What the reader can do afterwards; each item continues "you can"."""

    kind: Literal["objectives"]
    items: tuple[Inline, ...] = Field(min_length=1)


class DefinitionBlock(BlockBase):
    """A term of the glossary set out where it is first taught, with more detail if need be."""

    kind: Literal["definition"]
    term: Id
    text: Markdown | None = None


class StepsBlock(BlockBase):
    """Things done in order, numbered."""

    kind: Literal["steps"]
    intro: Inline | None = None
    items: tuple[Markdown, ...] = Field(min_length=1)


class Column(Content):
    """A column of a table; numbers are aligned at the end of the cell."""

    name: Name
    align: Literal["start", "center", "end"] = "start"


class TableBlock(BlockBase):
    """A table; the first cell of each row is its heading unless ``row_heads`` is off."""

    kind: Literal["table"]
    caption: Name
    columns: tuple[Name | Column, ...] = Field(min_length=1, max_length=MAX_COLUMNS)
    rows: tuple[tuple[Inline, ...], ...] = Field(min_length=1, max_length=MAX_ROWS)
    row_heads: bool = True
    note: Inline | None = None

    @model_validator(mode="after")
    def _rows_as_wide_as_the_head(self) -> Self:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.columns):
                raise PydanticCustomError(
                    "uneven_row",
                    "row {number} has {cells} cells, but the table has {columns} columns",
                    {"number": number, "cells": len(row), "columns": len(self.columns)},
                )
        return self


class ComparisonBlock(BlockBase):
    """A comparison from content/comparisons, shown as a table.

    ``subjects`` and ``criteria`` narrow or reorder what is shown; a list given is the whole list.
    """

    kind: Literal["comparison"]
    comparison: Id
    caption: Name | None = None
    subjects: tuple[Id, ...] = ()
    criteria: tuple[Id, ...] = ()
    note: Inline | None = None


class FactsBlock(BlockBase):
    """Facts from content/shared/facts.yaml, as a table with place, date and source."""

    kind: Literal["facts"]
    caption: Name
    facts: tuple[Id, ...] = Field(min_length=1)
    note: Inline | None = None


class Event(Content):
    """A point on a timeline."""

    when: Name
    text: Inline


class TimelineBlock(BlockBase):
    """Events in the order in which they happened."""

    kind: Literal["timeline"]
    events: tuple[Event, ...] = Field(min_length=1)


class CalloutBlock(BlockBase):
    """A remark set apart from the text."""

    kind: Literal["callout"]
    style: Literal["note", "warning", "exam-tip"]
    text: Markdown


class QuestionAndAnswer(Content):
    """A frequent question with its answer."""

    question: Name
    answer: Markdown


class FaqBlock(BlockBase):
    """Frequent questions with their answers."""

    kind: Literal["faq"]
    items: tuple[QuestionAndAnswer, ...] = Field(min_length=1)


class ChecklistBlock(BlockBase):
    """Items with a box to tick; ``lines`` leaves ruled lines under each for notes."""

    kind: Literal["checklist"]
    intro: Inline | None = None
    items: tuple[Inline, ...] = Field(min_length=1)
    lines: int = Field(default=0, ge=0, le=10)


class Letter(Name):
    """A letter of a mnemonic, or a few."""

    __slots__ = ()
    max_length = 4


class MnemonicLetter(Content):
    """One letter of a mnemonic: what it stands for, and what to ask or look for."""

    letter: Letter
    stands_for: Name
    prompt: Inline | None = None


class MnemonicBlock(BlockBase):
    """A word whose letters each recall something."""

    kind: Literal["mnemonic"]
    word: Name
    use: Inline | None = None
    letters: tuple[MnemonicLetter, ...] = Field(min_length=2)
    note: Inline | None = None


class QuestionsBlock(BlockBase):
    """Review questions, numbered through the whole guide; the answers go to an answers block."""

    kind: Literal["questions"]
    intro: Inline | None = None
    items: tuple[Question, ...] = Field(min_length=1)


class FigureBlock(BlockBase):
    """A picture (SVG, PNG or JPEG) from content/figures.

    ``alt`` says in words what the picture shows; ``width`` is a share of the full measure in %.
    """

    kind: Literal["figure"]
    file: FileName
    alt: Alt
    caption: Inline
    width: int = Field(default=100, ge=20, le=100)


class KeyPointsBlock(BlockBase):
    """What to remember when all else is forgotten."""

    kind: Literal["key-points"]
    items: tuple[Inline, ...] = Field(min_length=1)


class AnswersBlock(BlockBase):
    """The answers to the review questions of the sections that were chosen."""

    kind: Literal["answers"]


class GlossaryBlock(BlockBase):
    """The terms that the chosen sections use, with their definitions."""

    kind: Literal["glossary"]


class SourcesBlock(BlockBase):
    """The sources that the chosen sections cite."""

    kind: Literal["sources"]


Block = Annotated[
    ProseBlock
    | ObjectivesBlock
    | DefinitionBlock
    | StepsBlock
    | TableBlock
    | ComparisonBlock
    | FactsBlock
    | TimelineBlock
    | CalloutBlock
    | FaqBlock
    | ChecklistBlock
    | MnemonicBlock
    | QuestionsBlock
    | FigureBlock
    | KeyPointsBlock
    | AnswersBlock
    | GlossaryBlock
    | SourcesBlock,
    Field(discriminator="kind"),
]

GENERATED = (AnswersBlock, GlossaryBlock, SourcesBlock)
"""Blocks whose content follows from the other blocks that were chosen."""

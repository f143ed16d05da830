"""Numbers and anchors: worked out once, before any text, so that references can look ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from guidegen.models import (
    Block,
    ComparisonBlock,
    FactsBlock,
    FigureBlock,
    Guide,
    QuestionsBlock,
    Section,
    TableBlock,
)


@dataclass(frozen=True, slots=True)
class Target:
    """A place that can be referred to: ``words`` is its printed name, ``""`` when it has none."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """The numbers of a guide.

    ``targets`` are known by the author's ids, ``anchors`` and ``labels`` by section and block
    position, ``first_question`` by the position of a questions block.
    """

    section_numbers: tuple[str, ...]
    targets: Mapping[str, Target]
    anchors: Mapping[tuple[int, int], str]
    labels: Mapping[tuple[int, int], str]
    first_question: Mapping[tuple[int, int], int]


def number(guide: Guide) -> Numbering:
    """Number the sections, tables, figures and questions of ``guide`` from 1."""
    section_numbers = tuple(_section_numbers(guide))
    targets: dict[str, Target] = {}
    anchors: dict[tuple[int, int], str] = {}
    labels: dict[tuple[int, int], str] = {}
    first_question: dict[tuple[int, int], int] = {}
    counts = {"Table": 0, "Figure": 0, "question": 0}
    for at, section in enumerate(guide.sections):
        words = _section_words(section, section_numbers[at])
        targets[section.id] = Target(section.id, words)
        for place, block in enumerate(section.blocks):
            key = (at, place)
            anchors[key] = block.id or f"{section.id}_{place + 1}"
            labels[key] = _label(block, counts)
            if isinstance(block, QuestionsBlock):
                first_question[key] = counts["question"] + 1
                _number_questions(block, counts, targets)
            if block.id:
                targets[block.id] = Target(block.id, labels[key] or words)
    return Numbering(section_numbers, targets, anchors, labels, first_question)


def _section_numbers(guide: Guide) -> Iterator[str]:
    count = 0
    for section in guide.sections:
        count += not section.is_generated
        yield "" if section.is_generated else str(count)


def _section_words(section: Section, number: str) -> str:
    return f"section {number}" if number else f"“{section.title}”"


def _label(block: Block, counts: dict[str, int]) -> str:
    match block:
        case TableBlock() | ComparisonBlock() | FactsBlock():
            word = "Table"
        case FigureBlock():
            word = "Figure"
        case _:
            return ""
    counts[word] += 1
    return f"{word} {counts[word]}"


def _number_questions(
    block: QuestionsBlock, counts: dict[str, int], targets: dict[str, Target]
) -> None:
    for question in block.items:
        counts["question"] += 1
        number = counts["question"]
        if question.id:
            targets[question.id] = Target(f"question_{number}", f"question {number}")

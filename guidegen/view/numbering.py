"""Labels and anchors: worked out once, before any text, so that references can look ahead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guidegen.labels import Key, key_of, local_letters, local_numbers, question_key
from guidegen.languages import PageWords
from guidegen.models import Guide, Labels, Question, QuestionsBlock, Section


@dataclass(frozen=True, slots=True)
class Target:
    """A place that can be referred to: ``words`` is its printed name.

    Back matter has no anchor to link to, since it falls away where it would be empty.
    """

    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Numbering:
    """The labels of a guide.

    ``targets`` are known by the author's ids; ``sections`` holds the label of each section in
    order, ``anchors``, ``labels`` and ``questions`` are known by section and block position.
    """

    sections: tuple[str, ...] = ()
    targets: dict[str, Target] = field(default_factory=dict)
    anchors: dict[tuple[int, int], str] = field(default_factory=dict)
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    questions: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


def number(guide: Guide, labels: Labels, words: PageWords) -> Numbering:
    """Return the numbering of ``guide``; what ``labels`` does not know gets a local label.

    ``words`` are those of the pages: a label is printed as "Table D1" or "section D".
    """
    numbering = Numbering(tuple(_section_labels(guide, labels.by_key)))
    given: set[Key] = set()
    for at, section in enumerate(guide.sections):
        name = _section_words(section, numbering.sections[at], words)
        anchor = "" if section.is_generated else section.id
        numbering.targets[section.id] = Target(anchor, name)
        labeller = _Labeller(labels.by_key, numbering.sections[at], given)
        _number_blocks(at, section, numbering, labeller, words)
    return numbering


class _Labeller:
    """Hands out the labels within one section; a key that was ``given`` one gets a local one."""

    def __init__(self, by_key: Mapping[Key, str], section: str, given: set[Key]) -> None:
        self._by_key = by_key
        self._given = given
        self._section = section
        self._locals: dict[str, Iterator[str]] = {}

    def label(self, key: Key) -> str:
        if key in self._by_key and key not in self._given:
            self._given.add(key)
            return self._by_key[key]
        ends = self._locals.setdefault(key[0], local_letters())
        return f"{self._section}{next(ends)}"


def _number_blocks(
    at: int, section: Section, numbering: Numbering, labeller: _Labeller, words: PageWords
) -> None:
    whole = numbering.targets[section.id].words
    for place, block in enumerate(section.blocks):
        where = (at, place)
        numbering.anchors[where] = block.id or f"{section.id}_{place + 1}"
        key = key_of(block)
        label = _block_words(key[0], labeller.label(key), words) if key else ""
        numbering.labels[where] = label
        if block.id:
            numbering.targets[block.id] = Target(block.id, label or whole)
        if isinstance(block, QuestionsBlock):
            given = tuple(labeller.label(question_key(each)) for each in block.items)
            numbering.questions[where] = given
            _add_questions(block.items, given, numbering, words)


def _add_questions(
    questions: tuple[Question, ...],
    labels: tuple[str, ...],
    numbering: Numbering,
    words: PageWords,
) -> None:
    for question, label in zip(questions, labels, strict=True):
        if question.id:
            name = words.gettext("question {label}").format(label=label)
            numbering.targets[question.id] = Target(f"question_{label}", name)


def _section_labels(guide: Guide, by_key: Mapping[Key, str]) -> Iterator[str]:
    numbers = local_numbers()
    for section in guide.sections:
        if section.is_generated:
            yield ""
        else:
            yield by_key.get(("section", section.id)) or next(numbers)


def _section_words(section: Section, label: str, words: PageWords) -> str:
    return words.gettext("section {label}").format(label=label) if label else section.title


def _block_words(kind: str, label: str, words: PageWords) -> str:
    figure, table = words.gettext("Figure {label}"), words.gettext("Table {label}")
    return (figure if kind == "figure" else table).format(label=label)

"""A comparison made ready for exercises: plain words, one cell for each subject and criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from guidegen.languages import PageWords
from guidegen.models import Comparison, Criterion, NotApplicable
from guidegen.origin import NOWHERE, Origin, Text


class Wording(Protocol):
    """Turns what an author wrote into the words that are printed; ``words`` are ours beside it."""

    words: PageWords

    def text(self, text: str) -> str:
        """Return the words of a text with markup and references."""

    def name(self, text: str) -> str:
        """Return a title or name, which has no markup."""

    def rests_on_doubt(self, text: str) -> bool:
        """Return whether a text gives a figure that is still to be confirmed."""


@dataclass(frozen=True, slots=True)
class Head:
    """A subject or a criterion; ``detail`` is an expansion, ``group`` the heading above."""

    id: str
    name: str
    detail: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """The value of one criterion for one subject; ``doubt`` follows a figure to be confirmed.

    ``reason`` says why there is nothing to ask: the criterion does not apply, or the figure is
    still to be confirmed. ``kind`` is the criterion's.
    """

    subject: Head
    criterion: Head
    text: str
    kind: str = "text"
    reason: str = ""
    doubt: str = ""
    applies: bool = True
    origin: Origin = NOWHERE

    @property
    def asked(self) -> str:
        """What stands for the cell in a key: its subject and criterion."""
        return f"{self.subject.name}: {self.criterion.name}"


@dataclass(frozen=True, slots=True)
class Grid:
    """Subjects and criteria in their printed order, and a cell for each pair of ids.

    ``synonyms`` give the long form of abbreviations, in lower case.
    """

    id: str
    title: str
    subjects: tuple[Head, ...]
    criteria: tuple[Head, ...]
    cells: Mapping[tuple[str, str], Cell]
    synonyms: Mapping[str, str]

    def at(self, subject: Head, criterion: Head) -> Cell:
        """Return the cell of a subject and a criterion of this grid."""
        return self.cells[subject.id, criterion.id]

    def row(self, criterion: Head) -> list[Cell]:
        """Return the cells of a criterion, one for each subject."""
        return [self.at(subject, criterion) for subject in self.subjects]

    def column(self, subject: Head) -> list[Cell]:
        """Return the cells of a subject, one for each criterion."""
        return [self.at(subject, criterion) for criterion in self.criteria]

    def all(self) -> list[Cell]:
        """Return all cells, criterion by criterion."""
        return [cell for criterion in self.criteria for cell in self.row(criterion)]


def grid_of(
    name: str, comparison: Comparison, wording: Wording, *, synonyms: Mapping[str, str]
) -> Grid:
    """Return the grid of the comparison with the id ``name``, already narrowed."""
    subjects = tuple(
        Head(str(each.id), wording.name(each.name), wording.name(each.expansion or ""))
        for each in comparison.subjects
    )
    own = {each.name.casefold(): each.detail.casefold() for each in subjects if each.detail}
    criteria = {each.id: _criterion(each, wording) for each in comparison.criteria}
    cells = {
        (subject.id, str(each.id)): _cell(subject, criteria[each.id], each, wording)
        for each in comparison.criteria
        for subject in subjects
    }
    title = wording.name(comparison.title)
    return Grid(name, title, subjects, tuple(criteria.values()), cells, dict(synonyms) | own)


def _criterion(criterion: Criterion, wording: Wording) -> Head:
    unit = f" ({wording.name(criterion.unit)})" if criterion.unit else ""
    name = wording.name(criterion.name) + unit
    return Head(str(criterion.id), name, group=wording.name(criterion.group or ""))


def _cell(subject: Head, criterion: Head, found: Criterion, wording: Wording) -> Cell:
    value = next(value for name, value in found.values.items() if name == subject.id)
    if isinstance(value, NotApplicable):
        reason = wording.text(value.not_applicable)
        text = wording.words.gettext("n/a: {reason}").format(reason=reason)
        why = "does not apply"
        return Cell(subject, criterion, text, found.kind, why, applies=False, origin=value.origin)
    items = [value] if isinstance(value, Text) else [*value]
    text = wording.words.joined(map(wording.text, items))
    if found.kind == "yes-no":
        text = _word_of(text, wording.words)
    in_doubt = any(map(wording.rests_on_doubt, items))
    why = "rests on a figure still to be confirmed" if in_doubt else ""
    doubt = wording.words.gettext("(to be confirmed)") if in_doubt else ""
    origin = items[0].origin if items else found.origin
    return Cell(subject, criterion, text, found.kind, why, doubt, origin=origin)


def _word_of(value: str, words: PageWords) -> str:
    """Return the word for yes, no or partly, as it stands alone."""
    known = {
        "yes": words.pgettext("standing alone", "Yes"),
        "no": words.pgettext("standing alone", "No"),
        "partly": words.pgettext("standing alone", "Partly"),
    }
    return known.get(value, value)


def groups_of(criteria: tuple[Head, ...]) -> Iterator[list[Head]]:
    """Yield the runs of criteria that stand under the same heading."""
    run: list[Head] = []
    for criterion in criteria:
        if run and criterion.group != run[0].group:
            yield run
            run = []
        run.append(criterion)
    if run:
        yield run

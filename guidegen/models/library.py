"""The files of a project: guides, comparisons, courses, shared facts, sources and glossary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import Field

from guidegen.budgets import MAX_CRITERIA, MAX_SUBJECTS
from guidegen.models.base import Content, Date, Id, Inline, Name
from guidegen.models.course import Course
from guidegen.models.shared import Fact, File, Language, Paper, Section, Source, Term


class Guide(File):
    """A study guide. ``edition`` is the date of this edition, printed on every page."""

    title: Name
    subtitle: Name | None = None
    lead: Inline
    language: Language = Language("en-US")
    edition: Date
    paper: Paper = "letter"
    sections: tuple[Section, ...] = Field(min_length=1)


class Subject(Content):
    """One of the things compared."""

    id: Id
    name: Name
    expansion: Name | None = None
    summary: Inline | None = None


class NotApplicable(Content):
    """Says why a criterion does not apply to a subject, which differs from a missing value."""

    not_applicable: Inline


class Criterion(Content):
    """A respect in which subjects are compared, with one value per subject id."""

    id: Id
    name: Name
    group: Name | None = None
    kind: Literal["text", "number", "yes-no", "list"] = "text"
    unit: Name | None = None
    values: dict[Id, Inline | tuple[Inline, ...] | NotApplicable]


class Comparison(File):
    """Subjects compared by criteria, as data; every handout and table is a view of it."""

    title: Name
    question: Inline
    subjects: tuple[Subject, ...] = Field(min_length=2, max_length=MAX_SUBJECTS)
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=MAX_CRITERIA)
    remember: tuple[Inline, ...] = ()


class FactsFile(File):
    """content/shared/facts.yaml"""

    facts: dict[Id, Fact]


class SourcesFile(File):
    """content/shared/sources.yaml"""

    sources: dict[Id, Source]


class GlossaryFile(File):
    """content/shared/glossary.yaml"""

    terms: dict[Id, Term]


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that the loader has read and found to be of the type that its name says."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Labels:
    """The printed label of each (group, name), from a guide's lock file; see guidegen.labels."""

    by_key: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Library:
    """All content of a project.

    ``figures`` are known by their path below content/figures, ``labels`` by their guide's id.
    """

    guides: Mapping[str, Guide] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    glossary: Mapping[str, Term] = field(default_factory=dict)
    figures: Mapping[str, Asset] = field(default_factory=dict)
    labels: Mapping[str, Labels] = field(default_factory=dict)

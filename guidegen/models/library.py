"""The files of a project: guides, comparisons, courses, shared facts, sources and glossary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from guidegen.models.base import Content, Date, Id, Inline, Name, Url
from guidegen.models.blocks import GENERATED, Block

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
Paper = Literal["letter", "a4"]


class File(Content):
    """A content file; ``format`` says by which rules it was written."""

    format: Literal["1"]


class Section(Content):
    """A part of a guide that can be chosen by its id."""

    id: Id
    title: Name
    tags: tuple[Id, ...] = ()
    blocks: tuple[Block, ...] = Field(min_length=1)

    @property
    def is_generated(self) -> bool:
        """True for back matter, which follows from the other sections that were chosen."""
        return all(isinstance(block, GENERATED) for block in self.blocks)


class Guide(File):
    """A study guide. ``edition`` is the date of this edition, printed on every page."""

    title: Name
    subtitle: Name | None = None
    lead: Inline
    language: Language = "en-US"
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
    subjects: tuple[Subject, ...] = Field(min_length=2)
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    remember: tuple[Inline, ...] = ()


class Fact(Content):
    """A figure with its place, source and date, so that it can be checked and renewed."""

    label: Name
    value: Name
    unit: Name | None = None
    place: Name
    source: Id
    as_of: Date
    review_by: Date
    review: Literal["needed"] | None = None
    note: Inline | None = None


class FactsFile(File):
    """content/shared/facts.yaml"""

    facts: dict[Id, Fact]


class Source(Content):
    """Where a fact comes from. ``short`` is the name used in tables; ``accessed`` the day seen."""

    title: Name
    publisher: Name
    short: Name
    date: Date | Literal["undated"] = "undated"
    url: Url | None = None
    accessed: Date | None = None
    note: Inline | None = None


class SourcesFile(File):
    """content/shared/sources.yaml"""

    sources: dict[Id, Source]


class Term(Content):
    """A word of the glossary."""

    term: Name
    expansion: Name | None = None
    text: Inline


class GlossaryFile(File):
    """content/shared/glossary.yaml"""

    terms: dict[Id, Term]


class CourseGuide(Content):
    """What a course takes of a guide; ``sections`` is the whole list, in the course's order."""

    sections: tuple[Id, ...] = Field(min_length=1)


class Course(File):
    """A course that hands out guides."""

    title: Name
    code: Name | None = None
    instructor: Name | None = None
    term: Name | None = None
    institution: Name | None = None
    contact: Name | None = None
    guides: dict[Id, CourseGuide] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Asset:
    """A picture that the loader has read and found to be of the type that its name says."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Library:
    """All content of a project; ``figures`` are known by their path below content/figures."""

    guides: Mapping[str, Guide] = field(default_factory=dict)
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    courses: Mapping[str, Course] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    glossary: Mapping[str, Term] = field(default_factory=dict)
    figures: Mapping[str, Asset] = field(default_factory=dict)

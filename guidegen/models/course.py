"""A course: which guides it hands out, and what it changes in them.

A value given replaces the one below it and is never merged with it. The order of precedence is
defaults < guide < course < command line; with ``extends`` the other course stands between guide
and course, field by field of this class.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from guidegen.models.base import Alt, Content, Id, Inline, Markdown, Name
from guidegen.models.blocks import Block, FileName
from guidegen.models.shared import Fact, File, Language, Paper, Section
from guidegen.origin import Text

Edition = Literal["complete", "student", "instructor", "key"]
"""complete: answers at the end; student: none; instructor: in place; key: answers alone."""


class Insertion(Content):
    """Blocks put before or after a block of the guide."""

    before: Id | None = None
    after: Id | None = None
    blocks: tuple[Block, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if (self.before is None) == (self.after is None):
            raise PydanticCustomError(
                "one_place", "say either 'before' or 'after', and which block"
            )
        return self


class ExtraSection(Content):
    """A section of the course's own; without ``after`` it follows the last section."""

    after: Id | None = None
    section: Section


class Narrowing(Content):
    """The subjects and criteria of a comparison that a course shows, in its order."""

    subjects: tuple[Id, ...] = ()
    criteria: tuple[Id, ...] = ()


class CourseGuide(Content):
    """What a course takes of a guide and changes in it.

    One of ``sections`` (the whole list, in order), ``tags`` and ``all_but`` says which sections;
    without any of them all are taken.
    """

    sections: tuple[Id, ...] = ()
    tags: tuple[Id, ...] = ()
    all_but: tuple[Id, ...] = ()
    title: Name | None = None
    subtitle: Name | None = None
    lead: Inline | None = None
    titles: dict[Id, Name] = Field(default_factory=dict)
    hide: tuple[Id, ...] = ()
    hide_tags: tuple[Id, ...] = ()
    replace: dict[Id, Block] = Field(default_factory=dict)
    insert: tuple[Insertion, ...] = ()
    extra_sections: tuple[ExtraSection, ...] = ()
    facts: dict[Id, Fact] = Field(default_factory=dict)
    comparisons: dict[Id, Narrowing] = Field(default_factory=dict)
    note: Markdown | None = None

    @model_validator(mode="after")
    def _one_way_to_choose(self) -> Self:
        if sum(map(bool, (self.sections, self.tags, self.all_but))) > 1:
            raise PydanticCustomError(
                "one_way_to_choose", "give only one of 'sections', 'tags' and 'all_but'"
            )
        return self


class Colour(Text):
    """A colour as ``#rrggbb``."""

    __slots__ = ()
    pattern = r"^#[0-9a-fA-F]{6}$"


class Theme(Content):
    """How a school makes the page its own, within what stays legible.

    ``text_size`` is in points.
    """

    accent: Colour | None = None
    logo: FileName | None = None
    logo_alt: Alt | None = None
    text_size: float | None = Field(default=None, ge=10, le=14)

    @model_validator(mode="after")
    def _logo_has_words(self) -> Self:
        if (self.logo is None) != (self.logo_alt is None):
            raise PydanticCustomError("logo_alt", "a logo needs both 'logo' and 'logo_alt'")
        return self


class Course(File):
    """A course that hands out guides; ``extends`` names a course whose fields hold unless given.

    ``handouts`` are comparisons printed alongside, narrowed as the guide of the course says. Each
    of ``themes``, such as large-print, gives every edition once more.
    """

    extends: Id | None = None
    title: Name
    code: Name | None = None
    instructor: Name | None = None
    term: Name | None = None
    institution: Name | None = None
    contact: Name | None = None
    language: Language | None = None
    formats: tuple[Literal["pdf", "html"], ...] = ()
    paper: Paper | None = None
    editions: tuple[Edition, ...] = ()
    theme: Theme | None = None
    themes: tuple[Id, ...] = ()
    handouts: tuple[Id, ...] = ()
    guides: dict[Id, CourseGuide] = Field(default_factory=dict)

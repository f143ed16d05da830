"""What several kinds of content file have in common: sections, facts, sources, terms."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from guidegen.models.base import Content, Date, Id, Inline, Name, Url
from guidegen.models.blocks import GENERATED, Block
from guidegen.origin import Text

Paper = Literal["letter", "a4"]


class Language(Text):
    """A language tag of BCP 47, with a script and a region where these matter: ``es-419``."""

    __slots__ = ()
    max_length = 15
    pattern = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"


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


class Source(Content):
    """Where a fact comes from. ``short`` is the name used in tables; ``accessed`` the day seen."""

    title: Name
    publisher: Name
    short: Name
    date: Date | Literal["undated"] = "undated"
    url: Url | None = None
    accessed: Date | None = None
    note: Inline | None = None


class Term(Content):
    """A word of the glossary."""

    term: Name
    expansion: Name | None = None
    text: Inline

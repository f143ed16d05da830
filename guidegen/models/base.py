"""What every content model has in common: text types, frozen models, and a walk over them."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from guidegen.origin import NOWHERE, Origin, Text

# Not a character that a content file may hold, so no author's key can ever collide with it.
ORIGIN_KEY = "\0origin"


class Id(Text):
    """The name by which content is referred to: lower-case words joined by hyphens."""

    __slots__ = ()
    max_length = 60
    pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"


class Name(Text):
    """A title or label on one line, without markup."""

    __slots__ = ()
    max_length = 300
    pattern = r"^[^\r\n]+$"


class Alt(Name):
    """What a picture shows, in words, for a reader who cannot see it."""

    __slots__ = ()
    max_length = 600


class Inline(Text):
    """Markdown that stays within one paragraph: emphasis, links, citations, references."""

    __slots__ = ()
    max_length = 5_000


class Markdown(Text):
    """Markdown of any length, with paragraphs, lists, tables and footnotes."""

    __slots__ = ()
    has_blocks = True


class Date(Text):
    """A date as exact as it is known: ``2023``, ``2023-05`` or ``2023-05-17``."""

    __slots__ = ()
    pattern = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

    @classmethod
    def check(cls, value: str) -> None:
        """Refuse a day that no calendar has."""
        try:
            cls(value).last_day()
        except ValueError:
            raise PydanticCustomError(
                "impossible_date", "no calendar has the date {date}", {"date": value}
            ) from None

    def last_day(self) -> datetime.date:
        """Return the last day that the date covers; ValueError when there is no such day."""
        match [int(part) for part in self.split("-")]:
            case [year, month, day]:
                return datetime.date(year, month, day)
            case [year, month]:
                return datetime.date(year, month, calendar.monthrange(year, month)[1])
            case [year, *_]:
                return datetime.date(year, 12, 31)
        raise ValueError(self)


class Url(Text):
    """A web address; only schemes that are safe on a student's device."""

    __slots__ = ()
    max_length = 2_000
    pattern = r"^https?://[^\s<>\"]+$"


class Content(BaseModel):
    """A frozen piece of content that knows where its author wrote it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    origin: SkipJsonSchema[Origin] = Field(
        default=NOWHERE, validation_alias=ORIGIN_KEY, exclude=True, repr=False
    )

    @model_validator(mode="before")
    @classmethod
    def _keep_origin(cls, data: Any) -> Any:
        origin = getattr(data, "origin", None)
        return {**data, ORIGIN_KEY: origin} if isinstance(data, dict) and origin else data


def walk(value: object) -> Iterator[Content | Text]:
    """Yield every model and every text inside ``value``, in the order of the file."""
    if isinstance(value, Text):
        yield value
    elif isinstance(value, Content):
        yield value
        for _, child in value:
            yield from walk(child)
    elif isinstance(value, (tuple, list)):
        for child in value:
            yield from walk(child)
    elif isinstance(value, dict):
        for child in value.values():
            yield from walk(child)


def kind_of(name: str) -> str:
    """Return the kind that a class name stands for: ``KeyPointsBlock`` gives ``key-points``."""
    words = re.findall(r"[A-Z][a-z0-9]*", name.removesuffix("Block").removesuffix("Question"))
    return "-".join(words).lower()

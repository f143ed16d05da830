"""Where a piece of content came from, so that every message can name file, line and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic_core import core_schema

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A place in a content file; ``line`` and ``column`` count from 1.

    ``file`` is relative to the project root, so that nothing of the machine reaches an output.
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Origin("<no file>")


class Text(str):
    """Text as typed in a content file, which knows where it stands.

    ``indent`` is the number of columns before each further line of a block scalar; ``None``
    means that the lines of the text are not the lines of the file (a folded or quoted scalar).
    """

    __slots__ = ("indent", "origin")
    max_length: ClassVar[int] = 100_000
    pattern: ClassVar[str | None] = None
    has_blocks: ClassVar[bool] = False

    origin: Origin
    indent: int | None

    def __new__(cls, value: str, origin: Origin = NOWHERE, indent: int | None = None) -> Self:
        text = super().__new__(cls, value)
        text.origin = origin
        text.indent = indent
        return text

    @classmethod
    def of(cls, value: str) -> Self:
        """Return ``value`` as this kind of text, keeping its origin."""
        if isinstance(value, cls):
            return value
        if isinstance(value, Text):
            return cls(value, value.origin, value.indent)
        return cls(value)

    @classmethod
    def check(cls, value: str) -> None:
        """Raise PydanticCustomError for a value that its pattern alone cannot refuse."""

    def locate(self, offset: int) -> Origin:
        """Return the place in the file of the character at ``offset``."""
        before = self[:offset]
        newlines = before.count("\n")
        if self.indent is None:
            column = 0 if newlines else offset
            return Origin(self.origin.file, self.origin.line, self.origin.column + column)
        column = self.indent + len(before) - (before.rfind("\n") + 1) + 1
        return Origin(self.origin.file, self.origin.line + newlines, column)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[Any], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        plain = core_schema.str_schema(min_length=1, max_length=cls.max_length, pattern=cls.pattern)

        def keep_origin(value: Any, validate: core_schema.ValidatorFunctionWrapHandler) -> Text:
            validate(value)
            cls.check(value)
            return cls.of(value)

        return core_schema.no_info_wrap_validator_function(
            keep_origin, plain, serialization=core_schema.to_string_ser_schema()
        )

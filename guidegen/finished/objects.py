"""Objects of a PDF as pikepdf gives them, which in a damaged file may be of any type."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf


def is_dictionary(value: Any) -> bool:
    """Say whether ``value`` is a dictionary."""
    return isinstance(value, pikepdf.Dictionary)


def items_of(value: Any) -> Iterator[Any]:
    """Yield what is in an array; anything else has nothing in it."""
    if isinstance(value, pikepdf.Array):
        yield from value.as_list()


def text_of(value: Any) -> str:
    """Return a string or name as text, a name without its slash; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, pikepdf.Name):
        # Bytes by the specification, and often in no encoding of today.
        return bytes(value).decode("utf-8", "replace").removeprefix("/")
    return str(value)

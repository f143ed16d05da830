"""The words of a block as they are printed, without their dress: for comparing two editions."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

from markupsafe import Markup

from guidegen.view.document import BlockView

_NOT_WORDS = {
    "align", "anchor", "file", "for_instructor", "is_short", "kind", "label", "lines", "origin",
    "question", "row_heads", "style", "title", "type", "width",
}  # fmt: skip
_ENDS = re.compile(r"</(?:p|li|t[hdr]|d[td]|h\d|div|[uo]l|blockquote|table)>|<br ?/?>")


def plain_text(view: BlockView) -> str:
    """Return what is to be read in a block, on one line; its label and title are left out."""
    return " ".join(" ".join(_texts(view)).split())


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Markup):
        yield Markup(_ENDS.sub(r"\g<0> ", str(value))).striptags()
    elif isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for child in value:
            yield from _texts(child)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name not in _NOT_WORDS:
                yield from _texts(getattr(value, field.name))

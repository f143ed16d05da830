"""Mends a fault in how the engine breaks lines: a line that ends after its first word.

Where a text just fills its line, and only the space or the letter-spacing at its end does not fit,
WeasyPrint 70 takes the line for one that can't be broken and keeps no more than its first word.
The larger the type, the more such lines there are.
"""

from __future__ import annotations

import functools
from math import inf
from typing import Any


def mend_line_breaks() -> None:
    """Let the engine break such lines before their last word instead."""
    from weasyprint.layout import inline

    if not hasattr(inline.split_first_line, "__wrapped__"):
        inline.split_first_line = _mended(inline.split_first_line)


def _mended(split: Any) -> Any:
    """Return ``split``, which gives ``(layout, length in bytes, where to resume, ...)``."""

    @functools.wraps(split)
    def split_mended(
        text: str, style: Any, context: Any, width: float | None, *rest: Any, **more: Any
    ) -> Any:
        line = split(text, style, context, width, *rest, **more)
        if line[2] is None or width is None or width == inf:
            return line
        if " " in text.encode()[: line[1]].decode().strip():
            return line
        # A sound line can't get longer in less room; what did not fit is less than an em.
        other = split(text, style, context, max(0, width - style["font_size"]), *rest, **more)
        return other if other[1] > line[1] else line

    return split_mended

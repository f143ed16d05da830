"""Text of languages that put no spaces between words, as our Markdown sets it.

A rule for markdown-it, in the place of its own for quotation marks. It works on tokens of that
library, which only ``markup`` imports.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from guidegen.letters import is_wide, without_line_ends


def set_without_spaces(state: Any) -> None:
    """Turn quotation marks in pairs, and close up where only a line of the file ends."""
    for token in state.tokens:
        marks = itertools.cycle(state.md.options["quotes"][:2])
        children = token.children or []
        for at, child in enumerate(children):
            if child.type == "text":
                pieces = child.content.split('"')
                quoted = "".join(part + next(marks) for part in pieces[:-1]) + pieces[-1]
                child.content = without_line_ends(quoted)
            elif child.type == "softbreak" and _is_among_wide(children, at):
                child.type, child.content = "text", ""


def _is_among_wide(tokens: Sequence[Any], at: int) -> bool:
    """Say whether a line of the file ends between wide characters, or beside a reference."""
    before = next((each.content[-1:] for each in tokens[at::-1] if each.content), "")
    after = next((each.content[:1] for each in tokens[at:] if each.content), "")
    return all(is_wide(letter) or letter in "[]" for letter in (before, after))

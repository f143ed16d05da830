"""Plain words for what is wrong with YAML, for authors who have never heard of its parser."""

from __future__ import annotations

import re
from typing import TypeAlias

from guidegen.budgets import MAX_SLOW_BYTES, MAX_WORD

Words: TypeAlias = tuple[str, str, str]
"""Code, message and hint."""


def syntax(said: str) -> tuple[Words, bool]:
    """Return words for what a parser ``said``, and whether they are about where that began."""
    for table, is_at_start in ((_WHERE_IT_BEGAN, True), (_WHERE_IT_STOPPED, False)):
        for pattern, words in table.items():
            if re.search(pattern, said):
                return words, is_at_start
    return _MISFIT, False


def _syntax(message: str, hint: str) -> Words:
    return "yaml-syntax", message, hint


OPEN_QUOTE = _syntax(
    "the quotation mark that opens here is closed only some lines below",
    "close it where the quotation ends, with the same mark",
)
OPEN_LIST = _syntax(
    "the list that begins here with '[' is not closed",
    "close it with ']', put commas between the items, and quote items that hold , : ? [ ]",
)
OPEN_PAIRS = _syntax(
    "what begins here with '{' is not closed",
    "close it with '}', put commas between the pairs, and quote text that begins with '{'",
)
EMPTY_HINT = "write a value or delete the line"
SLOW = (
    "too-large",
    f"a file of more than {MAX_SLOW_BYTES // 1000} kB takes too long to read with this in it",
    "replace tabs by spaces, put text that holds [ ] { } or ? in quotes, or split the file",
)
LONG_WORD = (
    "long-word",
    f"a word of more than {MAX_WORD:,} letters fits on no page",
    "put spaces into it, or take it out",
)
ESCAPE = ("no character has this number after '\\U'", "type the character itself")
SEVERAL = ("a second document begins here", "delete the line '---' or make a second file")
KEY = (
    "a key must be a word before ': '",
    "put text that begins with '{', '[', '?' or ':' in quotes",
)
MERGE = ("'<<' (taking over other keys) is not used here", "write the keys out")
DIRECTIVE = (
    "yaml-directive",
    "lines that begin with '%' are not used here",
    "delete the line",
)
_QUOTE_HINT = "put the text in quotes, or write it below a '|'"
TAG = ("yaml-tag", "text cannot begin with '!'", _QUOTE_HINT)

# Found in what the parser said; the place to show is where the construct began …
_WHERE_IT_BEGAN = {
    r"scanning an alias": ("yaml-alias", "text cannot begin with '*'", _QUOTE_HINT),
    r"scanning an anchor": ("yaml-alias", "text cannot begin with '&'", _QUOTE_HINT),
    r"a tag|tag handle": TAG,
    r"directive": DIRECTIVE,
    r"could not find expected ':'": _syntax(
        "this is neither 'key: value' nor a list item",
        (
            "write a ':' and a space after the key, or indent the line as deep as the text "
            "that it goes on with"
        ),
    ),
    r"found unexpected (end of stream|document separator)": _syntax(
        "the quotation mark that opens here is never closed", "close it with the same mark"
    ),
    r"scanning a block scalar": _syntax(
        "nothing may follow '|' or '>' on its line",
        "begin the text on the next line, or put text that begins with '|' or '>' in quotes",
    ),
    r"expected ',' or '\]'": OPEN_LIST,
    r"expected ',' or '\}'": OPEN_PAIRS,
}
# … or, for these, where the parser gave up.
_WHERE_IT_STOPPED = {
    r"found character '\\t'": (
        "yaml-tab",
        "a tab stands where only spaces may stand",
        "replace the tab by spaces; indent by two spaces a level",
    ),
    r"found character": _syntax("text cannot begin with '@', '`' or '%'", _QUOTE_HINT),
    r"mapping values are not allowed": _syntax(
        "a ':' is not expected here",
        (
            "put text that holds ': ' in quotes or below a '|'; if this is a new key, "
            "check the indentation of its line"
        ),
    ),
    r"mapping keys are not allowed": _syntax("text cannot begin with '? '", _QUOTE_HINT),
    r"sequence entries are not allowed": _syntax(
        "a list item cannot begin here",
        "begin the list on the line below its key, or put text that begins with '- ' in quotes",
    ),
    r"escape": _syntax(
        "in double quotes a backslash begins a special character, and this is none",
        "write two backslashes, or use single quotes",
    ),
    r"expected the node content": _syntax(
        "a value is missing here", "write one, or put text that begins with one of ] } , in quotes"
    ),
    r"but found '<scalar>'": _syntax(
        "this text comes after the end of a value",
        "in single quotes write '' for an apostrophe; else check the indentation",
    ),
}
_MISFIT = _syntax(
    "this line does not fit the lines above it",
    "indent it exactly as the other lines of its group, by two spaces a level",
)

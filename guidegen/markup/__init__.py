"""Our Markdown dialect: CommonMark with tables, definition lists and footnotes; raw HTML is off.

Added to it are references in square brackets, which an instructor can type and read:
``[@source]`` cites, ``[see:section]`` points (``[see!:section]`` fails where the section is left
out), ``[term:id]`` or ``[term:id|words]`` marks a word of the glossary, ``[fact:id]`` prints a
shared figure, ``[lang:es|palabras]`` holds words of another language; and ``[blank]`` leaves a gap
to fill in.
"""

from guidegen.markup.dialect import (
    LINK_SCHEMES,
    References,
    is_safe_link,
    segments_of,
    to_html,
    to_inline_html,
    to_plain,
)
from guidegen.markup.search import (
    Excess,
    Link,
    Reference,
    excesses_in,
    links_in,
    references_in,
    unused_footnotes_in,
)

__all__ = [
    "LINK_SCHEMES",
    "Excess",
    "Link",
    "Reference",
    "References",
    "excesses_in",
    "is_safe_link",
    "links_in",
    "references_in",
    "segments_of",
    "to_html",
    "to_inline_html",
    "to_plain",
    "unused_footnotes_in",
]

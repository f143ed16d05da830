"""Preflight: looks at the laid-out pages, since the engine cuts off without a word what is too big.

Each block on the page carries ``data-origin``, so a problem names the line of the content.
:mod:`.boxes` walks through the pages once and returns plain values, from which all checks, in the
table ``CHECKS``, are read.
"""

from guidegen.preflight.breaks import LEAST_LINES
from guidegen.preflight.checks import CHECKS, LEAST_SIZE, inspect
from guidegen.preflight.figures import LEAST_DPI
from guidegen.preflight.rows import lost_texts, tallest_row
from guidegen.preflight.verdict import Verdict, settle, together

__all__ = [
    "CHECKS",
    "LEAST_DPI",
    "LEAST_LINES",
    "LEAST_SIZE",
    "Verdict",
    "inspect",
    "lost_texts",
    "settle",
    "tallest_row",
    "together",
]

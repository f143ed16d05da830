"""Preflight: looks at the laid-out pages, since the engine cuts off without a word what is too big.

Each block on the page carries ``data-origin``, so a problem names the line of the content.
:func:`survey` walks through the pages once and returns plain values; all checks, in the table
``CHECKS``, and the facts of a proof are read from these.
"""

from guidegen.preflight.boxes import survey
from guidegen.preflight.checks import CHECKS, LEAST_SIZE, inspect, problems_of
from guidegen.preflight.facts import Facts, PageFacts, facts_of
from guidegen.preflight.rows import lost_texts, tallest_row
from guidegen.preflight.sheets import Survey
from guidegen.preflight.verdict import Verdict, settle, together

__all__ = [
    "CHECKS",
    "LEAST_SIZE",
    "Facts",
    "PageFacts",
    "Survey",
    "Verdict",
    "facts_of",
    "inspect",
    "lost_texts",
    "problems_of",
    "settle",
    "survey",
    "tallest_row",
    "together",
]

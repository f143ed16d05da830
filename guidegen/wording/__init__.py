"""Plain words for what pydantic says, at the exact places; instructors read these messages."""

from guidegen.wording.explaining import explain
from guidegen.wording.tables import FIGURE_FILE, PATTERNS, PROSE_FILE

__all__ = ["FIGURE_FILE", "PATTERNS", "PROSE_FILE", "explain"]

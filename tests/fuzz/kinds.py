"""All kinds of mutants, in one table."""

from __future__ import annotations

from . import in_bytes, in_fields, in_figures, in_files, in_names, in_texts, in_yaml
from .mutant import MUTATORS

# The table is filled when these are imported.
PLACES = (in_bytes, in_fields, in_figures, in_files, in_names, in_texts, in_yaml)
KINDS = sorted(MUTATORS)

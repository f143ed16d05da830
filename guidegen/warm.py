"""Imported by the process that workers are forked from, for what it brings into memory.

Whatever fails here fails again in a job, which then tells it as a problem.
"""

from contextlib import suppress

from guidegen.problems import RenderError
from guidegen.renderers.pdf import import_engine

with suppress(RenderError):
    import_engine()

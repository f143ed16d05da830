"""What becomes of problems with pages: they stop the file, or go with it as warnings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from guidegen.problems import Problem, RenderError

Verdict = Literal["stop", "warn"]


def together(of_pages: Sequence[Problem], of_engine: Sequence[Problem]) -> list[Problem]:
    """Return all problems, without what the engine said of faults that the pages show better."""
    codes = {problem.code for problem in of_pages}
    return [*of_pages, *(problem for problem in of_engine if problem.code not in codes)]


def settle(problems: Iterable[Problem], verdict: Verdict) -> tuple[Problem, ...]:
    """Return ``problems`` as warnings; where they stop the file, raises RenderError with them."""
    found = tuple(problems)
    if found and verdict == "stop":
        raise RenderError(found)
    return tuple(replace(problem, severity="warning") for problem in found)

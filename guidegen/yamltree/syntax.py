"""Where a file stopped being YAML, in plain words and where that began."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import yaml

from guidegen.budgets import MAX_SLOW_BYTES
from guidegen.origin import Origin
from guidegen.problems import Problem
from guidegen.yamltree import messages
from guidegen.yamltree.messages import Words

PURE = yaml.SafeLoader
# It makes a character of any number that is written as an escape.
FAILURES = (yaml.YAMLError, ValueError, OverflowError)
# A line within a quotation that was hardly meant to be part of it.
_STRUCTURE = re.compile(r"\n[ \t]*(?:- |(?:- +)?[a-z][a-z_-]*:(?:\s|$))")


def syntax_problem(error: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """Return what a parser gave up on, at the place where the mistake began if that is seen."""
    words, is_at_start = messages.syntax(f"{error.context or ''}: {error.problem or ''}")
    mark = (is_at_start and error.context_mark) or error.problem_mark or error.context_mark
    if mark and len(text) <= MAX_SLOW_BYTES:
        words, mark = _where_it_began(text, mark, words)
    origin = Origin(file, mark.line + 1, mark.column + 1) if mark else Origin(file)
    return Problem(origin, *words)


def _where_it_began(text: str, mark: yaml.Mark, words: Words) -> tuple[Words, yaml.Mark]:
    """Return better words and a better place for an error that the parser saw only at ``mark``.

    A quotation that is never closed is closed by the next mark, wherever that stands; a list that
    is never closed takes in the keys that follow.
    """
    quoted: yaml.Token | None = None
    brackets: list[yaml.Token] = []
    for token in _tokens_before(text, mark):
        if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
            brackets.append(token)
        elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
            del brackets[-1:]
        elif getattr(token, "style", None) in ("'", '"'):
            inside = text[token.start_mark.index : token.end_mark.index]
            quoted = token if _STRUCTURE.search(inside) else quoted
    if quoted and mark.line - quoted.end_mark.line <= 1:
        return messages.OPEN_QUOTE, quoted.start_mark
    inside = text[brackets[-1].start_mark.index : mark.index] if brackets else ""
    if _STRUCTURE.search(inside) or (inside and not text[mark.index :].strip()):
        is_list = isinstance(brackets[-1], yaml.FlowSequenceStartToken)
        return messages.OPEN_LIST if is_list else messages.OPEN_PAIRS, brackets[-1].start_mark
    return words, mark


def _tokens_before(text: str, mark: yaml.Mark) -> Iterator[yaml.Token]:
    scanner = PURE(text)
    with contextlib.suppress(*FAILURES):
        # The type stubs say nothing of it.
        while (token := scanner.get_token()) and token.start_mark.index < mark.index:  # type: ignore[no-untyped-call]
            yield token
    # Those that it has seen and not given out when it gave up.
    yield from (token for token in scanner.tokens if token.start_mark.index < mark.index)

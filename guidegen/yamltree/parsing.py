"""Which parser reads a file: the fast one, or the one that knows better what it had expected."""

from __future__ import annotations

import re

import yaml

from guidegen.budgets import MAX_SLOW_BYTES
from guidegen.problems import Problem
from guidegen.yamltree import messages
from guidegen.yamltree.cleaning import cleaned, place
from guidegen.yamltree.composer import Composer
from guidegen.yamltree.syntax import FAILURES, PURE, syntax_problem
from guidegen.yamltree.tree import Node

_DIRECTIVE = re.compile(r"(?:[ \t]*+(?:#[^\n]*+)?\n)*+%")
_IMPOSSIBLE_ESCAPE = re.compile(r"\\U(?!000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{8}")

_FAST = getattr(yaml, "CSafeLoader", PURE)
# libyaml accepts these and the pure parser does not (or the other way round): such a file is
# read by the pure one, so that a file is right or wrong on every machine alike.
_READ_DIFFERENTLY = re.compile(r"\t|\?[,\[\]{}]|[-:,\[{] *[\[{][^\n]{0,200}\?|[|>][-+0-9]*#")


def parse(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of a YAML text and its problems, none of them raised.

    The tree is None when the text could not be read to its end. ``file`` is the name that goes
    into the origins.
    """
    clean, problems = cleaned(text, file)
    if clean is None:
        return None, problems
    if directive := _DIRECTIVE.match(clean):
        origin = place(clean, directive.end() - 1, file)
        return None, [Problem(origin, *messages.DIRECTIVE)]
    # The parsers disagree on where a text without a last line end stops.
    clean = clean if clean.endswith("\n") else clean + "\n"
    odd = _READ_DIFFERENTLY.search(clean)
    is_long = len(clean) > MAX_SLOW_BYTES
    if odd and is_long:
        return None, [Problem(place(clean, odd.start(), file), *messages.SLOW)]
    if not odd and not is_long:
        try:
            return Composer(clean, file).compose(_FAST)
        except FAILURES:
            pass  # told below, by the parser that knows better what it had expected
    return _parse_and_tell(clean, file, _FAST if is_long else PURE)


def _parse_and_tell(
    text: str, file: str, loader: type[yaml.SafeLoader]
) -> tuple[Node | None, list[Problem]]:
    composer = Composer(text, file)
    try:
        return composer.compose(loader)
    except yaml.MarkedYAMLError as error:
        return None, [*composer.problems, syntax_problem(error, text, file)]
    except FAILURES:
        escape = _IMPOSSIBLE_ESCAPE.search(text)
        origin = place(text, escape.start() if escape else 0, file)
        return None, [*composer.problems, Problem(origin, "yaml-syntax", *messages.ESCAPE)]

"""What is in a text, with its places: references, links, footnotes, and what it has too much of."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from markdown_it.token import Token

from guidegen.budgets import MAX_COLUMNS, MAX_FOOTNOTES, MAX_NESTING, MAX_ROWS
from guidegen.markup.dialect import is_safe_link, permissive_parser
from guidegen.origin import Origin, Text


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference in a text; ``kind`` is cite, see, see!, term, fact, lang, blank or malformed."""

    kind: str
    target: str
    words: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Link:
    """A link or picture in a text."""

    target: str
    is_image: bool
    is_safe: bool
    origin: Origin


@dataclass(frozen=True, slots=True)
class Excess:
    """What a text has too much of; see :func:`excesses_in`."""

    kind: str
    origin: Origin


def references_in(text: Text) -> Iterator[Reference]:
    """Yield the references in ``text`` with their places."""
    if "[" not in text:
        return
    at = 0
    for token, start in _inline_tokens(text):
        if token.type != "reference":
            continue
        at = _find(text, token.content, max(at, start))
        origin = text.locate(at)
        at += len(token.content)
        for target in token.meta["targets"]:
            yield Reference(token.info, target, token.meta["words"], origin)


def links_in(text: Text) -> Iterator[Link]:
    """Yield the links and pictures that ``text`` asks for, safe or not, with their places."""
    if not any(sign in text for sign in ("](", "]:", "<")):
        return
    at = 0
    for token, start in _inline_tokens(text):
        if token.type not in ("link_open", "image"):
            continue
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        at = max(at, start)
        opening = text.find(f"]({target}", at)
        at = opening + 2 if opening >= 0 else _find(text, target, at)
        yield Link(target, token.type == "image", is_safe_link(target), text.locate(at))
        at += len(target) if text.startswith(target, at) else 0


def _find(text: str, words: str, start: int) -> int:
    """Return where ``words`` stand, from ``start`` on; ``start`` when they are typed otherwise."""
    found = text.find(words, start)
    return found if found >= 0 else start


def unused_footnotes_in(text: Text) -> Iterator[tuple[str, Origin]]:
    """Yield the footnotes that nothing in ``text`` refers to, which would vanish."""
    if "[^" not in text:
        return
    for label, number in _read(text).footnotes.items():
        if number < 0:
            name = label.removeprefix(":")
            yield name, text.locate(max(text.find(f"[^{name}]:"), 0))


def excesses_in(text: Text) -> Iterator[Excess]:
    """Yield what the page engine could not bear, each kind once at most.

    ``nesting``: more than MAX_NESTING elements in each other; ``footnotes``: more than
    MAX_FOOTNOTES in a paragraph; ``within``: as many marks within footnotes as must not
    be nested; ``columns`` and ``rows``: those of a table.
    """
    found: dict[str, int] = {}
    for kind, line in _excesses(_read(text).tokens):
        found.setdefault(kind, line)
    starts = _line_starts(text) if found else [0]
    for kind, line in found.items():
        yield Excess(kind, text.locate(starts[min(line, len(starts) - 1)]))


def _excesses(tokens: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """Yield each kind of excess with the line of the text, from 0, where it was seen."""
    depth = line = cells = rows = noted = 0
    is_note = False
    marked: dict[int, int] = {}  # the line of each footnote's mark
    for token in tokens:
        depth += token.nesting
        line = token.map[0] if token.map else line
        if token.type == "footnote_open":
            is_note, line = True, marked.get(token.meta["id"], line)
        is_note = is_note and token.type != "footnote_close"
        rows = 0 if token.type == "table_open" else rows + (token.type == "tr_open")
        cells = 0 if token.type == "tr_open" else cells + (token.type in ("th_open", "td_open"))
        marks, deepest = _marks_and_depth(token.children or ())
        marked.update(dict.fromkeys(marks, line))
        noted += len(marks) if is_note else 0
        sizes = {
            "nesting": (depth + deepest, MAX_NESTING),
            "footnotes": (len(marks), MAX_FOOTNOTES),
            "within": (noted, MAX_NESTING),
            "columns": (cells, MAX_COLUMNS),
            "rows": (rows, MAX_ROWS),
        }
        yield from ((kind, line) for kind, (size, limit) in sizes.items() if size > limit)


def _marks_and_depth(children: Sequence[Token]) -> tuple[list[int], int]:
    """Return the footnotes that a paragraph marks, and how deep its elements are nested."""
    depth = deepest = 0
    for child in children:
        depth += child.nesting
        deepest = max(deepest, depth)
    return [child.meta["id"] for child in children if child.type == "footnote_ref"], deepest


def _inline_tokens(text: Text) -> Iterator[tuple[Token, int]]:
    """Yield each token within a paragraph, with the offset in ``text`` where that begins."""
    starts = _line_starts(text)
    start = 0
    for token in _read(text).tokens:
        if token.map:
            start = starts[min(token.map[0], len(starts) - 1)]
        yield from ((child, start) for child in token.children or ())


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


class _Seen(NamedTuple):
    """What the parser that accepts everything made of a text."""

    tokens: list[Token]
    footnotes: Mapping[str, int]


def _read(text: Text) -> _Seen:
    return _seen(str(text), text.has_blocks)


# All checks look at one text before the next.
@functools.lru_cache(maxsize=4)
def _seen(text: str, has_blocks: bool) -> _Seen:
    """Parse a text as it will be rendered: as blocks, or as one paragraph."""
    env: dict[str, Any] = {}
    parser = permissive_parser()
    tokens = parser.parse(text, env) if has_blocks else parser.parseInline(text, env)
    return _Seen(tokens, env.get("footnotes", {}).get("refs", {}))

"""The events of a parser -> the tree of one file, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from guidegen.budgets import MAX_DEPTH, MAX_ITEMS, MAX_NODES, MAX_TOLD
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, first_few
from guidegen.yamltree import messages
from guidegen.yamltree.cleaning import ENDLESS, FORBIDDEN, character_words
from guidegen.yamltree.tree import Gap, Mapping, Node, Sequence, short


class _AbandonedError(Exception):
    """The rest of the file is not worth reading; the reason is among the problems."""


class Composer:
    """Makes the tree of one file from the events of a parser."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.text = text
        self.lines = text.split("\n")
        self.problems: list[Problem] = []
        self.nodes = 0
        self.events: Iterator[yaml.Event] = iter(())

    def compose(self, loader: type[yaml.SafeLoader]) -> tuple[Node | None, list[Problem]]:
        """Return tree and problems; raises what the parser raises."""
        self.events = iter(yaml.parse(self.text, Loader=loader))
        try:
            return self._document(), self.problems
        except _AbandonedError:
            return None, self.problems

    def _document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self.events:
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                self._abandon(self._origin(event), "several-documents", *messages.SEVERAL)
            if isinstance(event, yaml.NodeEvent) and not _is_empty(event):
                root = self._node(event, 1)
        if root is None:
            self._report(Origin(self.file), "empty-file", "the file is empty", "write its content")
        return root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            message = f"the file has more than {MAX_NODES:,} values"
            self._abandon(self._origin(event), "too-many", message, "split it into several files")
        if depth > MAX_DEPTH:
            message = f"lists and keys are nested more than {MAX_DEPTH} deep"
            self._abandon(self._origin(event), "too-deep", message, "check brackets and dashes")
        self._refuse_decoration(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(event, depth)
        return Gap("", self._origin(event))

    def _refuse_decoration(self, event: yaml.Event) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if anchor is not None:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            message = f"'{sign}{anchor}' is a YAML {'alias' if sign == '*' else 'anchor'}"
            hint = f"write the content out, or quote text that begins with '{sign}'"
            self._report(self._origin(event), "yaml-alias", message, hint)
        if tag is not None:
            self._report(self._origin(event), *messages.TAG)

    def _sequence(self, start: yaml.Event, depth: int) -> Sequence:
        items = Sequence(self._origin(start))
        for event in self._until(yaml.SequenceEndEvent):
            if len(items) == MAX_ITEMS:
                message = f"the list has more than {MAX_ITEMS:,} items"
                self._abandon(self._origin(event), "too-many", message, "divide the list")
            if _is_empty(event):
                message = "the list item has no value"
                items.append(self._gap(self._origin(event), message, messages.EMPTY_HINT))
            else:
                items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, start: yaml.Event, depth: int) -> Mapping:
        pairs = Mapping(self._origin(start))
        for event in self._until(yaml.MappingEndEvent):
            if len(pairs) == MAX_ITEMS:
                message = f"more than {MAX_ITEMS:,} keys stand beside each other"
                self._abandon(self._origin(event), "too-many", message, "divide the file")
            key = self._key(event, pairs, depth)
            value = self._value(key, next(self.events), depth)
            if key is not None:
                pairs[key] = value
                pairs.keys_at[key] = key.origin
        return pairs

    def _key(self, event: yaml.Event, pairs: Mapping, depth: int) -> Text | None:
        """Return the key, or None when the pair has to be left out."""
        origin = self._origin(event)
        key = self._node(event, depth + 1)
        if not isinstance(key, Text) or _is_empty(event):
            self._report(origin, "bad-key", *messages.KEY)
        elif isinstance(key, Gap):
            pass
        elif key == "<<" and _is_plain(event):
            self._report(origin, "yaml-merge", *messages.MERGE)
        elif key in pairs:
            message = f"the key {short(key)} stood here before, in line {pairs.keys_at[key].line}"
            self._report(key.origin, "duplicate-key", message, "keep one of the two")
        else:
            return key
        return None

    def _value(self, key: Text | None, event: yaml.Event, depth: int) -> Node:
        if not _is_empty(event):
            return self._node(event, depth + 1)
        if key is None:
            return Gap("")
        return self._gap(key.origin, f"the key {short(key)} has no value", messages.EMPTY_HINT)

    def _scalar(self, event: yaml.ScalarEvent) -> Text:
        text = self._located(event)
        # Only escapes can bring in what the check of the whole text has not seen.
        if event.style == '"' and (found := FORBIDDEN.search(text)):
            self._report(text.origin, *character_words(found[0]))
            return Gap(text, text.origin)
        if event.style == '"' and ENDLESS.search(text):
            self._report(text.origin, *messages.LONG_WORD)
            return Gap(text, text.origin)
        return text

    def _located(self, event: yaml.ScalarEvent) -> Text:
        origin = self._origin(event)
        if event.anchor is not None or event.tag is not None:
            return Text(event.value, origin)
        if event.style in ("|", ">"):
            return self._block_text(event.value, origin, is_literal=event.style == "|")
        quote = 0 if _is_plain(event) else 1
        return Text(event.value, Origin(self.file, origin.line, origin.column + quote))

    def _block_text(self, value: str, header: Origin, *, is_literal: bool) -> Text:
        rows = value.split("\n")
        blank = next((number for number, row in enumerate(rows) if row), None)
        if blank is None:
            return Text(value, header)
        source = self.lines[header.line + blank]
        if is_literal:
            indent = len(source) - len(rows[blank])
            return Text(value, Origin(self.file, header.line + 1, indent + 1), indent)
        column = len(source) - len(source.lstrip(" ")) + 1
        return Text(value, Origin(self.file, header.line + 1 + blank, column))

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self.events:
            if isinstance(event, end):
                return
            yield event

    def _origin(self, event: yaml.Event) -> Origin:
        mark = event.start_mark
        # Only the type stubs know events without a mark.
        return Origin(self.file, mark.line + 1, mark.column + 1) if mark else Origin(self.file)

    def _gap(self, origin: Origin, message: str, hint: str) -> Gap:
        self._report(origin, "empty-value", message, hint)
        return Gap("", origin)

    def _report(self, origin: Origin, code: str, message: str, hint: str) -> None:
        self.problems.append(Problem(origin, code, message, hint))
        if len(self.problems) > MAX_TOLD:
            self.problems = [*first_few(self.problems)]
            raise _AbandonedError

    def _abandon(self, origin: Origin, code: str, message: str, hint: str) -> None:
        self._report(origin, code, message, hint)
        raise _AbandonedError


def _is_plain(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style


def _is_empty(event: yaml.Event) -> bool:
    if not isinstance(event, yaml.ScalarEvent) or event.style or event.value:
        return False
    return event.tag is None and event.anchor is None

"""YAML text -> a tree in which every value knows its place; a strict and small part of YAML.

The tree is made from the parser's events, so that nothing is constructed or guessed: plain
scalars stay the text that was typed (``NO``, ``1:30``, ``1.10``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import yaml

from guidegen.origin import Origin, Text
from guidegen.problems import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
MAX_WORD = 1_000
_MAX_CHARACTERS_TOLD = 20

_BIDI = "\u202a-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
# Includes what YAML takes for line ends (U+0085, U+2028, U+2029) and editors do not: with them
# the lines of our messages would differ from the lines that an author sees.
_FORBIDDEN = re.compile(
    f"[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff{_BIDI}{_SURROGATES}]"
)
_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*%")
_IMPOSSIBLE_ESCAPE = re.compile(r"\\U(?!000[0-9A-Fa-f]|0010)[0-9A-Fa-f]{8}")

_PURE = yaml.SafeLoader
_FAST = getattr(yaml, "CSafeLoader", _PURE)
# The pure parser makes a character of any number that is written as an escape.
_FAILURES = (yaml.YAMLError, ValueError, OverflowError)
# libyaml accepts these and the pure parser does not (or the other way round): such a file is
# read by the pure one, so that a file is right or wrong on every machine alike.
_READ_DIFFERENTLY = re.compile(r"\t|\?[,\[\]{}]|[-:,\[{] *[\[{][^\n]{0,200}\?|[|>][-+0-9]*#")


class Mapping(dict[str, "Node"]):
    """Keys and values; ``origin`` is the place of the first key, ``keys_at`` that of each."""

    __slots__ = ("keys_at", "origin")

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin
        self.keys_at: dict[str, Origin] = {}


class Sequence(list["Node"]):
    """A list; ``origin`` is the place of its first dash or of its bracket."""

    __slots__ = ("origin",)

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin


class Gap(Text):
    """Stands for a value that was refused and told, so that nobody complains of it again."""

    __slots__ = ()


Node: TypeAlias = Mapping | Sequence | Text


def read_text(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """Return the text of a file with ``\\n`` line ends and no BOM, or None and what is wrong.

    Refused: more than MAX_BYTES, anything but UTF-8, control characters, endless words.
    """
    if len(data) > MAX_BYTES:
        message = f"the file is larger than {MAX_BYTES // 1_000_000} MB"
        return None, [Problem(Origin(file), "too-large", message, "split it into several files")]
    hint = "save the file with the encoding UTF-8"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:2].count(0) == 1:
        return None, [Problem(Origin(file), "not-utf8", "the file is saved as UTF-16", hint)]
    try:
        return _clean(data.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(data[: error.start].decode("utf-8"))
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 text"
        return None, [Problem(_place(before, len(before), file), "not-utf8", message, hint)]


def parse(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of a YAML text and its problems, none of them raised.

    The tree is None when the text could not be read to its end. ``file`` is the name that goes
    into the origins.
    """
    clean, problems = _clean(text, file)
    if clean is None:
        return None, problems
    if directive := _DIRECTIVE.match(clean):
        origin = _place(clean, directive.end() - 1, file)
        return None, [Problem(origin, *_DIRECTIVE_WORDS)]
    # The parsers disagree on where a text without a last line end stops.
    clean = clean if clean.endswith("\n") else clean + "\n"
    if not _READ_DIFFERENTLY.search(clean):
        try:
            return _Composer(clean, file).compose(_FAST)
        except _FAILURES:
            pass  # told below, by the parser that knows better what it had expected
    return _parse_slowly(clean, file)


def _parse_slowly(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    composer = _Composer(text, file)
    try:
        return composer.compose(_PURE)
    except yaml.MarkedYAMLError as error:
        return None, [*composer.problems, _syntax_problem(error, file)]
    except _FAILURES:
        escape = _IMPOSSIBLE_ESCAPE.search(text)
        origin = _place(text, escape.start() if escape else 0, file)
        return None, [*composer.problems, Problem(origin, "yaml-syntax", *_ESCAPE_WORDS)]


def _with_plain_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _clean(text: str, file: str) -> tuple[str | None, list[Problem]]:
    text = _with_plain_line_ends(text)
    problems = [
        Problem(_place(text, found.start(), file), *_character_words(found[0]))
        for found, _ in zip(_FORBIDDEN.finditer(text), range(_MAX_CHARACTERS_TOLD), strict=False)
    ]
    if max(map(len, text.split()), default=0) > MAX_WORD:
        problems += [
            Problem(_place(text, word.start(), file), *_LONG_WORD)
            for word in re.finditer(r"\S+", text)
            if len(word[0]) > MAX_WORD
        ]
    return (None if problems else text), problems


def _place(text: str, offset: int, file: str) -> Origin:
    line_start = text.rfind("\n", 0, offset) + 1
    return Origin(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def _character_words(character: str) -> tuple[str, str, str]:
    name = f"U+{ord(character):04X}"
    if re.match(f"[{_BIDI}]", character):
        code, what = "bidi-control", "an invisible character that turns the writing direction"
    elif re.match(f"[{_SURROGATES}]", character):
        code, what = "lone-surrogate", "half a character"
    else:
        code, what = "control-character", "an invisible control character"
    return code, f"here stands {what} ({name})", "delete it and type the text anew"


class _AbandonedError(Exception):
    """The rest of the file is not worth reading; the reason is among the problems."""


class _Composer:
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
                self._abandon(self._origin(event), "several-documents", *_SEVERAL_WORDS)
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
            self._report(self._origin(event), *_TAG_WORDS)

    def _sequence(self, start: yaml.Event, depth: int) -> Sequence:
        items = Sequence(self._origin(start))
        for event in self._until(yaml.SequenceEndEvent):
            if _is_empty(event):
                message = "the list item has no value"
                items.append(self._gap(self._origin(event), message, _EMPTY_HINT))
            else:
                items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, start: yaml.Event, depth: int) -> Mapping:
        pairs = Mapping(self._origin(start))
        for event in self._until(yaml.MappingEndEvent):
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
            self._report(origin, "bad-key", *_KEY_WORDS)
        elif isinstance(key, Gap):
            pass
        elif key == "<<" and _is_plain(event):
            self._report(origin, "yaml-merge", *_MERGE_WORDS)
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
        return self._gap(key.origin, f"the key {short(key)} has no value", _EMPTY_HINT)

    def _scalar(self, event: yaml.ScalarEvent) -> Text:
        text = self._located(event)
        # Only escapes can bring in what the check of the whole text has not seen.
        if event.style == '"' and (found := _FORBIDDEN.search(text)):
            self._report(text.origin, *_character_words(found[0]))
            return Gap(text, text.origin)
        if event.style == '"' and max(map(len, text.split()), default=0) > MAX_WORD:
            self._report(text.origin, *_LONG_WORD)
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

    def _abandon(self, origin: Origin, code: str, message: str, hint: str) -> None:
        self._report(origin, code, message, hint)
        raise _AbandonedError


def _is_plain(event: yaml.Event) -> bool:
    return isinstance(event, yaml.ScalarEvent) and not event.style


def _is_empty(event: yaml.Event) -> bool:
    if not isinstance(event, yaml.ScalarEvent) or event.style or event.value:
        return False
    return event.tag is None and event.anchor is None


def short(text: str) -> str:
    """Return ``text`` in quotes, cut after 40 characters."""
    return repr(str(text) if len(text) <= 40 else text[:39] + "…")


def _syntax_problem(error: yaml.MarkedYAMLError, file: str) -> Problem:
    words, is_at_start = _syntax_words(f"{error.context or ''}: {error.problem or ''}")
    mark = (is_at_start and error.context_mark) or error.problem_mark or error.context_mark
    origin = Origin(file, mark.line + 1, mark.column + 1) if mark else Origin(file)
    return Problem(origin, *words)


def _syntax_words(said: str) -> tuple[tuple[str, str, str], bool]:
    for table, is_at_start in ((_WHERE_IT_BEGAN, True), (_WHERE_IT_STOPPED, False)):
        for pattern, words in table.items():
            if re.search(pattern, said):
                return words, is_at_start
    return _MISFIT, False


def _syntax(message: str, hint: str) -> tuple[str, str, str]:
    return "yaml-syntax", message, hint


_EMPTY_HINT = "write a value or delete the line"
_LONG_WORD = (
    "long-word",
    f"a word of more than {MAX_WORD:,} letters fits on no page",
    "put spaces into it, or take it out",
)
_ESCAPE_WORDS = ("no character has this number after '\\U'", "type the character itself")
_SEVERAL_WORDS = ("a second document begins here", "delete the line '---' or make a second file")
_KEY_WORDS = (
    "a key must be a word before ': '",
    "put text that begins with '{', '[', '?' or ':' in quotes",
)
_MERGE_WORDS = ("'<<' (taking over other keys) is not used here", "write the keys out")
_DIRECTIVE_WORDS = (
    "yaml-directive",
    "lines that begin with '%' are not used here",
    "delete the line",
)
_QUOTE_HINT = "put the text in quotes, or write it below a '|'"
_TAG_WORDS = ("yaml-tag", "text cannot begin with '!'", _QUOTE_HINT)

# Found in what the parser said; the place to show is where the construct began …
_WHERE_IT_BEGAN = {
    r"scanning an alias": ("yaml-alias", "text cannot begin with '*'", _QUOTE_HINT),
    r"scanning an anchor": ("yaml-alias", "text cannot begin with '&'", _QUOTE_HINT),
    r"a tag|tag handle": _TAG_WORDS,
    r"directive": _DIRECTIVE_WORDS,
    r"could not find expected ':'": _syntax(
        "this is neither 'key: value' nor a list item",
        (
            "write a ':' and a space after the key, or indent the line as deep as the text "
            "that it goes on with"
        ),
    ),
    r"found unexpected (end of stream|document separator)": _syntax(
        "the quotation mark that opens here is never closed", "close it with the same mark"
    ),
    r"scanning a block scalar": _syntax(
        "nothing may follow '|' or '>' on its line",
        "begin the text on the next line, or put text that begins with '|' or '>' in quotes",
    ),
    r"expected ',' or '\]'": _syntax(
        "the list that begins here with '[' is not closed",
        "close it with ']', put commas between the items, and quote items that hold , : ? [ ]",
    ),
    r"expected ',' or '\}'": _syntax(
        "what begins here with '{' is not closed",
        "close it with '}', put commas between the pairs, and quote text that begins with '{'",
    ),
}
# … or, for these, where the parser gave up.
_WHERE_IT_STOPPED = {
    r"found character '\\t'": (
        "yaml-tab",
        "a tab stands where only spaces may stand",
        "replace the tab by spaces; indent by two spaces a level",
    ),
    r"found character": _syntax("text cannot begin with '@', '`' or '%'", _QUOTE_HINT),
    r"mapping values are not allowed": _syntax(
        "a ':' is not expected here",
        (
            "put text that holds ': ' in quotes or below a '|'; if this is a new key, "
            "check the indentation of its line"
        ),
    ),
    r"mapping keys are not allowed": _syntax("text cannot begin with '? '", _QUOTE_HINT),
    r"sequence entries are not allowed": _syntax(
        "a list item cannot begin here",
        "begin the list on the line below its key, or put text that begins with '- ' in quotes",
    ),
    r"escape": _syntax(
        "in double quotes a backslash begins a special character, and this is none",
        "write two backslashes, or use single quotes",
    ),
    r"expected the node content": _syntax(
        "a value is missing here", "write one, or put text that begins with one of ] } , in quotes"
    ),
    r"but found '<scalar>'": _syntax(
        "this text comes after the end of a value",
        "in single quotes write '' for an apostrophe; else check the indentation",
    ),
}
_MISFIT = _syntax(
    "this line does not fit the lines above it",
    "indent it exactly as the other lines of its group, by two spaces a level",
)

"""Bytes -> text: what no author can see, or no page can hold, is refused before it is parsed."""

from __future__ import annotations

import itertools
import re

from guidegen.budgets import MAX_BYTES, MAX_WORD
from guidegen.origin import Origin
from guidegen.problems import Problem
from guidegen.yamltree import messages
from guidegen.yamltree.messages import Words

_FEW = 20
_BIDI = "\u202a-\u202e\u2066-\u2069"
_SURROGATES = "\ud800-\udfff"
# Includes what YAML takes for line ends (U+0085, U+2028, U+2029) and editors do not: with them
# the lines of our messages would differ from the lines that an author sees.
FORBIDDEN = re.compile(
    f"[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff{_BIDI}{_SURROGATES}]"
)
ENDLESS = re.compile(rf"(?<!\S)\S{{{MAX_WORD + 1},}}")


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
        return cleaned(data.decode("utf-8"), file)
    except UnicodeDecodeError as error:
        before = _with_plain_line_ends(data[: error.start].decode("utf-8"))
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 text"
        return None, [Problem(place(before, len(before), file), "not-utf8", message, hint)]


def _with_plain_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def cleaned(text: str, file: str) -> tuple[str | None, list[Problem]]:
    """Return ``text`` with ``\\n`` line ends and no BOM, or None and what must not stand in it."""
    text = _with_plain_line_ends(text)
    problems = [
        Problem(place(text, found.start(), file), *character_words(found[0]))
        for found in itertools.islice(FORBIDDEN.finditer(text), _FEW)
    ]
    problems += [
        Problem(place(text, found.start(), file), *messages.LONG_WORD)
        for found in itertools.islice(ENDLESS.finditer(text), _FEW)
    ]
    return (None if problems else text), problems


def place(text: str, offset: int, file: str) -> Origin:
    """Return line and column of the character at ``offset``."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Origin(file, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def character_words(character: str) -> Words:
    """Return how a forbidden ``character`` is told; its number, since nobody can see it."""
    name = f"U+{ord(character):04X}"
    if re.match(f"[{_BIDI}]", character):
        code, what = "bidi-control", "an invisible character that turns the writing direction"
    elif re.match(f"[{_SURROGATES}]", character):
        code, what = "lone-surrogate", "half a character"
    else:
        code, what = "control-character", "an invisible control character"
    return code, f"here stands {what} ({name})", "delete it and type the text anew"

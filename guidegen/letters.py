"""What counts as a word or a letter in scripts that do it differently from Latin.

Chinese and Japanese put no spaces between words, and a line may end after nearly every character.
Vowel signs of Arabic, Hebrew and Devanagari are no letters to :mod:`re`, though they stand in the
midst of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Kana, Han and their punctuation, and the wide forms of Latin signs: each is as wide as it is high.
_WIDE = r"\u3000-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff60"
# Latin, Hebrew, Arabic and Devanagari signs above, below and after letters, and the joiners.
_MARKS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8"
    r"\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u200c\u200d"
)
LETTER = rf"(?:[^\W_]|[{_MARKS}])"
"""A regular expression for one letter, digit or sign of a word."""

WIDE = re.compile(f"[{_WIDE}]")
SHAPED = re.compile("[\u0590-\u0dff\ufb1d-\ufdff\ufe70-\ufefc]")
"""A letter of a script in which letters join, change places or run from right to left."""
WORD = re.compile(rf"{LETTER}+")
_LETTERS_TO_A_WORD = 2  # of Japanese, where a word has about as many

# A line begins with none of the first and ends with none of the second (JIS X 4051, its kinsoku).
_NOT_FIRST = (
    "、。，．・：；？！゛゜ヽヾゝゞ々ー）］｝〕〉》」』】％"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ"
)
_NOT_LAST = "（［｛〔〈《「『【"
_BREAK = re.compile(
    rf"\s+|(?<=-)|(?<=[{_WIDE}])(?<![{_NOT_LAST}])(?![{_NOT_FIRST}])"
    rf"|(?<![\s{_NOT_LAST}])(?=[{_WIDE}])(?![{_NOT_FIRST}])"
)


def parts_of(text: str) -> Iterator[str]:
    """Yield the parts of ``text`` that no line break can split, without spaces."""
    return filter(None, _BREAK.split(text))


def count_words(text: str) -> int:
    """Return the number of words; of Japanese, where none is marked, so many as it would have."""
    wide = len(WIDE.findall(text))
    return len(WIDE.sub(" ", text).split()) + -(-wide // _LETTERS_TO_A_WORD)


def without_line_ends(text: str) -> str:
    """Return ``text`` without spaces between two wide characters.

    There they come from the end of a line in a file; one that is meant is written U+3000.
    """
    return re.sub(rf"(?<=[{_WIDE}])[ \n]+(?=[{_WIDE}])", "", text)


def unspaced(text: str) -> str:
    """Return ``text`` without the spaces beside wide characters, which stand there for nothing."""
    return re.sub(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])", "", text)


def is_wide(letter: str) -> bool:
    """Say whether the letter is as wide as it is high."""
    return letter >= "\u3000" and WIDE.match(letter) is not None

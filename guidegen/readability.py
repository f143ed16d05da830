"""How long a text takes to read and how hard it is: words, minutes, Flesch's reading ease.

Words are counted for every language that divides them by spaces. Time and ease are given for
English alone, where their numbers were measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

WORDS_PER_MINUTE = 238
"""Adults reading English non-fiction in silence: M. Brysbaert, "How many words do we read per
minute?", Journal of Memory and Language 109 (2019), 104047. Most read 175 to 300."""

LEAST_WORDS = 100
"""Flesch measured on samples of a hundred words."""

# Flesch's own words for his scale, each from this number upwards.
_BANDS = (
    (90, "very easy"),
    (80, "easy"),
    (70, "fairly easy"),
    (60, "standard"),
    (50, "fairly difficult"),
    (30, "difficult"),
)
# Chinese, Japanese, Thai, Lao, Khmer, Burmese, Tibetan.
_WITHOUT_SPACES = frozenset(("zh", "ja", "th", "lo", "km", "my", "bo"))

_WORD = re.compile(r"[^\W\d_]+(?:['’‑-][^\W\d_]+)*")
_COUNTED = re.compile(r"[^\W_]")
_CITATION = re.compile(r"\s*\[[\d,;–\s-]+\]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z])")
_WHOLE = re.compile(r"[.!?…][\"'”’)\]]*$")
_SHORTEST = 3  # words; less is a label, such as "Note."

_SOUND = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?:(?<=[^aeiouyl])e|(?<=[aeiouy]l)e|(?<=[^aeiouytd])ed"
    r"|(?<=[^aeiouylscxz])es|(?<=[aeiouy]l)es|(?<=[aeiouy]th)es)$"
)
_TWO_SOUNDS = re.compile(
    r"(?<![cstgq])i(?:a|o|u(?!s$))|(?<=[cst])iat|eo|ua(?!r)|[aeiouy](?=ing$)|uou|[^s]sm$|thm$"
)


@dataclass(frozen=True, slots=True)
class Ease:
    """Flesch's reading ease, from about 0 to 100, or ``why_not`` it cannot be given."""

    score: float | None = None
    why_not: str = ""

    @property
    def band(self) -> str:
        """Flesch's word for the score."""
        score = self.score if self.score is not None else 0.0
        return next((word for least, word in _BANDS if score >= least), "very difficult")


def count_words(texts: Iterable[str], language: str) -> int | None:
    """Return how many words stand in ``texts``: what has a letter or digit between two spaces.

    None for a language that does not divide its words by spaces.
    """
    if _primary(language) in _WITHOUT_SPACES:
        return None
    return sum(bool(_COUNTED.search(word)) for text in texts for word in text.split())


def minutes_to_read(words: int | None, language: str) -> float | None:
    """Return the minutes that an adult takes for so many words; None for all but English."""
    if words is None or why_not_english(language):
        return None
    return round(words / WORDS_PER_MINUTE, 1)


def why_not_english(language: str) -> str:
    """Return why a number that holds for English is not given, or nothing where it is."""
    if not language:
        return "the file does not name its language"
    return "" if _primary(language) == "en" else "it is known for English alone"


def reading_ease(prose: Sequence[str] | None, language: str) -> Ease:
    """Return Flesch's reading ease of the whole sentences in ``prose``, which may be unknown.

    206.835 - 1.015 (words / sentences) - 84.6 (syllables / words): R. Flesch, "A new readability
    yardstick", Journal of Applied Psychology 32 (1948), 221-233. Headings, labels and whatever
    ends without a full stop are no sentences, and numbers no words.
    """
    if why_not := why_not_english(language):
        return Ease(why_not=why_not)
    if prose is None:
        return Ease(why_not="without tags, sentences cannot be told from tables")
    sentences = [words for text in prose for words in _sentences(text)]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < LEAST_WORDS:
        return Ease(why_not=f"there are fewer than {LEAST_WORDS} words of whole sentences")
    syllables = sum(map(count_syllables, words))
    per_sentence, per_word = len(words) / len(sentences), syllables / len(words)
    return Ease(round(206.835 - 1.015 * per_sentence - 84.6 * per_word, 1))


def count_syllables(word: str) -> int:
    """Return how many syllables an English word has, as far as its letters tell.

    Groups of vowels count, without silent endings and with those that are spoken as two; an
    abbreviation in capitals is spelt out. Of the words of the bundled guide 95 of 100 come
    out as in the CMU Pronouncing Dictionary, and their sum is 1 % below. (Counting the points at
    which Pyphen divides words is right for 89 of 100, and the sum 7 % below: patterns leave out
    places where a line must not end.)
    """
    if word.isupper():
        return len(word)
    spoken = re.sub(r"['’]s?$", "", word.lower())
    return max(1, len(_SOUND.findall(_SILENT.sub("", spoken))) + len(_TWO_SOUNDS.findall(spoken)))


def _sentences(text: str) -> Iterator[list[str]]:
    for sentence in _SENTENCE_END.split(_CITATION.sub("", text)):
        words = _WORD.findall(sentence)
        if _WHOLE.search(sentence.strip()) and len(words) >= _SHORTEST:
            yield words


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()

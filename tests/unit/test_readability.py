"""Words, minutes and reading ease."""

from __future__ import annotations

import pytest

from guidegen.readability import (
    WORDS_PER_MINUTE,
    Ease,
    count_syllables,
    count_words,
    minutes_to_read,
    reading_ease,
)

# 12 words, 15 syllables: a text of these has 206.835 - 1.015 * 12 - 84.6 * 15 / 12.
SENTENCE = "The patient was breathing and the crew gave him oxygen on scene."


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("scene", 1),
        ("cells", 1),
        ("dose", 1),
        ("moved", 1),
        ("treated", 2),
        ("table", 2),
        ("whole", 1),
        ("places", 2),
        ("patient", 2),
        ("being", 2),
        ("radio", 3),
        ("medical", 3),
        ("emergency", 4),
        ("technician", 3),
        ("license", 2),
        ("the", 1),
        ("patient’s", 2),
        ("EMS", 3),
        ("hmm", 1),
    ],
)
def test_syllables(word: str, syllables: int) -> None:
    assert count_syllables(word) == syllables


def test_words_are_what_stands_between_spaces_and_has_a_letter_or_digit() -> None:
    texts = ["A well-known rule [3]: 40 % of", "– • calls"]
    assert count_words(texts, "en-US") == 7
    assert count_words(["Straßen der Stadt"], "de") == 3


@pytest.mark.parametrize("language", ["ja", "zh-Hans", "th"])
def test_words_are_not_counted_where_no_spaces_divide_them(language: str) -> None:
    assert count_words(["救急医療"], language) is None
    assert minutes_to_read(None, language) is None


def test_minutes_are_given_for_english_alone() -> None:
    assert minutes_to_read(WORDS_PER_MINUTE * 3, "en-GB") == 3
    assert minutes_to_read(WORDS_PER_MINUTE * 3, "de") is None
    assert minutes_to_read(WORDS_PER_MINUTE * 3, "") is None


def test_ease_is_fleschs_formula() -> None:
    ease = reading_ease([SENTENCE] * 9, "en-US")
    syllables = sum(map(count_syllables, SENTENCE[:-1].split()))
    assert syllables == 16
    assert ease.score == round(206.835 - 1.015 * 12 - 84.6 * 16 / 12, 1) == 81.9
    assert ease.band == "easy"


def test_only_whole_sentences_count_for_ease() -> None:
    plain = reading_ease([SENTENCE] * 9, "en-US")
    labels = ["Note.", "unverifiable interdepartmental responsibilities", "Incomprehensibilities"]
    assert reading_ease([*labels, *[SENTENCE] * 9], "en-US") == plain
    # Two sentences in one paragraph, the first with a citation behind it, are two.
    together = SENTENCE.replace(".", " [3, 7]. ") + SENTENCE
    assert reading_ease([together] * 5, "en-US").score == plain.score


@pytest.mark.parametrize(
    ("prose", "language", "why_not"),
    [
        ([SENTENCE] * 9, "", "the file does not name its language"),
        ([SENTENCE] * 9, "de", "it is known for English alone"),
        (None, "en", "without tags, sentences cannot be told from tables"),
        ([SENTENCE] * 8, "en", "there are fewer than 100 words of whole sentences"),
    ],
)
def test_ease_is_not_given_without_a_reason(
    prose: list[str] | None, language: str, why_not: str
) -> None:
    ease = reading_ease(prose, language)
    assert (ease.score, ease.why_not) == (None, why_not)


@pytest.mark.parametrize(
    ("score", "band"), [(95, "very easy"), (60, "standard"), (29.9, "very difficult")]
)
def test_bands(score: float, band: str) -> None:

    assert Ease(score).band == band

"""Words, lines, widths, quotation marks and names in scripts that do them differently."""

from __future__ import annotations

import re

import pytest

from guidegen.composition import is_readable, longest_word, text_width
from guidegen.labels import question_key
from guidegen.letters import WORD, count_words, parts_of, unspaced
from guidegen.markup import to_plain
from guidegen.models import TrueFalseQuestion
from guidegen.project import bundled
from guidegen.worksheets.cloze import _WORD as CLOZE_WORD
from guidegen.worksheets.likeness import texts_alike


def test_a_japanese_line_may_end_between_letters_but_not_before_a_comma() -> None:
    assert list(parts_of("「海面」と、雨。")) == ["「海", "面」", "と、", "雨。"]
    assert list(parts_of("カップの水、water-cycle")) == [
        "カッ",
        "プ",
        "の",
        "水、",
        "water-",
        "cycle",
    ]


def test_latin_lines_end_where_they_did() -> None:
    text = "a well-known word, (with) signs—and a dash"
    assert list(parts_of(text)) == text.replace("-", "- ").split()


def test_a_japanese_sentence_is_not_one_long_word() -> None:
    sentence = "温度にかかわらず、液体の水が水蒸気になる"
    assert longest_word(sentence) == 2.0
    assert text_width(sentence) == len(sentence)
    assert is_readable([["段階", sentence, sentence]] * 2, 52)


@pytest.mark.parametrize(
    ("word", "width"),
    # Set in Mukta SemiBold and IBM Plex Sans Arabic SemiBold, by HarfBuzz.
    [("वाष्पोत्सर्जन", 4.11), ("तापमान", 2.71), ("المستشفى", 4.29), ("بالإنجليزية", 3.87)],
)
def test_widths_are_about_those_of_the_faces(word: str, width: float) -> None:
    assert text_width(word) == pytest.approx(width, rel=0.2)


def test_signs_of_vowels_belong_to_their_word() -> None:
    assert WORD.findall("पानी और हवा") == ["पानी", "और", "हवा"]
    assert WORD.findall("كتابٌ مفيد، نعم") == ["كتابٌ", "مفيد", "نعم"]
    assert [match[0] for match in CLOZE_WORD.finditer("ठंडी हवा")] == ["ठंडी", "हवा"]


def test_values_in_devanagari_are_compared_by_words() -> None:
    assert texts_alike("पानी", "ठंडा पानी", {})
    assert not texts_alike("पानी", "पाना", {})


def test_words_are_counted_where_none_is_marked() -> None:
    assert count_words("one two") == 2
    assert count_words("水は地球をめぐる") == 4
    assert count_words("水 water") == 2


def test_spaces_beside_wide_letters_mean_nothing() -> None:
    assert unspaced("水は 地球 を a b") == "水は地球をa b"


@pytest.mark.parametrize(
    ("language", "quoted"),
    [
        ("de", "„a ‚b‘ c“"),
        ("de-CH", "«a ‹b› c»"),
        ("fr", "«\xa0a “b” c\xa0»"),
        ("es", "«a “b” c»"),
        ("es-MX", "«a “b” c»"),
        ("pt", "“a ‘b’ c”"),
        ("ar", "«a ‹b› c»"),
        ("hi", "“a ‘b’ c”"),
        ("ja", "「a 'b' c」"),
    ],
)
def test_each_language_has_its_quotation_marks(language: str, quoted: str) -> None:
    assert to_plain("\"a 'b' c\"", language) == quoted


def test_japanese_quotation_marks_turn_in_pairs() -> None:
    assert (
        to_plain('質問は"水は減るか"と"なぜか"です', "ja") == "質問は「水は減るか」と「なぜか」です"
    )


def test_the_end_of_a_line_in_a_file_is_no_space_in_japanese() -> None:
    assert to_plain("水は\n地球を めぐる", "ja") == "水は地球をめぐる"
    assert to_plain("水は water\ncycle です", "ja") == "水は water\ncycle です"


def test_questions_in_other_scripts_have_keys_of_their_own() -> None:
    keys = [
        question_key(TrueFalseQuestion.model_validate(question))[1]
        for question in (
            {"type": "true-false", "question": "海は青い。", "answer": True},
            {"type": "true-false", "question": "هل البحر أزرق؟", "answer": True},
            {"type": "true-false", "question": "Is the café blue?", "answer": True},
        )
    ]
    assert keys == ["海は青い", "هل-البحر-أزرق", "is-the-caf-blue"]


def test_style_sheets_say_start_and_end() -> None:
    """Left and right stay where paper itself has sides: page margins, and cards to be cut."""
    sheets = bundled() / "templates" / "css"
    found = [
        f"{name}: {rule}"
        for name in ("base", "components", "page", "screen")
        for rule in re.findall(r"[^{}]+{[^{}]*}", (sheets / f"{name}.css").read_text())
        if re.search(
            r"(?<![-\w@])(?:\w+-)?(?:left|right)(?:-\w+)?:|(?:float|align): (?:left|right)", rule
        )
    ]
    assert [rule for rule in found if not re.search(r"\.(card|back|how)|@page|@foot", rule)] == []

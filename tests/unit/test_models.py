"""Content models: strict, frozen, and each value knows where it stands."""

from __future__ import annotations

import datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from guidegen import models
from guidegen.models import (
    Block,
    Content,
    Date,
    Fact,
    File,
    Guide,
    Id,
    MultipleChoiceQuestion,
    Name,
    ProseBlock,
    Question,
    Section,
    Url,
    base,
    kind_of,
    walk,
)
from guidegen.models.blocks import Letter
from guidegen.origin import NOWHERE, Origin, Text

BLOCK: TypeAdapter[Any] = TypeAdapter(Block)
QUESTION: TypeAdapter[Any] = TypeAdapter(Question)
GUIDE = {
    "format": "1",
    "title": "T",
    "lead": "L",
    "edition": "2026",
    "sections": [{"id": "a", "title": "A", "blocks": [{"kind": "prose", "text": "Hello."}]}],
}


def allows(kind: type[Text], value: str) -> bool:
    try:
        TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("value", ["a", "emt", "trauma-care", "a1-2b", "911"])
def test_an_id_is_words_joined_by_hyphens(value: str) -> None:
    assert allows(Id, value)


@pytest.mark.parametrize(
    "value", ["", "A", "a_b", "-a", "a-", "a--b", "a b", "é", "a\n", "a" * 61, "a/b", "../a"]
)
def test_anything_else_is_no_id(value: str) -> None:
    assert not allows(Id, value)


@pytest.mark.parametrize("value", ["2023", "2023-05", "2023-05-17", "2024-02-29", "1999-12-31"])
def test_a_date_is_as_exact_as_it_is_known(value: str) -> None:
    assert allows(Date, value)


@pytest.mark.parametrize(
    "value", ["23", "2023-5", "2023-02-29", "2023-04-31", "05/17/2023", "2023-05-17 "]
)
def test_no_calendar_has_any_other_date(value: str) -> None:
    assert not allows(Date, value)


@pytest.mark.parametrize("value", ["2023-13", "2023-99", "2023-00", "2023-01-00", "2023-00-01"])
def test_no_calendar_has_any_other_month(value: str) -> None:
    assert not allows(Date, value)


@given(st.dates(min_value=datetime.date(1000, 1, 1), max_value=datetime.date(9998, 12, 31)))
def test_the_last_day_of_a_date(day: datetime.date) -> None:
    assert Date(day.isoformat()).last_day() == day
    month, year = Date(day.isoformat()[:7]).last_day(), Date(day.isoformat()[:4]).last_day()
    assert (month.year, month.month) == (day.year, day.month)
    assert (month + datetime.timedelta(days=1)).day == 1
    assert year == datetime.date(day.year, 12, 31)


@pytest.mark.parametrize("value", ["https://a.org", "http://a.org/b?c=1#d", "https://x/(y)"])
def test_a_url_leads_to_the_web(value: str) -> None:
    assert allows(Url, value)


@pytest.mark.parametrize(
    "value", ["a.org", "ftp://a.org", "javascript:x", "https://a b", 'https://a"b', "https://<a>"]
)
def test_a_url_leads_nowhere_else(value: str) -> None:
    assert not allows(Url, value)


def test_a_name_stands_on_one_line() -> None:
    assert allows(Name, "One line, *no markup*")
    assert not allows(Name, "two\nlines")
    assert not allows(Name, "two\r\n")
    assert not allows(Name, "")


def test_a_text_keeps_its_place_through_validation() -> None:
    origin = Origin("a.yaml", 3, 9)
    title = Text("T", origin, indent=4)
    guide = Guide.model_validate({**GUIDE, "title": title})
    assert isinstance(guide.title, Name)
    assert (guide.title.origin, guide.title.indent) == (origin, 4)
    assert guide.lead.origin == NOWHERE


@pytest.mark.parametrize(
    ("indent", "offset", "line", "column"),
    [(None, 0, 5, 3), (None, 2, 5, 5), (None, 4, 5, 3), (2, 1, 5, 4), (2, 3, 6, 3), (0, 5, 6, 3)],
)
def test_a_place_within_a_text(indent: int | None, offset: int, line: int, column: int) -> None:
    text = Text("ab\ncdef", Origin("a.yaml", 5, 3), indent)
    assert text.locate(offset) == Origin("a.yaml", line, column)


def test_a_text_is_compared_as_text() -> None:
    assert Text("a", Origin("a.yaml")) == "a"
    assert hash(Text("a")) == hash("a")


def every_model() -> list[type[Content]]:
    found = [getattr(models, name) for name in models.__all__]
    return [each for each in found if isinstance(each, type) and issubclass(each, Content)]


def test_models_refuse_what_they_do_not_know_and_cannot_be_changed() -> None:
    assert len(every_model()) > 35
    for model in every_model():
        assert model.model_config.get("extra") == "forbid"
        assert model.model_config.get("frozen") is True
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Guide.model_validate({**GUIDE, "subtitel": "x"})
    with pytest.raises(ValidationError, match="frozen"):
        Guide.model_validate(GUIDE).title = Name("other")


def test_lists_are_tuples_so_that_nothing_in_a_model_changes() -> None:
    guide = Guide.model_validate(GUIDE)
    assert isinstance(guide.sections, tuple)
    assert isinstance(guide.sections[0].blocks, tuple)
    assert isinstance(guide.sections[0].tags, tuple)


def test_every_kind_of_file_says_its_format() -> None:
    files = [model for model in every_model() if issubclass(model, File) and model is not File]
    assert len(files) >= 6
    for model in files:
        assert model.model_fields["format"].is_required()
    for wrong in ("2", 1, "", None):
        with pytest.raises(ValidationError):
            Guide.model_validate({**GUIDE, "format": wrong})


def test_a_place_is_no_content() -> None:
    guide = Guide.model_validate(GUIDE)
    assert "origin" not in guide.model_dump()
    assert "origin" not in str(Guide.model_json_schema())
    with pytest.raises(ValidationError):
        Guide.model_validate({**GUIDE, "origin": "here"})


def test_walking_yields_models_and_texts_in_the_order_of_the_file() -> None:
    section = Section.model_validate(
        {
            "id": "a",
            "title": "A",
            "blocks": [
                {
                    "kind": "table",
                    "caption": "C",
                    "columns": ["x", {"name": "y"}],
                    "rows": [["1", "2"]],
                },
                {"kind": "faq", "items": [{"question": "Q", "answer": "R"}]},
            ],
        }
    )
    texts = [str(part) for part in walk(section) if isinstance(part, Text)]
    assert texts == ["a", "A", "C", "x", "y", "1", "2", "Q", "R"]
    assert [part for part in walk(section) if isinstance(part, Section)] == [section]


def test_walking_goes_into_dictionaries() -> None:
    comparison = models.Comparison.model_validate(
        {
            "format": "1",
            "title": "T",
            "question": "Q",
            "subjects": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}],
            "criteria": [
                {"id": "c", "name": "C", "values": {"a": ["1"], "b": {"not_applicable": "n"}}}
            ],
        }
    )
    texts = [str(part) for part in walk(comparison) if isinstance(part, Text)]
    assert texts[-2:] == ["1", "n"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ProseBlock", "prose"),
        ("KeyPointsBlock", "key-points"),
        ("FaqBlock", "faq"),
        ("MultipleChoiceQuestion", "multiple-choice"),
    ],
)
def test_the_kind_is_the_name_of_the_class(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_the_type_of_a_question_is_the_name_of_its_class() -> None:
    questions = get_args(get_args(Question)[0])
    assert len(questions) == 6
    for question in questions:
        assert get_args(question.model_fields["type"].annotation) == (kind_of(question.__name__),)


def test_back_matter_is_a_section_of_generated_blocks_only() -> None:
    def section(*kinds: str) -> Section:
        blocks = [{"kind": kind, **({"text": "x"} if kind == "prose" else {})} for kind in kinds]
        return Section.model_validate({"id": "a", "title": "A", "blocks": blocks})

    assert section("answers").is_generated
    assert section("glossary", "sources").is_generated
    assert not section("prose").is_generated
    assert not section("prose", "sources").is_generated


def test_a_fact_has_place_source_and_dates() -> None:
    required = {name for name, field in Fact.model_fields.items() if field.is_required()}
    assert required == {"label", "value", "place", "source", "as_of", "review_by"}


@pytest.mark.parametrize(
    ("block", "error"),
    [
        ({"kind": "prose"}, "text_or_file"),
        ({"kind": "prose", "file": "a.md"}, "text_or_file"),
        ({"kind": "prose", "file": "../a.md"}, "string_pattern_mismatch"),
        ({"kind": "steps", "items": []}, "too_short"),
        ({"kind": "callout", "style": "loud", "text": "x"}, "literal_error"),
        ({"kind": "checklist", "items": ["x"], "lines": "11"}, "less_than_equal"),
        ({"kind": "figure", "file": "/a.svg", "alt": "x", "caption": "y"}, "string_pattern"),
        ({"kind": "figure", "file": "a.svg", "caption": "y"}, "missing"),
        (
            {"kind": "mnemonic", "word": "A", "letters": [{"letter": "A", "stands_for": "x"}]},
            "short",
        ),
        ({"kind": "table", "caption": "C", "columns": ["a", "b"], "rows": [["1"]]}, "uneven_row"),
        ({"kind": "table", "caption": "C", "columns": [], "rows": [["1"]]}, "too_short"),
        ({"kind": "answers", "items": ["x"]}, "extra_forbidden"),
        ({"kind": "nothing"}, "union_tag_invalid"),
    ],
)
def test_a_block_that_makes_no_sense_is_refused(block: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        BLOCK.validate_python(block)


@pytest.mark.parametrize(
    ("question", "error"),
    [
        ({"type": "multiple-choice", "options": ["x"], "answer": "A"}, "too_short"),
        (
            {"type": "multiple-choice", "options": ["x", "y"], "answer": "C"},
            "answer_without_option",
        ),
        ({"type": "multiple-choice", "options": ["x", "y"], "answer": "x"}, "string_pattern"),
        ({"type": "true-false", "answer": "perhaps"}, "bool_parsing"),
        ({"type": "short-answer", "answer": "x", "lines": "0"}, "greater_than_equal"),
        ({"type": "fill-in", "answers": ["x"]}, "blanks_and_answers"),
        ({"type": "matching", "pairs": [{"left": "x", "right": "y"}]}, "too_short"),
        ({"type": "ordering", "items": [str(number) for number in range(13)]}, "too_long"),
        ({"type": "ordering", "items": ["x", "y", " X "]}, "two items are the same"),
        (
            {
                "type": "matching",
                "pairs": [{"left": "a", "right": "x  y"}, {"left": "b", "right": "X y"}],
            },
            "two right-hand sides are the same",
        ),
        (
            {"type": "multiple-choice", "options": ["x", "y", "X"], "answer": "A"},
            "two options are the same",
        ),
    ],
)
def test_a_question_that_makes_no_sense_is_refused(question: dict[str, Any], error: str) -> None:
    with pytest.raises(ValidationError, match=error):
        QUESTION.validate_python({"question": "Q", **question})


def test_each_blank_has_its_answer() -> None:
    question = {"type": "fill-in", "question": "[blank] and [blank]", "answers": ["x", "y"]}
    assert QUESTION.validate_python(question).answers == ("x", "y")


def test_the_right_option_is_known_by_its_letter() -> None:
    question = MultipleChoiceQuestion.model_validate(
        {"type": "multiple-choice", "question": "Q", "options": ["x", "y", "z"], "answer": "B"}
    )
    assert question.options[question.answer_index] == "y"


def test_a_letter_of_a_mnemonic_is_a_few_signs_on_one_line() -> None:
    assert allows(Letter, "OPQR")
    assert not allows(Letter, "")
    assert not allows(Letter, "OPQRS")
    assert not allows(Letter, "A\n")


def test_only_texts_of_any_length_hold_blocks() -> None:
    kinds = [
        each for each in vars(base).values() if isinstance(each, type) and issubclass(each, Text)
    ]
    assert len(kinds) > 6
    assert [kind.__name__ for kind in kinds if kind.has_blocks] == ["Markdown"]


def test_a_block_is_for_everyone_unless_it_says_otherwise() -> None:
    assert ProseBlock.model_validate({"kind": "prose", "text": "x"}).audience == "everyone"
    block = ProseBlock.model_validate({"kind": "prose", "text": "x", "for": "instructor"})
    assert block.audience == "instructor"

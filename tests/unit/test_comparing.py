"""Comparisons: narrowed, put together, what agrees in them, and how that is drawn."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from guidegen.agreement import Plain, Quantity, agrees, digest_of, fold, quantities, quantity_of
from guidegen.comparing import Part, gather, narrow, slug
from guidegen.composition import measure_of, text_width
from guidegen.models import Comparison, Fact, Library
from guidegen.problems import RequestError
from guidegen.themes import PLAIN as LOOK
from guidegen.view.digest import digest_view
from guidegen.view.document import ColumnView, RowView, TableView, WideTableView
from guidegen.view.drawing import PLOT_WIDTH, fields, plot, wrapped
from guidegen.view.wide import spread

HOURS = Fact.model_validate(
    {
        "label": "Hours",
        "value": "120–150",
        "unit": "hours",
        "place": "US",
        "source": "book",
        "as_of": "2025",
        "review_by": "2030",
    }
)
USUAL = measure_of(LOOK)
PLAIN = Plain(Library(facts={"hours": HOURS}), "en-US")


def comparison_of(*criteria: dict[str, Any], subjects: str = "ab", **more: Any) -> Comparison:
    return Comparison.model_validate(
        {
            "format": "1",
            "title": "Letters",
            "question": "Which?",
            "subjects": [{"id": name, "name": name.upper()} for name in subjects],
            "criteria": [{"name": each["id"].capitalize()} | each for each in criteria],
        }
        | more
    )


def criterion(name: str, *values: Any, kind: str = "text", **more: Any) -> dict[str, Any]:
    pairs = dict(zip("abcdefgh", values, strict=False))
    return {"id": name, "kind": kind, "values": pairs} | more


NA = {"not_applicable": "none"}
UNITS = comparison_of(
    criterion("oxygen", "yes", "yes", kind="yes-no", group="Air"),
    criterion("tube", "no", "yes", kind="yes-no", group="Air"),
    criterion("drugs", "no", "partly", kind="yes-no"),
    criterion("crew", ("EMR", "EMT"), ("EMT", "Medic"), kind="list"),
    criterion("exam", NA, "State exam"),
    criterion("cost", "Low", "High", group="Training and exam"),
    criterion("colour", "**Red** [@book].", "red"),
)


# --- narrowing


def ids(comparison: Comparison) -> list[str]:
    return [str(each.id) for each in comparison.criteria]


def test_subjects_and_criteria_come_in_the_order_named() -> None:
    chosen = narrow(UNITS, Part(subjects=("b", "a"), criteria=("cost", "tube")), PLAIN)
    assert [str(each.id) for each in chosen.subjects] == ["b", "a"]
    assert ids(chosen) == ["cost", "tube"]


@pytest.mark.parametrize("group", ["Air", "air", "AIR"])
def test_a_group_is_known_by_its_name_in_any_case(group: str) -> None:
    assert ids(narrow(UNITS, Part(group=group), PLAIN)) == ["oxygen", "tube"]


def test_a_group_of_several_words_can_be_typed_without_spaces() -> None:
    assert slug("Training and exam") == "training-and-exam"
    assert ids(narrow(UNITS, Part(group="training-and-exam"), PLAIN)) == ["cost"]


def test_differences_only_leaves_out_what_agrees() -> None:
    chosen = narrow(UNITS, Part(differences_only=True), PLAIN)
    assert ids(chosen) == ["tube", "drugs", "crew", "exam", "cost"]


@pytest.mark.parametrize(
    ("part", "message"),
    [
        (Part(subjects=("a", "x")), "there is no subject 'x'"),
        (Part(criteria=("oxigen",)), "did you mean 'oxygen'"),
        (Part(group="Water"), "there is no group 'water'"),
        (Part(subjects=("a",)), "a comparison needs two subjects or more"),
        (Part(subjects=("a", "a")), "needs two subjects"),
        (Part(criteria=("cost",), group="Air"), "either criteria or a group"),
        (
            Part(criteria=("oxygen",), differences_only=True),
            "the subjects agree in all of these criteria; ",
        ),
    ],
)
def test_what_cannot_be_narrowed_is_said(part: Part, message: str) -> None:
    with pytest.raises(RequestError, match=re.escape(message)):
        narrow(UNITS, part, PLAIN)


# --- gathering


FILES = {
    "big": comparison_of(
        criterion("size", "1", "2", "3"), criterion("hue", "x", "y", "z"), subjects="abc"
    ),
    "other": comparison_of(
        {"id": "size", "values": {"a": "0", "d": "4"}},
        {"id": "taste", "values": {"a": "sweet", "d": "sour"}},
        subjects="ad",
    ),
    "small": comparison_of(criterion("size", "9", "8")),
}


def test_a_file_that_holds_all_subjects_wins_and_the_fullest_of_several() -> None:
    found = gather(["b", "a"], FILES, PLAIN.words)
    assert found.files == ("big",)
    assert [str(each.id) for each in found.comparison.subjects] == ["b", "a"]
    assert ids(found.comparison) == ["size", "hue"]


def test_else_files_are_merged_on_equal_criteria() -> None:
    found = gather(["a", "b", "d"], FILES, PLAIN.words)
    assert found.files == ("big", "other", "small")
    assert ids(found.comparison) == ["size"]
    values = found.comparison.criteria[0].values
    assert {str(key): str(value) for key, value in values.items()} == {"a": "1", "b": "2", "d": "4"}
    assert found.left_out == ("hue", "taste")
    assert found.comparison.title == "A, B and D side by side"
    assert found.comparison.remember == ()


def test_subjects_that_are_all_of_a_file_are_held_by_it() -> None:
    found = gather(["a", "b"], {"small": FILES["small"], "other": FILES["other"]}, PLAIN.words)
    assert (found.files, found.left_out) == (("small",), ())


def test_files_without_any_of_the_subjects_have_no_part_in_a_merged_comparison() -> None:
    strange = comparison_of(criterion("size", "7", "7"), subjects="xy").model_copy(
        update={"remember": ("not this",)}
    )
    found = gather(["b", "d"], {"aside": strange, **FILES}, PLAIN.words)
    assert found.files == ("big", "other", "small")
    merged = found.comparison
    assert merged.question == "What do they have in common, and where do they differ?"
    assert [str(each.id) for each in merged.subjects] == ["b", "d"]
    assert (merged.title, merged.remember) == ("B and D side by side", ())


def test_a_merged_criterion_keeps_what_the_first_file_says_of_it() -> None:
    first = comparison_of(criterion("size", "1", "2", group="First"), subjects="ab")
    other = comparison_of(
        {"id": "size", "group": "Second", "values": {"a": "0", "d": "4"}}, subjects="ad"
    )
    merged = gather(
        ["a", "d"],
        {"x": comparison_of(criterion("hue", "p", "q"), subjects="ab"), "first": first}
        | {"zother": other.model_copy(update={"subjects": other.subjects[1:]})},
        PLAIN.words,
    )
    assert merged.comparison.criteria[0].group == "First"


def test_where_nothing_is_shared_the_message_says_what_is_where() -> None:
    files = {
        "one": comparison_of(criterion("hue", "x", "y"), subjects="ab"),
        "two": comparison_of({"id": "size", "values": {"c": "1", "d": "2"}}, subjects="cd"),
        "uno": comparison_of(criterion("taste", "x", "y"), subjects="ab"),
    }
    with pytest.raises(RequestError) as refused:
        gather(["a", "c"], files, PLAIN.words)
    assert str(refused.value) == (
        "a and c share no criterion, so there is nothing to compare them by "
        "(a is in one, uno; c is in two; give their criteria the same ids)"
    )


def test_criteria_of_another_kind_or_unit_are_not_merged() -> None:
    other = comparison_of(
        {"id": "size", "unit": "cm", "values": {"a": "0", "d": "4"}}, subjects="ad"
    )
    with pytest.raises(RequestError, match="b and d share no criterion"):
        gather(["b", "d"], {"small": FILES["small"], "other": other}, PLAIN.words)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a"], "needs two subjects"),
        (["a", "a"], "needs two subjects"),
        (["a", "zz"], "there is no subject 'zz'"),
    ],
)
def test_subjects_that_cannot_be_gathered_are_said(names: list[str], message: str) -> None:
    with pytest.raises(RequestError, match=message):
        gather(names, FILES, PLAIN.words)


# --- what agrees


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("Red", "red.", True),
        ("**Red** [@book]", "red", True),
        ("a  b", "a b", True),
        ("[fact:hours]", "120–150 hours", True),
        ("[fact:hours]", "120–151 hours", False),
        (("x", "y"), ("Y", "X"), True),
        (("x", "y"), ("x",), False),
        (NA, NA, True),
        (NA, "none", False),
        ({"not_applicable": "other"}, NA, False),
    ],
)
def test_values_agree_when_they_say_the_same(first: Any, second: Any, same: bool) -> None:
    comparison = comparison_of(criterion("one", first, second))
    assert agrees(comparison.criteria[0], comparison.subjects, PLAIN) is same


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("44–60 hours", Quantity(44, 60, "hours")),
        ("1,000–2,000", Quantity(1000, 2000, "")),
        ("$104", Quantity(104, 104, "$")),
        ("39–43 %", Quantity(39, 43, "%")),
        ("12.5", Quantity(12.5, 12.5, "")),
        ("8 to 10 years", Quantity(8, 10, "years")),
        ("60-44", None),
        ("about 40", None),
        ("16 hours: 8 + 4 + 4", None),
        ("none", None),
    ],
)
def test_a_text_is_a_quantity_or_not(text: str, quantity: Quantity | None) -> None:
    assert quantity_of(text) == quantity


@pytest.mark.parametrize(
    ("values", "kind", "subjects"),
    [
        (("[fact:hours]", "200 hours", "9 hours"), "number", {"a", "b", "c"}),
        (("1", "2", NA), "number", {"a", "b"}),
        (("1", "2", "see there"), "number", {"a", "b"}),
        (("1", "2", "see there"), "text", set()),
        (("1 day", "2 hours", "3 hours"), "number", set()),
        (("1", NA, NA), "number", set()),
    ],
)
def test_numbers_share_a_scale_only_if_they_count_the_same(
    values: tuple[Any, ...], kind: str, subjects: set[str]
) -> None:
    comparison = comparison_of(criterion("one", *values, kind=kind), subjects="abc")
    found = quantities(comparison.criteria[0], comparison.subjects, PLAIN)
    assert set(found) == subjects


# --- the digest


def regions(comparison: Comparison) -> dict[str, list[str]]:
    digest = digest_of(comparison, PLAIN)
    return {"".join(sorted(part)): [*entries] for part, entries in digest.regions.items()}


def test_the_digest_of_two_subjects() -> None:
    assert regions(UNITS) == {
        "ab": ["Oxygen: yes", "Crew: EMT", "Colour: Red."],
        "b": ["Tube", "Drugs (partly)", "Crew: Medic", "Exam: State exam"],
        "a": ["Crew: EMR"],
    }
    assert digest_of(UNITS, PLAIN).differ == ("Cost",)


def test_the_digest_of_three_subjects_says_what_two_share() -> None:
    comparison = comparison_of(
        criterion("aed", "yes", "yes", "no", kind="yes-no"),
        criterion("care", "BLS", "BLS", "ALS"),
        criterion("tube", "no", "no", "no", kind="yes-no"),
        criterion("badge", "partly", "yes", "no", kind="yes-no"),
        subjects="abc",
    )
    assert regions(comparison) == {"ab": ["Aed", "Care: BLS"], "abc": ["Tube: no"]}
    assert digest_of(comparison, PLAIN).differ == ("Care", "Badge")


def test_each_criterion_is_in_the_digest() -> None:
    digest = digest_of(UNITS, PLAIN)
    said = " ".join([*digest.differ, *(text for part in digest.regions.values() for text in part)])
    assert all(each.name in said for each in UNITS.criteria)


@pytest.mark.parametrize(("count", "has_digest"), [(2, True), (3, True), (4, False)])
def test_two_or_three_subjects_have_a_digest(count: int, has_digest: bool) -> None:
    comparison = comparison_of(criterion("one", *["same"] * count), subjects="abcd"[:count])
    assert (digest_view(comparison, PLAIN, "#000000", {}) is not None) is has_digest


def test_the_alternative_text_says_all_that_the_diagram_shows() -> None:
    figures: dict[str, Any] = {}
    view = digest_view(UNITS, PLAIN, "#000000", figures)
    assert view is not None
    assert view.diagram is not None
    drawn = " ".join(words_of(figures[view.diagram.name].data))
    for head, entries in view.parts:
        assert head in view.diagram.alt
        for entry in entries:
            assert entry in view.diagram.alt
            assert entry in drawn


def test_nothing_is_drawn_where_no_part_has_an_entry() -> None:
    figures: dict[str, Any] = {}
    view = digest_view(comparison_of(criterion("one", "x", "y")), PLAIN, "#000000", figures)
    assert view is not None
    assert (view.parts, view.diagram, figures) == ((), None, {})


# --- drawings

NAMESPACE = "{http://www.w3.org/2000/svg}"


def texts_of(svg: bytes) -> list[ElementTree.Element]:
    return ElementTree.fromstring(svg).findall(f"{NAMESPACE}text")


def words_of(svg: bytes) -> list[str]:
    return [(each.text or "").removeprefix("– ") for each in texts_of(svg)]


entries = st.lists(st.text("abcdefghij klmnop", min_size=1, max_size=90), max_size=5)


@given(st.integers(2, 3), st.data())
@settings(max_examples=60)
def test_text_in_a_diagram_is_never_small_and_never_outside(
    count: int, data: st.DataObject
) -> None:
    names = {name: name * 9 for name in "abc"[:count]}
    parts = [frozenset(part) for part in ("a", "b", "c", "ab", "ac", "bc", "abc")]
    parts = [part for part in parts if part <= set(names)]
    held = {part: data.draw(entries) for part in parts}
    drawing = fields(names, {part: "Only in " + "".join(part) for part in parts}, held, 490)
    for text in texts_of(drawing.svg):
        assert float(text.attrib["font-size"]) >= 9
        left = float(text.attrib["x"])
        assert left >= 0
        assert left + 9 * 1.06 * text_width(text.text or "") <= drawing.width
        assert 0 < float(text.attrib["y"]) <= drawing.height - 2
    said = "".join(words_of(drawing.svg)).replace(" ", "")
    assert all(entry.replace(" ", "") in said for part in held.values() for entry in part)


@given(st.text("abc defghi", max_size=200), st.floats(3, 30))
def test_wrapped_lines_fit_and_lose_nothing(text: str, room: float) -> None:
    lines = list(wrapped(text, room))
    assert all(text_width(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.floats(0, 5000), st.floats(0, 5000), st.floats(1, 5000))
def test_a_plot_stays_on_its_line(low: float, more: float, beyond: float) -> None:
    quantity = Quantity(low, low + more, "")
    svg = ElementTree.fromstring(plot(quantity, low + more + beyond).svg)
    for rect in svg.findall(f"{NAMESPACE}rect"):
        left, width = float(rect.attrib["x"]), float(rect.attrib["width"])
        assert 2.9 <= left <= left + width <= PLOT_WIDTH
    for dot in svg.findall(f"{NAMESPACE}circle"):
        assert 2.9 <= float(dot.attrib["cx"]) <= PLOT_WIDTH - 2.9


# --- in a guide


def table_of(columns: int, cell: str = "a few words") -> TableView:
    heads = [ColumnView(name=f"Column {at}", width=0) for at in range(columns + 1)]
    rows = [RowView(head="Group"), *[RowView(head="Row", cells=(Markup(cell),) * columns)] * 3]
    return TableView(
        kind="comparison",
        anchor="t",
        label="Table 1",
        caption="Caption",
        columns=tuple(heads),
        rows=tuple(rows),
        note=Markup("Note"),
    )


def test_a_table_that_fits_stays_one_table() -> None:
    table = table_of(3)
    view = spread(table, USUAL, PLAIN.words)
    assert type(view) is TableView
    assert view.rows == table.rows
    assert sum(column.width for column in view.columns) == pytest.approx(100)


def test_a_wide_table_gets_landscape_pages() -> None:
    wide = spread(table_of(6), USUAL, PLAIN.words)
    assert isinstance(wide, WideTableView)
    assert wide.more == ()
    assert sum(column.width for column in wide.columns) == pytest.approx(100)


def test_a_table_too_wide_for_landscape_is_split_with_its_row_heads() -> None:
    wide = spread(table_of(14), USUAL, PLAIN.words)
    assert isinstance(wide, WideTableView)
    tables = [wide, *wide.more]
    assert [table.caption for table in tables] == [
        "Caption, sheet 1 of 2",
        "Caption, sheet 2 of 2",
    ]
    assert [table.columns[0].name for table in tables] == ["Column 0"] * 2
    shown = [column.name for table in tables for column in table.columns[1:]]
    assert shown == [f"Column {at}" for at in range(1, 15)]
    assert [str(table.note) for table in tables] == ["", "Note"]
    for table in tables:
        assert all(len(row.cells) in (0, len(table.columns) - 1) for row in table.rows)

"""YAML becomes a tree with places, or problems with places; nothing is raised."""

from __future__ import annotations

import itertools

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from guidegen.budgets import MAX_BYTES, MAX_TOLD
from guidegen.origin import Origin, Text
from guidegen.problems import Problem
from guidegen.yamltree import Gap, Mapping, Node, Sequence, composer, parse, parsing, read_text

PARSERS = [
    pytest.param(yaml.SafeLoader, id="pure"),
    pytest.param(
        getattr(yaml, "CSafeLoader", None),
        id="libyaml",
        marks=pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML came without libyaml"),
    ),
]


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_FAST", request.param)


def mapping(text: str) -> Mapping:
    tree, problems = parse(text, "f.yaml")
    assert problems == []
    assert isinstance(tree, Mapping)
    return tree


def value(text: str) -> Text:
    found = mapping(text)["key"]
    assert isinstance(found, Text)
    return found


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.origin.line}:{problem.origin.column} {problem.code}" for problem in problems]


@pytest.mark.parametrize("typed", ["NO", "1:30", "1.10", "2023-05-17", "~", "null", "0x1F", "1e3"])
@pytest.mark.usefixtures("parser")
def test_plain_scalars_stay_the_text_that_was_typed(typed: str) -> None:
    assert value(f"key: {typed}\n") == typed


@pytest.mark.usefixtures("parser")
def test_mappings_sequences_and_keys_know_their_places() -> None:
    tree = mapping("# first\none: 1\ntwo:\n  - x\n  - {a: b}\nthree: [y]\n")
    two, three = tree["two"], tree["three"]
    assert tree.origin == Origin("f.yaml", 2, 1)
    assert tree.keys_at == {
        "one": Origin("f.yaml", 2, 1),
        "two": Origin("f.yaml", 3, 1),
        "three": Origin("f.yaml", 6, 1),
    }
    assert isinstance(two, Sequence)
    assert isinstance(three, Sequence)
    assert (two.origin, two[0].origin) == (Origin("f.yaml", 4, 3), Origin("f.yaml", 4, 5))
    assert (two[1].origin, three.origin) == (Origin("f.yaml", 5, 5), Origin("f.yaml", 6, 8))


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("key: plain\n", 1, 6),
        ('key: "double"\n', 1, 7),
        ("key: 'single'\n", 1, 7),
        ("key:\n  over two\n  lines\n", 2, 3),
        ("key: >\n  folded\n  text\n", 2, 3),
        ("key: >-\n\n\n    folded\n", 4, 5),
    ],
)
@pytest.mark.usefixtures("parser")
def test_other_text_begins_at_its_first_character(text: str, line: int, column: int) -> None:
    found = value(text)
    assert found.origin == Origin("f.yaml", line, column)
    assert found.indent is None


HEADERS = ["|", "|-", "|+", "|2", "|2-  # remark", "|  # remark"]
BODIES = ["  X one\n", "\n\n  X\n", "  a\n\n    deep X\n  b\n", "  é ü X\n"]


# With a number, the first line may be indented deeper than the rest.
@pytest.mark.parametrize(
    ("header", "body"), [*itertools.product(HEADERS, BODIES), ("|2", "     \n  X\n")]
)
@pytest.mark.usefixtures("parser")
def test_a_literal_block_locates_every_character_exactly(header: str, body: str) -> None:
    text = f"key: {header}\n{body}"
    found = value(text)
    place = found.locate(found.index("X"))
    assert found.origin.line == 2
    assert text.split("\n")[place.line - 1][place.column - 1] == "X"


@pytest.mark.usefixtures("parser")
def test_a_deeper_literal_block_has_its_own_indentation() -> None:
    tree = mapping("a:\n  - b: |\n      one\n        two\n")
    items = tree["a"]
    assert isinstance(items, Sequence)
    inner = items[0]
    assert isinstance(inner, Mapping)
    text = inner["b"]
    assert isinstance(text, Text)
    assert (text.origin, text.indent) == (Origin("f.yaml", 3, 7), 6)
    assert text.locate(text.index("two")) == Origin("f.yaml", 4, 9)


@pytest.mark.usefixtures("parser")
def test_an_empty_block_stands_where_its_sign_stands() -> None:
    found = value("key: |\n\n")
    assert (found, found.origin) == ("", Origin("f.yaml", 1, 6))


@pytest.mark.usefixtures("parser")
def test_a_byte_order_mark_and_windows_line_ends_are_accepted() -> None:
    found = value("\ufeffkey: |\r\n  one\r\n  two\r\n")
    assert found == "one\ntwo\n"
    assert found.locate(4) == Origin("f.yaml", 3, 3)


REFUSED = [
    ("a: &x 1\n", ["1:4 yaml-alias"]),
    ("a: 1\nb: *x\n", ["2:4 yaml-alias"]),
    ("a: **bold** text\n", ["1:4 yaml-alias"]),
    ("a: & b\n", ["1:4 yaml-alias"]),
    ("a: !str 1\n", ["1:4 yaml-tag"]),
    ("a: ! 1\n", ["1:4 yaml-tag"]),
    ("a: !e!x 1\n", ["1:4 yaml-tag"]),
    ("a: !!python/object:os.system x\n", ["1:4 yaml-tag"]),
    ("a: !!map {b: 1}\n", ["1:4 yaml-tag"]),
    ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key"]),
    ('a: 1\n"a": 2\n', ["2:2 duplicate-key"]),
    ("- " * 41 + "x\n", ["1:81 too-deep"]),
    ("[" * 900 + "\n", ["1:41 too-deep"]),
    ("a:\n  <<: {x: 1}\n", ["2:3 yaml-merge"]),
    ("? [a]\n: 1\n", ["1:3 bad-key"]),
    ("{a: 1}: 2\n", ["1:1 bad-key"]),
    ("?\n: 1\n", ["1:2 bad-key"]),
    ("a: 1\n---\nb: 1\n", ["2:1 several-documents"]),
    ("%YAML 1.2\n---\na: 1\n", ["1:1 yaml-directive"]),
    ("# 100%\n%FOO x\n---\na: 1\n", ["2:1 yaml-directive"]),
    ("a:\n\tb: 1\n", ["2:1 yaml-tab"]),
    ("a:\n  b: 1\n\tc: 2\n", ["3:1 yaml-tab"]),
    ("a:\n  - b\n  -\tc\n", ["3:4 yaml-tab"]),
    ("a:\t1\n", ["1:3 yaml-tab"]),
    ("a:\nb: 1\n", ["1:1 empty-value"]),
    ("a:\n  -\n  - x\n", ["2:4 empty-value"]),
    ("{a, b: }\n", ["1:2 empty-value", "1:5 empty-value"]),
    ("", ["1:1 empty-file"]),
    ("# only a remark\n", ["1:1 empty-file"]),
    ("---\n", ["1:1 empty-file"]),
    ("a: b\x07c\n", ["1:5 control-character"]),
    ("a: b\n#\0\n", ["2:2 control-character"]),
    ("a: b\n# \x85\n", ["2:3 control-character"]),
    ("a: b\n# \u2028\n", ["2:3 control-character"]),
    ("a: b\ufeff\n", ["1:5 control-character"]),
    ('a: "\\0"\n', ["1:5 control-character"]),
    ('"\\0origin": x\n', ["1:2 control-character"]),
    ("a: \u202eb\n", ["1:4 bidi-control"]),
    ("a: b\u2069\n", ["1:5 bidi-control"]),
    ('a: "\\u202e"\n', ["1:5 bidi-control"]),
    ("a: \ud800\n", ["1:4 lone-surrogate"]),
    ('a: "\\ud800"\n', ["1:5 lone-surrogate"]),
    ('a: "\\Uffffffff"\n', ["1:5 yaml-syntax"]),
    ("a: " + "x" * 1001 + "\n", ["1:4 long-word"]),
    ('a: "' + ("x" * 600 + "\\\n") * 2 + '"\n', ["1:5 long-word"]),
    ("a: b: c\n", ["1:5 yaml-syntax"]),
    ("a: 1\nbb\nc: 2\n", ["2:1 yaml-syntax"]),
    ('a: "xx\nb: 1\n', ["1:4 yaml-syntax"]),
    ("a: 'it's'\n", ["1:8 yaml-syntax"]),
    ("a: [1, 2\nb: 1\n", ["1:4 yaml-syntax"]),
    ("a: {x: 1\n", ["1:4 yaml-syntax"]),
    ("a: @x\n", ["1:4 yaml-syntax"]),
    ("a: `x`\n", ["1:4 yaml-syntax"]),
    ("a: ]\n", ["1:4 yaml-syntax"]),
    ("a: ? x\n", ["1:4 yaml-syntax"]),
    ("a: - b\n", ["1:4 yaml-syntax"]),
    ("a: > text\n", ["1:4 yaml-syntax"]),
    ('a: "\\q"\n', ["1:6 yaml-syntax"]),
    ("a:\n  b: 1\n c: 2\n", ["3:2 yaml-syntax"]),
    ("a: [Why?, How?]\n", ["1:4 yaml-syntax"]),
    ("a: &x\nb: !y z\nc:\n", ["1:4 yaml-alias", "2:4 yaml-tag", "3:1 empty-value"]),
]


@pytest.mark.parametrize(("text", "expected"), REFUSED)
@pytest.mark.usefixtures("parser")
def test_what_is_refused_is_told_at_its_place_with_a_hint(text: str, expected: list[str]) -> None:
    _, problems = parse(text, "f.yaml")
    assert told(problems) == expected
    assert all(problem.hint and problem.origin.file == "f.yaml" for problem in problems)


@pytest.mark.parametrize(("text", "expected"), REFUSED)
def test_no_message_speaks_as_the_parser_does(text: str, expected: list[str]) -> None:
    _, problems = parse(text, "f.yaml")
    words = " ".join(problem.message + problem.hint for problem in problems)
    assert len(problems) == len(expected)
    for jargon in ("scalar", "mapping", "sequence", "token", "block end", "node", "flow", "stream"):
        assert jargon not in words


def test_more_than_200_000_values_are_refused() -> None:
    row = f"- [{', '.join('a' * 49)}]\n"
    tree, problems = parse(row * 4_000, "f.yaml")
    assert tree is None
    assert told(problems) == ["4000:148 too-many"]


@pytest.mark.usefixtures("parser")
def test_a_list_of_more_than_5_000_items_is_refused() -> None:
    _, problems = parse("- a\n" * 5_000, "f.yaml")
    assert problems == []
    tree, problems = parse("- a\n" * 5_001, "f.yaml")
    assert (tree, told(problems)) == (None, ["5001:3 too-many"])


@pytest.mark.parametrize("text", ["-\n" * 4_000, "- &a b\n" * 4_000, "a: 1\n" * 4_000])
def test_a_flood_of_problems_ends_with_a_word_on_the_rest(text: str) -> None:
    tree, problems = parse(text, "f.yaml")
    assert tree is None
    assert len(problems) == MAX_TOLD + 1
    assert [problem.code for problem in problems].index("too-many-problems") == MAX_TOLD


def test_a_long_file_is_never_read_slowly() -> None:
    long = "a: b\n" + "# remark\n" * 60_000
    assert told(parse(long + "b: \tc\n", "f.yaml")[1]) == ["60002:4 too-large"]
    assert told(parse(long + "b: [\n", "f.yaml")[1]) == ["60003:1 yaml-syntax"]


@pytest.mark.usefixtures("parser")
def test_values_are_counted_alike_by_both_parsers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composer, "MAX_NODES", 2_000)
    assert parse("- a\n" * 1_999, "f.yaml")[1] == []
    tree, problems = parse("- a\n" * 2_000, "f.yaml")
    assert (tree, told(problems)) == (None, ["2000:3 too-many"])


@pytest.mark.usefixtures("parser")
def test_forty_levels_are_not_too_deep() -> None:
    _, problems = parse("- " * 39 + "x\n", "f.yaml")
    assert problems == []


@pytest.mark.usefixtures("parser")
def test_a_word_of_a_thousand_letters_is_accepted() -> None:
    assert value("key: " + "x" * 1000 + "\n") == "x" * 1000


def test_the_rest_of_a_tree_with_refused_values_is_kept() -> None:
    tree, problems = parse("a: 1\nb:\nc: *x\na: 2\nd: 3\n", "f.yaml")
    assert tree == {"a": "1", "b": "", "c": "", "d": "3"}
    assert isinstance(tree, Mapping)
    assert [key for key, kept in tree.items() if isinstance(kept, Gap)] == ["b", "c"]
    assert told(problems) == ["2:1 empty-value", "3:4 yaml-alias", "4:1 duplicate-key"]


def test_many_control_characters_do_not_flood_the_screen() -> None:
    _, problems = parse("\x07" * 5_000, "f.yaml")
    assert 0 < len(problems) < 50


def test_a_text_with_tabs_is_read_alike_with_and_without_libyaml(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "a: [\tx]\n"
    fast = parse(text, "f.yaml")
    monkeypatch.setattr(parsing, "_FAST", yaml.SafeLoader)
    assert parse(text, "f.yaml") == fast
    assert told(fast[1]) == ["1:5 yaml-tab"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: b\nc: d\xe9e\n", "2:5 not-utf8"),
        (b"a\r\nb\rc\xff", "3:2 not-utf8"),
        (b"a: \xed\xa0\x80\n", "1:4 not-utf8"),
        ("a: b\n".encode("utf-16"), "1:1 not-utf8"),
        ("a: b\n".encode("utf-16-be"), "1:1 not-utf8"),
        ("a: b\n".encode("utf-16-le"), "1:1 not-utf8"),
        (b"a: b\nc\0\n", "2:2 control-character"),
        ("one\n\u2066two".encode(), "2:1 bidi-control"),
        (b"one " + b"x" * 1001, "1:5 long-word"),
        (b" " * (MAX_BYTES + 1), "1:1 too-large"),
    ],
)
def test_bytes_that_are_no_sound_text_are_refused(data: bytes, expected: str) -> None:
    text, problems = read_text(data, "f.md")
    assert text is None
    assert told(problems) == [expected]
    assert all(problem.hint for problem in problems)


def test_sound_bytes_become_text_with_plain_line_ends() -> None:
    assert read_text(b"\xef\xbb\xbfone\r\ntwo\rthree\t\xc3\xa9\n", "f.md") == (
        "one\ntwo\nthree\té\n",
        [],
    )


SOUND = """format: 1
title: "A \\"b\\" c"
lead: >
  folded text

  para
sections:
  - id: a-b
    title: 'it''s'
    tags: [x, y-z]
    blocks:
      - kind: prose
        text: |
          Hello **x**

            indented
      - {kind: x, b: [1, {c: d}]}   # remark
"""
SIGNS = ":-?[]{},#&*!|>'\"%@` \n\t\r\0\ufeffé\u202e\ud800\u2028"
PIECES = st.sampled_from(
    [
        *SIGNS,
        ": ",
        "- ",
        "\n  ",
        "---\n",
        "...\n",
        "|2-\n",
        "<<: ",
        "?,",
        "%YAML 1.1\n",
        "\\U99999999",
        '"\\uD800"',
    ]
)
MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(SOUND)), st.integers(0, 8), PIECES | st.text(max_size=4)),
    max_size=6,
)


def mutated(changes: list[tuple[int, int, str]]) -> str:
    text = SOUND
    for start, length, piece in changes:
        text = text[:start] + piece + text[start + length :]
    return text


def assert_places_exist(problems: list[Problem], lines: int) -> None:
    for problem in problems:
        assert 1 <= problem.origin.line <= lines + 1
        assert problem.origin.column >= 1
        assert problem.message
        assert problem.hint


def places(node: Node | None) -> object:
    """Everything that a tree holds, in a form that can be compared."""
    if isinstance(node, Mapping):
        return node.origin, node.keys_at, [(key, places(inner)) for key, inner in node.items()]
    if isinstance(node, Sequence):
        return node.origin, [places(inner) for inner in node]
    return node if node is None else (str(node), node.origin, node.indent)


@given(changes=MUTATIONS)
@example(changes=[(0, len(SOUND), 'a: "\\U99999999"')])
@settings(deadline=None)
@pytest.mark.parametrize("loader", PARSERS)
def test_mutated_text_never_raises(
    loader: type[yaml.SafeLoader], changes: list[tuple[int, int, str]]
) -> None:
    text = mutated(changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parsing, "_FAST", loader)
        tree, problems = parse(text, "f.yaml")
    assert tree is not None or problems
    assert_places_exist(problems, len(text.replace("\r\n", "\n").replace("\r", "\n").split("\n")))


@given(data=st.binary(max_size=300))
@settings(deadline=None)
def test_random_bytes_never_raise(data: bytes) -> None:
    text, problems = read_text(data, "f.yaml")
    assert (text is None) == bool(problems)
    if text is not None:
        _, problems = parse(text, "f.yaml")
    assert_places_exist(problems, len(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")) + 1)


@given(width=st.integers(1, 6), rows=st.lists(st.text("ab é#:", min_size=1), min_size=1))
@settings(deadline=None)
def test_every_character_of_a_literal_block_is_found_in_the_file(
    width: int, rows: list[str]
) -> None:
    indent = " " * width
    rows = ["x", *rows]
    text = "key: |\n" + "".join(f"{indent}{row}\n" for row in rows)
    found, lines = value(text), text.split("\n")
    for offset, character in enumerate(found):
        place = found.locate(offset)
        assert character == "\n" or lines[place.line - 1][place.column - 1] == character


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="PyYAML came without libyaml")
@pytest.mark.parametrize("text", [SOUND, *(text for text, _ in REFUSED)])
def test_both_parsers_give_the_same_tree_and_problems(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree, problems = parse(text, "f.yaml")
    monkeypatch.setattr(parsing, "_FAST", yaml.SafeLoader)
    pure_tree, pure_problems = parse(text, "f.yaml")
    assert pure_problems == problems
    assert places(pure_tree) == places(tree)


OPEN = [
    ('a: "never closed\nb: 1\nc: "x"\nd: 2\n', "1:4", "quotation mark"),
    ("a: 1\nb: 'never closed\nc: it's\n", "2:4", "quotation mark"),
    ("- a: 'never closed\n- b: 'x'\n", "1:6", "quotation mark"),
    ("a: [\nb: 1\nc: 2\n", "1:4", "'['"),
    ("a: {\nb: 1\nc:\n  - d\n", "1:4", "'{'"),
    ("a: 1\nb: [\n", "2:4", "'['"),
]


@pytest.mark.parametrize(("text", "place", "sign"), OPEN)
def test_what_is_never_closed_is_told_where_it_opens(text: str, place: str, sign: str) -> None:
    _, problems = parse(text, "f.yaml")
    assert told(problems) == [f"{place} yaml-syntax"]
    assert sign in problems[0].message


def test_a_quotation_of_several_lines_is_not_blamed_for_what_comes_after() -> None:
    _, problems = parse("a: 'over\n  two lines'\nb: @x\n", "f.yaml")
    assert told(problems) == ["3:4 yaml-syntax"]

"""Files become a library; whatever is wrong with them is told at its place, in plain words."""

from __future__ import annotations

import base64
import datetime
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from fuzz.pictures import jpeg, png
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from guidegen import loader, models
from guidegen.budgets import MAX_FIGURE_BYTES
from guidegen.checks import check
from guidegen.loader import load
from guidegen.models import Id, Library, ProseBlock
from guidegen.origin import Origin, Text
from guidegen.problems import Problem
from guidegen.wording import PATTERNS

GUIDE = """format: 1
title: EMS and EMT
lead: What they are.
edition: 2025-05
sections:
  - id: basics
    title: Basics
    blocks:
"""
COMPARISON = """format: 1
title: A and B
question: Which is which?
subjects:
  - {id: a, name: A}
  - {id: b, name: B}
criteria:
  - id: role
    name: Role
    values:
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">\n'
PNG, JPEG = png(), jpeg()


def loaded(root: Path, files: dict[str, str | bytes]) -> tuple[Library, list[Problem]]:
    (root / "content").mkdir(exist_ok=True)
    for name, text in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load(root / "content", root)


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.origin} {problem.code}" for problem in problems]


def told_of_guide(root: Path, blocks: str) -> list[str]:
    """Load one guide with these blocks, which begin in line 9; return line:column code."""
    _, problems = loaded(root, {"guides/g.yaml": GUIDE + blocks})
    return [line.removeprefix("content/guides/g.yaml:") for line in told(problems)]


def test_every_kind_of_file_reaches_the_library(tmp_path: Path) -> None:
    library, problems = loaded(
        tmp_path,
        {
            "guides/g.yaml": GUIDE + "      - kind: prose\n        text: Hello.\n",
            "comparisons/c.yaml": COMPARISON + "      a: one\n      b: [two, three]\n",
            "courses/k.yaml": "format: 1\ntitle: K\nguides:\n  g:\n    sections: [basics]\n",
            "shared/facts.yaml": "format: 1\nfacts:\n  pay:\n    label: Pay\n    value: 1\n"
            "    place: US\n    source: bls\n    as_of: 2023\n    review_by: 2026\n",
            "shared/sources.yaml": "format: 1\nsources:\n  bls:\n    title: T\n"
            "    publisher: P\n    short: BLS\n",
            "shared/glossary.yaml": "format: 1\nterms:\n  ems:\n    term: EMS\n    text: All.\n",
            "figures/a.svg": SVG + "<path d='M0 0' fill='url(#g)'/><use href='#x'/></svg>",
            "figures/deep/b.png": PNG,
            "figures/c.JPG": JPEG,
            "schema/guide.json": "{}",
            "README.md": "read me",
            "guides/README.md": "read me",
            "guides/unused.md": "later",
            "guides/.hidden": "",
            "figures/README": "read me",
        },
    )
    assert problems == []
    assert list(library.guides) == ["g"]
    assert list(library.comparisons) == ["c"]
    assert list(library.courses) == ["k"]
    assert (list(library.facts), list(library.sources)) == (["pay"], ["bls"])
    assert list(library.glossary) == ["ems"]
    assert {name: asset.media_type for name, asset in library.figures.items()} == {
        "a.svg": "image/svg+xml",
        "c.JPG": "image/jpeg",
        "deep/b.png": "image/png",
    }
    assert library.figures["deep/b.png"].data == PNG


def test_models_and_texts_keep_their_places(tmp_path: Path) -> None:
    library, _ = loaded(
        tmp_path, {"guides/g.yaml": GUIDE + "      - kind: prose\n        text: |\n          Hi\n"}
    )
    block = library.guides["g"].sections[0].blocks[0]
    assert isinstance(block, ProseBlock)
    assert block.origin == Origin("content/guides/g.yaml", 9, 9)
    assert isinstance(block.text, Text)
    assert block.text.locate(1) == Origin("content/guides/g.yaml", 11, 12)


def test_an_empty_content_folder_is_an_empty_library(tmp_path: Path) -> None:
    assert loaded(tmp_path, {}) == (Library(), [])


@pytest.mark.parametrize("is_file", [True, False])
def test_a_missing_content_folder_is_told(tmp_path: Path, is_file: bool) -> None:
    if is_file:
        (tmp_path / "content").write_text("")
    library, problems = load(tmp_path / "content", tmp_path)
    assert (library, told(problems)) == (Library(), ["content:1:1 no-content"])


PROSE = "      - kind: prose\n        text: x\n"
TABLE = "      - kind: table\n        caption: C\n"
QUESTIONS = "      - kind: questions\n        items:\n          - "
COURSE = "format: 1\ntitle: K\nguides:\n  g:\n"
BLOCKS = [
    ("      - just text\n", ["9:9 wrong-type"]),
    ("      - kin: prose\n", ["9:9 missing-kind"]),
    ("      - kind: pros\n", ["9:15 unknown-kind"]),
    ("      - kind: [prose]\n", ["9:15 wrong-type"]),
    ("      - kind:\n", ["9:9 empty-value"]),
    ("      - kind: prose\n", ["9:9 text-or-file"]),
    (PROSE + "        titel: y\n", ["11:9 unknown-field"]),
    (PROSE + "        audience: instructor\n", ["11:9 unknown-field"]),
    (PROSE + "        for: teacher\n", ["11:14 not-a-choice"]),
    (PROSE + "        origin: y\n", ["11:9 unknown-field"]),
    ('      - kind: prose\n        text: ""\n', ["10:16 empty-value"]),
    ("      - kind: prose\n        text: [a]\n", ["10:15 wrong-type"]),
    (PROSE + "        id: A b\n", ["11:13 bad-id"]),
    (PROSE + "        tags: basics\n", ["11:15 wrong-type"]),
    (
        "      - kind: prose\n        text: x\n        title: |\n          y\n",
        ["12:11 several-lines"],
    ),
    ("      - kind: prose\n        file: ../x.md\n", ["10:15 bad-file-name"]),
    ("      - kind: steps\n        items: []\n", ["10:16 too-few"]),
    ("      - kind: steps\n        items: x\n", ["10:16 wrong-type"]),
    ("      - kind: steps\n        items:\n          - Note: x\n", ["11:13 wrong-type"]),
    ("      - kind: comparison\n        caption: [x]\n", ["9:9 missing-field", "10:18 wrong-type"]),
    ("      - kind: callout\n        style: warn\n        text: x\n", ["10:16 not-a-choice"]),
    ("      - kind: checklist\n        items: [x]\n        lines: 99\n", ["11:16 out-of-range"]),
    ("      - kind: checklist\n        items: [x]\n        lines: -1\n", ["11:16 out-of-range"]),
    ("      - kind: checklist\n        items: [x]\n        lines: ten\n", ["11:16 wrong-type"]),
    ("      - kind: checklist\n        items: [x]\n        lines: [1]\n", ["11:16 wrong-type"]),
    (
        "      - kind: figure\n        file: ä.svg\n        alt: x\n        caption: y\n",
        ["10:15 bad-file-name"],
    ),
    (
        TABLE + "        columns: [a, {nam: x}]\n        rows: [[a, b]]\n",
        [
            "11:22 missing-field",
            "11:23 unknown-field",
        ],
    ),
    (TABLE + "        columns: [a, [b]]\n        rows: [[a, b]]\n", ["11:22 wrong-type"]),
    (TABLE + "        columns: [a]\n        rows: [[{b: c}]]\n", ["12:17 wrong-type"]),
    (
        TABLE + "        columns: [a, b]\n        rows:\n          - [a, b]\n          - [a]\n",
        [
            "14:13 uneven-row",
        ],
    ),
    (
        TABLE + "        columns: [a]\n        rows: [[a]]\n        row_heads: maybe\n",
        [
            "13:20 wrong-type",
        ],
    ),
    (
        TABLE + f"        columns: [{'x, ' * 20}x]\n        rows: [[{'y, ' * 20}y]]\n",
        [
            "11:18 too-many",
        ],
    ),
    (QUESTIONS + "question: q\n", ["11:13 missing-type"]),
    (QUESTIONS + "type: true-fals\n", ["11:19 unknown-type"]),
    (
        QUESTIONS + "type: true-false\n            question: q\n            answer: maybe\n",
        [
            "13:21 wrong-type",
        ],
    ),
    (
        QUESTIONS + "type: multiple-choice\n            question: q\n"
        "            options: [a]\n            answer: 1\n",
        ["13:22 too-few", "14:21 bad-answer"],
    ),
    (
        QUESTIONS + "type: multiple-choice\n            question: q\n"
        "            options: [a, b]\n            answer: C\n",
        ["14:21 answer-without-option"],
    ),
    (
        QUESTIONS + "type: fill-in\n            question: a [blank]\n            answers: [a, b]\n",
        [
            "13:22 blanks-and-answers",
        ],
    ),
]


@pytest.mark.parametrize(("blocks", "expected"), BLOCKS)
def test_a_block_that_is_wrong_is_told_once_and_exactly(
    tmp_path: Path, blocks: str, expected: list[str]
) -> None:
    assert told_of_guide(tmp_path, blocks) == expected


OTHER_FILES: list[tuple[str, str, list[str]]] = [
    ("guides/g.yaml", "- a\n", ["1:1 wrong-type"]),
    (
        "guides/g.yaml",
        "title: x\n",
        [
            "1:1 format",
            "1:1 missing-field",
            "1:1 missing-field",
            "1:1 missing-field",
        ],
    ),
    ("courses/k.yaml", "format: 2\ntitle: x\nguides: {g: {sections: [a]}}\n", ["1:9 format"]),
    ("courses/k.yaml", "format: [1]\ntitle: x\nguides: {g: {sections: [a]}}\n", ["1:9 format"]),
    ("courses/k.yaml", "format:\ntitle: x\nguides: {g: {sections: [a]}}\n", ["1:1 empty-value"]),
    ("courses/k.yaml", "format: 1\ntitle: x\nguides: [g]\n", ["3:9 wrong-type"]),
    ("courses/k.yaml", "format: 1\ntitle: x\nguides:\n  G 1:\n    sections: [a]\n", ["4:3 bad-id"]),
    (
        "guides/g.yaml",
        GUIDE.replace("2025-05", "May 2025") + "      - kind: answers\n",
        [
            "4:10 bad-date",
        ],
    ),
    (
        "guides/g.yaml",
        GUIDE.replace("2025-05", "2025-02-30") + "      - kind: answers\n",
        [
            "4:10 bad-date",
        ],
    ),
    ("guides/g.yaml", GUIDE + "      - kind: answers\nlanguage: English\n", ["10:11 bad-language"]),
    (
        "guides/g.yaml",
        GUIDE.replace("EMS and", "x" * 301) + "      - kind: answers\n",
        [
            "2:8 too-long",
        ],
    ),
    (
        "comparisons/c.yaml",
        COMPARISON + "      a: {foo: 1}\n",
        [
            "11:10 missing-field",
            "11:11 unknown-field",
        ],
    ),
    ("comparisons/c.yaml", COMPARISON + "      a: [[b]]\n", ["11:11 wrong-type"]),
    ("comparisons/c.yaml", COMPARISON + '      a: ""\n', ["11:11 empty-value"]),
    ("comparisons/c.yaml", COMPARISON + "      B b: x\n", ["11:7 bad-id"]),
    ("comparisons/c.yaml", COMPARISON + "      a: {not_applicable: [x]}\n", ["11:27 wrong-type"]),
    ("comparisons/c.yaml", COMPARISON.replace("id: b", "id: B") + "      a: x\n", ["6:10 bad-id"]),
    ("comparisons/c.yaml", COMPARISON + "      a: x\n    kind: txt\n", ["12:11 not-a-choice"]),
    (
        "shared/sources.yaml",
        "format: 1\nsources:\n  a: {title: t, publisher: p, short: s, date: soon, url: ftp://x}\n",
        ["3:47 bad-date", "3:58 bad-url"],
    ),
    ("shared/sources.yaml", "format: 1\nsources: {a: x}\n", ["2:14 wrong-type"]),
    ("courses/k.yaml", COURSE + "    sections: [a]\n    tags: [b]\n", ["5:5 one-way-to-choose"]),
    (
        "courses/k.yaml",
        COURSE + "    insert:\n      - blocks: [{kind: answers}]\n",
        ["6:9 one-place"],
    ),
    (
        "courses/k.yaml",
        COURSE + "    replace:\n      glossary:\n        kind: prose\n        txt: x\n",
        ["8:9 unknown-field"],
    ),
    (
        "courses/k.yaml",
        COURSE + "    extra_sections:\n      - section: {id: x, title: y, blocks: [{kind: z}]}\n",
        ["6:52 unknown-kind"],
    ),
    (
        "courses/k.yaml",
        COURSE + "    facts: {pay: {label: 1, value: 2}}\n",
        ["5:18 missing-field"] * 4,
    ),
    ("courses/k.yaml", "format: 1\ntitle: K\nformats: [pdf, docx]\n", ["3:16 not-a-choice"]),
    ("courses/k.yaml", "format: 1\ntitle: K\ntheme: {accent: blue}\n", ["3:17 bad-colour"]),
    ("courses/k.yaml", "format: 1\ntitle: K\ntheme: {logo: a.svg}\n", ["3:8 logo-alt"]),
    ("courses/k.yaml", "format: 1\ntitle: K\ntheme: {text_size: 9}\n", ["3:20 out-of-range"]),
    ("courses/k.yaml", "format: 1\ntitle: K\ntheme: {text_size: nan}\n", ["3:20 out-of-range"]),
    ("courses/k.yaml", "format: 1\ntitle: K\ntheme: {text_size: big}\n", ["3:20 wrong-type"]),
]


@pytest.mark.parametrize(("name", "text", "expected"), OTHER_FILES)
def test_a_field_that_is_wrong_is_told_once_and_exactly(
    tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    library, problems = loaded(tmp_path, {name: text})
    assert told(problems) == [f"content/{name}:{line}" for line in expected]
    assert library == Library()


def test_messages_are_plain_words_with_a_hint(tmp_path: Path) -> None:
    problems: list[Problem] = []
    for number, (name, text, _) in enumerate(
        [*OTHER_FILES, *(("guides/g.yaml", GUIDE + blocks, []) for blocks, _ in BLOCKS)]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        problems += loaded(folder, {name: text})[1]
    words = " ".join(f"{problem.message} ({problem.hint})" for problem in problems)
    assert all(problem.hint for problem in problems)
    assert len(problems) >= len(OTHER_FILES) + len(BLOCKS)
    for jargon in ("Input", "valid", "tuple", "dict", "extra", "union", "keep_origin", "pattern"):
        assert jargon not in words
    assert "not allowed here (compare" not in words


@pytest.mark.parametrize(
    ("blocks", "message", "hint"),
    [
        ("      - kind: pros\n", "there is no kind of block 'pros'", "did you mean 'prose'?"),
        (
            "      - kind: prose\n        txt: x\n",
            "there is no field 'txt' here",
            "did you mean 'text'?",
        ),
        ("      - kind: steps\n        items: x\n", "expected a list, found 'x'", "after '- '"),
        ("      - kind: steps\n        items: [{a: b}]\n", "expected text, found", "in quotes"),
        (
            TABLE + "        columns: [[a]]\n",
            "expected text or 'key: value' lines, found a list",
            "",
        ),
        ("      - text: x\n", "the block has no 'kind'", "prose, objectives"),
        (QUESTIONS + "question: x\n", "the question has no 'type'", "multiple-choice, true-false"),
        (
            "      - kind: prose\n        file: x.txt\n",
            "'x.txt' is not the name of a .md",
            "history.md",
        ),
    ],
)
def test_what_is_said_helps_to_mend_it(
    tmp_path: Path, blocks: str, message: str, hint: str
) -> None:
    _, problems = loaded(tmp_path, {"guides/g.yaml": GUIDE + blocks})
    assert any(message in problem.message and hint in problem.hint for problem in problems)


def test_a_value_with_two_ways_to_be_right_tells_both(tmp_path: Path) -> None:
    source = "format: 1\nsources:\n  a: {title: t, publisher: p, short: s, date: soon}\n"
    _, [problem] = loaded(tmp_path, {"shared/sources.yaml": source})
    assert "2023-05-17" in problem.hint
    assert "'undated'" in problem.hint


def patterns_in(annotation: Any) -> Iterator[str]:
    if isinstance(pattern := getattr(annotation, "pattern", None), str):
        yield pattern
    for part in (*get_args(annotation), *getattr(annotation, "__metadata__", ())):
        yield from patterns_in(part)


def test_every_pattern_of_the_models_has_its_words() -> None:
    found = {
        pattern
        for model in vars(models).values()
        if isinstance(model, type) and issubclass(model, BaseModel)
        for field in model.model_fields.values()
        for part in (field.annotation, *field.metadata)
        for pattern in patterns_in(part)
    }
    assert len(found) >= 8
    assert found <= PATTERNS.keys()


def test_all_problems_of_all_files_come_in_one_pass_and_in_order(tmp_path: Path) -> None:
    library, problems = loaded(
        tmp_path,
        {
            "guides/b.yaml": "a: [\n",
            "guides/a.yaml": GUIDE + "      - kind: x\n      - kind: y\n",
            "guides/sound.yaml": GUIDE + "      - kind: answers\n",
            "courses/k.yaml": "a: &b c\n",
        },
    )
    assert list(library.guides) == ["sound"]
    assert [problem.origin for problem in problems] == sorted(p.origin for p in problems)
    assert {problem.origin.file for problem in problems} == {
        "content/courses/k.yaml",
        "content/guides/a.yaml",
        "content/guides/b.yaml",
    }
    assert loaded(tmp_path, {}) == (library, problems)


@pytest.mark.parametrize(
    "name", ["Guide.yaml", "my guide.yaml", "a_b.yaml", "é.yaml", "a" * 61 + ".yaml"]
)
def test_a_file_name_that_is_no_id_is_refused(tmp_path: Path, name: str) -> None:
    library, problems = loaded(tmp_path, {f"guides/{name}": GUIDE + "      - kind: answers\n"})
    assert told(problems) == [f"content/guides/{name}:1:1 bad-file-name"]
    assert library.guides == {}
    (problem,) = problems
    assert (problem.message, problem.hint, problem.severity) == (
        "the name of this file is no id",
        "use lower-case letters, digits and hyphens, such as my-guide.yaml",
        "error",
    )


def test_a_file_name_that_cannot_be_printed_is_told_readably(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "guides"
    folder.mkdir(parents=True)
    try:
        (folder / os.fsdecode(b"a\xff\n.yaml")).write_text("")
    except OSError:
        pytest.skip("this file system takes no such name")
    _, problems = load(tmp_path / "content", tmp_path)
    assert told(problems) == ["content/guides/a??.yaml:1:1 bad-file-name"]


RENAME = "let its name end with .yaml"
MOVE = "move it out of this folder, or let its name begin with a dot"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("guides/a.yml", RENAME),
        ("guides/a.txt", MOVE),
        ("guides/more/a.yaml", MOVE),
        ("comparisons/a.md", MOVE),
        ("courses/a.yaml~", MOVE),
        ("shared/fact.yaml", "did you mean 'facts.yaml'?"),
        ("shared/facts.yml", RENAME),
        ("figures/a.gif", MOVE),
        ("gides/a.yaml", "did you mean 'guides'?"),
    ],
)
def test_a_file_that_is_not_read_is_never_passed_over_in_silence(
    tmp_path: Path, name: str, hint: str
) -> None:
    _, [problem] = loaded(tmp_path, {name: ""})
    assert (problem.code, problem.severity) == ("unread-file", "warning")
    assert (problem.message, problem.hint) == ("this is not read", hint)


PROSE_FILE = "      - kind: prose\n        file: history.md\n"


def test_prose_from_a_file_keeps_its_places(tmp_path: Path) -> None:
    library, problems = loaded(
        tmp_path,
        {
            "guides/g.yaml": GUIDE + PROSE_FILE,
            "guides/history.md": "\ufeffOne\r\n\r\n  two [x]\r\n",
        },
    )
    assert problems == []
    block = library.guides["g"].sections[0].blocks[0]
    assert isinstance(block, ProseBlock)
    assert isinstance(block.text, Text)
    assert block.text == "One\n\n  two [x]\n"
    assert block.text.locate(block.text.index("[")) == Origin("content/guides/history.md", 3, 7)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"guides/histori.md": ""}, ["guides/g.yaml:10:15 missing-file"]),
        ({}, ["guides/g.yaml:10:15 missing-file"]),
        ({"guides/history.md": ""}, ["guides/history.md:1:1 empty-value"]),
        ({"guides/history.md": b"a\nb\xe9"}, ["guides/history.md:2:2 not-utf8"]),
        ({"guides/history.md": "a\u202e"}, ["guides/history.md:1:2 bidi-control"]),
        ({"guides/history.md/x": ""}, ["guides/history.md:1:1 unreadable"]),
    ],
)
def test_prose_from_an_unsound_file_is_refused(
    tmp_path: Path, files: dict[str, str | bytes], expected: list[str]
) -> None:
    library, problems = loaded(tmp_path, {"guides/g.yaml": GUIDE + PROSE_FILE, **files})
    assert told(problems) == [f"content/{line}" for line in expected]
    assert library.guides == {}


def test_a_course_takes_prose_from_a_file_beside_the_guides(tmp_path: Path) -> None:
    block = "{kind: prose, file: history.md}"
    course = f"{COURSE}    replace: {{a: {block}}}\n    insert: [{{after: b, blocks: [{block}]}}]\n"
    library, problems = loaded(tmp_path, {"courses/k.yaml": course, "guides/history.md": "Text."})
    changes = library.courses["k"].guides[Id("g")]
    blocks = [changes.replace[Id("a")], *changes.insert[0].blocks]
    assert problems == []
    assert [block.text for block in blocks if isinstance(block, ProseBlock)] == ["Text."] * 2


def test_a_misspelt_prose_file_is_suggested(tmp_path: Path) -> None:
    _, [problem] = loaded(tmp_path, {"guides/g.yaml": GUIDE + PROSE_FILE, "guides/histori.md": "x"})
    assert problem.hint == "did you mean 'histori.md'?"


def test_prose_has_either_text_or_file(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "guides/g.yaml": GUIDE + PROSE_FILE + "        text: x\n",
        "guides/history.md": "x",
    }
    assert told(loaded(tmp_path, files)[1]) == ["content/guides/g.yaml:10:9 text-or-file"]


@pytest.mark.parametrize(
    "name", ["guides/g.yaml", "guides/history.md", "shared/facts.yaml", "figures/a.png"]
)
def test_a_link_out_of_the_project_is_refused(tmp_path: Path, name: str) -> None:
    outside, root = tmp_path / "secret", tmp_path / "project"
    root.mkdir()
    outside.write_bytes(PNG)
    link = root / "content" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    files: dict[str, str | bytes] = (
        {"guides/g.yaml": GUIDE + PROSE_FILE} if name.endswith(".md") else {}
    )
    library, problems = loaded(root, files)
    assert told(problems) == [f"content/{name}:1:1 outside-project"]
    assert library == Library()


def test_a_link_within_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(PNG)
    (tmp_path / "content" / "figures").mkdir(parents=True)
    (tmp_path / "content" / "figures" / "a.png").symlink_to("../../picture.png")
    library, problems = loaded(tmp_path, {})
    assert (list(library.figures), problems) == (["a.png"], [])


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    figures = tmp_path / "content" / "figures"
    figures.mkdir(parents=True)
    (figures / "loop.png").symlink_to("loop.png")
    (figures / "gone.png").symlink_to("nowhere.png")
    os.mkfifo(figures / "pipe.png")
    (tmp_path / "content" / "guides" / "g.yaml").mkdir(parents=True)
    (tmp_path / "content" / "courses").write_text("")
    _, problems = load(tmp_path / "content", tmp_path)
    assert told(problems) == [
        "content/courses:1:1 unreadable",
        "content/figures/gone.png:1:1 unreadable",
        "content/figures/loop.png:1:1 unreadable",
        "content/figures/pipe.png:1:1 unreadable",
        "content/guides/g.yaml:1:1 unreadable",
    ]


def test_a_file_that_may_not_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, root: Path, limit: int) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(loader, "read_inside", refuse)
    folder = tmp_path / "content" / "guides"
    folder.mkdir(parents=True)
    (folder / "g.yaml").touch()
    _, [problem] = load(tmp_path / "content", tmp_path)
    assert told([problem]) == ["content/guides/g.yaml:1:1 unreadable"]
    assert problem.message == "this cannot be read: Permission denied"
    assert problem.hint == "check what it is and who may read it"


FIGURES: list[tuple[str, str | bytes, list[str]]] = [
    ("a.svg", SVG + "<script>x</script></svg>", ["2:1"]),
    ("a.svg", SVG + "<g>\n <a onclick='x'/></g></svg>", ["3:2"]),
    ("a.svg", SVG + "<foreignObject/></svg>", ["2:1"]),
    ("a.svg", SVG + "<p xmlns='http://www.w3.org/1999/xhtml'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<set attributeName='href' to='javascript:x'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<a href='https://example.org'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<image xlink:href='file:///etc/passwd'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<image href='data:image/svg+xml,x'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<a href=' javascript:x'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<style>@import 'x';</style></svg>", ["2:20"]),
    ("a.svg", SVG + "<path fill='url(http://x)'/></svg>", ["2:1"]),
    ("a.svg", SVG + "<path style='fill: u\\72l(x)'/></svg>", ["2:1"]),
    ("a.svg", "<!DOCTYPE svg [<!ENTITY a 'b'>]>\n" + SVG + "&a;</svg>", ["1:15"]),
    ("a.svg", "<?xml-stylesheet href='x'?>\n" + SVG + "</svg>", ["1:1"]),
    ("a.svg", SVG + "&a;</svg>", ["2:1"]),
    ("a.svg", SVG + "<g>\n</svg>", ["3:3"]),
    ("a.svg", "<html/>", ["1:1"]),
    ("a.svg", "<svg/>", ["1:1"]),
    ("a.svg", PNG, ["1:1"]),
    ("a.svg", "", ["1:1"]),
    ("a.svg", "<?xml version='1.0' encoding='utf-7'?><svg/>", ["1:1"]),
    ("a.png", JPEG, ["1:1"]),
    ("a.jpg", PNG, ["1:1"]),
    ("a.jpeg", SVG, ["1:1"]),
    ("a.png", PNG + bytes(MAX_FIGURE_BYTES), ["1:1"]),
]


@pytest.mark.parametrize(("name", "content", "places"), FIGURES)
def test_an_unsafe_or_unsound_figure_is_refused(
    tmp_path: Path, name: str, content: str | bytes, places: list[str]
) -> None:
    library, problems = loaded(tmp_path, {f"figures/{name}": content})
    assert told(problems) == [f"content/figures/{name}:{place} bad-figure" for place in places]
    assert library.figures == {}


@pytest.mark.parametrize(
    "content",
    [
        f"<image href='data:image/png;base64,{base64.b64encode(PNG).decode()}'/>",
        "<use xlink:href='#a'/>",
        "<path fill=\"url('#a')\" style='fill: url( #a )'/>",
        "<style>path { fill: url(#a) }</style>",
        "<text>onclick=x, url(x) and \\ are only text here</text>",
    ],
)
def test_a_harmless_svg_is_accepted(tmp_path: Path, content: str) -> None:
    library, problems = loaded(tmp_path, {"figures/a.svg": f"{SVG}{content}</svg>"})
    assert (list(library.figures), problems) == (["a.svg"], [])


def test_a_figure_that_no_guide_could_name_is_refused(tmp_path: Path) -> None:
    _, problems = loaded(tmp_path, {"figures/my figure.png": PNG})
    assert told(problems) == ["content/figures/my figure.png:1:1 bad-file-name"]


@pytest.mark.parametrize("name", ["con", "nul", "com1"])
def test_a_name_that_windows_keeps_for_a_device_is_refused(tmp_path: Path, name: str) -> None:
    _, problems = loaded(tmp_path, {f"courses/{name}.yaml": "format: 1\ntitle: T\n"})
    assert told(problems) == [f"content/courses/{name}.yaml:1:1 bad-file-name"]
    _, problems = loaded(tmp_path, {"courses/console.yaml": "format: 1\ntitle: T\n"})
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("budget", "value", "files", "expected"),
    [
        ("MAX_FILES", 1, {"figures/a.png": PNG, "figures/b.png": PNG}, "figures:1:1 too-many"),
        ("MAX_TEXT_BYTES", 9, {"courses/a.yaml": "format: 1\n"}, "courses/a.yaml:1:1 too-large"),
        ("MAX_FIGURES_BYTES", 9, {"figures/a.png": PNG}, "figures/a.png:1:1 too-large"),
        ("MAX_FOLDERS", 2, {"figures/a/b/c.png": PNG}, "figures/a/b:1:1 too-deep"),
    ],
)  # fmt: skip
def test_a_project_that_is_too_large_is_refused(
    budget: str,
    value: int,
    files: dict[str, str | bytes],
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loader, budget, value)
    _, problems = loaded(tmp_path, files)
    assert told(problems) == [f"content/{expected}"]


def test_figures_colours_and_logos_are_told_at_their_own_place(tmp_path: Path) -> None:
    block = "      - kind: figure\n        file: lost.svg\n        alt: a\n        caption: c\n"
    course = "format: 1\ntitle: T\ntheme:\n  logo_alt: a\n  logo: lost.svg\n  accent: '#eeeeee'\n"
    files: dict[str, str | bytes] = {"guides/g.yaml": GUIDE + block, "courses/c.yaml": course}
    library, problems = loaded(tmp_path, files)
    problems += check(library, datetime.date(2026, 1, 1))
    assert told(problems) == [
        "content/courses/c.yaml:5:9 unknown-figure",
        "content/courses/c.yaml:6:12 low-contrast",
        "content/guides/g.yaml:10:15 unknown-figure",
    ]


def test_the_kind_of_a_criterion_is_no_list(tmp_path: Path) -> None:
    text = COMPARISON.replace("name: Role", "name: Role\n    kind: [a, b]") + "      a: x\n"
    _, problems = loaded(tmp_path, {"comparisons/c.yaml": text})
    assert told(problems) == ["content/comparisons/c.yaml:10:11 not-a-choice"]


def test_a_date_in_digits_of_another_script_is_none(tmp_path: Path) -> None:
    _, problems = loaded(tmp_path, {"guides/g.yaml": GUIDE.replace("2025-05", "２０２５")})
    assert "content/guides/g.yaml:4:10 bad-date" in told(problems)


def test_a_guide_of_three_thousand_lines_loads_quickly(tmp_path: Path) -> None:
    section = (
        "  - id: s-{0}\n    title: Section {0}\n    blocks:\n      - kind: prose\n        text: |\n"
        "          Some words that fill a line to its usual measure, more or less.\n"
        "          [@source] More words?\n"
        "      - kind: table\n        caption: C\n        columns: [a, b, c]\n        rows:\n"
        "          - [one, two, three]\n          - [one, two, three]\n"
    )
    text = GUIDE.partition("  - id")[0] + "".join(section.format(n) for n in range(230))
    start = time.process_time()
    library, problems = loaded(tmp_path, {"guides/g.yaml": text})
    assert time.process_time() - start < 1.0
    assert problems == []
    assert len(library.guides["g"].sections) == 230


SOUND = GUIDE + "".join(blocks for blocks, _ in BLOCKS[-9:]) + PROSE_FILE
CUTS = st.lists(
    st.tuples(
        st.integers(0, len(SOUND)),
        st.integers(0, 12),
        st.sampled_from(
            ["", "\n", ": ", "- ", "[", "{", "x", "'", "kind: table", "Column", "[key]"]
        ),
    ),
    max_size=5,
)


@given(cuts=CUTS, prose=st.binary(max_size=50), figure=st.binary(max_size=50))
@settings(deadline=None, max_examples=60)
def test_mutated_files_never_raise_and_every_place_exists(
    cuts: list[tuple[int, int, str]], prose: bytes, figure: bytes
) -> None:
    text = SOUND
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files: dict[str, str | bytes] = {
            "guides/g.yaml": text,
            "guides/history.md": prose,
            "comparisons/c.yaml": text.replace("kind", "values"),
            "figures/a.svg": SVG.encode() + figure,
        }
        _, problems = loaded(root, files)
        for problem in problems:
            data = (root / problem.origin.file).read_bytes().replace(b"\r\n", b"\n")
            lines = data.replace(b"\r", b"\n").count(b"\n") + 1
            assert 1 <= problem.origin.line <= lines + 1
            assert problem.origin.column >= 1
            assert problem.message
            assert problem.hint

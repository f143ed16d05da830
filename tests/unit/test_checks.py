"""Rules between files, where the golden checks have no case: limits, order, and what is allowed."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from guidegen import checks, course_checks, jobs
from guidegen.checks import check
from guidegen.jobs import Job
from guidegen.loader import load
from guidegen.models import Library
from guidegen.problems import ContentError, Problem
from guidegen.selection import Choice

LibraryOf = Callable[[dict[str, str]], Library]

HEAD = "format: 1\ntitle: T\nlead: L\nedition: 2026\nsections:\n"
SOURCES = "format: 1\nsources:\n  s: {title: S, publisher: P, short: S}\n"
GLOSSARY = "format: 1\nterms:\n  t: {term: T, text: Words.}\n"
FACTS = """format: 1
facts:
  f: {label: F, value: 1, place: P, source: s, as_of: 2020, review_by: REVIEW}
"""
COMPARISON = """format: 1
title: C
question: Q
subjects: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}]
criteria:
"""


def guide(*blocks: str, section: str = "one") -> str:
    inner = "".join(f"      - {block}\n" for block in blocks)
    return HEAD + f"  - id: {section}\n    title: One\n    blocks:\n{inner}"


def prose(text: str) -> str:
    return f"{{kind: prose, text: '{text}'}}"


def told(problems: list[Problem]) -> list[str]:
    return [f"{problem.origin} {problem.code}" for problem in problems]


def test_each_rule_says_what_it_holds_to() -> None:
    rules = [*checks.CHECKS.values(), *course_checks.CHECKS.values()]
    assert len(rules) == len(set(rules)) >= 15
    for rule in rules:
        assert (inspect.getdoc(rule) or "").endswith(".")


def test_sound_content_has_no_problems(library_of: LibraryOf, today: datetime.date) -> None:
    library = library_of(
        {
            "guides/g.yaml": guide(
                prose("[@s] [see:one] [see!:p] [term:t|word] [fact:f] [blank] [a](#q) `[@nobody]`"),
                "{kind: prose, id: p, text: '[x](https://a.org) and [y](mailto:a@b.org)'}",
                "{kind: questions, items: [{id: q, type: true-false, question: Q, answer: no}]}",
                "{kind: comparison, comparison: c, subjects: [b, a], criteria: [k]}",
            ),
            "comparisons/c.yaml": COMPARISON
            + "  - {id: k, name: K, kind: yes-no, values: {a: yes, b: partly,"
            + " c: {not_applicable: 'Why [@s]'}}}\n",
            "shared/sources.yaml": SOURCES,
            "shared/glossary.yaml": GLOSSARY,
            "shared/facts.yaml": FACTS.replace("REVIEW", "2030"),
        }
    )
    assert told(check(library, today)) == []


def test_the_bundled_content_has_warnings_at_most(
    bundled_library: Library, today: datetime.date
) -> None:
    problems = check(bundled_library, today)
    assert {problem.severity for problem in problems} <= {"warning"}
    assert {problem.code for problem in problems} <= {"review-needed"}


@pytest.mark.parametrize(
    ("review_by", "day", "is_stale"),
    [
        ("2026-11-24", datetime.date(2026, 11, 24), False),
        ("2026-11-24", datetime.date(2026, 11, 25), True),
        ("2026-11", datetime.date(2026, 11, 30), False),
        ("2026-11", datetime.date(2026, 12, 1), True),
        ("2026", datetime.date(2026, 12, 31), False),
        ("2026", datetime.date(2027, 1, 1), True),
    ],
)
def test_a_fact_is_stale_from_the_day_after_its_review(
    library_of: LibraryOf, review_by: str, day: datetime.date, is_stale: bool
) -> None:
    library = library_of(
        {
            "shared/facts.yaml": FACTS.replace("REVIEW", review_by),
            "shared/sources.yaml": SOURCES,
        }
    )
    expected = ["content/shared/facts.yaml:3:72 stale-fact"] if is_stale else []
    assert told(check(library, day)) == expected


@pytest.mark.parametrize(
    ("file", "text", "line"),
    [
        ("shared/sources.yaml", SOURCES.replace("short: S}", "short: S, note: '[@x]'}"), 3),
        ("shared/glossary.yaml", GLOSSARY.replace("Words.", "'[@x]'"), 3),
        ("shared/facts.yaml", FACTS.replace("REVIEW", "2030, note: '[@x]'"), 3),
        (
            "comparisons/c.yaml",
            COMPARISON + "  - {id: k, name: K, values: {a: '[@x]', b: '1', c: '2'}}\n",
            6,
        ),
        (
            "comparisons/c.yaml",
            COMPARISON
            + "  - {id: k, name: K, kind: list, values: {a: ['[@x]'], b: ['1'], c: ['2']}}\n",
            6,
        ),
        (
            "comparisons/c.yaml",
            COMPARISON
            + "  - {id: k, name: K, values: {a: '1', b: '1', c: {not_applicable: '[@x]'}}}\n",
            6,
        ),
        ("guides/g.yaml", guide("{kind: table, caption: C, columns: [x], rows: [['[@x]']]}"), 9),
        (
            "guides/g.yaml",
            guide("{kind: questions, items: [{type: ordering, question: Q, items: [b, '[@x]']}]}"),
            9,
        ),
        (
            "courses/k.yaml",
            "format: 1\ntitle: K\nguides:\n  g: {note: '[@x]'}\n",
            4,
        ),
    ],
)
def test_references_are_followed_in_every_text(
    library_of: LibraryOf, today: datetime.date, file: str, text: str, line: int
) -> None:
    files = {"shared/sources.yaml": SOURCES, "guides/g.yaml": guide(prose("x"))}
    files["guides/g.labels.lock"] = "A section one\nA1 question q\nA1 table c\n"
    problems = check(library_of({**files, file: text}), today)
    assert [(each.origin.file, each.origin.line, each.code) for each in problems] == [
        (f"content/{file}", line, "unknown-source")
    ]


def test_problems_come_in_the_order_of_the_files(
    library_of: LibraryOf, today: datetime.date
) -> None:
    library = library_of(
        {
            "guides/b.yaml": guide(prose("[@y] [@x]"), "{kind: definition, term: z}"),
            "guides/a.yaml": guide(prose("[term:y]"), "{kind: facts, caption: C, facts: [x]}"),
        }
    )
    assert told(check(library, today)) == [
        "content/guides/a.yaml:9:30 unknown-term",
        "content/guides/a.yaml:10:43 unknown-fact",
        "content/guides/b.yaml:9:30 unknown-source",
        "content/guides/b.yaml:9:35 unknown-source",
        "content/guides/b.yaml:10:34 unknown-term",
    ]


def test_an_id_may_be_used_in_two_guides(library_of: LibraryOf, today: datetime.date) -> None:
    library = library_of({"guides/a.yaml": guide(prose("x")), "guides/b.yaml": guide(prose("x"))})
    assert told(check(library, today)) == []


def test_a_reference_to_another_guide_is_refused(
    library_of: LibraryOf, today: datetime.date
) -> None:
    library = library_of(
        {
            "guides/a.yaml": guide(prose("[see:two]")),
            "guides/b.yaml": guide(prose("x"), section="two"),
        }
    )
    assert told(check(library, today)) == ["content/guides/a.yaml:9:30 unknown-section"]


def test_what_is_needed_must_be_taken_too(library_of: LibraryOf) -> None:
    second = guide(prose("x"), section="two").removeprefix(HEAD)
    library = library_of({"guides/g.yaml": guide(prose("See [see!:two].")) + second})
    job = Job("g", library, {}, choice=Choice(sections=("one",)))
    with pytest.raises(ContentError) as refused:
        jobs.compose(job)
    assert told(list(refused.value.problems)) == ["content/guides/g.yaml:9:34 required-reference"]
    assert jobs.compose(Job("g", library, {}))[1].sections


def test_problems_at_one_place_come_in_a_fixed_order(
    library_of: LibraryOf, today: datetime.date
) -> None:
    subjects = [f"s{number}" for number in range(20)]
    named = ", ".join(f"{{id: {name}, name: N}}" for name in subjects)
    library = library_of(
        {
            "comparisons/c.yaml": f"format: 1\ntitle: C\nquestion: Q\nsubjects: [{named}]\n"
            "criteria: [{id: k, name: K, values: {}}]\n"
        }
    )
    messages = [problem.message for problem in check(library, today)]
    assert len(messages) == 20
    in_order = [next(each for each in messages if f"'{name}'" in each) for name in subjects]
    assert messages in (in_order, sorted(messages))


@pytest.mark.parametrize(
    ("kind", "value", "is_right"),
    [
        ("text", "words", True),
        ("text", "[x]", False),
        ("number", "many", False),
        ("number", "[1, 2]", False),
        ("number", "40 to 60", True),
        ("number", "about 5 %", True),
        ("number", "'[fact:f]'", True),
        ("number", "{not_applicable: none}", True),
        ("list", "just text", False),
        ("list", "[just text]", True),
        ("yes-no", "partly", True),
        ("yes-no", "Yes", False),
        ("yes-no", "[yes]", False),
        ("yes-no", "{not_applicable: none}", True),
    ],
)
def test_a_value_is_of_the_kind_of_its_criterion(
    library_of: LibraryOf, today: datetime.date, kind: str, value: str, is_right: bool
) -> None:
    na = "{not_applicable: none}"
    criterion = f"  - {{id: k, name: K, kind: {kind}, values: {{a: {value}, b: {na}, c: {na}}}}}\n"
    library = library_of(
        {
            "comparisons/c.yaml": COMPARISON + criterion,
            "shared/sources.yaml": SOURCES,
            "shared/facts.yaml": FACTS.replace("REVIEW", "2030"),
        }
    )
    assert {problem.code for problem in check(library, today)} == (
        set() if is_right else {"wrong-value"}
    )


@pytest.mark.parametrize("text", ["~~~ [@nope]", "x ^[y [@nope]]", "    [@nope]", "# [@nope]"])
def test_references_of_an_inline_text_are_those_that_it_prints(
    library_of: LibraryOf, today: datetime.date, text: str
) -> None:
    library = library_of({"guides/g.yaml": guide(f"{{kind: key-points, items: ['{text}']}}")})
    assert [problem.code for problem in check(library, today)] == ["unknown-source"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (r"\\[x\\](y)", []),
        ("[two\\nwords](javascript:x)", ["bad-link"]),
        ("[two\\nwords](#nowhere)", ["unknown-section"]),
        ("[fact:f|words]", ["malformed-reference"]),
        ("[see:one|words] [see!:one|words]", []),
        ("[see:two|words]", ["unknown-section"]),
        ("[lang:es|uno] [lang:pt-BR|um] [lang:zh-Hant|yi]", []),
        ("[lang:spanish|uno] [lang:ES|dos]", ["bad-language", "bad-language"]),
        ("a ^[b] c", []),
        ("a[^1]\\n\\n[^1]: b", []),
        ("a\\n\\n[^1]: b", ["unused-footnote"]),
    ],
)
def test_a_text_is_searched_as_it_is_printed(
    library_of: LibraryOf, today: datetime.date, text: str, codes: list[str]
) -> None:
    library = library_of({"guides/g.yaml": guide(f'{{kind: prose, text: "{text}"}}')})
    assert [problem.code for problem in check(library, today)] == codes


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "{kind: questions, items: [{type: true-false, question: Which is right, answer: no}]}",
            "{kind: questions, items: [{type: true-false, question: Which, is: right}]}",
        ),
        (
            "{kind: table, caption: Same, columns: [x, y], rows: [[p, q]]}",
            "{kind: facts, caption: same!, facts: [f]}",
        ),
        ("{kind: comparison, comparison: c}", "{kind: comparison, comparison: c, caption: Other}"),
    ],
    ids=["questions", "tables", "comparisons"],
)
def test_what_has_the_same_words_needs_an_id(
    library_of: LibraryOf, today: datetime.date, first: str, second: str
) -> None:
    second = second.replace("Which, is: right", "'WHICH is right?', answer: 'yes'")
    value = "{a: '1', b: '1', c: '1'}"
    files = {
        "comparisons/c.yaml": COMPARISON + f"  - {{id: k, name: K, values: {value}}}\n",
        "shared/facts.yaml": FACTS.replace("REVIEW", "2030"),
        "shared/sources.yaml": SOURCES,
    }
    alike = library_of({**files, "guides/g.yaml": guide(first, second)})
    (problem,) = check(alike, today)
    assert (problem.code, problem.origin.line) == ("needs-id", 10)
    named = second.replace("{type", "{id: own, type").replace("{kind: ", "{id: own-block, kind: ")
    apart = library_of({**files, "guides/g.yaml": guide(first, named)})
    assert told(check(apart, today)) == []


COURSE = """format: 1
title: K
guides:
  g:
    insert:
      - after: p
        blocks:
          - {kind: callout, style: note, id: own, text: 'See [see:own] and [see:own-q].'}
          - {kind: questions, items: [{id: own-q, type: true-false, question: Q, answer: no}]}
    extra_sections:
      - {section: {id: later, title: L, blocks: [{kind: prose, text: 'By [see:own].'}]}}
      - {after: later, section: {id: last, title: L, blocks: [{kind: prose, text: X.}]}}
"""
LOCK = {"guides/g.labels.lock": "A section one\n"}


def test_a_course_may_point_to_what_it_adds(library_of: LibraryOf, today: datetime.date) -> None:
    files = {"guides/g.yaml": guide("{kind: prose, id: p, text: x}"), **LOCK}
    library = library_of({**files, "courses/k.yaml": COURSE})
    assert told(check(library, today)) == []
    document = jobs.compose(Job("g", library, {}, course="k"))[1]
    assert [section.anchor for section in document.sections] == ["one", "later", "last"]


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("id: own,", "id: p,", 8, "duplicate-id"),
        ("id: own-q", "id: one", 9, "duplicate-id"),
        ("id: last", "id: own", 12, "duplicate-id"),
        ("id: last", "id: p", 12, "duplicate-id"),
        ("text: X.", "id: later, text: X.", 12, "duplicate-id"),
        ("{section: {id: later", "{after: last, section: {id: later", 11, "unknown-section"),
        ("{after: later", "{after: last", 12, "unknown-section"),
        ("[see:own]", "[see:nowhere]", 8, "unknown-section"),
    ],
)
def test_what_a_course_adds_has_ids_of_its_own_and_a_place(
    library_of: LibraryOf, today: datetime.date, old: str, new: str, line: int, code: str
) -> None:
    files = {"guides/g.yaml": guide("{kind: prose, id: p, text: x}"), **LOCK}
    library = library_of({**files, "courses/k.yaml": COURSE.replace(old, new, 1)})
    problems = [each for each in check(library, today) if each.code == code]
    assert [(each.origin.file, each.origin.line) for each in problems] == [
        ("content/courses/k.yaml", line)
    ]


def test_two_options_alike_are_told_where_the_options_stand(tmp_path: Path) -> None:
    path = tmp_path / "content/guides/g.yaml"
    path.parent.mkdir(parents=True)
    question = "{type: ordering, question: Q, items: [a, b, a]}"
    path.write_text(guide(f"{{kind: questions, items: [{question}]}}"))
    (problem,) = load(tmp_path / "content", tmp_path)[1]
    assert problem.code == "same-twice"
    assert problem.origin.column > path.read_text().splitlines()[8].index("items: [a")


def test_a_list_where_a_text_belongs_is_met_with_the_kind_list(
    library_of: LibraryOf, today: datetime.date
) -> None:
    criterion = "  - {id: k, name: K, values: {a: [x], b: y, c: z}}\n"
    (problem,) = check(library_of({"comparisons/c.yaml": COMPARISON + criterion}), today)
    assert problem.code == "wrong-value"
    assert "take kind text" not in problem.hint

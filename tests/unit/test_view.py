"""The document: numbers, anchors, citations, glossary, and links that always lead somewhere."""

from __future__ import annotations

import datetime
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

import pytest

from guidegen import jobs
from guidegen.checks import check
from guidegen.jobs import Job
from guidegen.models import Edition, Library
from guidegen.problems import RequestError
from guidegen.project import bundled
from guidegen.renderers.html import load_templates, render
from guidegen.selection import Choice
from guidegen.view.document import (
    Document,
    GlossaryView,
    ProseView,
    QuestionsView,
    SourcesView,
    TableView,
)

LibraryOf = Callable[[dict[str, str]], Library]
Composed = Callable[..., Document]
Made = Callable[..., Document]

HEAD = "format: 1\ntitle: T\nlead: L\nedition: 2026\nsections:\n"
BACK = """  - {id: key, title: Key, blocks: [{kind: answers}]}
  - {id: words, title: Words, blocks: [{kind: glossary}]}
  - {id: sources, title: Sources, blocks: [{kind: sources}]}
"""
SOURCES = "format: 1\nsources:\n" + "".join(
    f"  {name}: {{title: Title {name}, publisher: P, short: Short {name}}}\n" for name in "abcdef"
)
GLOSSARY = """format: 1
terms:
  mulch: {term: mulch, text: 'Made of [term:compost].'}
  compost: {term: Compost, text: 'Rotten [term:waste] [@b].'}
  waste: {term: waste, text: What is left over.}
  unused: {term: unused, text: '[@c]'}
"""
EDITIONS: tuple[Edition, ...] = get_args(Edition)
TEMPLATES = load_templates([bundled() / "templates"])


def section(name: str, *blocks: str) -> str:
    inner = "".join(f"      - {block}\n" for block in blocks)
    return f"  - id: {name}\n    title: Title {name}\n    blocks:\n{inner}"


def prose(text: str) -> str:
    return f"{{kind: prose, text: '{text}'}}"


@pytest.fixture
def made(library_of: LibraryOf, composed: Composed) -> Made:
    """Returns the document of sections given as YAML."""

    def make(sections: str, choice: Choice | None = None, **files: str) -> Document:
        paths = {"shared/sources.yaml": SOURCES, "shared/glossary.yaml": GLOSSARY}
        head = HEAD.replace("edition", f"{files.pop('language', 'language: en-US')}\nedition")
        paths |= {name.replace("__", "/") + ".yaml": text for name, text in files.items()}
        library = library_of({**paths, "guides/g.yaml": head + sections})
        return composed(library, "g", choice or Choice())

    return make


def blocks_of(document: Document, kind: type[Any]) -> list[Any]:
    return [block for part in document.sections for block in part.blocks if isinstance(block, kind)]


def html_of(document: Document, medium: str = "print") -> str:
    page = render(
        document,
        "screen" if medium == "screen" else "print",
        TEMPLATES,
        asset_url=lambda name: f"figures/{name}",
    )
    return page[page.index("<body") :]


def labels_of(document: Document) -> list[str]:
    """Return the labels of tables, then those of questions."""
    labels = [block.label for block in blocks_of(document, TableView)]
    return labels + [
        question.label for block in blocks_of(document, QuestionsView) for question in block.items
    ]


def made_for_course(library_of: LibraryOf, sections: str, course: str) -> Document:
    """Return the document of sections given as YAML, as the course changes them."""
    library = library_of(
        {
            "guides/g.yaml": HEAD + sections,
            "courses/c.yaml": course,
            "comparisons/c.yaml": COMPARISON,
            "shared/sources.yaml": SOURCES,
        }
    )
    return jobs.compose(Job("g", library, {}, course="c"))[1]


def prose_of(document: Document) -> str:
    return "\n".join(block.html for block in blocks_of(document, ProseView))


def citations(page: str) -> list[str]:
    """Return the sources that are linked, in the order of the page."""
    return re.findall(r'href="#source_([\w-]+)"', page)


def test_labels_go_through_the_guide_in_order(made: Made) -> None:
    table = "{{kind: table, id: {0}, caption: C {0}, columns: [x, y], rows: [[p, q]]}}"
    document = made(
        section("one", table.format("t1"), prose("x"), table.format("t2"))
        + section("two", table.format("t3"))
        + BACK
    )
    labels = [block.label for block in blocks_of(document, TableView)]
    sections = [part.label for part in document.sections]
    assert len(set(labels)) == 3
    assert sections[:2] == sorted(set(sections[:2]))
    assert all(label.startswith("Table ") for label in labels)
    assert all(re.search(rf"\b{sections[0]}", label) for label in labels[:2])


def test_labels_stay_when_other_sections_are_left_out(made: Made) -> None:
    sections = "".join(
        section(
            name,
            f"{{kind: table, caption: C {name}, columns: [x, y], rows: [[p, q]]}}",
            f"{{kind: questions, items: [{{type: true-false, question: Q {name}, answer: 'no'}}]}}",
        )
        for name in ("one", "two", "three")
    )
    whole, part = made(sections), made(sections, Choice(sections=("three", "one")))

    def labels(document: Document) -> dict[str, tuple[str, ...]]:
        return {
            each.anchor: (
                each.label,
                *(block.label for block in each.blocks if isinstance(block, TableView)),
                *(
                    question.label
                    for block in each.blocks
                    if isinstance(block, QuestionsView)
                    for question in block.items
                ),
            )
            for each in document.sections
        }

    assert list(labels(part)) == ["three", "one"]
    assert labels(part).items() < labels(whole).items()


def test_ids_keep_the_labels_of_what_has_the_same_words_apart(made: Made) -> None:
    table = "{{kind: table, id: {0}, caption: Same, columns: [x, y], rows: [[p, q]]}}"
    question = "{{id: {0}, type: true-false, question: Which is right, answer: 'no'}}"
    questions = f"{{kind: questions, items: [{question.format('q')}, {question.format('r')}]}}"
    document = made(
        section("one", table.format("t"), questions) + section("two", table.format("u"))
    )
    assert labels_of(document) == ["Table A1", "Table B1", "A1", "A2"]


COURSE = """format: 1
title: C
guides:
  g:
    insert:
      - after: x
        blocks:
          - BLOCK
"""
ADDED = {
    "questions": "{kind: questions, items: [{type: true-false, question: Which, answer: 'no'}]}",
    "table": "{kind: table, caption: Same, columns: [x, y], rows: [[p, q]]}",
    "comparison": "{kind: comparison, comparison: c}",
}
COMPARISON = """format: 1
title: The two
question: Which is which [@b]?
subjects: [{id: a, name: A}, {id: b, name: B}, {id: c, name: C}]
criteria:
  - {id: k, name: K, values: {a: '1 [@a]', b: '2', c: '3'}}
  - {id: l, name: L, values: {a: '1', b: '2', c: '3'}}
"""


@pytest.mark.parametrize("kind", ADDED)
def test_what_a_course_adds_never_has_a_label_of_the_guide(
    library_of: LibraryOf, kind: str
) -> None:
    guide = section("one", "{kind: prose, id: x, text: x}") + section("two", ADDED[kind])
    document = made_for_course(library_of, guide, COURSE.replace("BLOCK", ADDED[kind]))
    labels = labels_of(document)
    assert len(labels) == len(set(labels)) == 2
    assert repeated(html_of(document)) == []


def test_a_course_cannot_add_a_second_list_of_sources(
    library_of: LibraryOf, today: datetime.date
) -> None:
    course = COURSE.replace("BLOCK", "{kind: sources}")
    guide = section("one", "{kind: prose, id: x, text: '[@a]'}") + BACK
    files = {"guides/g.yaml": HEAD + guide, "courses/c.yaml": course}
    library = library_of({**files, "shared/sources.yaml": SOURCES})
    assert "twice-generated" in {problem.code for problem in check(library, today)}


def test_what_a_course_adds_has_small_letters(library_of: LibraryOf) -> None:
    table = "{kind: table, caption: CAPTION, columns: [x, y], rows: [[p, q]]}"
    guide = section("one", table.replace("CAPTION", "Own"), "{kind: prose, id: x, text: x}")
    course = COURSE.replace("BLOCK", table.replace("CAPTION", "New"))
    assert labels_of(made_for_course(library_of, guide, course)) == ["Table A1", "Table Aa"]


@pytest.mark.parametrize("named", ["subjects: [c, a]", "criteria: [l, k]"])
def test_a_course_narrows_what_a_block_has_narrowed(library_of: LibraryOf, named: str) -> None:
    guide = section("one", f"{{kind: comparison, comparison: c, {named}}}")
    course = "format: 1\ntitle: C\nguides:\n  g: {comparisons: {c: NARROWING}}\n"
    narrowing = "{subjects: [a, b], criteria: [k]}"
    document = made_for_course(library_of, guide, course.replace("NARROWING", narrowing))
    [table] = blocks_of(document, TableView)
    shown = {column.name for column in table.columns[1:]}
    assert shown
    assert shown <= {"A", "B"}
    assert [row.head for row in table.rows] == ["K"]


def test_back_matter_has_no_label_and_falls_away_when_empty(made: Made) -> None:
    assert [part.anchor for part in made(section("one", prose("x")) + BACK).sections] == ["one"]
    document = made(section("one", prose("[@a] [term:waste]")) + BACK)
    assert [(part.anchor, bool(part.label)) for part in document.sections] == [
        ("one", True),
        ("words", False),
        ("sources", False),
    ]


def test_a_reference_prints_the_label_of_its_target(made: Made) -> None:
    document = made(
        section(
            "one",
            prose("[see:one] [see:t] [see:q] [see:note] [see:t|that *table*] [see:key]"),
            "{kind: table, id: t, caption: C, columns: [x, y], rows: [[p, q]]}",
            "{kind: callout, id: note, style: note, text: x}",
            "{kind: questions, items: [{id: q, type: true-false, question: Q, answer: 'no'}]}",
        )
        + BACK
    )
    part, table = document.sections[0], blocks_of(document, TableView)[0]
    question = blocks_of(document, QuestionsView)[0].items[0]
    assert re.findall(r'<a href="#([^"]+)">([^<]+)</a>', prose_of(document)) == [
        ("one", f"section {part.label}"),
        ("t", table.label),
        (question.anchor, f"question {question.label}"),
        ("note", f"section {part.label}"),
        ("t", "that *table*"),
    ]
    assert prose_of(document).endswith(" “Key”</p>")


def test_a_reference_to_what_is_left_out_is_words(made: Made) -> None:
    document = made(
        section("one", prose("[see:two] and [see:t], [words](#two), [see:two|the next]"))
        + section("two", "{kind: table, id: t, caption: C, columns: [x, y], rows: [[p, q]]}"),
        Choice(sections=("one",)),
    )
    assert prose_of(document) == (
        "<p>“Title two” (not in this handout) and “C” (not in this handout), words, "
        "the next (not in this handout)</p>"
    )


def test_a_comparison_that_is_left_out_goes_by_its_title(made: Made) -> None:
    document = made(
        section("one", prose("[see:t]"))
        + section("two", "{kind: comparison, id: t, comparison: c}"),
        Choice(sections=("one",)),
        comparisons__c=COMPARISON,
    )
    assert prose_of(document) == "<p>“The two” (not in this handout)</p>"


def test_a_title_that_is_left_out_has_the_quotation_marks_of_the_language(made: Made) -> None:
    document = made(
        section("one", prose('[see:two] [see:key] "so"')) + section("two", prose("x")) + BACK,
        Choice(sections=("one",)),
        language="language: de",
    )
    assert prose_of(document) == "<p>„Title two“ (nicht in diesem Heft) „Key“ „so“</p>"


def test_sources_are_numbered_in_the_order_of_their_first_use(made: Made) -> None:
    document = made(
        section("one", prose("[@d] [@b; @d]"), "{kind: key-points, items: ['[@a]', '[@c; @e]']}")
        + section("two", prose("[@e] [@f]"))
        + BACK
    )
    [sources] = blocks_of(document, SourcesView)
    assert [(item.number, item.anchor) for item in sources.items] == [
        (number, f"source_{name}") for number, name in enumerate("dbacef", 1)
    ]
    assert prose_of(document).count('aria-label="source 1"') == 2


CITING_BLOCKS = {
    "steps": "{kind: steps, intro: '[@b]', items: ['[@a]', '[@c]']}",
    "comparison": "{kind: comparison, comparison: c, note: '[@c]'}",
    "checklist": "{kind: checklist, intro: '[@b]', items: ['[@a]', '[@c]']}",
    "table": "{kind: table, caption: C, columns: [x, y], rows: [['[@c]', '[@a]']], note: '[@b]'}",
    "figure": "{kind: figure, file: f.svg, alt: A, caption: '[@b]'}",
    "faq": "{kind: faq, items: [{question: Q, answer: '[@b]'}, {question: R, answer: '[@a]'}]}",
    "timeline": "{kind: timeline, events: [{when: x, text: '[@b]'}, {when: y, text: '[@a]'}]}",
    "definition": "{kind: definition, term: waste, text: '[@b] [@a]'}",
    "mnemonic": "{kind: mnemonic, word: W, use: '[@c]', note: '[@a]', letters: ["
    "{letter: A, stands_for: x, prompt: '[@b]'}, {letter: B, stands_for: y}]}",
    "questions": "{kind: questions, intro: '[@c]', items: [{type: matching, question: '[@b]',"
    " pairs: [{left: '[@a]', right: '[@e]'}, {left: x, right: '[@d]'}]}]}",
    "footnote": '{kind: prose, text: "x [@b][^1] y [@a]\\n\\n[^1]: [@c]"}',
}


@pytest.mark.parametrize("kind", CITING_BLOCKS)
def test_numbers_rise_down_the_page(made: Made, library_of: LibraryOf, kind: str) -> None:
    library_of({"figures/f.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>'})
    document = made(section("one", CITING_BLOCKS[kind]) + BACK, comparisons__c=COMPARISON)
    order = list(dict.fromkeys(citations(html_of(document))))
    [sources] = blocks_of(document, SourcesView)
    assert len(order) >= (1 if kind == "figure" else 2)
    assert [item.anchor for item in sources.items] == [f"source_{name}" for name in order]


def test_a_source_cited_by_a_source_is_listed_too(made: Made) -> None:
    notes = SOURCES.replace("short: Short a}", "short: Short a, note: 'After [@b].'}")
    document = made(section("one", prose("[@a]")) + BACK, shared__sources=notes)
    [sources] = blocks_of(document, SourcesView)
    assert [item.anchor for item in sources.items] == ["source_a", "source_b"]


def test_without_a_list_of_sources_they_go_by_name(made: Made) -> None:
    document = made(section("one", prose("x [@a; @b]")))
    assert prose_of(document) == "<p>x [Short a; Short b]</p>"


def test_a_long_address_is_shown_as_its_host(made: Made) -> None:
    long = "https://a.example.org/" + "x" * 40
    sources = SOURCES.replace("short: Short a}", f"short: Short a, url: '{long}'}}").replace(
        "short: Short b}", "short: Short b, url: 'https://b.example.org/y/'}"
    )
    document = made(section("one", prose("[@a; @b]")) + BACK, shared__sources=sources)
    first, second = blocks_of(document, SourcesView)[0].items
    assert f'<a href="{long}">a.example.org</a>' in first.html
    assert '<a href="https://b.example.org/y/">b.example.org/y</a>' in second.html


def test_the_glossary_holds_what_is_used_and_what_that_uses(made: Made) -> None:
    document = made(section("one", prose("[term:mulch] and [term:mulch|more]")) + BACK)
    [glossary] = blocks_of(document, GlossaryView)
    assert [item.term for item in glossary.items] == ["Compost", "mulch", "waste"]
    [sources] = blocks_of(document, SourcesView)
    assert [item.anchor for item in sources.items] == ["source_b"]


def test_a_definition_puts_its_term_into_the_glossary(made: Made) -> None:
    document = made(section("one", "{kind: definition, term: waste}") + BACK)
    [glossary] = blocks_of(document, GlossaryView)
    assert [item.anchor for item in glossary.items] == ["term_waste"]


def test_without_a_glossary_terms_are_words(made: Made) -> None:
    document = made(section("one", prose("[term:mulch] [term:waste|litter]")))
    assert prose_of(document) == "<p>mulch litter</p>"


def test_the_rows_of_a_table_with_one_column_are_rows(made: Made) -> None:
    document = made(section("one", "{kind: table, caption: C, columns: [x], rows: [[p], [q]]}"))
    [table] = blocks_of(document, TableView)
    assert not table.row_heads
    page = html_of(document)
    assert re.findall(r'<td class="align-start">(.)</td>', page) == ["p", "q"]
    assert 'class="group"' not in page


def test_headings_in_a_block_come_below_the_heading_over_it(made: Made) -> None:
    text = 'text: "# a\\n\\n## b"'
    blocks = [
        f"{{kind: {kind}, {text}}}"
        for kind in ("prose", "callout, style: note", "definition, term: waste")
    ]
    blocks.append('{kind: steps, items: ["# a\\n\\n## b"]}')
    titled = [block.replace("{kind", "{title: T, kind") for block in blocks]
    faq = '{kind: faq, items: [{question: Q, answer: "# a\\n\\n## b"}]}'
    page = html_of(made(section("one", *blocks, faq)))
    assert headings(page) == ["h2", *["h3", "h4"] * 4, "h3", "h4", "h5"]
    page = html_of(made(section("one", *titled, faq.replace("{kind", "{title: T, kind"))))
    assert headings(page) == ["h2", *["h3", "h4", "h5"] * 4, "h3", "h4", "h5", "h6"]


def headings(page: str) -> list[str]:
    """Return the tags of the headings of the sections, in their order."""
    return re.findall(r"<(h\d)\b", page[page.index("<main") :])


def test_the_code_differs_when_anything_printed_does(made: Made) -> None:
    code = made(section("one", prose("x"))).code
    assert re.fullmatch(r"[A-Z2-7]{5}", code)
    assert made(section("one", prose("x"))).code == code
    assert made("\n# a remark\n" + section("one", prose("x"))).code == code
    assert made(section("one", prose("y"))).code != code
    assert made(section("one", prose("x"), prose("y"))).code != code


def test_the_code_differs_when_a_picture_does(made: Made, library_of: LibraryOf) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} 1"/>'
    figure = section("one", "{kind: figure, file: f.svg, alt: A, caption: C}")
    codes = set()
    for width in (1, 2):
        library_of({"figures/f.svg": svg.format(width)})
        codes.add(made(figure).code)
    assert len(codes) == 2


def parts_of(library: Library) -> Iterator[tuple[str, Choice, Edition]]:
    """Yield each section alone, and 30 random sets of sections, of each bundled guide."""
    mixed = random.Random(2026)
    for name, guide in library.guides.items():
        ids = [str(part.id) for part in guide.sections]
        yield from ((name, Choice(sections=(one,)), "complete") for one in ids)
        for at in range(30):
            asked = tuple(mixed.sample(ids, mixed.randint(1, len(ids))))
            skipped = tuple(mixed.sample(ids, mixed.randint(0, 3)))
            yield name, Choice(sections=asked, skip=skipped), EDITIONS[at % len(EDITIONS)]


def dangling(page: str) -> set[str]:
    return set(re.findall(r'href="#([^"]*)"', page)) - set(re.findall(r' id="([^"]*)"', page))


def repeated(page: str) -> list[str]:
    found = Counter(re.findall(r' id="([^"]*)"', page))
    return [name for name, count in found.items() if count > 1]


def test_no_link_of_any_part_of_the_bundled_guides_leads_nowhere(
    bundled_library: Library, composed: Composed
) -> None:
    wrong: dict[str, Any] = {}
    links: Counter[str] = Counter()
    for name, choice, edition in parts_of(bundled_library):
        try:
            page = html_of(composed(bundled_library, name, choice, edition))
        except RequestError:  # nothing but back matter is left, or no questions for the key
            continue
        links[edition] += page.count('href="#')
        if dangling(page) or repeated(page):
            wrong[f"{name} {choice} {edition}"] = (dangling(page), repeated(page))
    assert wrong == {}
    assert links.keys() == set(EDITIONS)
    assert links["complete"] > 500


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_link_on_the_screen_leads_nowhere(
    bundled_library: Library, composed: Composed, edition: Edition
) -> None:
    for name in bundled_library.guides:
        page = html_of(composed(bundled_library, name, Choice(), edition), "screen")
        assert page.count('href="#') >= (1 if edition == "key" else 2)
        assert (dangling(page), repeated(page)) == (set(), [])


def test_no_link_of_the_key_leads_to_a_question_that_it_does_not_print(
    library_of: LibraryOf, composed: Composed
) -> None:
    questions = (
        "{kind: questions, items: [{id: q, type: true-false, question: Q, answer: 'no'},"
        " {type: true-false, question: R, answer: 'no', why: 'See [see:q] and [this](#q).'}]}"
    )
    library = library_of({"guides/g.yaml": HEAD + section("one", questions)})
    for edition in EDITIONS:
        page = html_of(composed(library, "g", Choice(), edition))
        assert dangling(page) == set(), edition


CROOKED: Mapping[str, tuple[str, str]] = {
    "a reference to back matter that falls away": (
        "one",
        section("one", prose("see [see:words] and [words](#words)")) + BACK,
    ),
    "a reference to back matter that is there": (
        "one",
        section("one", prose("[term:waste], see [see:words] and [words](#words)")) + BACK,
    ),
    "a term that only a source uses": ("one", section("one", prose("[@e]")) + BACK),
    "a section with the id of the page's own part": ("content", section("content", prose("x"))),
    "a section with the id of the list of contents": ("contents", section("contents", prose("x"))),
}


@pytest.mark.parametrize("medium", ["print", "screen"])
@pytest.mark.parametrize("what", CROOKED)
def test_no_crooked_guide_makes_a_link_that_leads_nowhere(
    made: Made, what: str, medium: str
) -> None:
    notes = SOURCES.replace("short: Short e}", "short: Short e, note: 'On [term:waste].'}")
    page = html_of(made(CROOKED[what][1], shared__sources=notes), medium)
    assert dangling(page) == set()
    assert repeated(page) == []


def test_the_key_has_only_answers(library_of: LibraryOf, composed: Composed) -> None:
    questions = "{kind: questions, items: [{type: true-false, question: Q, answer: 'yes'}]}"
    head = HEAD.replace("lead: L", "lead: The lead.")
    guide = section("one", prose("Some text.")) + section("two", questions)
    library = library_of({"guides/g.yaml": head + guide})
    for medium in ("print", "screen"):
        page = html_of(composed(library, "g", Choice(), "key"), medium)
        assert "The lead." not in page
        assert 'class="contents"' not in page
        assert "<strong>True</strong>" in page
        assert "The lead." in html_of(composed(library, "g"), medium)


def test_the_note_of_a_course_is_not_in_the_key(library_of: LibraryOf) -> None:
    guide = section(
        "one", "{kind: questions, items: [{type: true-false, question: Q, answer: 'yes'}]}"
    )
    course = "format: 1\ntitle: C\nguides:\n  g: {note: Bring a pen.}\n"
    library = library_of({"guides/g.yaml": HEAD + guide, "courses/c.yaml": course})
    pages = {
        edition: html_of(jobs.compose(Job("g", library, {}, course="c", edition=edition))[1])
        for edition in EDITIONS
    }
    assert {edition for edition, page in pages.items() if "Bring a pen." in page} == {
        "complete",
        "student",
        "instructor",
    }


def test_what_an_answer_points_to_need_not_be_in_the_key(library_of: LibraryOf) -> None:
    questions = (
        "{kind: questions, items: [{type: true-false, question: Q, answer: 'no',"
        " why: 'By [see!:one].'}]}"
    )
    library = library_of(
        {"guides/g.yaml": HEAD + section("one", prose("x")) + section("two", questions)}
    )
    document = jobs.compose(Job("g", library, {}, edition="key"))[1]
    assert "By “Title one” (not in this handout)." in html_of(document)


def test_a_course_has_its_own_subtitle_and_lead(library_of: LibraryOf) -> None:
    course = "format: 1\ntitle: C\nguides:\n  g: {subtitle: For \"us\", lead: 'We *begin* [@a].'}\n"
    document = made_for_course(library_of, section("one", prose("x")) + BACK, course)
    assert document.subtitle == "For “us”"
    assert document.lead.startswith("We <em>begin</em> ")
    assert document.title == "T"

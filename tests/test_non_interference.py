"""Whatever the answers are, the student edition is the same: nothing of them can be in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from guidegen import jobs
from guidegen.jobs import Job, compose, print_html
from guidegen.models import (
    Block,
    Edition,
    FillInQuestion,
    Guide,
    Inline,
    Library,
    Markdown,
    MatchingQuestion,
    MultipleChoiceQuestion,
    OrderingQuestion,
    Question,
    QuestionsBlock,
    ShortAnswerQuestion,
    TrueFalseQuestion,
)
from guidegen.project import bundled, find
from guidegen.renderers.html import load_templates

LibraryOf = Callable[[dict[str, str]], Library]

TEMPLATES = load_templates([bundled() / "templates"])

GUIDE = """format: 1
title: Tea
lead: After this guide you can make tea.
edition: 2026-11-24
sections:
  - id: tea
    title: Tea
    blocks:
      - {kind: prose, text: 'Tea is a leaf [@leaf]. Turn to [see:quiz].'}
      - kind: callout
        for: instructor
        style: note
        text: Bring cups.
  - id: quiz
    title: Quiz
    blocks:
      - kind: questions
        id: first
        items:
          - type: multiple-choice
            question: What is tea?
            options: [a leaf, a root, a stone]
            answer: A
          - type: true-false
            question: Tea is wet.
            answer: yes
            why: Only when it is made.
      - kind: questions
        items:
          - type: short-answer
            question: Why is tea warm?
            answer: Because of the kettle.
          - type: fill-in
            question: '[blank] is hot and [blank] is cold.'
            answers: [the water, the milk]
          - type: matching
            question: What belongs to what?
            pairs:
              - {left: green, right: pale}
              - {left: black, right: red}
              - {left: white, right: clear}
          - type: ordering
            question: In which order?
            items: [boil, pour, wait, drink]
      - {kind: prose, text: The end.}
  - {id: answers, title: Answers, blocks: [{kind: answers}]}
  - {id: words, title: Words, blocks: [{kind: glossary}]}
  - {id: sources, title: Sources, blocks: [{kind: sources}]}
"""
SHARED = {
    "shared/sources.yaml": """format: 1
sources:
  leaf: {title: Leaves, publisher: Leaf Office, short: Leaf Office}
  root: {title: Roots, publisher: Root Office, short: Root Office}
""",
    "shared/glossary.yaml": "format: 1\nterms:\n  brew: {term: brew, text: What is made.}\n",
}
CHANGES = {
    "another right letter": ("answer: A", "answer: C"),
    "false for true": ("answer: yes", "answer: no"),
    "another explanation": ("Only when it is made.", "Never."),
    "no explanation": ("\n            why: Only when it is made.", ""),
    "an explanation that cites": ("Only when it is made.", "'By [@root] and [term:brew].'"),
    "another short answer": ("Because of the kettle.", "Nobody knows that, not even the cook."),
    "a short answer that cites": ("Because of the kettle.", "'By [@root] and [see:tea].'"),
    "an answer of many lines": (
        "Because of the kettle.",
        "|\n              - one\n              - two",
    ),
    "other words for a blank": ("[the water, the milk]", "[steam, 'ice [@root]']"),
    "other pairs": ("right: pale}", "right: red}"),
    "another order": ("[boil, pour, wait, drink]", "[drink, wait, boil, pour]"),
    "another note for the instructor": ("Bring cups.", "'Bring [term:brew] [@root].'"),
}


def changed(text: str, what: str) -> str:
    old, new = CHANGES[what]
    assert text.count(old) == 1
    text = text.replace(old, new)
    # What goes to green is taken from black.
    return (
        text.replace("black, right: red", "black, right: pale") if what == "other pairs" else text
    )


def pages(library: Library, guide: str, edition: Edition, cache: Path) -> tuple[str, bytes]:
    """Return the HTML that the PDF engine is given, and that for screens.

    The line of a block is for messages alone, and changes when an answer takes more lines.
    """
    job = Job(guide, library, TEMPLATES, edition=edition)
    document = compose(job)[1]
    on_paper = re.sub(r' data-origin="[^"]*"', "", print_html(document, TEMPLATES))
    place = library.guides[guide].origin
    return on_paper, jobs.finish(document, "html", TEMPLATES, cache, place)[0]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return find(bundled(), tmp_path_factory.getbasetemp()).cache


@pytest.mark.parametrize("what", CHANGES)
def test_the_student_edition_does_not_depend_on_an_answer(
    library_of: LibraryOf, cache: Path, what: str
) -> None:
    library = library_of({**SHARED, "guides/tea.yaml": GUIDE})
    other = library_of({**SHARED, "guides/tea.yaml": changed(GUIDE, what)})
    assert pages(library, "tea", "student", cache) == pages(other, "tea", "student", cache)
    before, after = (pages(each, "tea", "instructor", cache) for each in (library, other))
    assert before[0] != after[0]
    assert before[1] != after[1]


def test_the_pdf_of_students_does_not_depend_on_any_answer(
    library_of: LibraryOf, tmp_path: Path, cache: Path
) -> None:
    text = GUIDE
    for what in CHANGES:
        if CHANGES[what][0] in text:
            text = changed(text, what)
    files = []
    for guide in (GUIDE, text):
        library = library_of({**SHARED, "guides/tea.yaml": guide})
        job = Job("tea", library, TEMPLATES, edition="student", formats=("pdf",), preflight="warn")
        files.append(jobs.run(job, cache).contents["tea-student.pdf"])
    assert files[0] == files[1]


def test_no_student_edition_of_a_bundled_guide_depends_on_its_answers(
    bundled_library: Library, cache: Path
) -> None:
    asked = 0
    for name, guide in bundled_library.guides.items():
        asked += sum(len(block.items) for block in questions_of(guide))
        other = replace(bundled_library, guides={name: with_other_answers(guide)})
        assert pages(other, name, "student", cache) == pages(
            bundled_library, name, "student", cache
        )
        assert pages(other, name, "key", cache)[0] != pages(bundled_library, name, "key", cache)[0]
    assert asked >= 10


def questions_of(guide: Guide) -> Iterator[QuestionsBlock]:
    for section in guide.sections:
        yield from (block for block in section.blocks if isinstance(block, QuestionsBlock))


def with_other_answers(guide: Guide) -> Guide:
    """Return the guide with each of its answers another one."""

    def other(block: Block) -> Block:
        if not isinstance(block, QuestionsBlock):
            return block
        return block.model_copy(update={"items": tuple(map(differently, block.items))})

    sections = tuple(
        section.model_copy(update={"blocks": tuple(map(other, section.blocks))})
        for section in guide.sections
    )
    return guide.model_copy(update={"sections": sections})


def differently(question: Question) -> Question:
    """Return the same question with another answer and explanation."""
    update: dict[str, object]
    match question:
        case MultipleChoiceQuestion():
            letters = "ABCDEFGH"[: len(question.options)]
            update = {"answer": letters[question.answer_index - 1]}
        case TrueFalseQuestion():
            update = {"answer": not question.answer}
        case ShortAnswerQuestion():
            update = {"answer": Markdown("Quite another answer.")}
        case FillInQuestion():
            update = {"answers": tuple(Inline("other") for _ in question.answers)}
        case MatchingQuestion():
            rights = [pair.right for pair in question.pairs]
            pairs = zip(question.pairs, [*rights[1:], rights[0]], strict=True)
            moved = tuple(pair.model_copy(update={"right": right}) for pair, right in pairs)
            update = {"pairs": moved}
        case OrderingQuestion():
            update = {"items": question.items[::-1]}
    return question.model_copy(update={"why": Inline("For quite another reason."), **update})

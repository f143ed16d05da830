"""A course's handouts come with its guide, once, and as the course narrows them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from guidegen import pipeline
from guidegen.pipeline import Request
from guidegen.project import Project, find

TODAY = datetime.date(2026, 11, 24)
GUIDE = """\
format: 1
title: Drinks
lead: After this you can tell tea from coffee.
edition: 2026-11-24
sections:
  - id: one
    title: One
    blocks:
      - {kind: prose, text: Hello.}
      - {kind: questions, items: [{type: true-false, question: Tea is hot., answer: true}]}
"""
COMPARISON = """\
format: 1
title: Tea and coffee
question: Which one?
subjects: [{id: tea, name: Tea}, {id: coffee, name: Coffee}, {id: mate, name: Mate}]
criteria:
  - {id: leaf, name: Made of, values: {tea: leaves, coffee: beans, mate: twigs}}
"""
COURSE = """\
format: 1
title: Morning course
editions: [student, key]
formats: [html]
handouts: [tea-and-coffee]
guides:
  drinks:
    comparisons: {tea-and-coffee: {subjects: [coffee, tea]}}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    files = {
        "guides/drinks.yaml": GUIDE,
        "comparisons/tea-and-coffee.yaml": COMPARISON,
        "courses/morning.yaml": COURSE,
    }
    for name, text in files.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return find(tmp_path, tmp_path)


def test_handouts_come_once_with_the_first_edition(project: Project) -> None:
    built = pipeline.build(project, Request(course="morning"), today=TODAY)
    names = [[output.path.name for output in each.outputs] for each in built.built]
    assert names == [
        ["drinks-student.html", "tea-and-coffee-comparison.html"],
        ["drinks-key.html"],
    ]


def test_a_handout_shows_what_the_course_narrows(project: Project) -> None:
    pipeline.build(project, Request(course="morning"), today=TODAY)
    page = (project.output / "morning" / "tea-and-coffee-comparison.html").read_text()
    assert "beans" in page
    assert "twigs" not in page


def test_a_changed_comparison_makes_the_handout_anew(project: Project) -> None:
    request = Request(course="morning")
    pipeline.build(project, request, today=TODAY)
    path = project.content / "comparisons" / "tea-and-coffee.yaml"
    path.write_text(path.read_text().replace("beans", "roasted beans"))
    pipeline.build(project, request, today=TODAY)
    page = (project.output / "morning" / "tea-and-coffee-comparison.html").read_text()
    assert "roasted beans" in page

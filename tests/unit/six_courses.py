"""A project of six small courses, made on the spot for the tests of builds of all of them."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

from guidegen.jobs import Job
from guidegen.pipeline import Request, jobs_of, read
from guidegen.project import Project, find
from guidegen.renderers.html import load_templates

TODAY = datetime.date(2026, 11, 24)
GUIDE = "herbs"

FILES = {
    "guides/herbs.yaml": """\
format: 1
title: Herbs
lead: After this guide you can tell herbs apart.
edition: 2026-11-24
sections:
  - id: mint
    title: Mint
    blocks:
      - kind: prose
        id: mint-text
        text: Mint is cool, and grows to [fact:height]. More in [see:sage].
      - kind: figure
        file: leaf.svg
        alt: A leaf
        caption: A leaf of mint
  - id: sage
    title: Sage
    blocks:
      - kind: prose
        text: Sage is grey [@herbal].
      - kind: comparison
        comparison: leaves
  - id: thyme
    title: Thyme
    blocks:
      - kind: prose
        text: Thyme is a [term:shrub].
      - kind: table
        caption: Places for thyme
        columns: [Place, Sun]
        rows:
          - [Wall, much]
  - id: quiz
    title: Quiz
    blocks:
      - kind: questions
        items:
          - type: short-answer
            question: Which herb is cool?
            answer: The cool one among them is mint
  - id: answers
    title: Answers
    blocks:
      - kind: answers
  - id: glossary
    title: Glossary
    blocks:
      - kind: glossary
  - id: sources
    title: Sources
    blocks:
      - kind: sources
""",
    "comparisons/leaves.yaml": """\
format: 1
title: Leaves side by side
question: Which leaf is which?
subjects:
  - {id: mint, name: Mint}
  - {id: sage, name: Sage}
criteria:
  - id: colour
    name: Colour
    values: {mint: green, sage: grey}
""",
    "shared/facts.yaml": """\
format: 1
facts:
  height: {label: Height, value: "60", unit: cm, place: World, source: herbal, as_of: 2026,
    review_by: 2030}
""",
    "shared/sources.yaml": """\
format: 1
sources:
  herbal: {title: The herbal, publisher: Herb Press, short: Herbal}
""",
    "shared/glossary.yaml": """\
format: 1
terms:
  shrub: {term: shrub, text: A small woody plant.}
""",
    "figures/leaf.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><path d="M0 5h20"/></svg>'
    ),
    "figures/unused.svg": (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 5h9"/></svg>'
    ),
    "courses/anna.yaml": "format: 1\ntitle: Anna\nguides: {herbs: {sections: [mint, quiz]}}\n",
    "courses/bert.yaml": "format: 1\ntitle: Bert\nguides: {herbs: {sections: [sage]}}\n",
    "courses/carl.yaml": "format: 1\ntitle: Carl\nguides: {herbs: {sections: [thyme]}}\n",
    "courses/dora.yaml": "format: 1\ntitle: Dora\nguides: {herbs: {all_but: [sage]}}\n",
    "courses/emil.yaml": (
        "format: 1\ntitle: Emil\neditions: [student, key]\n"
        "guides: {herbs: {sections: [sage, quiz]}}\n"
    ),
    "courses/fred.yaml": "format: 1\ntitle: Fred\nextends: carl\n",
}

EDITIONS = [
    "anna: herbs",
    "bert: herbs",
    "carl: herbs",
    "dora: herbs",
    "emil: herbs, student",
    "emil: herbs, key",
    "fred: herbs",
]
"""The jobs of the project by name, in their order."""


def make(folder: Path, files: dict[str, str] = FILES) -> Project:
    """Write the files below ``folder``/content and return the project.

    Its cache is its own but for the fonts, which take seconds to make.
    """
    for name, text in files.items():
        path = folder / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = find(folder, folder)
    cache = folder / "cache"
    if not cache.exists():
        (found.cache / "web-fonts").mkdir(exist_ok=True)
        cache.mkdir()
        (cache / "web-fonts").symlink_to(found.cache / "web-fonts")
    return replace(found, cache=cache)


def change(project: Project, name: str, old: str, new: str) -> None:
    """Replace a word, which must be there, in a content file."""
    path = project.content / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def jobs(project: Project, request: Request = Request()) -> list[Job]:  # noqa: B008  # frozen
    """Return the jobs of all courses, which must be sound, in the order of EDITIONS."""
    found = read(project, TODAY)
    assert [str(problem) for problem in found.errors] == []
    templates = load_templates(project.templates)
    requests = [
        Request(course=name, formats=request.formats, editions=request.editions)
        for name in sorted(found.library.courses)
    ]
    return [job for each in requests for job in jobs_of(found.library, each, GUIDE, templates)]

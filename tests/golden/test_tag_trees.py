"""Golden tag trees: what a screen reader gets of each kind of block, handout and worksheet.

``cases/<kind>/tags.txt`` belongs to a kind of block, ``tags/<name>.txt`` to a command below.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from tagtree import faults_in, outline, read
from test_golden import CASES, CHOICES, HERE, hold_against, sound_library

from guidegen import cli, jobs
from guidegen.jobs import Job
from guidegen.project import bundled
from guidegen.renderers.html import load_templates
from guidegen.selection import Choice

COMMANDS = {
    "handout": "compare teas",
    **{kind: f"worksheet teas --kind {kind}" for kind in ("blank", "cloze", "matching", "quiz")},
    "cards": "worksheet teas --kind cards",
    "key": "build tea --edition key",
}

pytestmark = pytest.mark.a11y


@pytest.mark.parametrize("case", CASES)
def test_the_tag_tree_of_a_case_is_as_expected(
    case: str, update_golden: bool, today: datetime.date, tmp_path: Path
) -> None:
    folder = HERE / "cases" / case
    templates = load_templates([bundled() / "templates"])
    choice = CHOICES.get(case, Choice())
    library = sound_library(folder, today)
    # A case shows what can be written, with headings over nothing and pages of one line.
    job = Job("case", library, templates, choice=choice, formats=("pdf",), preflight="warn")
    (content,) = jobs.run(job, tmp_path).contents.values()
    assert faults_in(content) == []
    hold_against(folder / "tags.txt", outline(read(content)), update_golden)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_tag_tree_of_a_sheet_is_as_expected(
    name: str,
    update_golden: bool,
    course_files: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for file, text in course_files.items():
        path = tmp_path / "content" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["guidegen", *COMMANDS[name].split(), "--format", "pdf"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    (made,) = (tmp_path / "build").rglob("*.pdf")
    content = made.read_bytes()
    assert faults_in(content) == []
    hold_against(HERE / "tags" / f"{name}.txt", outline(read(content)), update_golden)

"""`guidegen worksheet`: files, variants, keys, what is told, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from running import Run

from guidegen import starter

COLOURS = """\
format: 1
title: Four colours
question: Which is which?
subjects:
  - {id: red, name: Red}
  - {id: blue, name: Blue}
  - {id: green, name: Green}
  - {id: white, name: White}
criteria:
  - id: thing
    name: Seen in
    values:
      red: Every strawberry that is ripe enough
      blue: The sky at noon in early summer
      green: Grass after one week of rain
      white: Snow before anybody walked there
  - id: letters
    name: Letters
    kind: number
    values: {red: '3', blue: '5', green: '5', white: '5'}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the comparison ``colours``, the current folder, and settings of its own."""
    starter.make_project(tmp_path / "project")
    folder = tmp_path / "project"
    (folder / "content/comparisons/colours.yaml").write_text(COLOURS)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return folder


@pytest.fixture
def run(project: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs `guidegen worksheet` in this process; returns exit code, stdout and stderr."""
    return lambda *arguments: guidegen("worksheet", *arguments)


def built(project: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((project / "build").glob("*"))}


def test_variants_and_keys_are_files_of_their_own(run: Run, project: Path) -> None:
    code, out, _ = run(
        "colours", "--kind", "quiz", "--variants", "A,B", "--seed", "7", "--key", "--format", "html"
    )
    assert code == 0
    assert list(built(project)) == [
        "colours-quiz-A-key.html",
        "colours-quiz-A.html",
        "colours-quiz-B-key.html",
        "colours-quiz-B.html",
    ]
    assert "wrote build/colours-quiz-A.html (4 items, " in out


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(run: Run, project: Path) -> None:
    arguments = ("colours", "--kind", "matching", "--format", "pdf,html")
    run(*arguments, "--seed", "7")
    first = built(project)
    run(*arguments, "--seed", "7")
    assert built(project) == first
    run(*arguments, "--seed", "8")
    assert built(project) != first
    assert list(first) == ["colours-matching.html", "colours-matching.pdf"]


@pytest.mark.parametrize("kind", ["blank", "cloze"])
def test_no_answer_is_in_the_students_file_but_each_is_in_the_key(
    run: Run, project: Path, kind: str
) -> None:
    assert run("colours", "--kind", kind, "--key", "--format", "html")[0] == 0
    files = {name: content.decode() for name, content in built(project).items()}
    for word in ("strawberry", "summer", "Snow" if kind == "blank" else "anybody"):
        assert word not in files[f"colours-{kind}.html"]
        assert word in files[f"colours-{kind}-key.html"]


def test_a_key_answers_under_the_labels_of_its_sheet(run: Run, project: Path) -> None:
    run("colours", "--kind", "quiz", "--key", "--format", "html")
    files = {name: content.decode() for name, content in built(project).items()}
    asked = re.findall(
        r'question-number">(\d+)</span> Under <em>(.+?)</em>.+?<strong>(.+?)</strong>(.+?)</ul>',
        files["colours-quiz.html"],
        re.DOTALL,
    )
    key = re.findall(
        r'class="number">(\d+)</th><td>(\w+): (.+?)</td><td.+?"letter">(\w)</strong> (.+?)</td>',
        files["colours-quiz-key.html"],
    )
    assert len(asked) == len(key) == 4
    for (label, criterion, subject, options), answer in zip(asked, key, strict=True):
        assert answer[:3] == (label, subject, criterion)
        assert f'<span class="letter">{answer[3]}</span> {answer[4]}</li>' in options


def test_subjects_and_criteria_narrow_the_sheet(run: Run, project: Path) -> None:
    code, out, _ = run(
        "colours", "--kind", "blank", "--subjects", "white,red", "--criteria", "letters",
        "--format", "html",
    )  # fmt: skip
    page = built(project)["colours-blank.html"].decode()
    assert code == 0
    assert "2 items" in out
    assert page.index(">White") < page.index(">Red")
    assert "Blue" not in page


def test_what_is_left_out_is_told_with_the_reason(run: Run) -> None:
    code, _, err = run("colours", "--kind", "quiz", "--format", "html")
    assert code == 0
    assert "left out Letters (Red, Blue, Green, White): fewer than 2 wrong options" in err


def test_json_tells_files_and_what_is_left_out(run: Run, project: Path) -> None:
    code, out, err = run("colours", "--kind", "quiz", "--key", "--json", "--format", "pdf")
    told: dict[str, Any] = json.loads(out)
    assert (code, err) == (0, "")
    assert [(each["key"], each["items"], each["pages"]) for each in told["outputs"]] == [
        (False, 4, 1),
        (True, 4, 1),
    ]
    assert {each["subject"] for each in told["skipped"]} == {"Red", "Blue", "Green", "White"}
    assert told["problems"] == []


def test_cards_carry_their_backs_and_a_list_on_the_screen(run: Run, project: Path) -> None:
    code, out, _ = run("colours", "--kind", "cards", "--flip", "short", "--paper", "a4")
    assert code == 0
    assert "colours-cards.pdf (8 items, 2 pages" in out
    page = built(project)["colours-cards.html"].decode()
    assert page.count('<details class="card">') == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["colors", "--kind", "quiz"], "did you mean 'colours'?"),
        (["colours"], "name a comparison and a --kind"),
        (["--kind", "quiz"], "name a comparison and a --kind"),
        (["colours", "--kind", "quiz", "--subjects", "red,blu"], "did you mean 'blue'?"),
        (["colours", "--kind", "quiz", "--variants", "A,b"], "one capital letter or a number"),
        (["colours", "--kind", "quiz", "--variants", "A,A"], "asked for twice"),
        (["colours", "--kind", "quiz", "--format", "docx"], "there is no format 'docx'"),
        (["colours", "--kind", "quiz", "--course", "none"], "there is no course 'none'"),
        (
            ["colours", "--kind", "quiz", "--criteria", "letters", "--subjects", "green,white"],
            "no quiz can be made of colours",
        ),
        (["--set-offset", "1"], "is no offset"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_had_is_refused(
    run: Run, project: Path, arguments: list[str], words: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not (project / "build").exists()


def test_a_measured_offset_is_kept_and_moves_the_backs(run: Run, project: Path) -> None:
    run("colours", "--kind", "cards", "--format", "pdf")
    before = built(project)
    code, out, _ = run("--set-offset", "0.5,-1")
    assert code == 0
    assert "backs move 0.5 mm right, -1 mm down" in out
    run("colours", "--kind", "cards", "--format", "pdf")
    assert built(project) != before
    run("--set-offset", "0,0")
    run("colours", "--kind", "cards", "--format", "pdf")
    assert built(project) == before


def test_a_broken_settings_file_is_told_with_its_place(run: Run, tmp_path: Path) -> None:
    run("--set-offset", "0.5,-1")
    path = tmp_path / "config/guidegen/settings.yaml"
    path.write_text(path.read_text().replace("0.5", "half"))
    code, _, err = run("colours", "--kind", "cards", "--format", "html")
    assert code == 1
    assert re.search(r"settings\.yaml:5:6: wrong-value", err)


def test_a_calibration_sheet_has_two_sides(run: Run, project: Path) -> None:
    code, out, _ = run("--calibration", "--paper", "a4")
    assert code == 0
    assert "calibration.pdf (2 pages" in out
    assert list(built(project)) == ["calibration.pdf"]

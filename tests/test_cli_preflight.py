"""Faults on pages, from the command line: told with their line, and stopped or warned of."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from running import Run

GUIDE = """\
format: 1
title: Moles
lead: After this guide you know moles.
edition: 2026-11-24
sections:
  - id: digging
    title: Digging
    blocks:
      - kind: prose
        text: |
          Moles dig, and have dug since there have been gardens to dig in.
          They come by night.
"""
BLOCK_LINE = GUIDE.count("\n") + 1
COLUMNS = [f"Responsibility{number}" for number in range(14)]
ROWS = "".join(f"          | {' | '.join(row)} |\n" for row in (COLUMNS, ["---"] * 14, COLUMNS))
TABLE = f"      - kind: prose\n        text: |\n{ROWS}"
WORD = f"      - kind: prose\n        text: Before {'x' * 90}.\n"
GLYPH = "      - kind: prose\n        text: |\n          Here.\n          A ★ here.\n"
FIGURE = """\
      - kind: figure
        file: tower.svg
        alt: A very tall tower.
        caption: The tower
"""
PHOTO = """\
      - kind: figure
        file: photo.png
        alt: A mole.
        caption: A mole in its hole
        width: {}
"""
TOWER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 300"><path d="M9 9h9v9"/></svg>'
COMPARISON = """\
format: 1
title: Moles and voles
question: Which is which?
subjects:
  - {id: mole, name: Mole}
  - {id: vole, name: Vole}
criteria:
  - id: food
    name: Food
    values: {mole: worms ★, vole: roots}
  - id: coat
    name: Coat
    values: {mole: black, vole: brown}
"""
COURSE = "format: 1\ntitle: Gardeners\nformats: [pdf]\nguides:\n  moles: {}\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs guidegen in ``tmp_path``, in this process."""
    monkeypatch.chdir(tmp_path)
    return guidegen


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., None]:
    """Writes a guide that ends with a block, two figures, a comparison and a course."""
    pixels = io.BytesIO()
    Image.new("L", (400, 100), 90).save(pixels, "PNG")

    def write(block: str) -> None:
        files = {
            "guides/moles.yaml": (GUIDE + block).encode(),
            "figures/tower.svg": TOWER.encode(),
            "figures/photo.png": pixels.getvalue(),
            "comparisons/moles-and-voles.yaml": COMPARISON.encode(),
            "courses/gardeners.yaml": COURSE.encode(),
        }
        for name, content in files.items():
            path = tmp_path / "content" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    return write


@pytest.mark.parametrize(
    ("block", "code", "line", "says"),
    [
        (
            TABLE,
            "off-page",
            0,
            r"“Responsibility\d+” in the table that begins “Responsibility0” runs \d+ mm past the"
            " right edge of its cell on page 1",
        ),
        (WORD, "off-page", 0, "“xxx.*” runs .* past the right edge of its page"),
        (GLYPH, "missing-glyph", 3, r"no font has the character ★ \(U\+2605\)"),
        (FIGURE, "off-page", 0, "the figure “.*The tower” runs .* past the foot of page 2"),
        (PHOTO.format(100), "low-resolution", 0, "the figure “.*” has 56 dpi on page 1, below 150"),
    ],
    ids=["table", "word", "glyph", "figure", "photo"],
)  # fmt: skip
def test_a_fault_is_told_with_its_line_and_leaves_the_older_file(
    run: Run,
    project: Callable[..., None],
    tmp_path: Path,
    block: str,
    code: str,
    line: int,
    says: str,
) -> None:
    project(block)
    older = tmp_path / "build/moles.pdf"
    older.parent.mkdir()
    older.write_bytes(b"older")
    ended = run("build", "moles")
    assert (ended.code, ended.out) == (1, "")
    told = rf"content/guides/moles.yaml:{BLOCK_LINE + line}:\d+: {code}: {says}.* \(.+\)"
    assert re.search(told, ended.err), ended.err
    assert [path.name for path in older.parent.iterdir()] == ["moles.pdf"]
    assert older.read_bytes() == b"older"


def test_a_picture_that_is_fine_enough_is_printed(run: Run, project: Callable[..., None]) -> None:
    project(PHOTO.format(37))
    ended = run("build", "moles", "--format", "pdf")
    assert ended.code == 0, ended.err


@pytest.mark.parametrize("extra", [(), ("--quiet",)], ids=["loud", "quiet"])
def test_warned_of_it_is_written_and_told_each_time(
    run: Run, project: Callable[..., None], tmp_path: Path, extra: tuple[str, ...]
) -> None:
    project(WORD)
    for _ in range(2):
        ended = run("build", "moles", "--preflight", "warn", "--format", "pdf", *extra)
        assert ended.code == 0
        told = f"content/guides/moles.yaml:{BLOCK_LINE}:1: warning: off-page: "
        assert ended.err.count(told) == 1
        assert (tmp_path / "build/moles.pdf").read_bytes().startswith(b"%PDF")


def test_what_was_let_pass_once_is_refused_by_the_next_build(
    run: Run, project: Callable[..., None]
) -> None:
    project(GLYPH)
    ended = run("build", "moles", "--preflight", "warn", "--format", "pdf", "--json")
    assert ended.code == 0
    _, problem = ended.json["problems"]
    assert (problem["code"], problem["severity"]) == ("missing-glyph", "warning")
    assert (problem["file"], problem["line"]) == ("content/guides/moles.yaml", BLOCK_LINE + 3)
    assert run("build", "moles", "--format", "pdf").code == 1


def test_a_batch_warns_too(run: Run, project: Callable[..., None], tmp_path: Path) -> None:
    project(WORD)
    assert run("build", "--all", "--jobs", "1").code == 1
    for _ in range(2):
        ended = run("build", "--all", "--jobs", "1", "--preflight", "warn")
        assert ended.code == 0
        assert ended.err.count("warning: off-page") == 1
        assert (tmp_path / "build/gardeners/moles.pdf").exists()
    told = run("build", "--all", "--jobs", "1", "--preflight", "warn", "--json").json
    (result,) = told["results"]
    assert result["state"] == "built"
    assert [problem["code"] for problem in result["problems"]] == ["off-page"]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (("compare", "moles-and-voles"), "moles-and-voles-comparison.pdf"),
        (("worksheet", "moles-and-voles", "--kind", "cards"), "moles-and-voles-cards.pdf"),
        (("compare", "moles-and-voles", "--key"), "moles-and-voles-blank-key.pdf"),
    ],
)
def test_handouts_and_worksheets_warn_too(
    run: Run, project: Callable[..., None], tmp_path: Path, command: tuple[str, ...], file: str
) -> None:
    project(WORD)
    command = (*command, "--format", "pdf")
    refused = run(*command)
    assert refused.code == 1
    assert "missing-glyph" in refused.err
    assert not (tmp_path / "build").exists()
    ended = run(*command, "--preflight", "warn")
    assert ended.code == 0
    assert "warning: missing-glyph" in ended.err
    assert (tmp_path / "build" / file).exists()
    told = run(*command, "--preflight", "warn", "--json").json
    assert [problem["code"] for problem in told["problems"]] == ["missing-glyph"]


def test_a_handout_that_no_plan_holds_is_written_with_its_faults(
    run: Run, project: Callable[..., None], tmp_path: Path
) -> None:
    project(WORD)
    path = tmp_path / "content/comparisons/moles-and-voles.yaml"
    path.write_text(COMPARISON.replace("worms ★", "x" * 200))
    command = ("compare", "moles-and-voles", "--format", "pdf")
    refused = run(*command)
    assert refused.code == 2
    assert "can't be set" in refused.err
    ended = run(*command, "--preflight", "warn")
    assert ended.code == 0, ended.err
    assert "moles-and-voles.yaml:8:1: warning: off-page: “xxx" in ended.err
    assert (tmp_path / "build/moles-and-voles-comparison.pdf").exists()


def test_there_is_no_third_verdict(run: Run, project: Callable[..., None]) -> None:
    project(WORD)
    assert run("build", "moles", "--preflight", "ignore").code == 2
    assert run("build", "moles", "--no-preflight").code == 2

"""`guidegen plan` and `guidegen diff`: what they print, write and end with."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from running import Run

from guidegen.cli import printing


@pytest.fixture
def tea(tmp_path: Path, course_files: dict[str, str]) -> Path:
    """A project with a guide about tea and two courses."""
    for name, text in course_files.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def run(tea: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs guidegen in the folder of the project, on a terminal of 100 columns."""
    monkeypatch.chdir(tea)
    monkeypatch.setattr(printing.out, "_width", 100)
    return guidegen


def break_course(tea: Path, name: str) -> None:
    path = tea / f"content/courses/{name}.yaml"
    path.write_text(path.read_text().replace("  tea:", "  tee:"))


def rows(text: str) -> list[list[str]]:
    """Return the lines of a table, split where two blanks or more stand."""
    return [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in lines_of(text)]


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# plan


def test_without_a_course_the_plain_guide_is_planned(run: Run) -> None:
    ended = run("plan")
    assert (ended.code, ended.err) == (0, "")
    assert rows(ended.out)[:4] == [
        ["tea, Tea"],
        ["label", "part", "complete", "reason"],
        ["Sections"],
        ["A", "leaves", "in", "in: part of the guide"],
    ]


def test_the_plan_of_a_course_is_grouped_and_fits_100_columns(run: Run) -> None:
    ended = run("plan", "--course", "black")
    groups = [row[0] for row in rows(ended.out) if len(row) == 1 and ":" not in row[0]]
    assert groups == ["Title", "Sections", "Blocks", "Facts", "Comparisons"]
    assert max(map(len, lines_of(ended.out))) <= 100
    course = "courses/black.yaml"
    assert ["C", "cups", "out", "out", f"out: not in the course, {course}:7"] in rows(ended.out)
    assert [f"renamed: now “Hot water”, {course}:9"] in rows(ended.out)


def test_blocks_hidden_alike_share_a_line(run: Run, tea: Path) -> None:
    guide = tea / "content/guides/tea.yaml"
    guide.write_text(
        guide.read_text().replace(
            "      - kind: prose\n        text:",
            "      - kind: prose\n        tags: [lore]\n        text:",
        )
    )
    assert "prose (3 times)" in run("plan", "--course", "black").out


def test_editions_can_be_asked_for(run: Run) -> None:
    ended = run("plan", "--course", "black", "--edition", "instructor")
    assert ["label", "part", "instructor", "reason"] in rows(ended.out)


def test_all_plans_every_course(run: Run) -> None:
    ended = run("plan", "--all")
    assert ended.code == 0
    assert "black: tea, Black tea only" in ended.out
    assert "plain: tea, Tea" in ended.out


def test_a_broken_course_prints_its_problems_alone(run: Run, tea: Path) -> None:
    break_course(tea, "plain")
    ended = run("plan", "--course", "plain")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("content/courses/plain.yaml:4:3: unknown-guide:")
    assert "did you mean 'tea'?" in ended.err
    assert run("plan", "--course", "black").code == 0


def test_all_shows_the_sound_courses_beside_a_broken_one(run: Run, tea: Path) -> None:
    break_course(tea, "plain")
    ended = run("plan", "--all")
    assert ended.code == 1
    assert "black: tea, Black tea only" in ended.out
    assert ended.err.startswith("no plan for the course plain:\ncontent/courses/plain.yaml:4:3:")


def test_a_course_that_cannot_be_read_does_not_hide_the_others(run: Run, tea: Path) -> None:
    (tea / "content/courses/plain.yaml").write_text("format: 1\ntitel: Tea\n")
    ended = run("plan", "--all")
    assert ended.code == 1
    assert "unknown-field" in ended.err
    assert "black: tea, Black tea only" in ended.out


def test_json_names_file_and_line_of_every_reason(run: Run, tea: Path) -> None:
    break_course(tea, "plain")
    ended = run("plan", "--all", "--json")
    assert ended.code == 1
    (black,) = ended.json["plans"]
    places = {
        reason["place"]
        for part in black["parts"]
        for reason in part["reasons"]
        if reason["action"] in ("renamed", "replaced", "hidden", "overridden", "narrowed", "added")
    }
    assert len(places) == 8
    assert all(place.startswith("content/courses/black.yaml:") for place in places)
    assert [problem["code"] for problem in ended.json["failed"]["plain"]] == ["unknown-guide"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["plan", "--course", "blck"], "no course 'blck' (did you mean 'black'?)"),
        (["plan", "--guide", "teas"], "no guide 'teas' (did you mean 'tea'?)"),
        (["plan", "--course", "black", "--guide", "te"], "'te' (did you mean 'tea'?)"),
        (["plan", "--all", "--course", "black"], "say either --all or --course"),
        (["diff", "blck"], "no course 'blck' (did you mean 'black'?)"),
        (["diff", "black", "plane"], "no course 'plane' (did you mean 'plain'?)"),
        (["diff", "black", "black"], "name two different courses"),
        (["diff", "black", "--format", "docx"], "no format 'docx'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_ends_with_2_and_the_nearest_name(
    run: Run, arguments: list[str], words: str
) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


# diff


def test_a_difference_is_told_in_words_with_signs(run: Run, tea: Path) -> None:
    ended = run("diff", "black")
    told = " ".join(ended.out.split())
    assert (ended.code, ended.err) == (0, "")
    assert "What black changes" in told
    assert "moved: now after “Quiz”, was first" in told
    assert "[−Green−] [+Black+] leaves steep" in told
    assert (
        "Steeping: [−2 minutes (World, as of 2026)−] [+4 minutes (Assam, as of 2026-05)+]" in told
    )
    assert max(map(len, lines_of(ended.out)[3:])) <= 100
    assert not (tea / "build").exists()


def test_base_is_the_guide_as_it_stands(run: Run) -> None:
    assert run("diff", "black", "base").out == run("diff", "black").out
    assert "Compared with black" in run("diff", "plain", "black").out


def test_a_difference_as_json(run: Run) -> None:
    data = run("diff", "black", "--json").json
    assert (data["course"], data["other"]) == ("black", "base")
    sections = data["guides"]["tea"]["sections"]
    assert [section["anchor"] for section in sections] == ["water", "cups", "leaves", "own"]
    assert data["guides"]["tea"]["facts"][0]["source"] == "Leaf Office"


def test_a_difference_of_a_broken_course_is_not_told(run: Run, tea: Path) -> None:
    break_course(tea, "plain")
    assert run("diff", "black", "plain").code == 1
    assert run("diff", "black").code == 0


class Tags(HTMLParser):
    """The tags of a page in their order, with the attributes of its table heads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: list[str] = []
        self.scopes: list[str | None] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        if tag == "th":
            self.scopes.append(dict(attrs).get("scope"))


def test_a_difference_as_a_page_has_headings_scopes_and_signs(run: Run, tea: Path) -> None:
    ended = run("diff", "black", "--format", "html")
    assert ended.out == "wrote build/black/tea-diff.html\n"
    page = (tea / "build/black/tea-diff.html").read_text()
    tags = Tags(page)
    headings = [name for name in tags.names if name in ("h1", "h2", "h3", "h4")]
    assert headings[:2] == ["h1", "h2"]
    assert headings.count("h1") == 1
    assert set(tags.scopes) == {"col", "row"}
    assert '<ins><span class="sign">+</span><span class="words">Black</span></ins>' in page
    assert '<del><span class="sign">−</span><span class="words">Green</span></del>' in page


def test_a_difference_as_a_tagged_pdf_shows_its_signs(run: Run, tea: Path) -> None:
    ended = run("diff", "black", "plain", "--format", "pdf", "--out", "here")
    assert (ended.code, ended.out) == (0, "wrote here/tea-diff.pdf\n")
    path = tea / "here/tea-diff.pdf"
    with pikepdf.open(path) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == "What black changes"
    pages = pypdfium2.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_bounded() for page in pages)
    assert "−Green" in text
    assert "+Black" in text

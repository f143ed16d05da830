"""`guidegen proof`: sheets in the terminal, as data, and as a page with pictures."""

from __future__ import annotations

import base64
import datetime
import io
import os
import time
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from running import Run

from guidegen import pipeline, proof_jobs, starter
from guidegen.containment import CAN_END
from guidegen.finished import Finished, read_finished
from guidegen.origin import Origin
from guidegen.pipeline import Request
from guidegen.project import find
from guidegen.proof_checks import CHECKS, LAID_OUT


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, today: datetime.date) -> bytes:
    """The PDF of the small project's guide, as a build writes it."""
    folder = tmp_path_factory.mktemp("built")
    starter.make_project(folder / "bio")
    project = find(folder / "bio", folder)
    pipeline.build(project, Request(formats=("pdf",), output=folder / "out"), today=today)
    return (folder / "out/cell-division.pdf").read_bytes()


@pytest.fixture
def bio(tmp_path: Path) -> Path:
    """A small project, without anything built."""
    starter.make_project(tmp_path / "bio")
    return tmp_path / "bio"


@pytest.fixture
def run(bio: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs `guidegen proof` in the folder of the project ``bio``, in this process."""
    monkeypatch.chdir(bio)
    return lambda *arguments: guidegen("proof", *arguments)


@pytest.fixture
def sound(bio: Path, built: bytes) -> str:
    (bio / "sound.pdf").write_bytes(built)
    return "sound.pdf"


@pytest.fixture
def bare(bio: Path, built: bytes) -> str:
    """The same, without language and title."""
    with pikepdf.open(io.BytesIO(built)) as pdf:
        del pdf.Root.Lang, pdf.Root.ViewerPreferences
        pdf.save(bio / "bare.pdf")
    return "bare.pdf"


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


# Files


def test_a_sheet_says_what_a_file_holds_and_how_each_check_came_out(run: Run, sound: str) -> None:
    ended = run(sound)
    assert (ended.code, ended.err) == (0, "reading sound.pdf ...\n")
    lines = [line.strip() for line in ended.out.splitlines()]
    assert lines[1] == "sound.pdf  All 17 checks passed"
    rows = dict(line.split(maxsplit=1) for line in lines[2:] if " " in line)
    assert rows["language"] == "en-US"
    assert rows["pages"].endswith(", letter (216 × 279 mm)")
    assert rows["tagged"] == "yes, claims PDF/UA-1"
    assert "at 238 words a minute" in ended.out
    assert "least text    9 pt, page 1" in ended.out
    assert "✓ passed   small-text         no text is below 9 pt" in lines
    assert " ".join(lines).endswith(f"– not seen in a finished file: {', '.join(LAID_OUT)}")


def test_a_failed_check_names_its_places_and_ends_with_1(run: Run, bare: str) -> None:
    ended = run(bare)
    lines = [line.strip() for line in ended.out.splitlines()]
    assert (ended.code, lines[1]) == (1, "bare.pdf  2 of 17 checks failed")
    at = lines.index("✗ FAILED   no-language        the language is named")
    assert lines[at + 1] == "the file does not name its language, so that it is read aloud in any"
    assert "reading ease  not given: the file does not name its language" in lines


KEYS = {
    "name", "bytes", "title", "language", "pages", "papers", "sheets", "fonts", "least_text",
    "words", "reading_minutes", "reading_ease", "figures", "tables", "bookmarks", "links",
    "tagged", "pdf_ua", "checks",
}  # fmt: skip


def test_json_holds_the_same_under_stable_keys(run: Run, sound: str, bare: str) -> None:
    ended = run(sound, bare, "--json")
    assert (ended.code, ended.err) == (1, "")
    assert set(ended.json) == {"proofs", "problems"}
    first, second = ended.json["proofs"]
    assert set(first) == set(second) == KEYS
    assert (first["name"], second["name"]) == (sound, bare)
    assert first["sheets"] == {
        "one_sided": first["pages"],
        "two_sided": (first["pages"] + 1) // 2,
    }
    assert set(first["checks"][0]) == {"code", "says", "result", "why", "findings"}
    results = {check["code"]: check["result"] for check in second["checks"]}
    assert results["no-title"] == results["no-language"] == "failed"
    assert results["off-page"] == "passed"
    assert results["stranded-heading"] == "unseen"


def test_many_files_give_a_table_and_what_failed(run: Run, sound: str, bare: str) -> None:
    ended = run(sound, bare, sound, sound)
    assert ended.code == 1
    head, *rows = ended.out.split("\n\n")[0].splitlines()
    assert head.split() == ["file", "pages", "words", "result"]
    assert [row.split()[0] for row in rows] == [sound, bare, sound, sound]
    assert rows[1].rstrip().endswith("no-language, no-title")
    assert ended.out.count("checks failed") == 1
    assert "passed   " not in ended.out.partition("\n\n")[2]
    assert ended.err.splitlines()[-1] == "4 files proved: 1 failed a check"


def test_a_file_that_cannot_be_read_stops_no_other(run: Run, bio: Path, sound: str) -> None:
    (bio / "letter.pdf").write_text("Dear all")
    (bio / "empty.PDF").touch()
    ended = run("letter.pdf", sound, "empty.PDF")
    assert ended.code == 1
    assert "sound.pdf  All 17 checks passed" in ended.out
    *problems, last = ended.err.splitlines()[-3:]
    assert [line.split(": ")[:2] for line in problems] == [
        ["letter.pdf:1:1", "not-a-pdf"],
        ["empty.PDF:1:1", "not-a-pdf"],
    ]
    assert last == "1 file proved: 0 failed a check, 2 could not be read"


can_end = pytest.mark.skipif(not CAN_END, reason="nothing can be ended on this system")


@can_end
def test_a_file_that_crashes_its_reader_stops_no_other(
    run: Run, sound: str, bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(content: bytes, place: Origin) -> Finished:
        if place.file == bare:
            os._exit(9)
        return read_finished(content, place)

    monkeypatch.setattr(proof_jobs, "read_finished", read)
    ended = run(bare, sound)
    assert ended.code == 1
    assert "bare.pdf:1:1: crash: " in ended.err
    assert "sound.pdf  All 17 checks passed" in ended.out


@can_end
def test_a_file_that_is_never_read_to_its_end_is_given_up(
    run: Run, bare: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUIDEGEN_TIME_LIMIT", "1")
    monkeypatch.setattr(proof_jobs, "read_finished", lambda content, place: time.sleep(60))
    ended = run(bare)
    assert (ended.code, ended.out) == (1, "")
    assert "bare.pdf:1:1: layout-too-long: this took longer than 1 seconds" in ended.err


def test_quiet_prints_what_failed_alone(run: Run, sound: str, bare: str) -> None:
    assert run(sound, "-q").out == ""
    assert run(bare, "-q").out.splitlines()[1].startswith("bare.pdf  2 of 17")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing.pdf"], "there is no file missing.pdf"),
        (["content/"], "content/ is a folder: name its files, such as content/*.pdf"),
        (["cell-divisoin"], "there is no guide 'cell-divisoin' (did you mean 'cell-division'?)"),
        (["sound.pdf", "--paper", "a4"], "--paper and --theme are for guides, not for PDFs"),
        (["sound.pdf", "--html", "proof.pdf"], "name it .html, not 'proof.pdf'"),
        (["sound.pdf", "--html", ""], "a path is empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_wrong_usage_ends_with_2(
    run: Run, bio: Path, sound: str, arguments: list[str], message: str
) -> None:
    before = files_in(bio)
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert files_in(bio) == before


# Guides


def test_a_guide_is_made_in_memory_and_its_pages_are_looked_at(run: Run, bio: Path) -> None:
    before = files_in(bio)
    ended = run("cell-division")
    assert (ended.code, files_in(bio)) == (0, before)
    assert (
        ended.out.splitlines()[1]
        == f"cell-division.pdf  All {len(CHECKS) + len(LAID_OUT)} checks passed"
    )
    assert "✓ passed   stranded-heading" in ended.out
    assert "not seen" not in ended.out


def test_a_course_has_a_proof_for_each_edition(run: Run) -> None:
    ended = run("--course", "bio-101", "--edition", "student", "--edition", "key", "--json")
    names = [proof["name"] for proof in ended.json["proofs"]]
    assert names == ["bio-101/cell-division-student.pdf", "bio-101/cell-division-key.pdf"]
    paper = run("--paper", "a4", "--json").json["proofs"][0]["papers"]
    assert [each["name"] for each in paper] == ["A4"]


def test_the_only_guide_needs_no_name_and_is_taken_from_the_cache(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("--json").json
    assert [each["name"] for each in first["proofs"]] == ["cell-division.pdf"]

    def refuse(*arguments: object) -> None:
        raise AssertionError("made anew")

    monkeypatch.setattr(proof_jobs, "make", refuse)
    assert run("--json").json == first
    with pytest.raises(AssertionError, match="made anew"):
        run("--no-cache")


def test_pages_that_a_build_would_refuse_are_proved_all_the_same(run: Run, bio: Path) -> None:
    guide = bio / "content/guides/cell-division.yaml"
    text = guide.read_text(encoding="utf-8")
    long = "W" * 90
    guide.write_text(
        f"{text}\n  - id: extra\n    title: Extra\n    blocks:\n      - kind: table\n"
        f"        caption: Wide\n        columns: [A, B]\n        rows:\n          - [{long}, b]\n",
        encoding="utf-8",
    )
    before = files_in(bio)
    ended = run("cell-division", "--json")
    assert (ended.code, files_in(bio)) == (1, before)
    (proof,) = ended.json["proofs"]
    (check,) = (each for each in proof["checks"] if each["code"] == "off-page")
    assert check["result"] == "failed"
    assert check["findings"][0]["place"].startswith("content/guides/cell-division.yaml:")
    assert proof["pages"] > 1
    # What failed is never kept.
    assert run("cell-division", "--json").code == 1


def test_broken_content_ends_with_its_problems(run: Run, bio: Path, sound: str) -> None:
    guide = bio / "content/guides/cell-division.yaml"
    guide.write_text(guide.read_text(encoding="utf-8").replace("[term:spindle]", "[term:spindel]"))
    ended = run("cell-division", sound)
    assert ended.code == 1
    assert "sound.pdf  All 17 checks passed" in ended.out
    assert "unknown-term" in ended.err


# The page


class Page(HTMLParser):
    """What a web page holds: its pictures, the addresses it names, its words, its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pictures: list[dict[str, str | None]] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.metas: list[dict[str, str | None]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.ids += [each for each in [named.get("id")] if each]
        self.addresses += [value for key in ("src", "href") if (value := named.get(key))]
        if tag == "img":
            self.pictures.append(named)
        elif tag == "meta":
            self.metas.append(named)


def test_the_page_is_one_file_with_a_picture_of_every_page(
    run: Run, bio: Path, sound: str, bare: str
) -> None:
    ended = run(sound, bare, "--html", "out/proof.html", "--json")
    text = (bio / "out/proof.html").read_text(encoding="utf-8")
    page = Page(text)
    pages = [proof["pages"] for proof in ended.json["proofs"]]
    assert len(page.pictures) == sum(pages)
    assert [each["alt"] for each in page.pictures[: pages[0]]] == [
        f"page {number}" for number in range(1, pages[0] + 1)
    ]
    assert {(each["width"], each["height"]) for each in page.pictures} == {("612", "792")}
    for picture in page.pictures:
        kind, _, data = (picture["src"] or "").partition(",")
        assert kind == "data:image/jpeg;base64"
        Image.open(io.BytesIO(base64.b64decode(data, validate=True))).load()
    outside = [each for each in page.addresses if not each.startswith(("#", "data:"))]
    assert outside == []
    assert {each[1:] for each in page.addresses if each[0] == "#"} <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    policies = [each["content"] for each in page.metas if "http-equiv" in each]
    assert policies[0] is not None
    assert policies[0].startswith("default-src 'none'")
    assert "url(http" not in text
    assert "<script" not in text


def test_the_page_marks_the_pages_that_failed(run: Run, bio: Path, built: bytes) -> None:
    with pikepdf.open(io.BytesIO(built)) as pdf:
        pdf.add_blank_page()
        number = len(pdf.pages)
        pdf.save(bio / "blank.pdf")
    assert run("blank.pdf", "--html", "proof.html").code == 1
    text = (bio / "proof.html").read_text(encoding="utf-8")
    assert f'alt="page {number}, which failed blank-page"' in text
    assert f'<li id="file-1-{number}" class="failed">' in text
    assert f'<a href="#file-1-{number}">page {number}</a>: is blank' in text
    assert text.count('class="failed"') == 2  # the page, and the check


def test_names_and_titles_are_text_and_no_markup(run: Run, bio: Path, built: bytes) -> None:
    with pikepdf.open(io.BytesIO(built)) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = "<script>alert(1)</script>"
        pdf.save(bio / "[red]<b>x.pdf")
    ended = run("[red]<b>x.pdf", "--html", "proof.html")
    assert "\n[red]<b>x.pdf  All 17 checks passed\n" in ended.out
    text = (bio / "proof.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<b>x" not in text


def test_the_same_files_give_the_same_page(run: Run, bio: Path, sound: str) -> None:
    run(sound, "--html", "one.html")
    run(sound, "--html", "two.html")
    assert (bio / "one.html").read_bytes() == (bio / "two.html").read_bytes()


def test_nothing_is_drawn_unless_the_page_is_asked_for(
    run: Run, sound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pypdfium2

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("drawn")

    monkeypatch.setattr(pypdfium2.PdfPage, "render", refuse)
    assert run(sound).code == 0

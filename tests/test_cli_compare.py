"""`guidegen compare`: what it writes, what it says, and how it refuses."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from running import Run

from guidegen.project import bundled


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guidegen: Run) -> Run:
    """Runs `guidegen compare` on the bundled content, writing below an empty folder."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: guidegen("compare", *arguments, "--project", str(bundled()))


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def sizes_of(path: Path) -> set[tuple[float, float]]:
    pdf = pypdfium2.PdfDocument(io.BytesIO(path.read_bytes()))
    return {tuple(round(side) for side in page.get_size()) for page in pdf}


def test_a_comparison_is_written_as_pdf_and_web_page(compare: Run, tmp_path: Path) -> None:
    ended = compare("ems-vs-emt")
    assert ended.code == 0
    assert "wrote build/ems-vs-emt-comparison.pdf (1 page, portrait, " in ended.out
    text = text_of(tmp_path / "build/ems-vs-emt-comparison.pdf")
    for words in ("EMS and EMT side by side", "Is it the whole system", "What to remember"):
        assert words in text
    page = (tmp_path / "build/ems-vs-emt-comparison.html").read_text(encoding="utf-8")
    assert "<h1>EMS and EMT side by side</h1>" in page
    assert "http-equiv" in page


def test_the_same_request_gives_the_same_bytes(compare: Run, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        assert compare("bls-and-als-units", "--out", folder).code == 0
    for name in ("bls-and-als-units-comparison.pdf", "bls-and-als-units-comparison.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_the_layout_is_said_in_json_with_what_was_refused(compare: Run) -> None:
    found = compare("career-paths", "--json", "--format", "pdf").json
    assert found["rung"] == "landscape"
    assert found["layout"] == "landscape"
    assert [each["rung"] for each in found["refused"]] == ["portrait"]
    assert len(found["subjects"]) == 6
    assert len(found["code"]) == 5
    assert found["outputs"][0]["pages"] >= 1


def test_paper_and_orientation_are_as_asked_for(compare: Run, tmp_path: Path) -> None:
    name = "build/ems-vs-emt-comparison.pdf"
    ended = compare("ems-vs-emt", "--paper", "a4", "--orientation", "landscape", "--format", "pdf")
    assert ended.code == 0
    assert sizes_of(tmp_path / name) == {(842, 595)}
    compare("ems-vs-emt", "--format", "pdf")
    assert sizes_of(tmp_path / name) == {(612, 792)}


def test_subjects_of_any_file_make_a_comparison(compare: Run, tmp_path: Path) -> None:
    ended = compare("emr", "emt", "aemt", "paramedic", "--differences-only", "--format", "pdf")
    assert ended.code == 0
    path = tmp_path / "build/emr-emt-aemt-paramedic-comparison.pdf"
    text = text_of(path)
    assert "Paramedic" in text
    assert "only where they differ" in text
    assert "CPR" not in text.partition("What to remember")[0]


def test_differences_are_marked_by_signs_and_said_in_words(compare: Run, tmp_path: Path) -> None:
    compare("bls-and-als-units")
    page = (tmp_path / "build/bls-and-als-units-comparison.html").read_text(encoding="utf-8")
    assert '<span class="unseen">different: </span>Advanced airways' in page
    assert '<span class="unseen">the same: </span>Oxygen' in page
    assert "✓ Yes" in page
    assert "Only in ALS unit" in page
    assert 'alt="Two fields that overlap. The same in both: ' in page
    with pikepdf.open(tmp_path / "build/bls-and-als-units-comparison.pdf") as pdf:
        spoken = [str(each.get("/Alt", "")) for each in pdf.objects if is_tag(each)]
    assert any(alt.startswith("Two fields that overlap.") for alt in spoken)


def is_tag(entry: object) -> bool:
    return isinstance(entry, pikepdf.Dictionary) and entry.get("/Type") == "/StructElem"


def test_numbers_have_a_plot_with_words(compare: Run, tmp_path: Path) -> None:
    compare("national-levels", "--criteria", "course-hours", "--format", "html")
    page = (tmp_path / "build/national-levels-comparison.html").read_text(encoding="utf-8")
    assert 'alt="Bar from 44 to 60 on a line from 0 to 2,000"' in page


def test_a_course_prints_what_it_narrowed_into_its_folder(compare: Run, tmp_path: Path) -> None:
    found = compare("sbar-and-mist", "--course", "emr-refresher", "--json", "--format", "pdf").json
    assert found["subjects"] == ["mist", "sbar"]
    assert "origin" not in found["criteria"]
    assert (tmp_path / "build/emr-refresher/sbar-and-mist-comparison.pdf").is_file()


def test_copies_stand_on_one_sheet(compare: Run, tmp_path: Path) -> None:
    ended = compare("ems-vs-emt", "--copies-per-sheet", "2", "--format", "pdf")
    assert "1 page, portrait, 2 copies on a sheet" in ended.out
    text = text_of(tmp_path / "build/ems-vs-emt-comparison.pdf")
    assert text.count("EMS and EMT side by side") == 2


def test_pages_that_cannot_be_had_are_refused_with_what_is_lacking(
    compare: Run, tmp_path: Path
) -> None:
    ended = compare("national-levels", "--pages", "1", "--format", "pdf")
    assert ended.code == 2
    assert "national-levels needs 2 pages at 9 pt in " in ended.err
    assert "drop " in ended.err
    assert "or ask for --pages 2" in ended.err
    assert not (tmp_path / "build").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("ems-vs-emd",), "there is no comparison 'ems-vs-emd' (did you mean 'ems-vs-emt'?)"),
        (("emt",), "'emt' is a subject; name another to compare it with"),
        (("emt", "paramedics"), "there is no subject 'paramedics' (did you mean 'paramedic'?)"),
        (("emt", "career-paths"), "'career-paths' is a comparison"),
        (("emt", "sbar"), "emt and sbar share no criterion"),
        (("ems-vs-emt", "--subjects", "ems,xyz"), "there is no subject 'xyz'"),
        (("ems-vs-emt", "--group", "skills"), "there is no group 'skills'"),
        (("ems-vs-emt", "--course", "emt-102"), "there is no course 'emt-102'"),
        (("ems-vs-emt", "--copies-per-sheet", "3"), "copies on a sheet can be 1, 2 or 4"),
        (("ems-vs-emt", "--format", "doc"), "there is no format 'doc'"),
    ],
)
def test_wrong_usage_is_refused_in_plain_words(
    compare: Run, tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    ended = compare(*arguments)
    assert ended.code == 2
    assert message in " ".join(ended.err.split())
    assert not (tmp_path / "build").exists()

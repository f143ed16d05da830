"""Themes: tokens and nothing else, read once, and stronger than what a course wishes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from markupsafe import Markup

from guidegen import themes
from guidegen.batch import build_all
from guidegen.cache import digest
from guidegen.colour import LEAST_CONTRAST, contrast
from guidegen.composition import longest_word, measure_of
from guidegen.handouts import HandoutRequest, compare
from guidegen.jobs import Job, compose
from guidegen.languages import words_for
from guidegen.models import Library, Theme
from guidegen.pipeline import Request, build, check_project, jobs_of
from guidegen.problems import ContentError, RequestError
from guidegen.project import Project, bundled, find
from guidegen.proof_jobs import ProofRequest, prove_all
from guidegen.renderers.html import load_templates, render
from guidegen.renderers.imposition import Imposition
from guidegen.themes import PLAIN, Look, look_of, theme_names
from guidegen.view.document import ColumnView, PartedTableView, RowView, TableView
from guidegen.view.drawing import has_field_room
from guidegen.view.wide import spread
from guidegen.worksheet_jobs import WorksheetRequest, make_worksheets
from guidegen.worksheets import Wish

TEMPLATES = load_templates([bundled() / "templates"])
OURS = ["dyslexia", "large-print", "print-bw"]
GUIDE = "ems-vs-emt"
WORDS = words_for("en")
RULE = re.compile(r"font(?:-size)?:\s*([^;}]*)")
LITERAL_SIZE = re.compile(r"\b[0-9.]+(?:pt|mm|px)\b")


def sheet(declarations: str) -> dict[str, str]:
    """Return our templates with a theme ``mine`` that sets tokens."""
    return {**TEMPLATES, "css/themes/mine.css": f":root {{\n{declarations}\n}}\n"}


def values_of(theme: str) -> dict[str, str]:
    tokens = themes._tokens(TEMPLATES[themes.TOKENS], themes.TOKENS, [])
    own = themes._tokens(TEMPLATES[themes.sheet_name(theme)], "", [])
    return {name: token.value for name, token in {**tokens, **own}.items()}


# --- tokens and nothing else


def test_the_looks_of_code_and_style_sheet_are_one() -> None:
    assert look_of(TEMPLATES, None) == PLAIN == Look()


def test_these_are_our_themes() -> None:
    assert theme_names(TEMPLATES) == OURS


@pytest.mark.parametrize("theme", OURS)
def test_a_theme_of_ours_is_sound_and_says_what_it_is(theme: str) -> None:
    look = look_of(TEMPLATES, theme)
    assert (look.theme, look.name.endswith(" edition")) == (theme, True)
    assert look.sets


@pytest.mark.parametrize("name", ["base", "components", "page"])
def test_no_type_size_stands_outside_the_tokens(name: str) -> None:
    text = TEMPLATES[f"css/{name}.css"]
    sizes = [rule for rule in RULE.findall(text) if LITERAL_SIZE.search(rule)]
    assert len(RULE.findall(text)) > 5
    assert sizes == []


@pytest.mark.parametrize("theme", OURS)
def test_every_text_colour_can_be_read_on_its_paper(theme: str) -> None:
    values = values_of(theme)
    pairs = [
        (values[colour], values[paper])
        for paper, colours in themes._CONTRASTS
        for colour in colours
    ]
    assert len(pairs) == 9
    assert min(contrast(*pair) for pair in pairs) >= LEAST_CONTRAST


def test_black_and_white_has_no_colour() -> None:
    colours = {value for value in values_of("print-bw").values() if value.startswith("#")}
    assert colours
    assert {colour for colour in colours if len({*re.findall("..", colour[1:])}) > 1} == set()


@pytest.mark.parametrize(("theme", "least"), [("large-print", 18), ("dyslexia", 12)])
def test_nothing_is_smaller_than_the_guidance_asks_for(theme: str, least: float) -> None:
    look = look_of(TEMPLATES, theme)
    sizes = (look.text, look.normal.size, look.tight.size, look.card, look.least)
    assert min(sizes) == look.least == least


BROKEN = {
    "body { color: red }": "2:1 not-a-token",
    ":root { color: #000000 }": "2:9 not-a-token",
    "@media print { :root { --ink: #000000 } }": "2:1 not-a-token",
    '@import url("x.css");': "2:1 not-a-token",
    ":root { --inkk: #000000; }": "2:9 unknown-token",
    ":root { --ink: black; }": "2:9 bad-token",
    ":root { --text-size: 12px; }": "2:9 bad-token",
    ":root { --page-left: 1in; }": "2:9 bad-token",
    ":root { --card-rows: many; }": "2:9 bad-token",
    ":root { --muted: #bbbbbb; }": "2:9 low-contrast",
    ":root { --dark-accent: #333333; }": "2:9 low-contrast",
    ":root { --caption-size: 8pt; }": "2:9 small-type",
    ":root { --least-size: 12pt; }": "2:9 small-type",
}


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_wrong_with_a_theme_is_told_with_its_place(text: str) -> None:
    templates = {**TEMPLATES, "css/themes/mine.css": f"/* Mine. */\n{text}\n"}
    with pytest.raises(ContentError) as raised:
        look_of(templates, "mine")
    told = {
        f"{each.origin.line}:{each.origin.column} {each.code}" for each in raised.value.problems
    }
    assert told == {BROKEN[text]}
    assert {each.origin.file for each in raised.value.problems} == {"templates/css/themes/mine.css"}
    assert all(each.hint for each in raised.value.problems)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ContentError) as raised:
        look_of(sheet("--inkk: #000000;\n--ink: black;\ncolor: red;"), "mine")
    assert [each.code for each in raised.value.problems] == [
        "unknown-token",
        "bad-token",
        "not-a-token",
    ]
    assert "did you mean '--ink'" in raised.value.problems[0].hint


def test_an_unknown_theme_is_refused_with_the_nearest_match() -> None:
    with pytest.raises(RequestError, match=r"there is no theme 'large-prin' .did you mean"):
        look_of(TEMPLATES, "large-prin")


# --- what follows from a theme


def job(library: Library, theme: str | None, **more: object) -> Job:
    return replace(Job(GUIDE, library, TEMPLATES, theme=theme), **more)  # type: ignore[arg-type]


def test_a_job_is_named_after_its_theme(bundled_library: Library) -> None:
    plain, large = job(bundled_library, None), job(bundled_library, "large-print")
    assert (plain.stem, large.stem) == (GUIDE, f"{GUIDE}-large-print")
    student = replace(large, edition="student", course="emt-101")
    assert student.stem == f"{GUIDE}-student-large-print"
    assert student.name == f"emt-101: {GUIDE}, student, large-print"


def test_each_theme_has_a_digest_and_an_edition_code_of_its_own(bundled_library: Library) -> None:
    jobs = [job(bundled_library, theme) for theme in (None, *OURS)]
    assert len({digest(each) for each in jobs}) == 4
    documents = [compose(each)[1] for each in jobs]
    assert len({document.code for document in documents}) == 4


def test_a_changed_theme_is_made_anew(bundled_library: Library) -> None:
    one, other = (
        digest(replace(job(bundled_library, None), templates=sheet(text), theme="mine"))
        for text in ("--ink: #000000;", "--ink: #111111;")
    )
    assert one != other


@pytest.mark.parametrize("medium", ["print", "screen"])
def test_the_page_says_which_edition_it_is(bundled_library: Library, medium: str) -> None:
    _, document = compose(job(bundled_library, "large-print"))
    html = render(document, medium, TEMPLATES, asset_url=lambda name: name)  # type: ignore[arg-type]
    assert "<title>EMS and EMT: Large print edition</title>" in html
    assert '<p class="edition look-name">Large print edition</p>' in html
    assert html.index("--text-size: 10.5pt") < html.index("--text-size: 18pt")


def tokens_of(library: Library, theme: str | None, wished: Theme) -> dict[str, str]:
    courses = {
        **library.courses,
        "emt-101": library.courses["emt-101"].model_copy(update={"theme": wished}),
    }
    changed = replace(library, courses=courses)
    _, document = compose(job(changed, theme, course="emt-101"))
    return dict(document.tokens)


def test_a_course_gives_way_to_what_the_theme_decides_and_to_nothing_else(
    bundled_library: Library,
) -> None:
    wished = Theme.model_validate({"accent": "#9c1c24", "text_size": 11})
    accent, size = {"accent": "#9c1c24"}, {"text-size": "11pt", "leading": "14.67pt"}
    assert tokens_of(bundled_library, None, wished) == accent | size
    assert tokens_of(bundled_library, "large-print", wished) == accent
    assert tokens_of(bundled_library, "print-bw", wished) == size


def table(columns: int, kind: str = "table") -> TableView:
    heads = tuple(ColumnView(name=f"Column {at}", width=0) for at in range(columns + 1))
    cells = (Markup("some words here and there"),) * columns
    rows = (RowView(head="Group"), RowView(head="First words", cells=cells))
    return TableView(
        kind=kind, anchor="t", label="Table 1", caption="Caption", columns=heads, rows=rows
    )


def test_columns_without_room_are_folded_into_one_with_their_names() -> None:
    large = measure_of(look_of(TEMPLATES, "large-print"))
    assert len(spread(table(4), measure_of(PLAIN), WORDS).columns) == 5
    folded = spread(table(4), large, WORDS)
    assert [column.name for column in folded.columns] == [
        "Column 0",
        "Column 1 · Column 2 · Column 3 · Column 4",
    ]
    group, row = folded.rows
    assert group.cells == ()
    assert row.head == "First words"
    (cell,) = row.cells
    for at in range(1, 5):
        assert f'<span class="part-name">Column {at}:</span> some words' in cell
    assert sum(column.width for column in folded.columns) == pytest.approx(100)


def test_a_comparison_in_large_print_is_split_upright_before_it_is_folded() -> None:
    large = measure_of(look_of(TEMPLATES, "large-print"))
    assert type(spread(table(4, "comparison"), measure_of(PLAIN), WORDS)) is TableView
    split = spread(table(4, "comparison"), large, WORDS)
    assert type(split) is PartedTableView
    assert [len(each.columns) for each in (split, *split.more)] == [3, 3]


def test_letter_spacing_makes_words_wider() -> None:
    spaced = look_of(TEMPLATES, "dyslexia").normal
    word = "certification"
    room = spaced.size * (longest_word(word) + len(word) * 0.16)
    assert longest_word(word) * spaced.em == pytest.approx(room, rel=0.03)
    assert look_of(TEMPLATES, "large-print").normal.stretch == 1


def test_a_diagram_is_left_out_where_its_words_have_no_room() -> None:
    assert has_field_room(490, PLAIN)
    assert has_field_room(490, look_of(TEMPLATES, "dyslexia"))
    assert not has_field_room(490, look_of(TEMPLATES, "large-print"))


# --- asked for


@pytest.fixture
def project(tmp_path: Path, course_files: dict[str, str]) -> Project:
    for name, text in course_files.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    folder = tmp_path / "templates/css/themes"
    folder.mkdir(parents=True)
    (folder / "school.css").write_text(
        ':root { --edition-name: "School edition"; --accent: #004400; --text-size: 13pt; }\n',
        encoding="utf-8",
    )
    return replace(find(tmp_path, tmp_path), output=tmp_path / "build")


def test_a_theme_of_the_project_works_like_ours(project: Project, today: datetime.date) -> None:
    made = build(project, Request(theme="school", formats=("html",)), today=today)
    (output,) = made.built[0].outputs
    assert output.path.name == "tea-school.html"
    page = output.path.read_text(encoding="utf-8")
    assert "School edition" in page
    assert "--accent: #004400" in page


@pytest.mark.parametrize("theme", ["school", "large-print"])
def test_handouts_and_worksheets_have_themes_too(
    project: Project, today: datetime.date, theme: str
) -> None:
    request = HandoutRequest(("teas",), theme=theme, formats=("html",))
    handout = compare(project, request, today=today)
    assert handout.outputs[0].path.name == f"teas-comparison-{theme}.html"
    wish = WorksheetRequest("teas", Wish("blank"), with_key=True, theme=theme, formats=("html",))
    sheets = make_worksheets(project, wish, today=today)
    assert [file.path.name for file in sheets.files] == [
        f"teas-blank-{theme}.html",
        f"teas-blank-key-{theme}.html",
    ]
    name = look_of(load_templates(project.templates), theme).name
    for path in (handout.outputs[0].path, *(file.path for file in sheets.files)):
        assert name in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("make", [build, build_all])
def test_no_file_is_written_for_an_unknown_theme(
    project: Project, today: datetime.date, make: Callable[..., object]
) -> None:
    with pytest.raises(RequestError, match=r"there is no theme 'scool' .did you mean 'school'"):
        make(project, Request(theme="scool"), today=today)
    assert not project.output.exists()


def test_check_looks_at_the_themes_of_the_project(project: Project, today: datetime.date) -> None:
    path = project.root / "templates/css/themes/school.css"
    path.write_text(":root { --ink: grey; }\n", encoding="utf-8")
    _, problems = check_project(project, today)
    errors = [each for each in problems if each.severity == "error"]
    assert [str(each.origin) for each in errors] == ["templates/css/themes/school.css:1:9"]


# --- a course that lists themes


def with_themes(project: Project, *names: str) -> None:
    path = project.content / "courses/black.yaml"
    text = path.read_text(encoding="utf-8")
    lines = f"themes: [{', '.join(names)}]\nhandouts: [teas]\n"
    path.write_text(text.replace("guides:", f"{lines}guides:", 1), encoding="utf-8")


def test_a_course_has_each_edition_once_more_in_each_theme(
    project: Project, today: datetime.date
) -> None:
    with_themes(project, "large-print", "school")
    library, problems = check_project(project, today)
    assert [str(each) for each in problems if each.severity == "error"] == []
    templates = load_templates(project.templates)
    jobs = jobs_of(library, Request(course="black"), "tea", templates)
    assert [each.stem for each in jobs] == [
        "tea-student",
        "tea-key",
        "tea-student-large-print",
        "tea-key-large-print",
        "tea-student-school",
        "tea-key-school",
    ]
    assert [bool(each.handouts) for each in jobs] == [True, False] * 3
    (asked, _) = jobs_of(library, Request(course="black", theme="school"), "tea", templates)
    assert asked.stem == "tea-student-school"


def test_a_course_with_an_unknown_theme_fails_alone(project: Project, today: datetime.date) -> None:
    with_themes(project, "scool")
    _, problems = check_project(project, today)
    (problem,) = [each for each in problems if each.severity == "error"]
    assert problem.code == "unknown-theme"
    assert problem.origin.file == "content/courses/black.yaml"
    assert "school" in problem.hint
    batch = build_all(project, Request(formats=("html",)), today=today, jobs=1)
    assert {result.course: result.state for result in batch.results} == {
        "black": "failed",
        "plain": "built",
    }


# --- for the printer


@pytest.mark.parametrize("make", [build, build_all])
@pytest.mark.parametrize("how", ["booklet", "2-up"])
def test_large_type_is_not_made_small_again(
    project: Project, today: datetime.date, make: Callable[..., object], how: Imposition
) -> None:
    request = Request(theme="large-print", impositions=(how,))
    with pytest.raises(RequestError, match="large-print keeps all type at 18 pt or more"):
        make(project, request, today=today)
    assert not project.output.exists()


def test_what_a_course_has_in_large_print_too_comes_without_a_booklet(
    project: Project, today: datetime.date
) -> None:
    with_themes(project, "large-print")
    request = Request(course="black", editions=("student",), impositions=("booklet",))
    made = build(project, request, today=today)
    names = {output.path.name for one in made.built for output in one.outputs}
    assert "tea-student-booklet.pdf" in names
    assert "tea-student-large-print.pdf" in names
    assert "tea-student-large-print-booklet.pdf" not in names
    (warning,) = [each for each in made.warnings if each.code == "large-type"]
    assert "large-print keeps all type at 18 pt" in warning.message


def test_the_black_and_white_edition_can_be_a_booklet(
    project: Project, today: datetime.date
) -> None:
    # The small guide leaves a short page behind on half the paper.
    request = Request(
        theme="print-bw", formats=("pdf",), impositions=("booklet", "2-up"), preflight="warn"
    )
    made = build(project, request, today=today)
    assert sorted(output.path.name for output in made.built[0].outputs) == [
        "tea-print-bw-2up.pdf",
        "tea-print-bw-booklet.pdf",
        "tea-print-bw.pdf",
    ]


def test_a_guide_is_proved_in_a_theme(project: Project, today: datetime.date) -> None:
    made = prove_all(project, ProofRequest(theme="large-print"), today=today)
    (proof,) = made.proofs
    assert proof.name == "tea-large-print.pdf"
    with pytest.raises(RequestError, match="there is no theme 'large'"):
        prove_all(project, ProofRequest(theme="large"), today=today)

"""Guides in five languages, as their readers get them: direction, words, letters, text, files."""

from __future__ import annotations

import datetime
import html
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fontTools.ttLib import TTFont

from guidegen import jobs
from guidegen.checks import check
from guidegen.gate import leaks
from guidegen.jobs import Job, run
from guidegen.letters import WORD
from guidegen.loader import load
from guidegen.models import Inline, Library, Name, walk
from guidegen.origin import Text
from guidegen.problems import RenderError
from guidegen.project import bundled
from guidegen.renderers import fonts
from guidegen.renderers.html import load_templates
from guidegen.renderers.scripts import SCRIPTS, Script

pytestmark = pytest.mark.slow

PROJECTS = Path(__file__).resolve().parent / "projects"
LANGUAGES = ("ar", "de", "es", "hi", "ja")
LATIN = {"Source-Serif-Pro", "Source-Sans-Pro"}
OTHERS = {
    "ar": {"Amiri", "IBM-Plex-Sans-Arabic"},
    "hi": {"Mukta"},
    "ja": {"Noto-Sans-CJK-JP"},
    "de": set(),
    "es": set(),
}


@dataclass(frozen=True)
class Made:
    """A guide with what was made of it."""

    library: Library
    pdf: bytes
    page: str


@pytest.fixture(scope="session")
def templates() -> Mapping[str, str]:
    return load_templates([bundled() / "templates"])


def library_in(language: str, today: datetime.date) -> Library:
    library, problems = load(PROJECTS / language / "content", PROJECTS / language)
    assert [str(problem) for problem in [*problems, *check(library, today)]] == []
    return library


@pytest.fixture(scope="session")
def made(
    templates: Mapping[str, str], today: datetime.date, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Made]:
    """Returns the files of a language, made once."""
    cache, known = tmp_path_factory.mktemp("cache"), {}

    def make(language: str) -> Made:
        if language not in known:
            library = library_in(language, today)
            contents = run(Job("guide", library, templates), cache).contents
            known[language] = Made(library, contents["guide.pdf"], contents["guide.html"].decode())
        return known[language]

    return make


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_runs_its_way_in_its_language(language: str, made: Callable[[str], Made]) -> None:
    guide = made(language).library.guides["guide"]
    head = re.search("<html[^>]*>", made(language).page)
    assert head
    way = ' dir="rtl"' if language == "ar" else ""
    assert head[0] == f'<html lang="{guide.language}"{way}>'
    with pikepdf.open(io.BytesIO(made(language).pdf)) as pdf:
        assert str(pdf.Root.Lang) == guide.language


PAGE_WORDS = {
    "ar": ("المحتويات", "الجدول B1", "صواب", "✓ نعم", "تعريف", "صفحة 2 من"),
    "de": ("Inhalt", "Tabelle A1", "Richtig", "✓ Ja", "Definition", "Seite 2 von"),
    "es": ("Contenido", "Tabla A1", "Verdadero", "✓ Sí", "Definición", "Página 2 de"),
    "hi": ("विषय-सूची", "तालिका B1", "सही", "✓ हाँ", "परिभाषा", "पृष्ठ 2 /"),
    "ja": ("目次", "表B1", "正しい", "✓ はい", "定義", "2/4ページ"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_words_are_in_the_language(language: str, made: Callable[[str], Made]) -> None:
    *words, count = PAGE_WORDS[language]
    shown = html.unescape(re.sub(r"<[^>]+>", "", made(language).page.partition("</head>")[2]))
    assert [word for word in words if word not in shown] == []
    assert count in text_of(made(language).pdf, page=1)


def text_of(pdf: bytes, page: int | None = None) -> str:
    document = pypdfium2.PdfDocument(pdf)
    pages = [document[page]] if page is not None else list(document)
    return "\n".join(each.get_textpage().get_text_bounded() for each in pages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_come_from_our_faces_and_those_of_the_script(
    language: str, made: Callable[[str], Made]
) -> None:
    with pikepdf.open(io.BytesIO(made(language).pdf)) as pdf:
        faces = [
            each
            for each in pdf.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"
        ]
        names = {str(each.FontName).partition("+")[2].rstrip("-") for each in faces}
        embedded = [("/FontFile2" in each) or ("/FontFile3" in each) for each in faces]
    families = {re.sub("-(Semi-?Bold|Bold|Italic|Oblique|Regular)", "", name) for name in names}
    assert families == LATIN | OTHERS[language]
    assert embedded
    assert all(embedded)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_web_page_carries_those_faces_and_no_others(
    language: str, made: Callable[[str], Made]
) -> None:
    page = made(language).page
    families = set(re.findall(r'@font-face { font-family: "([^"]+)"', page))
    wanted = {name.replace("-", " ") for name in LATIN | OTHERS[language]}
    assert families == wanted
    assert len(page) < 700_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_can_be_read_from_the_file(language: str, made: Callable[[str], Made]) -> None:
    """Searching, copying and reading aloud need the letters in the order in which they are typed.

    Readers of Arabic tell the order from the page, and take letters that stand over each other
    for the wrong one; so a few words are lost.
    """
    guide = made(language).library.guides["guide"]
    shown = "".join(text_of(made(language).pdf).replace("\ufffe", "").split())
    typed = [str(text) for text in walk(guide) if type(text) in (Name, Inline)]
    words = {
        word
        for text in typed
        for word in WORD.findall(re.sub(r"\[[^\]]*\]", " ", text))
        if len(word) > 2
    }
    lost = {word for word in words if word not in shown}
    assert len(words) > 50
    assert len(lost) <= len(words) * (0.15 if language == "ar" else 0.03), sorted(lost)


ANSWERS = {
    "ar": "يصعد الهواء الرطب على سفح الجبل فيبرد، فيتكاثف البخار ويهطل المطر.",
    "de": "Die Abfolge der Hilfe vom ersten Handgriff bis ins Krankenhaus.",
    "es": "La secuencia de la ayuda, desde el primer gesto hasta el hospital.",
    "hi": "नम हवा ढलान पर ऊपर चढ़कर ठंडी होती है, वाष्प संघनित होती है और वर्षा होती है।",
    "ja": "湿った空気が斜面を上って冷え、水蒸気が凝結して雨になるから。",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hidden_answer_is_found_in_any_language(
    language: str, made: Callable[[str], Made]
) -> None:
    files = {"guide.pdf": made(language).pdf, "guide.html": made(language).page.encode()}
    found = leaks([Text(ANSWERS[language])], [], files, language)
    assert [problem.message.split()[0] for problem in found] == list(files)
    words = ANSWERS[language].rstrip(".。।")
    absent = words[len(words) // 2 :] + words[: len(words) // 2]
    assert leaks([Text(absent)], [], files, language) == []


@pytest.mark.parametrize("language", ["ar", "hi", "ja"])
def test_missing_fonts_are_one_problem_at_the_language(
    language: str,
    templates: Mapping[str, str],
    today: datetime.date,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none_installed(script: Script) -> bool:
        return False

    monkeypatch.setattr(jobs, "is_installed", none_installed)
    monkeypatch.setattr(fonts, "is_installed", none_installed)
    job = Job("guide", library_in(language, today), templates)
    with pytest.raises(RenderError) as raised:
        run(job, tmp_path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.hint) == ("missing-fonts", 'pip install "guidegen[fonts]"')
    assert problem.origin == job.library.guides["guide"].language.origin
    assert problem.origin.line == 5
    # A browser has fonts of its own.
    page = run(Job("guide", job.library, templates, formats=("html",)), tmp_path).contents
    assert b"Mukta" not in page["guide.html"].partition(b"</style>")[0]


def test_a_letter_of_another_script_is_named_where_it_stands(
    library_of: Callable[[dict[str, str]], Library],
    templates: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "is_installed", lambda script: False)
    guide = (
        "format: 1\ntitle: Tea\nlead: Drink.\nedition: 2026-11-24\nsections:\n"
        "  - id: a\n    title: A\n    blocks:\n      - {kind: prose, text: Tea is 茶 there.}\n"
    )
    library = library_of({"guides/tea.yaml": guide})
    with pytest.raises(RenderError) as raised:
        run(Job("tea", library, templates), tmp_path)
    (problem,) = raised.value.problems
    assert (problem.code, problem.origin.line) == ("missing-fonts", 9)
    assert "茶 (U+8336)" in problem.message


def test_fonts_of_other_scripts_are_shown_to_no_page_that_needs_none(tmp_path: Path) -> None:
    plain = fonts.fontconfig_file(tmp_path).read_text()
    arabic = fonts.fontconfig_file(tmp_path, SCRIPTS[:1]).read_text()
    assert "amiri" not in plain
    assert "amiri" in arabic
    assert "mukta" not in arabic


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_the_faces_are_installed_do_not_vary_and_have_the_letters(script: Script) -> None:
    assert fonts.is_installed(script)
    for face in script.faces:
        with TTFont(fonts.font_folder(face.package) / face.file, lazy=True) as font:
            assert "fvar" not in font
            assert font["OS/2"].usWeightClass == face.weight
            assert font["name"].getBestFamilyName() == face.family
            assert "Open Font License" in font["name"].getDebugName(13)
            assert {first for first, _ in script.ranges[:1]} <= set(font.getBestCmap()) | {0x600}

"""Every word that we print is in the catalogues, and the catalogues are complete."""

from __future__ import annotations

import dataclasses
import gettext
import html
import io
import re
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import messages
import pytest
from babel.messages import Catalog
from pydantic import BaseModel

from guidegen import languages
from guidegen.choosing import choose
from guidegen.comparing import Part
from guidegen.jobs import Job, compose
from guidegen.ladder import Plan
from guidegen.languages import PageWords, catalogue_of, catalogues, direction_of, words_for
from guidegen.loader import load
from guidegen.models import Alt, Edition, Inline, Library, Markdown, Name
from guidegen.project import bundled
from guidegen.renderers.html import load_templates, render
from guidegen.settings import NO_OFFSET
from guidegen.view.document import Page
from guidegen.view.handout import compose_handout, lay, lay_for_screen
from guidegen.view.worksheet import compose_calibration, compose_key, compose_worksheet
from guidegen.worksheet_jobs import TEMPLATE, WorksheetRequest, dress_of, exercises_of
from guidegen.worksheets import Kind, Wish

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "cases"
# The case about Markdown quotes its signs, so that words cannot be told from markup.
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.name != "markdown")
FILES = messages.catalogue_files()
TRANSLATED = ("ar", "de", "es", "fr", "hi", "ja", "pt")


# --- the catalogues


def test_the_languages_are_those_that_the_manual_names() -> None:
    assert catalogues() == tuple(sorted(("en", *TRANSLATED)))


def test_the_template_holds_just_what_code_and_templates_print() -> None:
    assert messages.TEMPLATE.read_bytes() == messages.as_text(messages.messages()), (
        "run: make messages"
    )


def test_a_message_that_code_prints_is_found() -> None:
    ids = {message.id for message in messages.messages()}
    assert {"Table {label}", "Page {page} of {pages}", "Careful", "Contents"} <= ids


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_catalogue_is_whole_and_as_it_is_written(path: Path) -> None:
    catalogue = messages.read(path)
    assert keys(catalogue) == keys(messages.messages()), "run: make messages"
    for message in catalogue:
        assert not message.fuzzy, message.id
        assert all(forms(message.string)), f"not translated: {message.id}"
    assert path.read_bytes() == messages.as_text(catalogue)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_a_compiled_catalogue_says_the_same(path: Path) -> None:
    there = gettext.GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    fresh = gettext.GNUTranslations(io.BytesIO(messages.compiled(path)))
    said = [entries(each) for each in (there, fresh)]
    assert said[0] == said[1], "run: make messages"
    assert len(said[0]) > 100


def entries(translations: gettext.GNUTranslations) -> dict[object, str]:
    found: dict[object, str] = dict(translations._catalog)  # type: ignore[attr-defined]
    found.pop("")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parts[-3])
def test_translations_have_the_placeholders_and_no_markup(path: Path) -> None:
    for message in messages.read(path):
        if not message.id:
            continue
        wanted = placeholders(forms(message.id)[-1])
        for text in forms(message.string):
            assert placeholders(text) == wanted, message.id
            assert not re.search("[<>&]", text), message.id


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_sign_for_what_does_not_apply_stands_in_its_cells(language: str) -> None:
    words = words_for(language)
    assert words.gettext("n/a") in words.gettext("n/a: {reason}")


def keys(catalogue: Catalog) -> set[tuple[str | None, Any]]:
    return {(message.context, message.id) for message in catalogue if message.id}


def forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


# --- which catalogue, which direction


@pytest.mark.parametrize(
    ("language", "catalogue"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("es-419", "es"),
        ("de-CH", "de"),
        ("zh-Hans-CN", None),
        ("en-GB", "en"),
        ("pl", None),
        ("est", None),
    ],
)
def test_a_region_takes_the_words_of_its_language(language: str, catalogue: str | None) -> None:
    assert catalogue_of(language) == catalogue
    assert words_for(language).language == (catalogue or "en")


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("ar-EG", "rtl"),
        ("he", "rtl"),
        ("az-Arab", "rtl"),
        ("ur-Latn", "ltr"),
        ("arn", "ltr"),
        ("en-US", "ltr"),
    ],
)
def test_text_runs_as_its_script_does(language: str, direction: str) -> None:
    assert direction_of(language) == direction


def test_plural_forms_follow_the_number() -> None:
    words = words_for("de")
    one, many = (
        words.ngettext("{number} of {count} aspect", "{number} of {count} aspects", count)
        for count in (1, 2)
    )
    assert (one, many) == ("{number} von {count} Merkmal", "{number} von {count} Merkmalen")


# --- no English word beside an author's, in pages of every kind


class Marked(gettext.NullTranslations):
    """Leaves of each message only its placeholders, between brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{' '.join(re.findall(r'{[a-z]+}', message))}⟧"

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(plural)


@pytest.fixture
def _marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(languages, "catalogues", lambda: ("zz",))
    monkeypatch.setattr(languages, "_words", lambda name: PageWords(name, Marked()))


# What stays: markup of references, addresses, ids of choices.
_KEPT = re.compile(r"(\[(?:@|see!?:|term:|fact:|blank)[^\]|]*|\]\([^)]*\)|<?https?://\S+|&\w+;)")
_CYRILLIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "абцдефгхийклмнопярстувшхызАБЦДЕФГХИЙКЛМНОПЯРСТУВШХЫЗ",
)


def foreign(value: Any) -> Any:
    """Return content with the author's words in another alphabet."""
    match value:
        case Name() | Alt() | Inline() | Markdown():
            if str(value) in ("yes", "no", "partly"):
                return value
            parts = _KEPT.split(value)
            texts = [part if at % 2 else part.translate(_CYRILLIC) for at, part in enumerate(parts)]
            return type(value)("".join(texts))
        case BaseModel():
            update = {name: foreign(child) for name, child in value if name != "origin"}
            return value.model_copy(update=update)
        case tuple():
            return tuple(map(foreign, value))
        case dict():
            return {key: foreign(child) for key, child in value.items()}
    return value


def foreign_library(folder: Path) -> Library:
    library, _ = load(folder / "content", folder)
    guides = {
        name: foreign(guide).model_copy(update={"language": "zz"})
        for name, guide in library.guides.items()
    }
    parts = ("comparisons", "facts", "sources", "glossary")
    shared = {name: foreign(getattr(library, name)) for name in parts}
    return dataclasses.replace(library, guides=guides, **shared)


def english_in(document: Page, template: str) -> list[str]:
    """Return the runs of Latin letters that a reader may see or hear."""
    templates = load_templates([bundled() / "templates"])
    found: list[str] = []
    for medium in ("print", "screen"):
        page = render(document, medium, templates, asset_url=lambda name: "", template=template)
        found += (match for text in heard(page) for match in re.findall(r"[A-Za-z]{3,}", text))
    return found


def heard(page: str) -> Iterator[str]:
    page = re.sub(r"counter\(pages?\)", "", page)
    yield from re.findall(r'content: ((?:"[^"]*"|\s)+)', page)
    body = re.sub(r"<style>.*?</style>|<svg.*?<title>", "", page, flags=re.DOTALL)
    yield from re.findall(r' (?:alt|aria-label|title)="([^"]*)"', body)
    yield re.sub(r"[\w-]+(?:\.[\w-]+)+\S*", "", html.unescape(re.sub(r"<[^>]+>", " ", body)))


ALLOWED = {"guidegen"}


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("case", CASES)
def test_guides_have_no_english_page_word(case: str) -> None:
    library = foreign_library(GOLDEN / case)
    has_questions = case in ("questions", "answers")
    editions: tuple[Edition, ...] = ("complete", "instructor", "student", "key")
    for edition in editions if has_questions else editions[:1]:
        _, document = compose(Job("case", library, {}, edition=edition))
        assert english_words(document, "guide.html.jinja") == []


def english_words(document: Page, template: str) -> list[str]:
    code = getattr(document, "code", "")
    of_code = getattr(document, "of_code", "")
    return [
        word
        for word in english_in(document, template)
        if word not in ALLOWED and word not in f"{code} {of_code}"
    ]


COMPARISONS = ("ems-vs-emt", "national-levels", "sbar-and-mist")


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("differences_only", [False, True])
def test_handouts_have_no_english_page_word(name: str, differences_only: bool) -> None:
    library = foreign_library(bundled())
    chosen = choose(library, (name,), Part(differences_only=differences_only), None)
    assert chosen.language == "zz"
    for copies in (1, 2):
        handout = compose_handout(
            chosen.comparison,
            library,
            language=chosen.language,
            subtitle=chosen.subtitle,
            with_citations=copies == 1,
        )
        columns = tuple((each,) for each in range(len(chosen.comparison.subjects)))
        plan = Plan("split", "portrait", columns, copies=copies)
        pages = (lay(handout, plan, "letter"), lay_for_screen(handout, is_transposed=True))
        for page in pages:
            assert english_words(page, "handout.html.jinja") == []


KINDS: tuple[Kind, ...] = ("blank", "cloze", "matching", "cards", "quiz")


@pytest.mark.usefixtures("_marked")
@pytest.mark.parametrize("name", COMPARISONS)
@pytest.mark.parametrize("kind", KINDS)
def test_worksheets_have_no_english_page_word(name: str, kind: Kind) -> None:
    library = foreign_library(bundled())
    chosen = choose(library, (name,), Part(), None)
    for given, flip in (("none", "long"), ("half", "short")):
        wish = Wish(kind, given=given, bank=flip == "long")  # type: ignore[arg-type]
        request = WorksheetRequest(name, wish, flip=flip)  # type: ignore[arg-type]
        dress = dress_of(chosen, request, NO_OFFSET)
        ((_, exercise),) = exercises_of(chosen, request)
        sheet = compose_worksheet(exercise.sheet, "B", dress)
        key = compose_key(exercise.sheet, exercise.answers, "B", dress, of_code=sheet.code)
        for page in (sheet, key, compose_calibration(dress)):
            assert english_words(page, TEMPLATE) == []

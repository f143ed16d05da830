"""Content in, document out: numbers, anchors, contents and Markdown are all settled here."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Mapping

from guidegen import markup
from guidegen.languages import PageWords, words_for
from guidegen.models import (
    GENERATED,
    Asset,
    ComparisonBlock,
    Course,
    Edition,
    FigureBlock,
    Guide,
    Labels,
    Library,
    Paper,
    QuestionsBlock,
    Theme,
)
from guidegen.selection import Selection
from guidegen.themes import PLAIN, Look
from guidegen.view.back_matter import back_matter_view
from guidegen.view.blocks import Place, block_view, key_view
from guidegen.view.document import BlockView, Document, SectionView, line_of
from guidegen.view.greys import in_greys
from guidegen.view.numbering import Numbering, number
from guidegen.view.references import Composer

__all__ = ["compose_guide"]

LEADING = 4 / 3  # line height over type size, as in tokens.css
# Half a sheet of each paper, as CSS is told; what is called A5 lacks half a millimetre.
HALVES: Mapping[Paper, str] = {"letter": "139.7mm 215.9mm", "a4": "148.5mm 210mm"}
# Each may add to the next: answers cite and use terms, definitions cite.
_ORDER = ("answers", "glossary", "sources")


def compose_guide(
    selection: Selection,
    *,
    whole: Guide,
    labels: Labels,
    edition: Edition = "complete",
    course: Course | None = None,
    note: str | None = None,
    is_half: bool = False,
    look: Look = PLAIN,
) -> Document:
    """Return the document of a selection.

    ``whole`` is the guide before selection, for the titles of what was left out; ``labels`` are
    those of the whole guide; ``note`` is the course's word to the reader; ``is_half`` means pages
    of half the paper, for a booklet; ``look`` is what columns are measured by.
    """
    guide = selection.guide
    words = words_for(guide.language)
    numbering = number(guide, labels, words)
    composer = Composer(
        selection.library,
        numbering,
        _titles(whole, selection),
        frozenset(block.kind for section in guide.sections for block in section.blocks),
        guide.language,
        elsewhere=_elsewhere(course, words),
        shows_answers=edition == "instructor",
        look=look,
        is_half=is_half,
    )
    theme = course.theme if course else None
    document = Document(
        title=composer.plain(guide.title),
        subtitle=composer.plain(guide.subtitle),
        lead=composer.inline(guide.lead),
        language=guide.language,
        paper=HALVES[guide.paper] if is_half else guide.paper,
        edition=guide.edition,
        kind=edition,
        about=_about(course, composer),
        note=composer.rich(note),
        tokens=_tokens(theme, look),
        logo=theme.logo or "" if theme else "",
        logo_alt=composer.plain(theme.logo_alt) if theme else "",
        sections=_sections(guide, numbering, composer, edition),
        figures=_figures(guide, selection.library, theme, look),
        look=look,
    )
    return _with_code(document)


def _elsewhere(course: Course | None, words: PageWords) -> str:
    return words.gettext("not in this course") if course else words.gettext("not in this handout")


def _about(course: Course | None, composer: Composer) -> tuple[str, ...]:
    if course is None:
        return ()
    lines = (
        (course.institution, course.term),
        (course.code, course.title, course.instructor, course.contact),
    )
    joined = (" · ".join(composer.plain(part) for part in line if part) for line in lines)
    return tuple(line for line in joined if line)


def _tokens(theme: Theme | None, look: Look) -> tuple[tuple[str, str], ...]:
    """Return what the course asks for, as far as the theme of the edition does not decide it."""
    if theme is None:
        return ()
    tokens: list[tuple[str, str]] = []
    if theme.accent and "accent" not in look.sets:
        tokens.append(("accent", theme.accent))
    if theme.text_size and "text-size" not in look.sets:
        tokens.append(("text-size", f"{theme.text_size:g}pt"))
        tokens.append(("leading", f"{theme.text_size * LEADING:.2f}pt"))
    return tuple(tokens)


def _titles(whole: Guide, selection: Selection) -> dict[str, str]:
    """Return, by id, the words that stand for a section, block or question that is left out."""
    titles: dict[str, str] = {}
    comparisons = selection.library.comparisons
    for section in (*whole.sections, *selection.changed.sections):
        titles[section.id] = section.title
        for block in section.blocks:
            if block.id:
                caption = getattr(block, "caption", None)
                if isinstance(block, ComparisonBlock) and caption is None:
                    caption = comparisons[block.comparison].title
                titles[block.id] = block.title or caption or section.title
            if isinstance(block, QuestionsBlock):
                titles |= {each.id: section.title for each in block.items if each.id}
    return {name: markup.to_plain(title, whole.language) for name, title in titles.items()}


def _sections(
    guide: Guide, numbering: Numbering, composer: Composer, edition: Edition
) -> tuple[SectionView, ...]:
    to_view = key_view if edition == "key" else block_view
    views = {
        (at, place): to_view(block, _place(numbering, at, place), composer)
        for at, section in enumerate(guide.sections)
        for place, block in enumerate(section.blocks)
        if not isinstance(block, GENERATED)
    } | _back_matter(guide, numbering, composer)
    sections = []
    for at, section in enumerate(guide.sections):
        blocks = [views[at, place] for place in range(len(section.blocks)) if (at, place) in views]
        if blocks:
            sections.append(
                SectionView(
                    anchor=section.id,
                    label=numbering.sections[at],
                    title=composer.plain(section.title),
                    blocks=tuple(blocks),
                    origin=line_of(section.origin),
                )
            )
    return tuple(sections)


def _back_matter(
    guide: Guide, numbering: Numbering, composer: Composer
) -> dict[tuple[int, int], BlockView]:
    views: dict[tuple[int, int], BlockView] = {}
    generated = [
        (_ORDER.index(block.kind), at, place, block)
        for at, section in enumerate(guide.sections)
        for place, block in enumerate(section.blocks)
        if isinstance(block, GENERATED)
    ]
    for _, at, place, block in sorted(generated, key=lambda entry: entry[:3]):
        view = back_matter_view(block, _place(numbering, at, place), guide, numbering, composer)
        if view:
            views[at, place] = view
    return views


def _place(numbering: Numbering, at: int, place: int) -> Place:
    key = (at, place)
    return Place(numbering.anchors[key], numbering.labels[key], numbering.questions.get(key, ()))


def _figures(guide: Guide, library: Library, theme: Theme | None, look: Look) -> dict[str, Asset]:
    shown: list[str] = [
        block.file
        for section in guide.sections
        for block in section.blocks
        if isinstance(block, FigureBlock)
    ]
    if theme and theme.logo:
        shown.append(theme.logo)
    own = {name: library.figures[name] for name in shown}
    return {name: in_greys(asset) for name, asset in own.items()} if look.has_greys else own


def _with_code(document: Document) -> Document:
    """Give the document its edition code: five letters that differ when anything printed does."""
    figures = [(name, asset.data) for name, asset in sorted(document.figures.items())]
    printed = repr((document, figures)) + document.look.theme
    digest = hashlib.sha256(printed.encode()).digest()
    code = base64.b32encode(digest).decode()[:5]
    return dataclasses.replace(document, code=code)

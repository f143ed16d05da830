"""Content in, document out: numbers, anchors, contents and Markdown are all settled here."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
from collections.abc import Sequence

from guidegen import markup
from guidegen.models import GENERATED, Asset, FigureBlock, Guide, Library
from guidegen.view.back_matter import back_matter_view
from guidegen.view.blocks import Place, block_view
from guidegen.view.document import BlockView, Document, SectionView
from guidegen.view.numbering import Numbering, number
from guidegen.view.references import Composer

__all__ = ["compose_guide"]

# Each may add to the next: answers cite and use terms, definitions cite.
_ORDER = ("answers", "glossary", "sources")


def compose_guide(
    guide: Guide, library: Library, *, whole: Guide, about: Sequence[str] = ()
) -> Document:
    """Return the document of the chosen ``guide``.

    ``whole`` is the guide before selection, for the titles of what was left out; ``about`` are
    lines under the title, such as the course.
    """
    numbering = number(guide)
    kinds = frozenset(block.kind for section in guide.sections for block in section.blocks)
    composer = Composer(library, numbering, _titles(whole, library), kinds, guide.language)
    lead = composer.inline(guide.lead)
    sections = _sections(guide, numbering, composer)
    document = Document(
        title=composer.plain(guide.title),
        subtitle=composer.plain(guide.subtitle),
        lead=lead,
        language=guide.language,
        paper=guide.paper,
        edition=guide.edition,
        about=tuple(about),
        sections=sections,
        figures=_figures(guide, library),
    )
    return _with_code(document)


def _titles(whole: Guide, library: Library) -> dict[str, str]:
    """Return, by id, the words that stand for a section or block that is left out."""
    titles: dict[str, str] = {}
    for section in whole.sections:
        titles[section.id] = section.title
        for block in section.blocks:
            if block.id:
                caption = getattr(block, "caption", None)
                titles[block.id] = block.title or caption or section.title
    return {name: markup.to_plain(title, whole.language) for name, title in titles.items()}


def _sections(guide: Guide, numbering: Numbering, composer: Composer) -> tuple[SectionView, ...]:
    views = {
        (at, place): block_view(block, _place(numbering, at, place), composer)
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
                    number=numbering.section_numbers[at],
                    title=composer.plain(section.title),
                    blocks=tuple(blocks),
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
    return Place(
        numbering.anchors[key], numbering.labels[key], numbering.first_question.get(key, 0)
    )


def _figures(guide: Guide, library: Library) -> dict[str, Asset]:
    return {
        block.file: library.figures[block.file]
        for section in guide.sections
        for block in section.blocks
        if isinstance(block, FigureBlock)
    }


def _with_code(document: Document) -> Document:
    """Give the document its edition code: five letters that differ when anything printed does."""
    figures = [(name, asset.data) for name, asset in sorted(document.figures.items())]
    digest = hashlib.sha256(repr((document, figures)).encode()).digest()
    code = base64.b32encode(digest).decode()[:5]
    return dataclasses.replace(document, code=code)

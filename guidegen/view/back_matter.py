"""Back matter: answers, glossary and sources, made of what the chosen sections hold and use."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from guidegen.models import (
    AnswersBlock,
    Block,
    GlossaryBlock,
    Guide,
    QuestionsBlock,
    Source,
)
from guidegen.view.blocks import Place, head_of, term_view
from guidegen.view.document import (
    AnswersView,
    AnswerView,
    BlockView,
    GlossaryView,
    SourcesView,
    SourceView,
    TermView,
)
from guidegen.view.numbering import Numbering
from guidegen.view.questions import answers_of
from guidegen.view.references import Composer

TYPEABLE = 45  # letters of an address that a reader may be asked to type


def back_matter_view(
    block: Block, place: Place, guide: Guide, numbering: Numbering, composer: Composer
) -> BlockView | None:
    """Return the view of a generated block, or None where it would be empty."""
    head = head_of(block, place, composer)
    match block:
        case AnswersBlock():
            answers = tuple(_answers(guide, numbering, composer))
            return AnswersView(**head, items=answers) if answers else None
        case GlossaryBlock():
            terms = _terms(composer)
            return GlossaryView(**head, items=terms) if terms else None
        case _:
            sources = tuple(sources_of(composer))
            return SourcesView(**head, items=sources) if sources else None


def _answers(guide: Guide, numbering: Numbering, composer: Composer) -> Iterator[AnswerView]:
    for at, section in enumerate(guide.sections):
        for place, block in enumerate(section.blocks):
            if isinstance(block, QuestionsBlock):
                yield from answers_of(block, numbering.questions[at, place], composer)


def _terms(composer: Composer) -> tuple[TermView, ...]:
    """A definition may use further terms, which then need an entry of their own."""
    views: dict[str, TermView] = {}
    while missing := [name for name in composer.terms if name not in views]:
        for name in missing:
            views[name] = term_view(name, composer.library.glossary[name], composer)
    composer.glossary_is_done = True
    return tuple(sorted(views.values(), key=lambda view: (view.term.casefold(), view.anchor)))


def sources_of(composer: Composer) -> Iterator[SourceView]:
    """Yield the sources in the order of their numbers.

    A note may cite in its turn, so the list can grow while it is made.
    """
    done = 0
    while done < len(composer.cited):
        name, number = list(composer.cited.items())[done]
        html = _source(composer.library.sources[name], composer)
        yield SourceView(number=number, anchor=f"source_{name}", html=html)
        done += 1


def _source(source: Source, composer: Composer) -> Markup:
    words, is_undated = composer.words, source.date == "undated"
    undated, dated = (
        words.gettext("{title}. {publisher}."),
        words.gettext("{title}. {publisher}, {date}."),
    )
    parts = [
        Markup(undated if is_undated else dated).format(
            title=Markup("<cite>{}</cite>").format(composer.apart(composer.plain(source.title))),
            publisher=composer.apart(composer.plain(source.publisher)),
            date=composer.apart(source.date),
        )
    ]
    if source.url:
        parts.append(
            Markup('<a href="{}">{}</a>').format(source.url, composer.apart(_shown(source.url)))
        )
    if source.accessed:
        parts.append(
            Markup(words.gettext("Seen {date}.")).format(date=composer.apart(source.accessed))
        )
    if source.note:
        parts.append(composer.inline(source.note))
    return Markup(" ").join(parts)


def _shown(url: str) -> str:
    """Return the address as it is printed: whole where a reader can type it, else its host."""
    address = url.partition("://")[2].removesuffix("/")
    return address if len(address) <= TYPEABLE else address.partition("/")[0]

"""Turns the references in a text into links, and remembers what was cited and which terms used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from guidegen import markup
from guidegen.composition import measure_of
from guidegen.languages import isolated, words_for
from guidegen.models import Fact, Library
from guidegen.themes import PLAIN, Look
from guidegen.view.numbering import Numbering


class Composer:
    """Answers the references of one document; sources get their numbers as they are first cited.

    ``words`` are our own words on its pages, in its language.

    A reference to something that this document leaves out becomes plain words, so that nothing
    ever points nowhere: the title in quotation marks and ``elsewhere``, "not in this course".
    """

    def __init__(
        self,
        library: Library,
        numbering: Numbering,
        titles: Mapping[str, str],
        kinds: frozenset[str],
        language: str,
        *,
        elsewhere: str,
        shows_answers: bool,
        look: Look = PLAIN,
        is_half: bool = False,
    ) -> None:
        self.library = library
        self.language = language
        self.words = words_for(language)
        self.shows_answers = shows_answers
        self.look = look
        self.measure = measure_of(look, is_half=is_half)
        self.cited: dict[str, int] = {}
        self.terms: dict[str, None] = {}
        self.glossary_is_done = False
        self._numbering = numbering
        self._titles = titles
        self._kinds = kinds
        self._elsewhere = elsewhere

    @property
    def doubt(self) -> str:
        """What follows a figure that is still to be checked."""
        return self.words.gettext("(to be confirmed)")

    def apart(self, text: str) -> str:
        """Return ``text`` so that it keeps its order among words that run the other way."""
        return isolated(text, self.language)

    def plain(self, text: str | None) -> str:
        """Return a title or label with the quotation marks of the language."""
        return markup.to_plain(text, self.language) if text else ""

    def inline(self, text: str | None) -> Markup:
        """Return one paragraph of Markdown as HTML without its tag."""
        return markup.to_inline_html(text, self, self.language) if text else Markup()

    def inlines(self, texts: Iterable[str]) -> tuple[Markup, ...]:
        """Return each text as inline HTML."""
        return tuple(self.inline(text) for text in texts)

    def rich(self, text: str | None, heading_level: int = 4) -> Markup:
        """Return Markdown of any length as HTML."""
        if not text:
            return Markup()
        return markup.to_html(text, self, self.language, heading_level=heading_level)

    def cite(self, sources: Sequence[str]) -> str:
        """Return ``[1, 2]``, or the short names where the document has no list of sources."""
        if "sources" not in self._kinds:
            names = self.words.joined(self.library.sources[source].short for source in sources)
            return escape(f"[{names}]")
        links = [self._source_link(source) for source in sources]
        return Markup('<span class="cite">[{}]</span>').format(Markup(self.words.listed(links)))

    def _source_link(self, source: str) -> Markup:
        number = self.cited.setdefault(source, len(self.cited) + 1)
        name = self.words.gettext("source {number}").format(number=number)
        return Markup('<a href="#source_{}" aria-label="{}">{}</a>').format(source, name, number)

    def see(self, target: str, words: str) -> str:
        """Return a link such as ``section D`` or ``Table D2``, or with ``words`` in their place."""
        found = self._numbering.targets.get(target)
        if found is None:
            shown = words or self.plain(f'"{self._titles[target]}"')
            return Markup("{} ({})").format(shown, self._elsewhere)
        if not found.anchor:
            return escape(words or self.plain(f'"{found.words}"'))
        return Markup('<a href="#{}">{}</a>').format(found.anchor, words or found.words)

    def link(self, target: str) -> str | None:
        """Return the address of ``target`` in this document, or None when it is left out."""
        found = self._numbering.targets.get(target)
        return f"#{found.anchor}" if found and found.anchor else None

    def term(self, term: str, words: str) -> str:
        """Return the term, linked to the glossary where the document has one.

        An abbreviation carries what it stands for.
        """
        if not self.glossary_is_done:
            self.terms.setdefault(term)
        known = self.library.glossary[term]
        shown = escape(words or known.term)
        if known.expansion and words in ("", known.term):
            expansion = self.plain(known.expansion)
            shown = Markup('<abbr title="{}">{}</abbr>').format(expansion, shown)
        if "glossary" not in self._kinds or term not in self.terms:
            return shown
        return Markup('<a class="term" href="#term_{}">{}</a>').format(term, shown)

    def fact(self, fact: str) -> str:
        """Return the figure with its unit and source; one still to be checked says so."""
        known = self.library.facts[fact]
        doubt = f" {self.doubt}" if known.review else ""
        figure = Markup('<span class="figure-value">{}</span>{}').format(quantity(known), doubt)
        return figure + Markup("&nbsp;") + self.cite([known.source])

    def blank(self) -> str:
        """Return a gap to write in; a screen reader says "blank"."""
        said = self.words.gettext("blank")
        return Markup('<span class="gap"><span class="unseen">{}</span></span>').format(said)


def quantity(fact: Fact) -> str:
    """Return the value with its unit, such as ``5%`` or ``40 hours``."""
    if fact.unit is None:
        return fact.value
    return f"{fact.value}{'' if fact.unit.startswith('%') else ' '}{fact.unit}"

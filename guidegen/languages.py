"""The languages of pages: the words that we print around the author's, and the way text runs.

What an author writes is in the language of the guide; "Table", "Sources", "Page 2 of 5" are ours,
and come from the catalogue of that language in ``locale/``. Every message there is English, so
that without a catalogue the page has English words.
"""

from __future__ import annotations

import functools
import gettext
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from markupsafe import Markup

Direction = Literal["ltr", "rtl"]

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "guidegen"
ENGLISH = "en"

# Languages that are written from right to left in the script they are usually written in: the
# entries of CLDR's likely subtags for Arab, Hebr, Nkoo, Rohg, Syrc and Thaa that are in use today.
_RIGHT_TO_LEFT = frozenset(
    {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "nqo", "pnb", "prs", "ps", "sd", "ug", "ur", "yi"}
)
_RIGHT_TO_LEFT_SCRIPTS = frozenset(["adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"])

# The quotation marks of a language, and those within them, as in CLDR; Arabic ones as books in
# Arabic have them. A region is named where it differs.
_QUOTES: Mapping[str, Sequence[str]] = {
    "ar": "«»‹›",
    "de": "„“‚‘",
    "de-CH": "«»‹›",
    "en": "“”‘’",
    "es": "«»“”",
    "fr": ("«\xa0", "\xa0»", "“", "”"),
    "it": "«»“”",
    "ja": "「」『』",
    "pt-PT": "«»“”",
}


@dataclass(frozen=True, slots=True)
class PageWords:
    """Our own words on a page, in ``language``; the methods are those of :mod:`gettext`.

    Placeholders in messages stand in braces, to be filled by ``str.format``.
    """

    language: str
    _catalogue: gettext.NullTranslations = field(repr=False, compare=False)

    def gettext(self, message: str) -> str:
        """Return ``message`` in the language."""
        return self._catalogue.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        """Return ``message``, which means several things, as it is used in ``context``."""
        return self._catalogue.pgettext(context, message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """Return the form that goes with ``number``; its placeholders are still to be filled."""
        return self._catalogue.ngettext(singular, plural, number)

    def listed(self, parts: Iterable[str]) -> str:
        """Return the parts of a list on one line."""
        return self.pgettext("between the parts of a list", ", ").join(parts)

    def joined(self, parts: Iterable[str]) -> str:
        """Return longer parts, which may have commas in them, on one line."""
        return self.pgettext("between long parts of a list", "; ").join(parts)


def words_for(language: str) -> PageWords:
    """Return the words for pages in ``language``, English where there is no catalogue for it."""
    return _words(catalogue_of(language) or ENGLISH)


@functools.cache
def _words(name: str) -> PageWords:
    if name == ENGLISH:
        return PageWords(ENGLISH, gettext.NullTranslations())
    with (FOLDER / name / "LC_MESSAGES" / f"{DOMAIN}.mo").open("rb") as file:
        return PageWords(name, gettext.GNUTranslations(file))


def catalogue_of(language: str) -> str | None:
    """Return the catalogue for a tag such as ``es-MX``: its own or that of a wider tag.

    English needs none, so ``en`` stands for it; None means that there is no translation.
    """
    parts = language.split("-")
    wider = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return next((tag for tag in wider if tag in catalogues()), None)


@functools.cache
def catalogues() -> tuple[str, ...]:
    """Return the languages that we have words in, in alphabetical order."""
    names = (path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return tuple(sorted((ENGLISH, *names)))


def direction_of(language: str) -> Direction:
    """Return the way that text in ``language`` runs; a script in the tag decides (az-Arab)."""
    primary, *others = language.lower().split("-")
    script = next((part for part in others if len(part) == 4 and part.isalpha()), None)
    if script:
        return "rtl" if script in _RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if primary in _RIGHT_TO_LEFT else "ltr"


def isolated(text: str, language: str) -> str:
    """Return a date, an address or the like so that the text around it leaves its order alone.

    Where text runs from right to left, ``2026-11-24`` after an Arabic word would come out as
    ``24-11-2026``. The characters for it do what the style sheet can't: the engine knows no
    ``unicode-bidi: isolate``.
    """
    if direction_of(language) == "ltr" or not text:
        return text
    return (
        Markup("\u2068{}\u2069").format(text)
        if hasattr(text, "__html__")
        else f"\u2068{text}\u2069"
    )


def quotes_of(language: str) -> Sequence[str]:
    """Return the opening and closing quotation mark, and those of a quotation within."""
    return _QUOTES.get(language) or _QUOTES.get(language.split("-")[0]) or _QUOTES[ENGLISH]

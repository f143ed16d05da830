"""The last look before students get a file: is any hidden answer in it, in any form?

The answers were taken out of the data before rendering; the gate searches the finished file all
the same. It looks for every run of four words or more that the student edition should not have;
where no spaces stand between words, for as many characters as four words have.
Shorter answers ("B", "40 hours") cannot be told from the text that teaches them; for those the
removal from the data is the guarantee.
"""

from __future__ import annotations

import html
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from guidegen.letters import count_words, unspaced
from guidegen.markup import segments_of
from guidegen.origin import Text
from guidegen.problems import Problem

LEAST_WORDS = 4
_ARABIC = re.compile("[\u0600-\u06ff]")
_VOWELS = re.compile(r"\s*[\u064b-\u0652\u0670]")
_SPOKEN = ("/Title", "/Alt", "/ActualText", "/Contents", "/E", "/TU")


def leaks(
    hidden: Iterable[Text], visible: Iterable[str], contents: Mapping[str, bytes], language: str
) -> list[Problem]:
    """Return a problem for each of the ``hidden`` texts that is found in ``contents``.

    ``visible`` are the texts that may be printed; what stands in them too is no secret.
    ``contents`` are finished files by name, HTML or PDF.
    """
    allowed = " ".join(_normal(part) for text in visible for part in segments_of(text, language))
    searched = {name: _searchable(name, content) for name, content in contents.items()}
    return [
        Problem(
            text.origin,
            "answer-leak",
            f"{name} holds an answer that this edition must not have: “{needle[:60]}”",
            "nothing was written; please report this, it is a fault of guidegen",
        )
        for text in hidden
        for needle in _needles(text, language)
        for name, haystack in searched.items()
        if needle not in allowed and needle in haystack
    ]


def _needles(text: Text, language: str) -> Iterator[str]:
    for segment in segments_of(text, language):
        needle = _normal(segment)
        if count_words(needle) >= LEAST_WORDS:
            yield needle


def _normal(text: str) -> str:
    """Fold what differs between a source and a text layer: spaces, hyphens, case, ligatures."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    without = re.sub(r"[\u200b-\u200f\u2066-\u2069]|[\u00ad\u2010-]\s*", "", folded)
    words = _VOWELS.sub("", without).split()
    return unspaced(" ".join(_unordered(word) if _ARABIC.search(word) else word for word in words))


def _unordered(word: str) -> str:
    """Return the letters of an Arabic word, sorted.

    Whoever reads a text layer tells their order from where they stand on the line, and takes two
    that stand over each other for the wrong one.
    """
    return "".join(sorted(letter for letter in word if letter.isalnum()))


def _searchable(name: str, content: bytes) -> str:
    """Return all text of a file: of a PDF also metadata, bookmarks and alternative texts."""
    if name.endswith(".pdf"):
        return _normal(" ".join(_pdf_texts(content)))
    source = content.decode()
    without_tags = html.unescape(re.sub(r"<[^<>]+>", " ", source))
    return _normal(f"{html.unescape(source)} {without_tags}")


def _pdf_texts(content: bytes) -> Iterator[str]:
    import pikepdf
    import pypdfium2

    for page in pypdfium2.PdfDocument(content):
        yield page.get_textpage().get_text_bounded()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        yield from map(str, pdf.docinfo.values())
        for entry in pdf.objects:
            if isinstance(entry, pikepdf.Dictionary):
                spoken = (entry.get(key) for key in _SPOKEN)
                yield from (str(text) for text in spoken if isinstance(text, pikepdf.String))

"""Rules for single texts: what they refer and link to, and whether a page can hold them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from guidegen import markup
from guidegen.budgets import MAX_COLUMNS, MAX_FOOTNOTES, MAX_NESTING, MAX_ROWS, MAX_SIGNS
from guidegen.course_checks import ids_in, own_ids
from guidegen.models import Content, Guide, Inline, Language, Library, Markdown, walk
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, unknown


@dataclass(frozen=True, slots=True)
class Around:
    """What is around a text: the library, and the ids that its ``[see:…]`` may name.

    ``targets`` is None where no text may point to a section.
    """

    library: Library
    targets: Collection[str] | None


def check_texts(library: Library) -> Iterator[Problem]:
    """Yield every problem of every text, one text after the other."""
    overfull = {problem.origin.file: problem for problem in _overfull(library)}
    yield from overfull.values()
    for body, targets in _bodies(library):
        around = Around(library, targets)
        for text in texts_in(body):
            if text.origin.file not in overfull:
                for rule in CHECKS.values():
                    yield from rule(text, around)


def _overfull(library: Library) -> Iterator[Problem]:
    """Yield a problem for each file whose texts would take too long to look at."""
    signs: Counter[str] = Counter()
    for body, _ in _bodies(library):
        for text in texts_in(body):
            file, before = text.origin.file, signs[text.origin.file]
            signs[file] += 1 + text.count("\n") + 4 * text.count("[")
            if before <= MAX_SIGNS < signs[file]:
                message = "up to here this file has more lines of text and brackets than it may"
                hint = f"divide it; {MAX_SIGNS:,} lines are allowed, and each '[' counts as four"
                yield Problem(text.origin, "too-many", message, hint)


def _bodies(library: Library) -> Iterator[tuple[Content, Collection[str] | None]]:
    """Yield each file or entry with the ids that its ``[see:…]`` may name (None: not allowed)."""
    for guide in library.guides.values():
        yield guide, targets_of(guide)
    for entries in (library.comparisons, library.facts, library.sources, library.glossary):
        for entry in entries.values():
            yield entry, None
    for course in library.courses.values():
        for guide_id, taken in course.guides.items():
            if found := library.guides.get(guide_id):
                yield taken, {*targets_of(found), *map(str, own_ids(taken))}


def targets_of(guide: Guide) -> dict[str, Origin]:
    """Return the ids of a guide's sections, blocks and questions with their places."""
    return {str(name): name.origin for name in ids_of(guide)}


def ids_of(guide: Guide) -> Iterator[Text]:
    """Yield the ids of a guide's sections, blocks and questions."""
    for section in guide.sections:
        yield section.id
        yield from ids_in(section.blocks)


def texts_in(body: Content) -> Iterator[Inline | Markdown]:
    """Yield the texts in ``body`` that are written in Markdown."""
    return (text for text in walk(body) if isinstance(text, (Inline, Markdown)))


def unknown_word(code: str, what: str, word: Text, known: Collection[str]) -> Iterator[Problem]:
    """Yield a problem when ``word`` is not ``known``, with the nearest match."""
    if word not in known:
        message, hint = unknown(what, word, known)
        yield Problem(word.origin, code, message, hint)


def references(text: Text, around: Around) -> Iterator[Problem]:
    """Every citation, fact, term and cross-reference must lead somewhere.

    What looks like a reference but is none would be printed with its brackets. Words of another
    language say which, since a screen reader takes its voice from that.
    """
    library = around.library
    known: Mapping[str, tuple[str, Collection[str]]] = {
        "cite": ("source", library.sources),
        "fact": ("fact", library.facts),
        "term": ("term", library.glossary),
    }
    for reference in markup.references_in(text):
        word = Text(reference.target, reference.origin)
        if reference.kind in known:
            what, names = known[reference.kind]
            yield from unknown_word(f"unknown-{what}", what, word, names)
        elif reference.kind in ("see", "see!"):
            yield from _see(word, around.targets)
        elif reference.kind == "malformed":
            yield Problem(
                word.origin,
                "malformed-reference",
                f"{word} is not a reference",
                "write [@source], [see:section], [term:id], [term:id|words], [fact:id] or "
                "[lang:es|words], with ids in lower case",
            )
        elif reference.kind == "lang" and not re.match(Language.pattern, word):
            message = f"{str(word)!r} is not a language code"
            hint = "write it such as 'es', 'pt-BR' or 'zh-Hant'"
            yield Problem(word.origin, "bad-language", message, hint)


def _see(word: Text, targets: Collection[str] | None) -> Iterator[Problem]:
    if targets is None:
        yield Problem(
            word.origin,
            "see-outside-guide",
            f"[see:{word}] stands in a file that several guides share",
            "only the text of a guide can point to its sections; name the thing in words",
        )
    else:
        yield from unknown_word("unknown-section", "section or block", word, targets)


def links(text: Text, around: Around) -> Iterator[Problem]:
    """Links lead to the web, to a mail address or telephone, or to a place in this guide."""
    for link in markup.links_in(text):
        if link.is_image or not link.is_safe:
            yield _bad_link(link)
        elif link.target.startswith("#"):
            yield from _see(Text(link.target[1:], link.origin), around.targets)


def _bad_link(link: markup.Link) -> Problem:
    if link.is_image:
        hint = "use a block of kind figure, which has a caption and alt text"
        return Problem(link.origin, "image-in-text", "a picture cannot stand within a text", hint)
    hint = "a link starts with https://, http://, mailto:, tel: or # and a section's id"
    message = f"{link.target or 'an empty address'} cannot be linked to"
    return Problem(link.origin, "bad-link", message, hint)


def unused_footnotes(text: Text, _: Around) -> Iterator[Problem]:
    """A footnote that no mark refers to would vanish from the page."""
    for name, origin in markup.unused_footnotes_in(text):
        message = f"nothing refers to the footnote [^{name}]"
        hint = f"put [^{name}] where the note belongs, or delete it"
        yield Problem(origin, "unused-footnote", message, hint)


def excesses(text: Text, _: Around) -> Iterator[Problem]:
    """A text has no more of anything than the page engine can bear."""
    for excess in markup.excesses_in(text):
        yield Problem(excess.origin, *_EXCESSES[excess.kind])


_EXCESSES = {
    "nesting": (
        "too-deep",
        f"lists, quotes and emphasis are more than {MAX_NESTING} deep in each other here",
        "divide the text, or escape signs that are only signs with a backslash",
    ),
    "footnotes": (
        "too-many",
        f"this paragraph has more than {MAX_FOOTNOTES} footnotes",
        "divide the paragraph, or put the notes into a list",
    ),
    "within": (
        "too-many",
        f"more than {MAX_NESTING} footnotes stand within other footnotes",
        "put them into the text",
    ),
    "columns": (
        "too-many",
        f"the table has more than {MAX_COLUMNS} columns",
        "divide it into several tables",
    ),
    "rows": (
        "too-many",
        f"the table has more than {MAX_ROWS:,} rows",
        "divide it into several tables",
    ),
}

CHECKS: Mapping[str, Callable[[Text, Around], Iterator[Problem]]] = {
    "reference": references,
    "link": links,
    "unused-footnote": unused_footnotes,
    "excess": excesses,
}

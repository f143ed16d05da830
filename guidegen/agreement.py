"""What agrees and what differs in a comparison, and the digest of both: values in, values out.

Texts are folded (markup, citations, case and spaces go, facts become their figures) only to find
out which of them say the same; what is printed keeps its form.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markupsafe import Markup

from guidegen import markup
from guidegen.languages import PageWords, words_for
from guidegen.models import Comparison, Criterion, Inline, Library, NotApplicable, Subject

Value: TypeAlias = Inline | tuple[Inline, ...] | NotApplicable
HOLDS = ("yes", "partly")
_GAP = re.compile(r" (?=[.,;:])")  # left where a citation stood
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_QUANTITY = re.compile(rf"([$€£]?)({_NUMBER})(?:\s?(?:[–-]|to)\s?[$€£]?({_NUMBER}))?\s*([^\d]*)$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, or the range from ``low`` to ``high``, and what it counts."""

    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True)
class Digest:
    """What is the same and what only some have.

    ``regions`` holds entries by the ids of the subjects that share them; ``differ`` names the
    criteria in which texts or numbers differ, which no region can hold.
    """

    regions: Mapping[frozenset[str], tuple[str, ...]] = field(default_factory=dict)
    differ: tuple[str, ...] = ()


class Plain:
    """Returns what a text says, without markup and citations and with its facts filled in.

    ``words`` are our own words beside it, in its ``language``.
    """

    def __init__(self, library: Library, language: str) -> None:
        self._library = library
        self.language = language
        self.words = words_for(language)

    def text(self, text: str) -> str:
        """Return the words of ``text`` as they would be printed."""
        html = markup.to_inline_html(text, self, self.language)
        words = " ".join(Markup(html).striptags().split())
        return _GAP.sub("", words)

    def name(self, text: str) -> str:
        """Return a title or name as it would be printed."""
        return markup.to_plain(text, self.language)

    def value(self, value: Value) -> str:
        """Return the words of any value; the items of a list are joined by semicolons."""
        if isinstance(value, NotApplicable):
            reason = self.text(value.not_applicable)
            return self.words.gettext("n/a: {reason}").format(reason=reason)
        if isinstance(value, tuple):
            return self.words.joined(map(self.text, value))
        return self.text(value)

    def folded(self, value: Value) -> object:
        """Return what must be equal for two values to say the same."""
        if isinstance(value, NotApplicable):
            return (fold(self.text(value.not_applicable)),)
        if isinstance(value, tuple):
            return frozenset(fold(self.text(item)) for item in value)
        return fold(self.text(value))

    def cite(self, sources: Sequence[str]) -> str:
        """A citation says where, not what."""
        return ""

    def see(self, target: str, words: str) -> str:
        """Return the words for a place; those of a shared file never name one."""
        return words or target

    def link(self, target: str) -> str | None:
        """A link leads nowhere here; its words stay."""
        return None

    def term(self, term: str, words: str) -> str:
        """Return the words that are printed for a term."""
        return words or self._library.glossary[term].term

    def fact(self, fact: str) -> str:
        """Return the figure with its unit."""
        known = self._library.facts[fact]
        return " ".join(filter(None, (known.value, known.unit)))

    def blank(self) -> str:
        """A gap has no words."""
        return ""


def fold(text: str) -> str:
    """Return ``text`` without what makes no difference: case, spaces, a full stop at the end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip(".;, ")


# --- what agrees


def agrees(criterion: Criterion, subjects: Iterable[Subject], plain: Plain) -> bool:
    """Return whether all ``subjects`` have the same value, whatever its kind."""
    return len({plain.folded(criterion.values[subject.id]) for subject in subjects}) == 1


def quantities(
    criterion: Criterion, subjects: Iterable[Subject], plain: Plain
) -> dict[str, Quantity]:
    """Return the number or range of each subject that has one, if they can share a scale.

    They can when two or more are numbers and all of these count the same. A criterion of kind
    text qualifies too, when its values are numbers and nothing else.
    """
    found = {}
    for subject in subjects:
        value = criterion.values[subject.id]
        if isinstance(value, (NotApplicable, tuple)):
            continue
        quantity = quantity_of(plain.text(value))
        if quantity:
            found[str(subject.id)] = quantity
        elif criterion.kind != "number":
            return {}
    units = {quantity.unit for quantity in found.values()}
    return found if len(found) > 1 and len(units) == 1 else {}


def quantity_of(text: str) -> Quantity | None:
    """Return the quantity that ``text`` is, such as ``1,000–2,000 hours``; else None."""
    match = _QUANTITY.match(text)
    if match is None:
        return None
    low = float(match[2].replace(",", ""))
    high = float((match[3] or match[2]).replace(",", ""))
    return Quantity(low, high, fold(match[1] + match[4])) if high >= low else None


# --- the digest


def digest_of(comparison: Comparison, plain: Plain) -> Digest:
    """Return what is the same in all subjects, what only some of them have, and what differs."""
    regions: dict[frozenset[str], list[str]] = {}
    differ = []
    for criterion in comparison.criteria:
        entries = list(_entries(criterion, comparison.subjects, plain))
        for holders, entry in entries:
            regions.setdefault(holders, []).append(entry)
        if not entries or _is_beyond_regions(criterion, comparison.subjects, plain):
            differ.append(plain.name(criterion.name))
    return Digest({holders: tuple(entries) for holders, entries in regions.items()}, tuple(differ))


def _entries(
    criterion: Criterion, subjects: Sequence[Subject], plain: Plain
) -> Iterator[tuple[frozenset[str], str]]:
    name = plain.name(criterion.name)
    values = {str(each.id): criterion.values[each.id] for each in subjects}
    if agrees(criterion, subjects, plain):
        value = next(iter(values.values()))
        said = _word_of(value, plain) if criterion.kind == "yes-no" else plain.value(value)
        yield frozenset(values), f"{name}: {said}"
    elif criterion.kind == "yes-no":
        yield from _yes_no_entries(name, values, plain.words)
    else:
        for holders, texts in _by_holders(values, plain).items():
            is_shared = len(holders) > 1 or _has_list(values) or _is_alone(values)
            if is_shared:
                yield holders, f"{name}: {plain.words.joined(texts)}"


def _word_of(value: Value, plain: Plain) -> str:
    """Return the word for yes, no or partly, as it stands within a line."""
    words = {
        "yes": plain.words.gettext("yes"),
        "no": plain.words.gettext("no"),
        "partly": plain.words.gettext("partly"),
    }
    return words.get(str(value)) or plain.value(value)


def _yes_no_entries(
    name: str, values: Mapping[str, Value], words: PageWords
) -> Iterator[tuple[frozenset[str], str]]:
    held = {subject: str(value) for subject, value in values.items() if value in HOLDS}
    if len(set(held.values())) == 1:
        partly = words.gettext("{name} (partly)").format(name=name)
        yield frozenset(held), partly if "partly" in held.values() else name


def _by_holders(values: Mapping[str, Value], plain: Plain) -> dict[frozenset[str], list[str]]:
    """Return each item or text once, by the subjects that have it; what is n/a is had by none."""
    holders: dict[str, set[str]] = {}
    words: dict[str, str] = {}
    for subject, value in values.items():
        if isinstance(value, NotApplicable):
            continue
        items = value if isinstance(value, tuple) else (value,)
        for text in map(plain.text, items):
            holders.setdefault(fold(text), set()).add(subject)
            words.setdefault(fold(text), text)
    grouped: dict[frozenset[str], list[str]] = {}
    for item, having in holders.items():
        grouped.setdefault(frozenset(having), []).append(words[item])
    return grouped


def _has_list(values: Mapping[str, Value]) -> bool:
    return any(isinstance(value, tuple) for value in values.values())


def _is_alone(values: Mapping[str, Value]) -> bool:
    """Return whether one subject alone has a value, all others being n/a."""
    return sum(not isinstance(value, NotApplicable) for value in values.values()) == 1


def _is_beyond_regions(criterion: Criterion, subjects: Sequence[Subject], plain: Plain) -> bool:
    """Return whether texts or numbers differ, of which the regions can tell a part at most."""
    values = [criterion.values[each.id] for each in subjects]
    texts = {plain.folded(value) for value in values if not isinstance(value, NotApplicable)}
    of_texts = not any(isinstance(value, tuple) for value in values)
    return of_texts and criterion.kind != "yes-no" and len(texts) > 1

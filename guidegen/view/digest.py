"""The digest of a comparison: what is the same and what only some have, in words and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from guidegen.agreement import Digest, Plain, digest_of
from guidegen.languages import PageWords
from guidegen.letters import SHAPED
from guidegen.models import Asset, Comparison
from guidegen.themes import PLAIN, Look
from guidegen.view.drawing import Field, fields, has_field_room

DIAGRAM = "same-and-different.svg"
DIAGRAM_WIDTH = 490.0  # pt; the text area of the narrowest page, A4 in portrait
TALLEST_DIAGRAM = 420.0  # pt; a taller one leaves no room for a line of text beside it


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture among the figures of a document; ``width`` is in points."""

    name: str
    alt: str
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """Entries under headings such as ``Only in EMS``; ``differ`` are criteria of differing text."""

    parts: tuple[tuple[str, tuple[str, ...]], ...]
    differ: tuple[str, ...]
    diagram: Picture | None = None


def digest_view(
    comparison: Comparison,
    plain: Plain,
    accent: str,
    figures: dict[str, Asset] | None,
    look: Look = PLAIN,
) -> DigestView | None:
    """Return the digest of two or three subjects, else None.

    ``figures`` gets its diagram; there is none without, none where large type has no room in it,
    and none where letters join or run from right to left, since the engine draws those of a
    picture one by one.
    """
    if len(comparison.subjects) > 3:
        return None
    names = {str(each.id): plain.name(each.name) for each in comparison.subjects}
    heads = _heads(names, plain.words)
    digest = digest_of(comparison, plain)
    parts = tuple(
        (head, digest.regions[part]) for part, head in heads.items() if part in digest.regions
    )
    diagram = None
    if parts and figures is not None and not any(map(SHAPED.search, heads.values())):
        diagram = _diagram(names, heads, digest, accent, figures, plain.words, look)
    return DigestView(parts=parts, differ=digest.differ, diagram=diagram)


def _heads(names: dict[str, str], words: PageWords) -> dict[Field, str]:
    """Return the heading of each part: what all share, then what two share, then each alone."""
    heads: dict[Field, str] = {}
    for size in range(len(names), 0, -1):
        for ids in combinations(names, size):
            heads[frozenset(ids)] = _head([names[name] for name in ids], len(names), words)
    return heads


def _head(shown: Sequence[str], of: int, words: PageWords) -> str:
    if len(shown) == of:
        both, all_three = words.gettext("The same in both"), words.gettext("The same in all three")
        return both if of == 2 else all_three
    if len(shown) == 2:
        first, second = shown
        return words.gettext("Only in {first} and {second}").format(first=first, second=second)
    return words.gettext("Only in {name}").format(name=shown[0])


def _diagram(
    names: dict[str, str],
    heads: dict[Field, str],
    digest: Digest,
    accent: str,
    figures: dict[str, Asset],
    words: PageWords,
    look: Look,
) -> Picture | None:
    if not has_field_room(DIAGRAM_WIDTH, look):
        return None
    drawing = fields(names, heads, digest.regions, DIAGRAM_WIDTH, accent, look)
    if drawing.height > TALLEST_DIAGRAM:
        return None
    figures[DIAGRAM] = Asset(DIAGRAM, "image/svg+xml", drawing.svg)
    two, three = (
        words.gettext("Two fields that overlap."),
        words.gettext("Three fields that overlap."),
    )
    said = (_told(head, digest.regions.get(part, ()), words) for part, head in heads.items())
    alt = " ".join((two if len(names) == 2 else three, *said))
    return Picture(DIAGRAM, alt, drawing.width)


def _told(head: str, entries: Sequence[str], words: PageWords) -> str:
    if not entries:
        return words.gettext("{heading}: nothing.").format(heading=head)
    return words.gettext("{heading}: {entries}.").format(
        heading=head, entries=words.joined(entries)
    )

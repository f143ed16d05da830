"""The digest of a comparison: what is the same and what only some have, in words and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from guidegen.agreement import Digest, Plain, digest_of
from guidegen.models import Asset, Comparison
from guidegen.view.drawing import Field, fields

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
    comparison: Comparison, plain: Plain, accent: str, figures: dict[str, Asset] | None
) -> DigestView | None:
    """Return the digest of two or three subjects, else None.

    ``figures`` gets its diagram; there is none without.
    """
    if len(comparison.subjects) > 3:
        return None
    names = {str(each.id): plain.name(each.name) for each in comparison.subjects}
    heads = _heads(names)
    digest = digest_of(comparison, plain)
    parts = tuple(
        (head, digest.regions[part]) for part, head in heads.items() if part in digest.regions
    )
    diagram = None
    if parts and figures is not None:
        diagram = _diagram(names, heads, digest, accent, figures)
    return DigestView(parts=parts, differ=digest.differ, diagram=diagram)


def _heads(names: dict[str, str]) -> dict[Field, str]:
    """Return the heading of each part: what all share, then what two share, then each alone."""
    heads: dict[Field, str] = {}
    for size in range(len(names), 0, -1):
        for ids in combinations(names, size):
            heads[frozenset(ids)] = _head([names[name] for name in ids], len(names))
    return heads


def _head(shown: Sequence[str], of: int) -> str:
    if len(shown) == of:
        return "The same in both" if of == 2 else "The same in all three"
    return f"Only in {' and '.join(shown)}"


def _diagram(
    names: dict[str, str],
    heads: dict[Field, str],
    digest: Digest,
    accent: str,
    figures: dict[str, Asset],
) -> Picture | None:
    drawing = fields(names, heads, digest.regions, DIAGRAM_WIDTH, accent)
    if drawing.height > TALLEST_DIAGRAM:
        return None
    figures[DIAGRAM] = Asset(DIAGRAM, "image/svg+xml", drawing.svg)
    said = (f"{head}: {_told(digest.regions.get(part, ()))}" for part, head in heads.items())
    count = "Two" if len(names) == 2 else "Three"
    return Picture(DIAGRAM, f"{count} fields that overlap. {' '.join(said)}", drawing.width)


def _told(entries: Sequence[str]) -> str:
    return f"{'; '.join(entries)}." if entries else "nothing."

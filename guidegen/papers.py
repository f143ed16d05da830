"""The names of paper sizes, and the sheets that a document takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MM_PER_POINT = 25.4 / 72

# Width and height in mm, held upright: ANSI/ASME Y14.1 and ISO 216.
_NAMED = {
    "letter": (215.9, 279.4),
    "legal": (215.9, 355.6),
    "tabloid": (279.4, 431.8),
    "half letter": (139.7, 215.9),
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "A6": (105.0, 148.0),
}
_TOLERANCE = 1.5  # mm; ISO 216 allows as much to the cutter


@dataclass(frozen=True, slots=True)
class PaperUse:
    """A paper size, in mm, and the pages that have it; ``name`` is empty for an odd size."""

    name: str
    width: float
    height: float
    pages: tuple[int, ...]

    def __str__(self) -> str:
        measure = f"{self.width:.0f} × {self.height:.0f} mm"
        way = " landscape" if self.width > self.height else ""
        return f"{self.name}{way} ({measure})" if self.name else measure


def papers_of(sizes: Iterable[tuple[float, float]]) -> tuple[PaperUse, ...]:
    """Return the paper of pages, given width and height of each in points; the first comes first.

    Sizes that differ by less than a millimetre are one.
    """
    pages: dict[tuple[int, int], list[int]] = {}
    for number, (width, height) in enumerate(sizes, 1):
        key = round(width * MM_PER_POINT), round(height * MM_PER_POINT)
        pages.setdefault(key, []).append(number)
    return tuple(
        PaperUse(_name(width, height), width, height, tuple(found))
        for (width, height), found in pages.items()
    )


def sheets_for(pages: int, *, sides: int) -> int:
    """Return how many sheets ``pages`` take, printed on one or two ``sides``."""
    return -(-pages // sides)


def _name(width: float, height: float) -> str:
    short, long = sorted((width, height))
    for name, (across, down) in _NAMED.items():
        if max(abs(short - across), abs(long - down)) <= _TOLERANCE:
            return name
    return ""

"""Proofs made ready to be read: the same rows for the terminal and for a page with pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from guidegen.models import Asset
from guidegen.papers import sheets_for
from guidegen.problems import counted
from guidegen.proofs import Check, Proof, State
from guidegen.readability import WORDS_PER_MINUTE, why_not_english
from guidegen.themes import PLAIN, Look

SIGNS: Mapping[State, str] = {"passed": "✓", "failed": "✗", "note": "i", "unseen": "–"}
WORDS: Mapping[State, str] = {
    "passed": "passed",
    "failed": "FAILED",
    "note": "note",
    "unseen": "not seen",
}
_ORDER: tuple[State, ...] = ("failed", "note", "passed")
_MEDIA_TYPE = "image/jpeg"


class Row(NamedTuple):
    """What is measured, in a word or two, and what it came to; ``values`` is never empty."""

    name: str
    values: tuple[str, ...]


class NotSeen(NamedTuple):
    """Checks that could not be made, and where they cannot."""

    why: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """The picture of a page: a name among the figures, its text, and what failed on the page.

    ``width`` and ``height`` are those of the page, so that a browser keeps the room for it.
    """

    figure: str
    page: int
    alt: str
    width: int
    height: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProofSheet:
    """The proof of one file; ``anchor`` is its place on the page."""

    anchor: str
    name: str
    title: str
    verdict: str
    has_failed: bool
    rows: tuple[Row, ...]
    checks: tuple[Check, ...]
    unseen: tuple[NotSeen, ...]
    thumbnails: tuple[Thumbnail, ...]
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofPage:
    """All proofs on one page, with pictures of every page as ``figures``."""

    title: str
    lead: str
    sheets: tuple[ProofSheet, ...]
    summary_head: tuple[str, ...]
    figures: Mapping[str, Asset] = field(repr=False)
    language: str = "en"
    paper: str = "letter"
    tokens: tuple[tuple[str, str], ...] = ()
    signs: Mapping[State, str] = field(default_factory=lambda: SIGNS)
    words: Mapping[State, str] = field(default_factory=lambda: WORDS)
    look: Look = PLAIN


SUMMARY = ("file", "pages", "words", "result")
"""The columns of a table with a line for each of several proofs."""


def compose_proofs(proofs: Sequence[Proof], pictures: Sequence[Sequence[bytes]]) -> ProofPage:
    """Return the page of ``proofs``, with a JPEG for each page of each."""
    figures: dict[str, Asset] = {}
    sheets = []
    for number, (proof, own) in enumerate(zip(proofs, pictures, strict=True), 1):
        named = {f"{number}-{page}.jpg": picture for page, picture in enumerate(own, 1)}
        figures |= {name: Asset(name, _MEDIA_TYPE, data) for name, data in named.items()}
        sheets.append(_sheet(proof, number, tuple(named)))
    failed = sum(bool(proof.failed) for proof in proofs)
    lead = sheets[0].verdict if len(sheets) == 1 else _of_all(len(sheets), failed)
    title = f"Proof of {proofs[0].name}" if len(sheets) == 1 else f"Proof of {len(sheets)} files"
    return ProofPage(
        title=title, lead=lead, sheets=tuple(sheets), summary_head=SUMMARY, figures=figures
    )


def _of_all(number: int, failed: int) -> str:
    return f"{failed} of {number} files failed a check" if failed else "Every file passed"


def _sheet(proof: Proof, number: int, figures: Sequence[str]) -> ProofSheet:
    return ProofSheet(
        anchor=f"file-{number}",
        name=proof.name,
        title=proof.finished.title,
        verdict=verdict_of(proof),
        has_failed=bool(proof.failed),
        rows=rows_of(proof),
        checks=seen(proof.checks),
        unseen=unseen(proof.checks),
        thumbnails=tuple(_thumbnail(proof, page, name) for page, name in enumerate(figures, 1)),
        summary=summary_of(proof),
    )


def _thumbnail(proof: Proof, page: int, figure: str) -> Thumbnail:
    codes = tuple(
        check.code for check in proof.failed if any(each.page == page for each in check.findings)
    )
    alt = f"page {page}" + (f", which failed {', '.join(codes)}" if codes else "")
    size = proof.finished.pages[page - 1]
    return Thumbnail(figure, page, alt, round(size.width), round(size.height), codes)


def seen(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Return the checks that could be made, with those that failed first."""
    made = (check for check in checks if check.state != "unseen")
    return tuple(sorted(made, key=lambda check: _ORDER.index(check.state)))


def unseen(checks: Sequence[Check]) -> tuple[NotSeen, ...]:
    """Return the checks that could not be made, one entry for all of a kind."""
    codes: dict[str, list[str]] = {}
    for check in checks:
        if check.state == "unseen":
            codes.setdefault(check.why, []).append(check.code)
    return tuple(NotSeen(why, tuple(own)) for why, own in codes.items())


def verdict_of(proof: Proof) -> str:
    """Return what came of the checks, in a few words."""
    number = sum(check.state in ("passed", "failed") for check in proof.checks)
    if proof.failed:
        return f"{len(proof.failed)} of {counted(number, 'check')} failed"
    return f"All {number} checks passed"


def summary_of(proof: Proof) -> tuple[str, ...]:
    """Return the line of ``proof`` in a table of several."""
    codes = ", ".join(check.code for check in proof.failed)
    words = "" if proof.words is None else f"{proof.words:,}"
    return proof.name, str(len(proof.finished.pages)), words, codes or "passed"


def rows_of(proof: Proof) -> tuple[Row, ...]:
    """Return everything that was measured, in words."""
    finished, pages = proof.finished, len(proof.finished.pages)
    two_sided = sheets_for(pages, sides=2)
    least = proof.least_text
    return (
        Row("title", (finished.title or "none",)),
        Row("language", (finished.language or "not named",)),
        Row("pages", (_pages(proof),)),
        Row("sheets", (f"{sheets_for(pages, sides=1)} one-sided, {two_sided} two-sided",)),
        Row("file size", (_size(finished.bytes),)),
        Row("words", (_words(proof),)),
        Row("reading time", (_time(proof),)),
        Row("reading ease", (_ease(proof),)),
        Row("figures", (_figures(proof),)),
        Row("tables", (_tables(proof),)),
        Row("links", (_links(proof),)),
        Row("bookmarks", (str(finished.bookmarks),)),
        Row("tagged", (_tagged(proof),)),
        Row("least text", (f"{least.size:g} pt, page {least.page}" if least else "no text",)),
        Row("fonts", _fonts(proof) or ("none",)),
    )


def _pages(proof: Proof) -> str:
    papers = proof.papers
    pages = len(proof.finished.pages)
    if len(papers) == 1:
        return f"{pages}, {papers[0]}"
    return f"{pages}: " + "; ".join(f"{len(paper.pages)} of {paper}" for paper in papers)


def _size(length: int) -> str:
    return f"{length / 1024:.0f} KB" if length < 1_000_000 else f"{length / 1024**2:.1f} MB"


def _words(proof: Proof) -> str:
    if proof.words is None:
        return "not counted: its language does not divide them by spaces"
    return f"{proof.words:,}"


def _time(proof: Proof) -> str:
    if proof.minutes is None:
        return f"not given: {why_not_english(proof.finished.language)}"
    minutes = max(1, round(proof.minutes))
    return f"{counted(minutes, 'minute')} at {WORDS_PER_MINUTE} words a minute"


def _ease(proof: Proof) -> str:
    ease = proof.ease
    if ease.score is None:
        return f"not given: {ease.why_not}"
    return f"{ease.score:.0f} of 100, {ease.band} (Flesch)"


def _figures(proof: Proof) -> str:
    note = "" if proof.finished.tags else " (pictures made of pixels; the file is not tagged)"
    return f"{proof.figures}{note}"


def _tables(proof: Proof) -> str:
    tags = proof.finished.tags
    return str(tags.tables) if tags else "not counted: the file is not tagged"


def _links(proof: Proof) -> str:
    return f"{proof.links('internal')} within the file, {proof.links('external')} to the outside"


def _tagged(proof: Proof) -> str:
    claim = proof.finished.pdf_ua
    claimed = f"claims PDF/UA-{claim}" if claim else "claims no PDF/UA"
    return f"{'yes' if proof.finished.tags else 'no'}, {claimed}"


def _fonts(proof: Proof) -> tuple[str, ...]:
    return tuple(
        f"{font.name}: {'embedded' if font.is_embedded else 'NOT EMBEDDED'}"
        f"{', subset' if font.is_subset else ''}"
        for font in proof.finished.fonts
    )

"""What one edition changes against another, made ready for terminal, screen and print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Literal

from guidegen.models import Asset
from guidegen.themes import PLAIN, Look

Sign = Literal["", "+", "−"]

# Words of unchanged text on either side of a change; so many more and they are left out.
_CONTEXT = 7
_LEAST_CUT = 3
# Words by which a text that is gone can be told.
_BEGINNING = 12


@dataclass(frozen=True, slots=True)
class Run:
    """Words that both texts have (no sign), or that were added (+) or taken out (−)."""

    sign: Sign
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """One change: ``action`` in a word, ``what`` it is done to, and how, in words."""

    action: str
    what: str = ""
    says: str = ""
    runs: tuple[Run, ...] = ()

    @property
    def brief(self) -> tuple[Run, ...]:
        """The runs without what a reader need not see: words far from a change, a text gone."""
        if self.action == "removed":
            return tuple(replace(run, text=_beginning(run.text)) for run in self.runs)
        return shortened(self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSection:
    """A section with its changes; ``label`` is empty for back matter."""

    anchor: str
    label: str
    title: str
    changes: tuple[ChangeView, ...]

    @property
    def of_section(self) -> tuple[ChangeView, ...]:
        """The changes of the section as a whole."""
        return tuple(change for change in self.changes if not change.what)

    @property
    def of_blocks(self) -> tuple[ChangeView, ...]:
        """The changes of the text in it."""
        return tuple(change for change in self.changes if change.what)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedFact:
    """A figure that differs; ``old`` and ``new`` with place and date, ``source`` of the new."""

    label: str
    old: str
    new: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedComparison:
    """A comparison that shows other subjects or criteria, each change in words."""

    title: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that two editions of a guide differ in.

    ``general`` are changes of the guide as a whole, ``same`` are the unchanged sections.
    """

    title: str
    about: tuple[str, ...]
    lead: str
    language: str
    paper: str
    edition: str
    general: tuple[ChangeView, ...] = ()
    sections: tuple[ChangedSection, ...] = ()
    facts: tuple[ChangedFact, ...] = ()
    comparisons: tuple[ChangedComparison, ...] = ()
    same: tuple[str, ...] = ()
    tokens: tuple[tuple[str, str], ...] = ()
    figures: Mapping[str, Asset] = field(default_factory=dict)
    look: Look = PLAIN

    @property
    def has_text(self) -> bool:
        """True when there is text within a section that differs."""
        return any(section.of_blocks for section in self.sections)

    def as_dict(self) -> dict[str, object]:
        """Return the difference as plain data for ``--json``."""
        told = ("general", "sections", "facts", "comparisons", "same")
        plain = asdict(self)
        return {"title": self.title, "lead": self.lead, **{name: plain[name] for name in told}}


def shortened(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return ``runs`` with long stretches of unchanged words cut down to those near a change."""
    last = len(runs) - 1
    return tuple(
        run if run.sign else replace(run, text=_cut(run.text, at == 0, at == last))
        for at, run in enumerate(runs)
    )


def _cut(text: str, is_first: bool, is_last: bool) -> str:
    words = text.split()
    start = [] if is_first else words[:_CONTEXT]
    end = [] if is_last else words[len(words) - _CONTEXT :]
    if len(words) <= len(start) + len(end) + _LEAST_CUT:
        return text
    return " ".join([*start, "…", *end])


def _beginning(text: str) -> str:
    words = text.split()
    if len(words) <= _BEGINNING + _LEAST_CUT:
        return text
    return " ".join([*words[:_BEGINNING], "…"])

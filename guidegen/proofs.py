"""The proof of a finished PDF: what it holds, and each check with its result.

What only laid-out pages show is looked at where a guide is made. In a file that was finished
elsewhere it cannot be seen, and the proof says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from guidegen.finished.facts import Finished, LinkKind
from guidegen.papers import PaperUse, sheets_for
from guidegen.problems import Problem
from guidegen.proof_checks import CHECKS, LAID_OUT, Finding, Rule, Unseen, is_legible, paper_uses
from guidegen.readability import Ease, count_words, minutes_to_read, reading_ease

State = Literal["passed", "failed", "note", "unseen"]


@dataclass(frozen=True, slots=True)
class Check:
    """A check with its result; ``says`` is what should hold, ``why`` is where it cannot be seen."""

    code: str
    says: str
    state: State
    findings: tuple[Finding, ...] = ()
    why: str = ""


class LeastText(NamedTuple):
    """The size of the smallest text, in points, and the first page with it."""

    size: float
    page: int


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that is said of one PDF, ``name`` being that of its file."""

    name: str
    finished: Finished
    checks: tuple[Check, ...]

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that failed."""
        return tuple(check for check in self.checks if check.state == "failed")

    @property
    def papers(self) -> tuple[PaperUse, ...]:
        """The paper sizes, that of the first page first."""
        return paper_uses(self.finished)

    @property
    def least_text(self) -> LeastText | None:
        """The smallest text that can be seen."""
        sizes = [
            LeastText(run.size, page.number)
            for page in self.finished.pages
            for run in page.runs
            if is_legible(run)
        ]
        return min(sizes, default=None)

    @property
    def words(self) -> int | None:
        """The number of words, artifacts left out; None where a language has no spaces."""
        return count_words((page.text for page in self.finished.pages), self.finished.language)

    @property
    def minutes(self) -> float | None:
        """The minutes that reading takes; English only."""
        return minutes_to_read(self.words, self.finished.language)

    @property
    def ease(self) -> Ease:
        """Flesch's reading ease; English only."""
        tags = self.finished.tags
        return reading_ease(tags.prose if tags else None, self.finished.language)

    @property
    def figures(self) -> int:
        """The number of figures in the tags, or else of pictures made of pixels."""
        if self.finished.tags:
            return len(self.finished.tags.figures)
        return sum(len(page.pictures) for page in self.finished.pages)

    def links(self, kind: LinkKind) -> int:
        """Return how many links there are of a kind, bookmarks left out."""
        return sum(link.kind == kind and link.page is not None for link in self.finished.links)

    def as_dict(self) -> dict[str, object]:
        """Return the proof as plain data for ``--json``."""
        finished, least = self.finished, self.least_text
        return {
            "name": self.name,
            "bytes": finished.bytes,
            "title": finished.title,
            "language": finished.language,
            "pages": len(finished.pages),
            "papers": [_paper_as_dict(paper) for paper in self.papers],
            "sheets": {
                "one_sided": sheets_for(len(finished.pages), sides=1),
                "two_sided": sheets_for(len(finished.pages), sides=2),
            },
            "fonts": [
                {"name": font.name, "embedded": font.is_embedded, "subset": font.is_subset}
                for font in finished.fonts
            ],
            "least_text": {"size": least.size, "page": least.page} if least else None,
            "words": self.words,
            "reading_minutes": self.minutes,
            "reading_ease": self.ease.score,
            "figures": self.figures,
            "tables": finished.tags.tables if finished.tags else None,
            "bookmarks": finished.bookmarks,
            "links": {"internal": self.links("internal"), "external": self.links("external")},
            "tagged": finished.tags is not None,
            "pdf_ua": finished.pdf_ua,
            "checks": [_check_as_dict(check) for check in self.checks],
        }


def prove(name: str, finished: Finished, problems: Sequence[Problem] | None = None) -> Proof:
    """Return the proof of a PDF.

    ``problems`` are those of its laid-out pages; None when it was finished elsewhere, so that
    nobody has seen them.
    """
    checks = [_check(code, rule, finished, problems) for code, rule in CHECKS.items()]
    others = {each.code: "the pages are as they should be" for each in problems or ()}
    laid_out = {code: says for code, says in {**others, **LAID_OUT}.items() if code not in CHECKS}
    checks += [_laid_out(code, says, problems) for code, says in laid_out.items()]
    return Proof(name, finished, tuple(checks))


def _check(code: str, rule: Rule, finished: Finished, problems: Sequence[Problem] | None) -> Check:
    found = rule.find(finished)
    if isinstance(found, Unseen):
        return Check(code, rule.says, "unseen", why=str(found))
    findings = (*_of_code(code, problems or ()), *found)
    state: State = "passed"
    if findings:
        state = "note" if rule.is_note else "failed"
    return Check(code, rule.says, state, findings)


def _laid_out(code: str, says: str, problems: Sequence[Problem] | None) -> Check:
    if problems is None:
        return Check(code, says, "unseen", why="in a finished file")
    findings = tuple(_of_code(code, problems))
    return Check(code, says, "failed" if findings else "passed", findings)


def _of_code(code: str, problems: Iterable[Problem]) -> Iterator[Finding]:
    for problem in problems:
        if problem.code == code:
            place = f"{problem.origin.file}:{problem.origin.line}"
            hint = f" ({problem.hint})" if problem.hint else ""
            yield Finding(f"{problem.message}{hint}", place=place)


def _paper_as_dict(paper: PaperUse) -> dict[str, object]:
    return {
        "name": paper.name,
        "width_mm": paper.width,
        "height_mm": paper.height,
        "pages": len(paper.pages),
    }


def _check_as_dict(check: Check) -> dict[str, object]:
    return {
        "code": check.code,
        "says": check.says,
        "result": check.state,
        "why": check.why,
        "findings": [
            {"message": each.says, "page": each.page, "place": each.place}
            for each in check.findings
        ],
    }

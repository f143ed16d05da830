"""Makes and judges many mutants, on several cores, and counts what was wrong with guidegen."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .judge import Verdict, font_cache, judge
from .kinds import KINDS
from .mutant import Mutant, Refused, make
from .seeds import all_seeds

# What must not happen, in the order of the summary.
GOALS = ("tracebacks", "hangs", "placeless", "accepted bad", "refused good", "active", "astray")
LEAST_RIGHT = 98.0


@dataclass
class Tally:
    """What was seen of so many mutants."""

    mutants: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    distances: list[int] = field(default_factory=list)
    slowest: float = 0.0
    failed: list[int] = field(default_factory=list)

    def add(self, number: int, verdict: Verdict, seconds: float) -> None:
        self.mutants += 1
        self.slowest = max(self.slowest, seconds)
        goals = {goal for goal, _ in verdict.faults}
        self.faults.update(goals)
        if verdict.distance is not None:
            self.distances.append(verdict.distance)
        if goals or (verdict.distance or 0) > 2:
            self.failed.append(number)

    def share_within(self, lines: int) -> float:
        """Return how many of a hundred errors are that near to the line that is to blame."""
        near = sum(distance <= lines for distance in self.distances)
        return 100 * near / max(1, len(self.distances))

    @property
    def is_good(self) -> bool:
        return (
            not self.failed and self.share_within(0) >= LEAST_RIGHT and self.share_within(2) == 100
        )

    def __str__(self) -> str:
        counts = ", ".join(f"{self.faults[goal]} {goal}" for goal in GOALS)
        return (
            f"{self.mutants:,} mutants of {len(KINDS)} kinds: {counts}; "
            f"right line {self.share_within(0):.1f} %, within two lines "
            f"{self.share_within(2):.1f} %; slowest {self.slowest:.1f} s"
        )


def mutant_of(seed: int, number: int) -> Mutant:
    """Return the mutant with this number; the kinds take turns."""
    chance = random.Random(f"{seed}:{number}")
    return make(KINDS[number % len(KINDS)], all_seeds(), chance)


def judged(job: tuple[int, int]) -> tuple[int, Verdict, float]:
    """Judge the mutant ``(seed, number)``; also return how many seconds that took."""
    mutant = mutant_of(*job)
    begin = time.monotonic()
    verdict = judge(mutant, job[1] // len(KINDS))
    return job[1], verdict, time.monotonic() - begin


def sweep(seed: int, numbers: range, workers: int) -> Iterator[tuple[int, Verdict, float]]:
    """Judge mutants in so many processes; in this one when it is one."""
    jobs = [(seed, number) for number in numbers]
    if workers == 1:
        yield from map(judged, jobs)
        return
    font_cache()  # before the workers are forked, which end without tidying up
    with multiprocessing.get_context("fork").Pool(workers) as pool:
        yield from pool.imap_unordered(judged, jobs, chunksize=20)


def keep(seed: int, number: int, verdict: Verdict, folder: Path) -> Path:
    """Write a mutant and what is wrong with it below ``folder``, and return where."""
    mutant = mutant_of(seed, number)
    place = folder / f"{seed}-{number}-{mutant.kind}"
    if not place.exists():
        mutant.write(place)
    (place / "report.txt").write_text(report(mutant, verdict), encoding="utf-8")
    return place


def report(mutant: Mutant, verdict: Verdict) -> str:
    """Return what was expected of a mutant and what was said of it."""
    lines = [f"{mutant.kind} of {mutant.seed.name}: {mutant.expectation}"]
    lines += [f"{goal}: {words}" for goal, words in verdict.faults]
    if verdict.distance:
        lines.append(f"{verdict.distance} lines off")
    expected = mutant.expectation
    if isinstance(expected, Refused) and expected.file in mutant.files and expected.line:
        around = mutant.files[expected.file].split(b"\n")[
            max(0, expected.line - 3) : expected.line + 2
        ]
        lines += [f"    {line[:100].decode('utf-8', 'replace')}" for line in around]
    lines += [f"said: {str(problem)[:300]}" for problem in verdict.problems[:20]]
    return "\n".join(lines) + "\n"

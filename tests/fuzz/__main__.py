"""`python -m tests.fuzz`: judges 10,000 mutants, keeps those that guidegen failed on.

One of them is judged again, and shown, with `python -m tests.fuzz --seed N --number K`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .kinds import KINDS
from .sweep import Tally, judged, keep, mutant_of, report, sweep

KEPT = 50


def main() -> int:
    """Return 0 when every goal is met."""
    asked = _parsed()
    if asked.number is not None:
        number, verdict, seconds = judged((asked.seed, asked.number))
        print(report(mutant_of(asked.seed, number), verdict), end="")
        print(f"kept in {keep(asked.seed, number, verdict, asked.keep)}, took {seconds:.2f} s")
        return 1 if verdict.faults or (verdict.distance or 0) > 2 else 0
    numbers = range(asked.first, asked.first + asked.count)
    if asked.kind:
        numbers = range(KINDS.index(asked.kind), asked.count * len(KINDS), len(KINDS))
    tally = Tally()
    for number, verdict, seconds in sweep(asked.seed, numbers, asked.workers):
        tally.add(number, verdict, seconds)
        if tally.failed[-1:] == [number] and len(tally.failed) <= KEPT:
            print(f"\n--seed {asked.seed} --number {number}")
            print(report(mutant_of(asked.seed, number), verdict), end="", flush=True)
            keep(asked.seed, number, verdict, asked.keep)
    print(tally)
    return 0 if tally.is_good else 1


def _parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first mutant")
    parser.add_argument("--number", type=int, help="judge this mutant alone, and show it")
    parser.add_argument("--kind", choices=KINDS, help="judge mutants of this kind only")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path("build/fuzz"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

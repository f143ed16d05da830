"""What became of the mutants that `mutmut run` made: how many of each module the tests noticed.

Run by `make mutants`. Ends with 1 if a module is below LEAST. A mutant that runs for ever counts as
noticed, one that no test runs does not.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

LEAST = 80  # per cent
UNNOTICED = {0: "survived", 5: "run by no test", 33: "run by no test", None: "not tried"}


def scores(folder: Path) -> dict[str, tuple[int, int]]:
    """Return how many mutants each module has, and how many of them the tests noticed."""
    found = {}
    for path in sorted(folder.rglob("*.py.meta")):
        endings = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        if endings:
            name = path.relative_to(folder).as_posix().removesuffix(".py.meta")
            found[name] = len(endings), sum(ending not in UNNOTICED for ending in endings)
    return found


def table(found: dict[str, tuple[int, int]]) -> Iterable[str]:
    """Yield a line for each module, and one for all."""
    total, noticed = (sum(column) for column in zip(*found.values(), strict=True))
    for name, (made, killed) in [*found.items(), ("all", (total, noticed))]:
        yield f"{name:36} {made:5} mutants {killed:5} noticed {100 * killed / made:6.1f} %"


def main() -> int:
    """Print the scores and return the exit code."""
    found = scores(Path(sys.argv[1]))
    if not found:
        sys.stderr.write("there are no mutants\n")
        return 1
    sys.stdout.write("\n".join(table(found)) + "\n")
    low = [name for name, (made, killed) in found.items() if 100 * killed < LEAST * made]
    if low:
        sys.stderr.write(f"below {LEAST} %: {', '.join(low)}\n")
    return bool(low)


if __name__ == "__main__":
    sys.exit(main())

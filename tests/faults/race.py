"""Builds that race into one folder, and readers that look meanwhile: a process of its own,
with tests/unit on the path.

    python race.py FOLDER ROUNDS

In each round four builds of four different contents start at once, with one cache. What the readers
saw and what was left is printed as JSON.
"""

from __future__ import annotations

import fcntl
import functools
import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import six_courses
from sweep import build_here, contents, in_child, keep_in_memory, make_project, strays

BUILDS = 4
Sets = list[dict[str, bytes]]


def main() -> None:
    """Run so many rounds in a folder that need not exist."""
    place, rounds = Path(sys.argv[1]), int(sys.argv[2])
    place.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(json.dumps(race(place, rounds)))


def race(place: Path, rounds: int) -> Counter[str]:
    """Return how often what happened."""
    make_project(place)
    output, cache = place / "build", place / "cache" / "guidegen"
    builds = [_build(place, number) for number in range(BUILDS)]
    assert build_here(place, "herbs") == 0
    keep_in_memory(cache)
    sets = []
    for build in builds:
        assert in_child(build) == 0
        sets.append(contents(output))
    assert len({tuple(each.values()) for each in sets}) == BUILDS
    readers = [_start(functools.partial(_read, place, sets, polite)) for polite in (True, False)]
    count = Counter(rounds=rounds, torn=0, mixed=0, stray=0, failed=0)
    for _ in range(rounds):
        shutil.rmtree(cache / "builds", ignore_errors=True)
        children = [_start(build) for build in builds]
        count["failed"] += sum(os.waitpid(child, 0)[1] != 0 for child in children)
        count["mixed"] += contents(output) not in sets
        count["stray"] += len(strays(output, cache))
    (place / "stop").touch()
    for reader in readers:
        assert os.waitpid(reader, 0)[1] == 0
    for path in place.glob("seen-*"):
        count.update(json.loads(path.read_text()))
    return count


def _build(place: Path, number: int) -> Callable[[], int]:
    """Return the work of building the set with this number."""
    files = dict(six_courses.FILES)
    # Texts of different lengths, so that a mixture of two would show.
    files["guides/herbs.yaml"] = files["guides/herbs.yaml"].replace(
        "Which herb is cool?", "Which herb is cool" + " and green" * 100 * number + "?"
    )
    six_courses.make(place / f"content-{number}", files)
    own = ("--course", "emil", "--project", str(place / f"content-{number}"))
    return lambda: build_here(place, *own, "--out", str(place / "build"))


def _start(work: Callable[[], int]) -> int:
    child = os.fork()
    if not child:
        code = 99
        try:
            code = work()
        finally:
            os._exit(code)
    return child


def _read(place: Path, sets: Sets, is_polite: bool) -> int:
    """Read the set again and again; who is polite takes a shared lock on the folder first."""
    known = {content for each in sets for content in each.values()}
    count: Counter[str] = Counter()
    name = "polite" if is_polite else "hasty"
    while not (place / "stop").exists():
        folder = os.open(place / "build", os.O_RDONLY)
        if is_polite:
            fcntl.flock(folder, fcntl.LOCK_SH)
        found = contents(place / "build")
        os.close(folder)
        time.sleep(0.001)
        count[f"{name} reads"] += 1
        count["torn"] += not known.issuperset(found.values())
        count[f"{name} mixed"] += found not in sets
    (place / f"seen-{name}").write_text(json.dumps(count))
    return 0


if __name__ == "__main__":
    main()

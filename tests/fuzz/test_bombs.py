"""Small files that ask for very much are refused in two seconds and 300 MiB, each with its words.

Each is checked in a process of its own, which measures itself, so that nothing that an earlier one
needed is counted; these are forked from one that has all modules in memory and has read nothing. Some of the files are large, being bombs by size.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from subprocess import PIPE
from typing import Any

import pytest

from .in_figures import _times_ten
from .pictures import jpeg, png, svg

SECONDS = 2.0
MEBIBYTES = 300
HEAD = "format: 1\ntitle: T\nlead: L.\nedition: 2026\nsections:\n  - id: a\n    title: A\n    blocks:\n"
MEASURE = """
import datetime, json, os, resource, sys, time
from pathlib import Path
from guidegen.checks import check
from guidegen.loader import load

def told(root):
    begin = time.process_time()
    library, problems = load(root / "content", root)
    if not any(problem.severity == "error" for problem in problems):
        problems += check(library, datetime.date(2026, 11, 24))
    return {
        "seconds": time.process_time() - begin,
        "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "problems": [f"{each.code} {each}" for each in problems if each.severity == "error"],
    }

for line in sys.stdin:
    if child := os.fork():
        _, status = os.waitpid(child, 0)
        print("" if status == 0 else json.dumps({"killed": status}), flush=True)
    else:
        print(json.dumps(told(Path(line.strip()))), end="", flush=True)
        os._exit(0)
"""


def prose(text: str, count: int = 1) -> str:
    """Return a guide with so many blocks of this text."""
    lines = text.replace("\n", f"\n{' ' * 10}")
    return HEAD + f"      - kind: prose\n        text: |\n          {lines}\n" * count


def comparison(subjects: int, criteria: int) -> str:
    return (
        "format: 1\ntitle: T\nquestion: Q\nsubjects:\n"
        + "".join(f"  - {{id: s{n}, name: S}}\n" for n in range(subjects))
        + "criteria:\n"
        + "".join(f"  - {{id: c{n}, name: C, values: {{s0: x}}}}\n" for n in range(criteria))
    )


def sources(count: int) -> str:
    entries = "".join(f"  s{n}: {{title: t, publisher: p, short: s}}\n" for n in range(count))
    return f"format: 1\nsources:\n{entries}"


GUIDE = "guides/g.yaml"
BOMBS: dict[str, tuple[str, Callable[[], Mapping[str, str | bytes]]]] = {
    # YAML
    "a large file": ("too-large", lambda: {GUIDE: b"# remark\n" * 300_000}),
    "brackets in brackets": ("too-deep", lambda: {GUIDE: "a: " + "[ " * 900_000}),
    "dashes in dashes": ("too-deep", lambda: {GUIDE: "- " * 900_000}),
    "very many values": ("too-many", lambda: {GUIDE: f"- [{'a, ' * 99}a]\n" * 2_100}),
    "very many items": ("too-many", lambda: {GUIDE: "a:\n" + "- b\n" * 400_000}),
    "very many keys": ("too-many", lambda: {GUIDE: "".join(f"k{n}: v\n" for n in range(90_000))}),
    "very many unknown keys": ("too-many-problems", lambda: {GUIDE: HEAD + "".join(
        "      - kind: sources\n" + "".join(f"        k{n}: v\n" for n in range(4_900)) for _ in range(18))}),
    "laughs": (
        "yaml-alias",
        lambda: {GUIDE: "a0: &a0 [b, b]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))},
    ),
    "empty items": ("empty-value", lambda: {GUIDE: "-\n" * 600_000}),
    "the same key again": ("duplicate-key", lambda: {GUIDE: "a: b\n" * 350_000}),
    "long words": ("long-word", lambda: {GUIDE: ("a" * 1_001 + " ") * 1_900}),
    "control characters": ("control-character", lambda: {GUIDE: "\x01" * 1_900_000}),
    "a tab in a long file": ("too-large", lambda: {GUIDE: "a: b\tc\n" + "# remark\n" * 200_000}),
    "a late slip in a long file": ("yaml-syntax", lambda: {GUIDE: "# remark\n" * 200_000 + "a: [\n"}),
    # Texts
    "quotes in quotes": ("too-deep", lambda: {GUIDE: prose("> " * 40_000 + "a")}),
    "lists in lists": ("too-deep", lambda: {GUIDE: prose("- " * 40_000 + "a")}),
    "emphasis in emphasis": ("too-deep", lambda: {GUIDE: prose("*a **b " * 7_000 + "c** d*" * 7_000)}),
    "footnotes in footnotes": ("too-many", lambda: {GUIDE: prose("^[a " * 6_000 + "] " * 6_000)}),
    "footnotes in a row": ("too-many", lambda: {GUIDE: prose("a^[n] " * 3_000)}),
    "a chain of footnotes": (
        "too-many",
        lambda: {GUIDE: prose("".join(f"[^{n}]: [^{n + 1}]\n" for n in range(3_000)) + "\n[^0]")},
    ),
    "columns": ("too-many", lambda: {GUIDE: prose("| a" * 9_000 + " |\n" + "| -" * 9_000 + " |")}),
    "rows": ("too-many", lambda: {GUIDE: prose("|a|b|\n|-|-|\n" + "|c|d|\n" * 9_000)}),
    "open brackets": ("too-many", lambda: {GUIDE: prose("![ " * 30_000, 20)}),
    "short lines": ("too-many", lambda: {GUIDE: prose("- a\n" * 20_000, 5)}),
    "unknown references": ("too-many-problems", lambda: {
        GUIDE: prose("".join(f"[@s{n}-x] " for n in range(7_000))), "shared/sources.yaml": sources(4_900)}),
    # Products
    "a table of everything": ("too-many-problems", lambda: {"comparisons/c.yaml": comparison(200, 500)}),
    "too many subjects": ("too-many", lambda: {"comparisons/c.yaml": comparison(3_000, 3_000)}),
    "a long table": ("too-many", lambda: {GUIDE: HEAD + "      - kind: table\n        caption: c\n"
        "        columns: [a]\n        rows:\n" + "          - [b]\n" * 4_000}),
    "courses in a chain": ("too-deep", lambda: {
        f"courses/c{n}.yaml": f"format: 1\ntitle: T\nextends: c{min(n + 1, 900)}\n" for n in range(901)}),
    "twins": ("too-many-problems", lambda: {GUIDE: HEAD + "      - {kind: sources}\n" * 4_900}),
    "a lock of nonsense": ("too-many-problems", lambda: {"guides/g.labels.lock": "nonsense\n" * 200_000}),
    # Pictures
    "use of use": ("bad-figure", lambda: {"figures/a.svg": svg(_times_ten(900))}),
    "elements": ("bad-figure", lambda: {"figures/a.svg": svg("<g/>" * 400_000)}),
    "groups in groups": ("bad-figure", lambda: {"figures/a.svg": svg("<g>" * 400_000)}),
    "selectors": ("bad-figure", lambda: {"figures/a.svg": svg(
        f"<style>{'a{b:c}' * 200_000}</style>" + "<g/>" * 9_000)}),
    "a long comment in a style": ("bad-figure", lambda: {"figures/a.svg": svg(f"<style>{'/*' * 900_000}a{{</style>")}),
    "a long transformation": ("bad-figure", lambda: {"figures/a.svg": svg(f"<g transform='{'1' * 1_900_000}'/>")}),
    "entities": ("bad-figure", lambda: {"figures/a.svg": b"<!DOCTYPE a [<!ENTITY b 'c'>]><svg>&b;</svg>"}),
    "inherited markers": ("bad-figure", lambda: {"figures/a.svg": svg(
        "<marker id='m'><path d='M0 0'/></marker><g marker='url(#m)'>"
        + f"<path d='M0 0{'L9 9' * 3_000}'/>" * 100 + "</g>")}),
    "pixels in a PNG": ("bad-figure", lambda: {"figures/a.png": png(100_000, 100_000)}),
    "pixels in a JPEG": ("bad-figure", lambda: {"figures/a.jpg": jpeg(65_000, 65_000)}),
    "a large picture": ("bad-figure", lambda: {"figures/a.png": png() + bytes(40_000_000)}),
    "very many pictures": ("too-large", lambda: {
        f"figures/a{n}.png": png() + bytes(9_900_000) for n in range(12)}),
}  # fmt: skip


Measure = Callable[[Path], dict[str, Any]]


@pytest.fixture(scope="module")
def measure() -> Iterator[Measure]:
    """Return what says what a new process finds in a project, and what that took."""
    command = [sys.executable, "-c", MEASURE]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        asked, answers = process.stdin, process.stdout

        def measured(root: Path) -> dict[str, Any]:
            print(root, file=asked, flush=True)
            told: dict[str, Any] = json.loads(answers.readline())
            return told

        yield measured


@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.timed
def test_a_bomb_is_refused_quickly_and_cheaply(name: str, tmp_path: Path, measure: Measure) -> None:
    code, make = BOMBS[name]
    for file, content in make().items():
        path = tmp_path / "content" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    told = measure(tmp_path)
    for _ in range(2):
        if told["seconds"] >= SECONDS:
            told = measure(tmp_path)  # the machine was busy
    problems = told["problems"]
    assert code in {problem.split(" ")[0] for problem in problems}, problems[:5]
    assert len(problems) < 1_100
    assert told["seconds"] < SECONDS
    assert told["mebibytes"] < MEBIBYTES


def test_what_takes_long_and_much_is_measured(tmp_path: Path, measure: Measure) -> None:
    (tmp_path / "content/guides").mkdir(parents=True)
    small = measure(tmp_path)
    (tmp_path / "content" / GUIDE).write_text(f"- [{'a, ' * 99}a]\n" * 1_000)
    large = measure(tmp_path)
    assert large["seconds"] > small["seconds"] + 0.1
    assert large["mebibytes"] > small["mebibytes"] + 10

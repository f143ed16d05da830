"""How much processor time a build takes, beside WeasyPrint alone and beside an untuned page.

Run by `make bench`. Measured as processes, in turn, so that a busy machine slows all alike:

(a) `guidegen build --format pdf` of the bundled guide: read, check, render, inspect, write;
(b) WeasyPrint's own command line on the very HTML that guidegen hands to the engine;
(c) the same on a plain variant: the same content with the habits of an untuned document.

The share of preflight is measured within this process: its time against that of the whole build.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from unittest import mock

import pikepdf

from guidegen import jobs, pipeline
from guidegen.jobs import compose, print_html
from guidegen.pipeline import Request
from guidegen.preflight import inspect
from guidegen.problems import Problem
from guidegen.project import bundled, find
from guidegen.renderers import html, pdf
from guidegen.renderers.fonts import fontconfig_file

ROUNDS = 5
GUIDE = "ems-vs-emt"
MOST_OVER_ENGINE = 1.10
LEAST_UNDER_PLAIN = 2.5
MOST_PREFLIGHT = 0.10
PLAIN_HABITS = """\
<style>
html, body * { hyphens: auto !important; hyphenate-limit-chars: auto !important }
table { table-layout: auto !important }
col { width: auto !important }
th, td { overflow-wrap: anywhere !important }
.contents a::after {
  content: leader('.') target-counter(attr(href), page) !important; float: none !important;
}
main a[href^='#']::after { content: ' (p. ' target-counter(attr(href), page) ')' }
</style>
</head>"""


def handed_to_engine() -> str:
    """Return the HTML that guidegen hands to the PDF engine, with its figures inside."""
    request = Request(guide=GUIDE, formats=("pdf",))
    (job,), _ = pipeline.jobs_for(find(bundled(), bundled()), request, datetime.date.today())
    _, document = compose(job)
    page = print_html(document, job.templates)
    for figure in document.figures.values():
        page = page.replace(pdf.asset_url(figure), html.data_url(figure))
    return page


def plain(page: str) -> str:
    """Return the page with the habits of an untuned document."""
    return page.replace("<col style=", "<col data-was=").replace("</head>", PLAIN_HABITS, 1)


def cpu_seconds(command: list[str], folder: Path, env: Mapping[str, str]) -> float:
    """Return the processor seconds, user and system, of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=dict(env), capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def commands(folder: Path) -> dict[str, list[str]]:
    """Return what is measured; each writes its PDF into ``folder``."""
    page = handed_to_engine()
    (folder / "same.html").write_text(page)
    (folder / "plain.html").write_text(plain(page))
    guidegen = [sys.executable, "-m", "guidegen"]
    engine = [sys.executable, "-m", "weasyprint", "--pdf-variant", "pdf/ua-1", "--quiet"]
    return {
        "a": [
            *guidegen,
            "build",
            GUIDE,
            "--format",
            "pdf",
            "--out",
            str(folder),
            "--quiet",
            "--no-cache",
        ],
        "b": [*engine, "same.html", "same.pdf"],
        "c": [*engine, "plain.html", "plain.pdf"],
        "help": [*guidegen, "--help"],
        "list": [*guidegen, "list"],
    }


def measured(run: Callable[[str], float], names: list[str]) -> dict[str, float]:
    """Return the median of each after ``ROUNDS`` turns; a first turn warms the caches."""
    times: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(ROUNDS + 1):
        for name in names:
            seconds = run(name)
            if turn:
                times[name].append(seconds)
    return {name: statistics.median(each) for name, each in times.items()}


def preflight_share(folder: Path) -> float:
    """Return the share of a build's processor time that goes into looking at the pages."""
    project = find(bundled(), folder)
    request = Request(guide=GUIDE, formats=("pdf",))
    (job,), _ = pipeline.jobs_for(project, request, datetime.date.today())
    looking: list[float] = []

    def timed(*arguments: Any) -> list[Problem]:
        begun = time.process_time()
        found = inspect(*arguments)
        looking.append(time.process_time() - begun)
        return found

    def build(_: str) -> float:
        begun = time.process_time()
        jobs.run(job, project.cache)
        return time.process_time() - begun

    with mock.patch.object(jobs, "inspect", timed):
        whole = measured(build, ["build"])["build"]
    return statistics.median(looking[1:]) / whole


def pages(path: Path) -> int:
    with pikepdf.open(path) as document:
        return len(document.pages)


def verdict(name: str, ratio: float, *, goal: str, is_met: bool) -> str:
    return f"{name}  {ratio:.2f}   goal {goal}: {'met' if is_met else 'NOT MET'}"


def report(medians: Mapping[str, float], counts: Mapping[str, int], preflight: float) -> str:
    """Return the table that is printed; goals that are missed are named as such."""
    rows = [
        ("a", "guidegen build --format pdf"),
        ("b", "weasyprint, the same HTML"),
        ("c", "weasyprint, a plain variant"),
    ]
    lines = [f"CPU seconds, median of {ROUNDS} turns"]
    lines += [
        f"{name}    {medians[name]:6.2f} s   {counts[name]:3} pages   {what}" for name, what in rows
    ]
    over, under = medians["a"] / medians["b"], medians["c"] / medians["a"]
    goals = f"<= {MOST_OVER_ENGINE:.2f}", f">= {LEAST_UNDER_PLAIN:.2f}"
    lines += [
        verdict("a/b", over, goal=goals[0], is_met=over <= MOST_OVER_ENGINE),
        verdict("c/a", under, goal=goals[1], is_met=under >= LEAST_UNDER_PLAIN),
        f"preflight: {preflight:.1%} of the build (goal < {MOST_PREFLIGHT:.0%}): "
        + ("met" if preflight < MOST_PREFLIGHT else "NOT MET"),
        f"start {medians['help']:6.2f} s   guidegen --help",
        f"      {medians['list']:6.2f} s   guidegen list",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print; a goal that is missed is told, not hidden behind an exit code."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = dict(os.environ)
        env["FONTCONFIG_FILE"] = str(fontconfig_file(find(bundled(), folder).cache))
        todo = commands(folder)
        medians = measured(lambda name: cpu_seconds(todo[name], folder, env), list(todo))
        files = {"a": f"{GUIDE}.pdf", "b": "same.pdf", "c": "plain.pdf"}
        counts = {name: pages(folder / file) for name, file in files.items()}
        sys.stdout.write(report(medians, counts, preflight_share(folder)) + "\n")


if __name__ == "__main__":
    main()

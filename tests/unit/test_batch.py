"""All courses at once: the same bytes as one by one, and what fails stops nothing else."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import six_courses
from six_courses import EDITIONS, GUIDE, TODAY, change
from test_executors import DEADLY, dies_always, dies_once

from guidegen import cache, cli, executors, pipeline
from guidegen.batch import Batch, Result, build_all
from guidegen.jobs import Format
from guidegen.pipeline import Request
from guidegen.problems import ContentError, RequestError
from guidegen.project import Project

HTML = Request(formats=("html",))
Build = Callable[..., Batch]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return six_courses.make(tmp_path)


@pytest.fixture
def build(project: Project) -> Build:
    """Builds all courses of the project; web pages alone and in one thread, unless told else."""

    def build(request: Request = HTML, **options: Any) -> Batch:
        if not options.keys() & {"jobs", "scheduler"}:
            with ThreadPoolExecutor(1) as pool:
                return build_all(project, request, today=TODAY, executor=pool, **options)
        return build_all(project, request, today=TODAY, **options)

    return build


def states(made: Batch) -> dict[str, str]:
    return {result.name: result.state for result in made.results}


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below ``folder`` by their paths there."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def codes(result: Result) -> list[str]:
    return [problem.code for problem in result.problems]


# The same bytes


def test_parallel_serial_and_single_builds_give_the_same_bytes(
    project: Project, build: Build, tmp_path: Path
) -> None:
    ways = {
        "parallel": (Request(), {"jobs": 2}),
        "serial": (HTML, {"jobs": 1}),
        "thread": (HTML, {}),
    }
    for name, (request, options) in ways.items():
        made = build(replace(request, output=tmp_path / name), use_cache=False, **options)
        assert states(made) == dict.fromkeys(EDITIONS, "built")
    single = tmp_path / "single"
    for course in ("anna", "bert", "carl", "dora", "emil", "fred"):
        request = Request(course=course, output=single / course)
        pipeline.build(project, request, today=TODAY, use_cache=False)
    expected = files(single)
    assert len(expected) == 2 * len(EDITIONS)
    assert expected["anna/herbs.pdf"].startswith(b"%PDF")
    pages = {name: content for name, content in expected.items() if name.endswith(".html")}
    assert files(tmp_path / "parallel") == expected
    assert files(tmp_path / "serial") == files(tmp_path / "thread") == pages
    assert not (project.cache / cache.FOLDER).exists()


def test_each_course_has_a_folder_and_each_result_its_files(project: Project, build: Build) -> None:
    made = build()
    written = sorted(files(project.output))
    assert written == sorted(
        f"{course}/{name}.html"
        for course, name in [
            *((course, "herbs") for course in ("anna", "bert", "carl", "dora", "fred")),
            ("emil", "herbs-student"),
            ("emil", "herbs-key"),
        ]
    )
    told = [
        output.path for result in made.results if result.built for output in result.built.outputs
    ]
    assert sorted(path.relative_to(project.output).as_posix() for path in told) == written


# The cache


def test_a_second_build_takes_everything_from_the_cache_and_touches_no_file(
    project: Project, build: Build
) -> None:
    build()
    before = {path: path.stat().st_mtime_ns for path in project.output.rglob("*.html")}
    assert states(build()) == dict.fromkeys(EDITIONS, "cached")
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert states(build(use_cache=False)) == dict.fromkeys(EDITIONS, "built")


def test_lost_and_altered_outputs_come_back_from_the_cache(project: Project, build: Build) -> None:
    build()
    before = files(project.output)
    (project.output / "anna/herbs.html").unlink()
    (project.output / "bert/herbs.html").write_bytes(b"scribbled over")
    assert states(build()) == dict.fromkeys(EDITIONS, "cached")
    assert files(project.output) == before


def test_a_changed_section_is_built_again_for_the_editions_that_hold_it(
    project: Project, build: Build
) -> None:
    build()
    change(project, "guides/herbs.yaml", "Sage is grey", "Sage is silver")
    found = states(build())
    again = [name for name, state in found.items() if state == "built"]
    assert again == ["bert: herbs", "emil: herbs, student"]
    assert [name for name, state in found.items() if state == "cached"] == [
        name for name in EDITIONS if name not in again
    ]
    pages = files(project.output)
    assert [name for name in pages if b"silver" in pages[name]] == [
        "bert/herbs.html",
        "emil/herbs-student.html",
    ]


def test_damaged_entries_are_noticed_and_built_again(project: Project, build: Build) -> None:
    build()
    before = files(project.output)
    entries = sorted((project.cache / cache.FOLDER).iterdir())
    # Two courses that are alike but for their ids and titles have an entry each.
    assert len(entries) == len(EDITIONS)
    entries[0].write_bytes(entries[0].read_bytes()[:1000])
    entries[1].write_bytes(entries[1].read_bytes().replace(b"<p>", b"<b>", 1))
    found = list(states(build()).values())
    assert (found.count("built"), found.count("cached")) == (2, len(EDITIONS) - 2)
    assert files(project.output) == before
    assert states(build()) == dict.fromkeys(EDITIONS, "cached")


def test_a_single_build_uses_the_same_cache(project: Project, build: Build) -> None:
    build()
    steps: list[str] = []
    request = Request(course="anna", formats=("html",))
    pipeline.build(project, request, today=TODAY, progress=steps.append)
    assert steps == ["reading content", "writing"]
    pipeline.build(project, request, today=TODAY, progress=steps.append, use_cache=False)
    assert steps[2:] == ["reading content", "anna: herbs: HTML", "writing"]


def test_reasons_come_with_cached_results(build: Build) -> None:
    first, second = build(), build()
    reasons = [result.built.reasons for result in first.results if result.built]
    assert len(reasons) == len(EDITIONS)
    assert all(reasons)
    assert [result.built.reasons for result in second.results if result.built] == reasons


# What fails


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("title: Anna", "title: Anna\ncolour: red", "unknown-field"),
        ("title: Anna", "title: [", "yaml-syntax"),
        ("[mint, quiz]", "[mint, quizz]", "unknown-section"),
        ("herbs:", "herbz:", "unknown-guide"),
    ],
)
def test_a_broken_course_fails_alone(
    old: str, new: str, code: str, project: Project, build: Build
) -> None:
    change(project, "courses/anna.yaml", old, new)
    made = build()
    assert states(made) == {"anna": "failed"} | dict.fromkeys(EDITIONS[1:], "built")
    (failed,) = made.failed
    assert codes(failed) == [code]
    assert failed.problems[0].origin.file == "content/courses/anna.yaml"
    assert not (project.output / "anna").exists()


@pytest.mark.parametrize("new", ["[", "{herbs: {sections: [tyme]}}"])
def test_a_broken_course_fails_with_those_that_extend_it(
    new: str, project: Project, build: Build
) -> None:
    change(project, "courses/carl.yaml", "{herbs: {sections: [thyme]}}", new)
    made = build()
    assert [result.name for result in made.failed] == ["carl", "fred"]
    told = {problem.origin.file for result in made.failed for problem in result.problems}
    assert told == {"content/courses/carl.yaml"}


SECOND = "format: 1\ntitle: Trees\nlead: Trees.\nedition: 2026\nsections:\n  - id: oak\n"
SOUND = SECOND + "    title: Oak\n    blocks: [{kind: prose, text: An oak.}]\n"


@pytest.mark.parametrize(
    "guide", [SECOND, SOUND.replace("An oak", "An [see:elm]")], ids=["in the file", "in its words"]
)
def test_a_broken_guide_fails_where_it_is_handed_out_and_nothing_else(
    guide: str, project: Project, build: Build
) -> None:
    (project.content / "guides/trees.yaml").write_text(guide)
    change(project, "courses/bert.yaml", "{herbs:", "{trees: {}, herbs:")
    made = build()
    expected = dict.fromkeys(EDITIONS, "built") | {"bert: trees": "failed"}
    assert states(made) == expected
    assert {problem.origin.file for problem in made.failed[0].problems} == {
        "content/guides/trees.yaml"
    }


def test_an_edition_of_which_nothing_is_left_fails_alone(build: Build, project: Project) -> None:
    change(project, "courses/bert.yaml", "title: Bert", "title: Bert\neditions: [complete, key]")
    made = build()
    assert [(result.name, codes(result)) for result in made.failed] == [
        ("bert: herbs, key", ["nothing-to-build"])
    ]
    assert len(made.results) == len(EDITIONS) + 1


def test_a_page_that_cannot_be_made_fails_alone(project: Project, build: Build) -> None:
    change(project, "courses/anna.yaml", "[mint, quiz]", '[mint, quiz], note: "\\U0001F33F"')
    made = build(Request(formats=("pdf",)))
    assert [(result.name, codes(result)) for result in made.failed] == [
        ("anna: herbs", ["missing-glyph"])
    ]
    assert not (project.output / "anna").exists()
    assert (project.output / "bert/herbs.pdf").is_file()


def test_a_folder_that_cannot_be_written_fails_its_course(project: Project, build: Build) -> None:
    project.output.mkdir()
    (project.output / "emil").write_bytes(b"in the way")
    made = build()
    assert [(result.name, codes(result)) for result in made.failed] == [
        ("emil: herbs, student", ["not-written"]),
        ("emil: herbs, key", ["not-written"]),
    ]


def test_older_files_of_what_fails_stay(project: Project, build: Build) -> None:
    build()
    before = files(project.output)
    change(project, "courses/anna.yaml", "[mint, quiz]", "[mint, quizz]")
    build()
    assert files(project.output) == before


def test_an_error_in_what_all_share_stops_everything(project: Project, build: Build) -> None:
    change(project, "shared/facts.yaml", "source: herbal", "source: herball")
    change(project, "courses/anna.yaml", "[mint, quiz]", "[mint, quizz]")
    with pytest.raises(ContentError) as caught:
        build()
    assert {problem.origin.file for problem in caught.value.problems} == {
        "content/shared/facts.yaml"
    }
    assert not project.output.exists()


def test_killed_workers_cost_no_edition(
    project: Project, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_work", dies_once)
    assert states(build(jobs=2)) == dict.fromkeys(EDITIONS, "built")
    assert (project.cache / "died").exists()
    assert len(files(project.output)) == len(EDITIONS)


def test_a_job_that_kills_every_worker_fails_alone(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(executors, "_work", dies_always)
    made = build(jobs=2)
    assert [(result.name, codes(result)) for result in made.failed] == [(DEADLY, ["worker-died"])]
    assert len(made.results) == len(EDITIONS)


# Requests


def test_each_result_is_told_as_soon_as_it_is_there(project: Project, build: Build) -> None:
    change(project, "courses/anna.yaml", "[mint, quiz]", "[mint, quizz]")
    told: list[tuple[str, int]] = []
    build(told=lambda result, total: told.append((result.name, total)))
    assert told[0] == ("anna", 7)
    assert sorted(told) == sorted((name, 7) for name in ["anna", *EDITIONS[1:]])


def test_editions_and_one_guide_can_be_asked_for(build: Build) -> None:
    made = build(Request(guide=GUIDE, editions=("instructor", "instructor"), formats=("html",)))
    assert [result.edition for result in made.results] == ["instructor"] * 6
    with pytest.raises(RequestError, match=r"no guide of a course 'herb' \(did you mean 'herbs'"):
        build(Request(guide="herb"))


def test_without_courses_there_is_nothing_to_build(project: Project, build: Build) -> None:
    for path in (project.content / "courses").iterdir():
        path.unlink()
    with pytest.raises(RequestError, match="there is no course"):
        build()


# The command


@pytest.fixture
def run(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Runs guidegen in the project's folder and returns exit code, output and messages."""
    monkeypatch.chdir(project.root)
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.root / "xdg"))
    (project.root / "xdg").mkdir()
    (project.root / "xdg/guidegen").symlink_to(project.cache)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guidegen", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


ALL = ("build", "--all", "--format", "html", "--jobs", "1")


def test_the_command_prints_a_table_and_what_was_done(run: Callable[..., Any]) -> None:
    code, out, err = run(*ALL)
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0] == ["course", "guide", "edition", "pages", "state"]
    assert rows[1] == ["anna", "herbs", "complete", "built"]
    assert len(rows) == len(EDITIONS) + 1
    assert sorted(line for line in err.splitlines() if line.endswith(": built")) == sorted(
        f"{name}: built" for name in ("anna: herbs", *EDITIONS[1:])
    )
    code, out, _ = run(*ALL, "--quiet")
    assert (code, out) == (0, "")


def test_the_command_names_what_failed_and_builds_the_rest(
    run: Callable[..., Any], project: Project
) -> None:
    change(project, "courses/carl.yaml", "[thyme]", "[tyme]")
    code, out, err = run(*ALL)
    assert code == 1
    assert [line.split()[-1] for line in out.splitlines()[1:]].count("failed") == 2
    problem = "content/courses/carl.yaml:3:29: unknown-section"
    assert sum(line.startswith(problem) for line in err.splitlines()) == 1
    assert err.endswith("guidegen: 2 of 7 failed: carl; fred\n")
    assert (project.output / "dora/herbs.html").is_file()


def test_the_command_speaks_json(run: Callable[..., Any], project: Project) -> None:
    change(project, "courses/carl.yaml", "[thyme]", "[tyme]")
    code, out, _ = run(*ALL, "--json")
    results = json.loads(out)["results"]
    assert code == 1
    assert [(each["course"], each["state"]) for each in results][:3] == [
        ("anna", "built"),
        ("bert", "built"),
        ("carl", "failed"),
    ]
    assert results[2]["problems"][0]["code"] == "unknown-section"
    assert Path(results[0]["outputs"][0]["path"]) == project.output / "anna/herbs.html"


def test_clean_empties_the_cache_and_says_how_much_that_frees(
    run: Callable[..., Any], project: Project
) -> None:
    run(*ALL)
    assert any((project.cache / cache.FOLDER).iterdir())
    code, out, _ = run("clean")
    assert code == 0
    assert out.startswith("emptied xdg/guidegen, which freed ") or "which freed " in out
    assert float(out.split("freed ")[1].split(" MB")[0]) > 0.5
    assert list(project.cache.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "--all", "--course", "anna"], "say either --all, or --course or --pick"),
        (["build", "--all", "--pick"], "say either --all, or --course or --pick"),
        (["build", "--jobs", "2"], "--jobs and --scheduler belong to --all"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: list[str], words: str, run: Callable[..., Any]
) -> None:
    assert run(*arguments) == (2, "", f"guidegen: {words}\n")


# A cluster

needs_dask = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="the extra guidegen[distributed] is not installed",
)


@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is not None, reason="Dask is installed here"
)
def test_without_dask_a_scheduler_is_refused_with_the_cure(build: Build) -> None:
    with pytest.raises(RequestError, match=r"pip install 'guidegen\[distributed\]'"):
        build(scheduler="tcp://127.0.0.1:8786")


CLUSTER = """
import os, signal, sys, time
from pathlib import Path
sys.path.insert(0, {here!r})
import six_courses
from distributed import LocalCluster
from guidegen.batch import build_all
from guidegen.pipeline import Request

def kill_one(cluster, result, done):
    done.append(result)
    if len(done) == 2:
        os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

if __name__ == "__main__":
    project = six_courses.make(Path({root!r}))
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as cluster:
        done = []
        made = build_all(
            project,
            Request(output=Path({root!r}, "cluster"), formats={formats!r}),
            today=six_courses.TODAY,
            scheduler=cluster.scheduler_address,
            use_cache=False,
            told=lambda result, total: kill_one(cluster, result, done),
        )
    print(*(result.state for result in made.results))
"""


@needs_dask
@pytest.mark.slow
@pytest.mark.parametrize(
    "formats", [("html",), pytest.param(("pdf", "html"), marks=pytest.mark.faults)], ids=str
)
@pytest.mark.timed
def test_a_cluster_that_loses_a_worker_makes_the_bytes_of_a_local_build(
    formats: tuple[Format, ...], project: Project, build: Build, tmp_path: Path
) -> None:
    script = tmp_path / "on_cluster.py"
    here = str(Path(__file__).parent)
    script.write_text(CLUSTER.format(here=here, root=str(project.root), formats=formats))
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=300
    )
    assert (done.stdout, done.returncode) == (" ".join(["built"] * len(EDITIONS)) + "\n", 0), (
        done.stderr
    )
    build(Request(output=tmp_path / "local", formats=formats), jobs=2, use_cache=False)
    assert files(tmp_path / "cluster") == files(tmp_path / "local")
    assert len(files(tmp_path / "local")) == len(formats) * len(EDITIONS)


@needs_dask
@pytest.mark.slow
def test_a_cluster_that_does_not_answer_is_told_plainly(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guidegen import cluster

    monkeypatch.setattr(cluster, "SECONDS_TO_ANSWER", 1)
    with pytest.raises(RequestError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        build(scheduler="tcp://127.0.0.1:9")

"""Builds that are kept: found again when nothing has changed, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import six_courses
from six_courses import EDITIONS, FILES, change

from guidegen import cache
from guidegen.cache import Cache, Kept, digest
from guidegen.jobs import Job, Made, compose
from guidegen.models import Labels
from guidegen.project import Project
from guidegen.selection import Choice
from guidegen.writer import PREFIX

MADE = Made({"a.pdf": b"\x00pages\n", "a.html": b"<p>"}, 3, "2026-11-24", "ABCDE", ())
KEY = "0123abcd"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return six_courses.make(tmp_path)


def digests(project: Project) -> dict[str, str]:
    """Return the digests of all jobs by their names."""
    return {job.name: digest(job) for job in six_courses.jobs(project)}


def changed_by(project: Project, name: str, old: str, new: str) -> list[str]:
    """Return the names of the jobs whose digest changes with a word in a content file."""
    before = digests(project)
    change(project, name, old, new)
    after = digests(project)
    assert list(after) == list(before)
    return [name for name in before if before[name] != after[name]]


# Digests


def test_the_project_has_the_editions_that_these_tests_speak_of(project: Project) -> None:
    assert [job.name for job in six_courses.jobs(project)] == EDITIONS
    assert len(set(digests(project).values())) == len(EDITIONS)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("Mint is cool", "Mint is cold", ["anna: herbs", "dora: herbs"]),
        ("Thyme is a", "Thyme was a", ["carl: herbs", "dora: herbs", "fred: herbs"]),
        ("Sage is grey", "Sage was grey", ["bert: herbs", "emil: herbs, student"]),
        ("[Wall, much]", "[Wall, little]", ["carl: herbs", "dora: herbs", "fred: herbs"]),
    ],
)
def test_a_changed_section_changes_the_editions_that_hold_it(
    old: str, new: str, expected: list[str], project: Project
) -> None:
    assert changed_by(project, "guides/herbs.yaml", old, new) == expected


def test_a_changed_answer_changes_the_student_edition_too_for_the_search_for_leaks(
    project: Project,
) -> None:
    found = changed_by(project, "guides/herbs.yaml", "is mint\n", "is green mint\n")
    assert found == ["anna: herbs", "dora: herbs", "emil: herbs, student", "emil: herbs, key"]


def test_a_title_may_be_printed_by_those_that_leave_the_section_out(project: Project) -> None:
    assert changed_by(project, "guides/herbs.yaml", "title: Sage", "title: Salvia") == EDITIONS


@pytest.mark.parametrize("name", ["facts", "sources", "glossary"])
def test_shared_entries_change_all_editions(name: str, project: Project) -> None:
    words = {"facts": ("60", "70"), "sources": ("Press", "House"), "glossary": ("woody", "hard")}
    assert changed_by(project, f"shared/{name}.yaml", *words[name]) == EDITIONS


def test_figures_and_comparisons_change_the_editions_that_show_them(project: Project) -> None:
    assert changed_by(project, "figures/leaf.svg", "h20", "h10") == ["anna: herbs", "dora: herbs"]
    assert changed_by(project, "figures/unused.svg", "h9", "h8") == []
    expected = ["bert: herbs", "emil: herbs, student"]
    assert changed_by(project, "comparisons/leaves.yaml", "sage: grey", "sage: white") == expected


def test_a_course_changes_its_own_editions_and_those_of_courses_that_extend_it(
    project: Project,
) -> None:
    assert changed_by(project, "courses/anna.yaml", "Anna", "Ann") == ["anna: herbs"]
    narrower = ("{sections: [thyme]}", "{sections: [thyme], note: Look well.}")
    assert changed_by(project, "courses/carl.yaml", *narrower) == ["carl: herbs", "fred: herbs"]


def test_a_further_edition_or_format_changes_none_of_the_others(project: Project) -> None:
    before = digests(project)
    change(project, "courses/emil.yaml", "[student, key]", "[student, key, instructor]")
    after = digests(project)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"emil: herbs, instructor"}


def test_a_handout_feels_every_guide_of_its_course(project: Project) -> None:
    second = FILES["guides/herbs.yaml"].replace("sage", "salvia").replace("mint", "menta")
    (project.content / "guides/trees.yaml").write_text(second)
    anna = "guides: {herbs: {sections: [mint, quiz]}}"
    both = "handouts: [leaves]\neditions: [complete, key]\nguides: {herbs: {}, trees: {}}"
    change(project, "courses/anna.yaml", anna, both)
    before = digests(project)
    change(project, "courses/anna.yaml", "trees: {}", "trees: {comparisons: {leaves: {}}}")
    after = digests(project)
    assert [name for name in before if before[name] != after[name]] == ["anna: herbs"]


def test_moved_lines_and_comments_change_nothing(project: Project) -> None:
    before = digests(project)
    for path in project.content.rglob("*.yaml"):
        path.write_text("# A remark.\n\n" + path.read_text())
    assert digests(project) == before


Change = Callable[[Job], Job]


def _with_label(job: Job) -> Job:
    labels = {"herbs": Labels({("section", "mint"): "Q"})}
    return replace(job, library=replace(job.library, labels=labels))


@pytest.mark.parametrize(
    "other",
    [
        lambda job: replace(job, edition="instructor"),
        lambda job: replace(job, formats=("pdf",)),
        lambda job: replace(job, paper="a4"),
        lambda job: replace(job, course=None),
        lambda job: replace(job, choice=Choice(skip=("quiz",))),
        lambda job: replace(job, templates=job.templates | {"css/page.css": ""}),
        _with_label,
    ],
)
def test_options_templates_and_labels_are_in_the_digest(other: Change, project: Project) -> None:
    job = six_courses.jobs(project)[0]
    assert digest(other(job)) != digest(job)


@pytest.mark.parametrize("what", ["code", "version", "engine"])
def test_the_versions_of_all_tools_are_in_the_digest(
    what: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = six_courses.jobs(project)[0]
    before = digest(job)
    if what == "code":
        monkeypatch.setattr(cache, "__file__", str(tmp_path / "cache.py"))
    elif what == "version":
        monkeypatch.setattr("importlib.metadata.version", lambda name: "99")
    else:
        monkeypatch.setattr("guidegen.doctor.examine", list)
    cache.tools.cache_clear()
    try:
        assert digest(job) != before
    finally:
        cache.tools.cache_clear()


def changes() -> Iterator[tuple[str, str, str]]:
    """Yield files with one of their words replaced, as name, old line and new line."""
    for name, text in FILES.items():
        for line in text.splitlines():
            word = line.rpartition(": ")[2].split(" ")[0]
            if name.endswith(".yaml") and len(word) > 3 and word.isalpha() and word.istitle():
                yield name, line, line.replace(word, word + "s")


def test_whatever_changes_a_document_changes_its_digest(tmp_path: Path) -> None:
    def looks(project: Project) -> dict[str, tuple[str, str]]:
        jobs = six_courses.jobs(project)
        return {job.name: (repr(compose(job)[1]), digest(job)) for job in jobs}

    before = looks(six_courses.make(tmp_path / "before"))
    hits = 0
    for number, (name, old, new) in enumerate(changes()):
        other = six_courses.make(
            tmp_path / str(number), FILES | {name: FILES[name].replace(old, new)}
        )
        for job, (document, key) in looks(other).items():
            if document != before[job][0]:
                hits += 1
                assert key != before[job][1], f"{job} does not feel {new!r} in {name}"
    assert hits > 50


# What is kept


def test_what_is_put_is_got(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    assert kept.get(KEY) is None
    kept.put(KEY, MADE)
    assert kept.get(KEY) == MADE


def damaged(entry: bytes) -> Iterator[bytes]:
    yield b""
    yield entry[: len(entry) // 2]
    yield entry[:-1]
    yield entry + b"\x00"
    for at in (0, 40, len(entry) - 1):
        yield entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :]


def test_a_damaged_entry_is_never_used_and_can_be_put_again(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put(KEY, MADE)
    path = tmp_path / cache.FOLDER / KEY
    variants = list(damaged(path.read_bytes()))
    assert len(variants) == 7
    for variant in variants:
        path.write_bytes(variant)
        assert kept.get(KEY) is None
    kept.put(KEY, MADE)
    assert kept.get(KEY) == MADE


def test_an_entry_under_the_name_of_another_is_not_used(tmp_path: Path) -> None:
    kept = Cache(tmp_path)
    kept.put(KEY, MADE)
    (tmp_path / cache.FOLDER / KEY).rename(tmp_path / cache.FOLDER / "4567")
    assert kept.get("4567") is None


def test_a_folder_that_cannot_be_written_stops_no_build(tmp_path: Path) -> None:
    (tmp_path / cache.FOLDER).write_bytes(b"a file")
    kept = Cache(tmp_path)
    kept.put(KEY, MADE)
    assert kept.get(KEY) is None


def test_beyond_its_limit_the_cache_loses_what_was_unused_longest(tmp_path: Path) -> None:
    big = replace(MADE, contents={"a.pdf": bytes(1000)})
    kept = Cache(tmp_path, limit=4000)
    for number, key in enumerate("abc"):
        kept.put(key, big)
        os.utime(tmp_path / cache.FOLDER / key, (number, number))
    assert kept.get("a") == big
    kept.put("d", big)
    assert [key for key in "abcd" if kept.get(key)] == ["a", "c", "d"]
    assert sum(path.stat().st_size for path in (tmp_path / cache.FOLDER).iterdir()) <= 4000


def test_builds_at_once_see_whole_entries_or_none(tmp_path: Path) -> None:
    script = f"""
        import sys
        from pathlib import Path
        from guidegen import cache
        from guidegen.jobs import Made
        cache.FOLDER = "builds"
        kept = cache.Cache(Path({str(tmp_path)!r}), limit=3_000_000)
        for turn in range(60):
            key = f"key-{{turn % 7}}"
            made = kept.get(key)
            assert made is None or set(made.contents["a"]) == {{ord(key[-1])}}, key
            kept.put(key, Made({{"a": key[-1].encode() * 600_000}}, None, "", "", ()))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(timeout=120) for process in processes] == [0, 0, 0]
    left = [path.name for path in (tmp_path / "builds").iterdir()]
    assert left
    assert not any(name.startswith(PREFIX) for name in left)


def test_reasons_name_the_lines_of_today(project: Project) -> None:
    job = six_courses.jobs(project)[0]
    kept = Kept(project.cache)
    kept.put(job, MADE)
    change(project, "courses/anna.yaml", "format: 1\n", "# A remark.\n\nformat: 1\n")
    made = kept.get(six_courses.jobs(project)[0])
    assert made is not None
    assert made.contents == MADE.contents
    places = {reason.origin.line for reason in made.reasons if reason.origin}
    assert places == {5}

"""Fifty editions at once, of which five are broken, while a worker is killed."""

from __future__ import annotations

from pathlib import Path

import pytest
import six_courses
from six_courses import TODAY
from test_executors import DEADLY, dies_once

from guidegen import cli, executors, pipeline
from guidegen.jobs import Format
from guidegen.pipeline import Request

SECTIONS = ("mint", "sage", "thyme", "quiz")
# What breaks each of five courses, and the code under which it is told.
BROKEN = {
    "c07": ("title: [", "yaml-syntax"),
    "c17": ("title: Seventeen\ncolour: red\nguides: {herbs: {}}", "unknown-field"),
    "c27": ("title: Twenty-seven\nguides: {herbs: {sections: [mint, minth]}}", "unknown-section"),
    "c37": ("title: Thirty-seven\nguides: {herbs: {facts: {hight: none}}}", "wrong-type"),
}
UNWRITABLE = "c47"
DEAD, _, _ = DEADLY.partition(":")


def course(number: int) -> str:
    """Return a course with sections of its own choice."""
    chosen = ", ".join(name for at, name in enumerate(SECTIONS) if (number % 15 + 1) >> at & 1)
    return f"format: 1\ntitle: Course {number}\nguides: {{herbs: {{sections: [{chosen}]}}}}\n"


def names() -> list[str]:
    """Return the ids of fifty courses; one of them will kill its worker."""
    return [DEAD, *(f"c{number:02}" for number in range(1, 50))]


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("formats", "every"),
    [(("html",), 9), pytest.param(("pdf", "html"), 1, marks=pytest.mark.faults)],
)
def test_five_broken_editions_and_a_killed_worker_harm_none_of_the_other_forty_five(
    formats: tuple[Format, ...],
    every: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content = {name: text for name, text in six_courses.FILES.items() if "courses/" not in name}
    for number, name in enumerate(names()):
        own = f"format: 1\n{BROKEN[name][0]}\n" if name in BROKEN else course(number)
        content[f"courses/{name}.yaml"] = own
    project = six_courses.make(tmp_path, content)
    output = tmp_path / "build"
    output.mkdir()
    (output / UNWRITABLE).write_text("a file where the folder should be")
    # Each test has a cache of its own, where the killed worker leaves a sign.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    (tmp_path / "xdg").mkdir()
    (tmp_path / "xdg/guidegen").symlink_to(project.cache)
    monkeypatch.setattr(executors, "_work", dies_once)
    arguments = ["build", "--all", "--jobs", "2", "--format", ",".join(formats)]
    where = ["--project", str(tmp_path), "--out", str(output)]
    monkeypatch.setattr("sys.argv", ["guidegen", *arguments, *where])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr().err
    assert ended.value.code == 1
    assert (project.cache / "died").exists()
    failed = sorted([*BROKEN, UNWRITABLE])
    summary = told.strip().splitlines()[-1]
    assert summary == f"guidegen: 5 of 50 failed: {'; '.join([*sorted(BROKEN), 'c47: herbs'])}"
    for name, (_, code) in BROKEN.items():
        assert f"content/courses/{name}.yaml" in told
        assert f" {code}: " in told
    assert f"cannot write {output / UNWRITABLE}" in told
    whole = [name for name in names() if name not in failed]
    assert sorted(path.name for path in output.iterdir() if path.is_dir()) == sorted(whole)
    for name in whole[::every]:
        alone = tmp_path / "alone" / name
        request = Request(course=name, formats=formats, output=alone)
        pipeline.build(project, request, today=TODAY, use_cache=False)
        assert files(output / name) == files(alone)
    assert all(sorted(files(output / name)) == sorted(files(output / DEAD)) for name in whole)

"""Nothing is lost: not when the disk fails, nor when a process dies, nor when builds race.

A part of each sweep runs every time; `make faults` runs the whole.
"""

from __future__ import annotations

import functools
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import six_courses

from guidegen.cache import Cache
from guidegen.jobs import Made
from guidegen.writer import PREFIX, write_all

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
Record = Callable[[str, object], None]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder on a disk that forces files in no time, if there is one; other users may enter."""
    memory = Path("/dev/shm")
    where = memory if os.access(memory, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="guidegen-faults-", dir=where))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def run(script: str, *arguments: str) -> dict[str, Any]:
    """Return what a script beside this file prints as JSON."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests/unit")))}
    # Measuring coverage makes calls of its own.
    env.pop("COVERAGE_PROCESS_CONFIG", None)
    done = subprocess.run(
        [sys.executable, str(HERE / script), *arguments],
        env=env,
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


# Faults of the disk


def swept(what: str, place: Path, step: int, record: Record) -> int:
    count = run("sweep.py", what, str(place), str(step))
    notes = count.pop("notes")
    record("faults", count)
    assert notes == []
    assert [count[each] for each in ("torn", "mixed", "silent", "stray")] == [0, 0, 0, 0]
    injected: int = count["injected"]
    return injected


@pytest.mark.parametrize(
    ("what", "step"), [("writer", 15), ("undo", 15), ("again", 150), ("build", 40)]
)
def test_some_faults_lose_nothing(
    what: str, step: int, place: Path, record_property: Record
) -> None:
    assert swept(what, place, step, record_property) >= 5


@pytest.mark.faults
@pytest.mark.parametrize(
    ("what", "least"), [("writer", 400), ("undo", 200), ("again", 2000), ("build", 200)]
)
def test_no_fault_at_any_call_loses_anything(
    what: str, least: int, place: Path, record_property: Record
) -> None:
    assert swept(what, place, 1, record_property) >= least


# Races


def raced(place: Path, rounds: int, record: Record) -> None:
    count = run("race.py", str(place), str(rounds))
    record("races", count)
    assert [count[each] for each in ("torn", "mixed", "stray", "failed", "polite mixed")] == [0] * 5
    assert count["rounds"] == rounds
    assert min(count["polite reads"], count["hasty reads"]) > 10 * rounds


def test_a_few_races_end_in_one_set(place: Path, record_property: Record) -> None:
    raced(place, 3, record_property)


@pytest.mark.faults
def test_fifty_races_end_in_one_set(place: Path, record_property: Record) -> None:
    raced(place, 50, record_property)


# The cache


def test_an_entry_of_which_any_part_is_lost_or_altered_is_not_used(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    made = Made({"a.html": b"<p>a</p>", "b.pdf": b"%PDF"}, 1, "2026", "ABCDE", ())
    cache.put("digest", made)
    (path,) = tmp_path.glob("*/digest")
    whole = path.read_bytes()
    assert cache.get("digest") == made
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert cache.get("digest") is None
        path.write_bytes(whole[:length] + bytes([whole[length] ^ 1]) + whole[length + 1 :])
        assert cache.get("digest") is None
    path.write_bytes(whole + b"\0")
    assert cache.get("digest") is None
    path.with_name("another").write_bytes(whole)
    assert cache.get("another") is None, "an entry under a name that is not its own"


# Real disks


@pytest.fixture
def project(place: Path) -> Path:
    """A small project, with an older set of files where the next build will write."""
    six_courses.make(place)
    write_all({"herbs.html": b"old " * 10_000}, place / "build")
    return place


def build(place: Path, **process: Any) -> subprocess.CompletedProcess[str]:
    """Run `guidegen build` with nothing to write but its output."""
    command = [sys.executable, "-m", "guidegen", "build", "herbs", "--format", "html"]
    return subprocess.run(
        [*process.pop("before", ()), *command, "--no-cache", "--quiet"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        **process,
    )


def is_refused(done: subprocess.CompletedProcess[str], why: str) -> bool:
    """Say whether a build has told in one line that it could not write, and ``why``."""
    (line,) = done.stderr.splitlines()
    return done.returncode == 1 and line.startswith("guidegen: cannot write ") and why in line


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.timed
def test_a_file_that_may_not_grow_is_told_and_the_old_one_stays(project: Path) -> None:
    old = files(project / "build")
    size = 20_000
    assert len(old["herbs.html"]) > size
    limit = functools.partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
    assert is_refused(build(project, preexec_fn=limit), "larger than allowed")
    assert files(project / "build") == old


def test_a_file_where_the_output_folder_should_be_is_told(project: Path) -> None:
    shutil.rmtree(project / "build")
    (project / "build").write_text("mine")
    assert is_refused(build(project), "a file of that name is where a folder should be")
    assert (project / "build").read_text() == "mine"


def test_a_folder_that_may_not_be_written_is_told_and_stays(project: Path) -> None:
    old, process = files(project / "build"), {}
    (project / "build").chmod(0o555)
    if os.geteuid() == 0:
        # Root may write anywhere, unless it gives that up.
        process["before"] = _without_power_over_files()
    try:
        assert is_refused(build(project, **process), "no permission")
    finally:
        (project / "build").chmod(0o755)
    assert files(project / "build") == old


def _without_power_over_files() -> tuple[str, ...]:
    dropped = "-dac_override,-dac_read_search,-fowner"
    command = ("setpriv", "--bounding-set", dropped, "--inh-caps", dropped)
    if not shutil.which("setpriv") or subprocess.run([*command, "true"], check=False).returncode:
        pytest.skip("root may write anywhere, and setpriv is not there to change that")
    return command


def test_a_disk_that_is_really_full_is_told_and_the_old_set_stays(project: Path) -> None:
    """On a disk of its own that has room for the old set, but not for a second one."""
    output = project / "build"
    old = files(output)
    size = sum(map(len, old.values())) * 3 // 2 // 4096 * 4096
    # A mount of its own is seen by no other process, and is gone with this one.
    script = f"""
        set -e
        cp -r {output} {project}/kept
        mount -t tmpfs -o size={size} none {output}
        cp {project}/kept/* {output}
        code=0
        "$@" || code=$?
        cp -r {output} {project}/after
        ls -A {output} >{project}/left
        exit $code
    """
    alone = ("unshare", "--map-root-user", "--mount", "sh", "-c")
    can_mount = (
        shutil.which("unshare")
        and not subprocess.run(
            [*alone, f"mount -t tmpfs none {output}"], capture_output=True, check=False
        ).returncode
    )
    if not can_mount:
        pytest.skip("this machine does not let us mount a small disk")
    done = build(project, before=(*alone, script, "sh"))
    assert is_refused(done, "the disk is full")
    assert files(project / "after") == old
    assert PREFIX not in (project / "left").read_text()

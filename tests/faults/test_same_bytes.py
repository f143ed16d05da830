"""The same content gives the same bytes, whoever builds it, where, when and in which language."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import six_courses

ROOT = Path(__file__).resolve().parents[2]
ELSEWHERE = Path(__file__).with_name("elsewhere.py")
COURSES = ("courses/anna.yaml", "courses/emil.yaml")
NOBODY = 65534


@dataclass(frozen=True)
class World:
    """What is different: the environment, options of Python, settings of the process, and so on.

    ``shims`` are differences that elsewhere.py makes; ``moves`` means another folder for the
    content, written in another order; ``everything`` builds both courses in two processes.
    """

    env: Mapping[str, str] = field(default_factory=dict)
    python: tuple[str, ...] = ()
    process: Mapping[str, Any] = field(default_factory=dict)
    shims: tuple[str, ...] = ()
    is_away: bool = False
    moves: bool = False
    everything: bool = False


TURKISH = {"LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr"}
PLAIN = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
TERMINAL = {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "20"}

WORLDS = {
    "hash-seed": World(env={"PYTHONHASHSEED": "4711"}),
    "turkish": World(env=TURKISH),
    "ascii": World(env=PLAIN, python=("-X", "utf8=0")),
    "time-zone": World(env={"TZ": "Pacific/Kiritimati"}),
    "folder": World(is_away=True),
    "umask": World(process={"umask": 0o077}),
    "home": World(env={"HOME": "{place}/elsewhere", "USER": "ada", "LOGNAME": "ada"}),
    "user": World(process={"user": NOBODY, "group": NOBODY, "extra_groups": []}),
    "terminal": World(env=TERMINAL),
    "no-input": World(process={"stdin": subprocess.DEVNULL, "start_new_session": True}),
    "processes": World(everything=True),
    "listing": World(shims=("order",)),
    "order-of-files": World(moves=True),
    "clock": World(shims=("clock",)),
    "epoch": World(env={"SOURCE_DATE_EPOCH": "1"}),
    "optimized": World(python=("-O",)),
    "no-bytecode": World(env={"PYTHONDONTWRITEBYTECODE": "1"}, python=("-s",)),
    "temporary-folder": World(env={"TMPDIR": "{place}/elsewhere"}),
}
# In few runs, so that they take part in every test run.
TOGETHER = {
    "most-at-once": World(
        env={**WORLDS["hash-seed"].env, **TURKISH, **TERMINAL, "TZ": "Pacific/Kiritimati",
             "SOURCE_DATE_EPOCH": "1", "TMPDIR": "{place}/elsewhere", "HOME": "{place}/elsewhere"},
        process={"umask": 0o077, "stdin": subprocess.DEVNULL, "start_new_session": True},
        shims=("clock", "order"),
        is_away=True,
        moves=True,
    ),
    "others-at-once": World(env=PLAIN, python=("-O", "-X", "utf8=0"), everything=True),
}  # fmt: skip


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that any user may enter, which those of pytest are not."""
    folder = Path(tempfile.mkdtemp(prefix="guidegen-same-bytes-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def expected(place: Path) -> dict[str, bytes]:
    """The files of a build in a usual world."""
    found = built(World(), place, "usual")
    assert sorted(found) == ["herbs.html", "herbs.pdf"]
    return found


def built(world: World, place: Path, name: str) -> dict[str, bytes]:
    """Return the files that a course's build makes in such a world."""
    project, output = place / f"content of {name}", place / f"output of {name}"
    away = place / "elsewhere"
    away.mkdir(exist_ok=True)
    files = {name: text for name, text in six_courses.FILES.items() if name in COURSES}
    files |= {name: text for name, text in six_courses.FILES.items() if "courses/" not in name}
    names = sorted(files, reverse=world.moves)
    six_courses.make(project, {name: files[name] for name in names})
    if user := world.process.get("user"):
        for folder in (output, away, project):
            folder.mkdir(exist_ok=True)
            os.chown(folder, user, user)
    command = [sys.executable, *world.python, str(ELSEWHERE), ",".join(world.shims) or "-"]
    what = ["--all", "--jobs", "2"] if world.everything else ["--course", "anna"]
    if not world.everything:
        output = output / "anna"
    command += ["build", *what, "--no-cache", "--out", str(output), "--project", str(project)]
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0"}
    env |= {key: value.format(place=place) for key, value in world.env.items()}
    try:
        done = subprocess.run(
            command,
            env=env,
            cwd=away if world.is_away else project,
            capture_output=True,
            check=False,
            **world.process,
        )
    except PermissionError as error:
        pytest.skip(f"another user may not run this installation: {error}")
    assert done.returncode == 0, done.stderr.decode()
    folder = output / "anna" if world.everything else output
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", TOGETHER)
def test_nothing_around_a_build_changes_a_byte(
    name: str, place: Path, expected: dict[str, bytes]
) -> None:
    assert built(TOGETHER[name], place, name) == expected, (
        "which of WORLDS it is says `make faults`"
    )


@pytest.mark.faults
@pytest.mark.parametrize("name", WORLDS)
def test_no_difference_in_the_world_changes_a_byte(
    name: str, place: Path, expected: dict[str, bytes]
) -> None:
    if name == "user" and os.geteuid() != 0:
        pytest.skip("only root can run a build as another user")
    assert built(WORLDS[name], place, name) == expected


def test_the_worlds_are_different(place: Path, expected: dict[str, bytes]) -> None:
    """That the shims do something shows in what they would change if anything depended on it."""
    script = (
        "import datetime, os, sys; print(datetime.datetime.now().year, os.listdir(sys.path[0]))"
    )
    told = []
    for shims in ("-", "clock,order"):
        runner = (
            f"import runpy, sys; sys.path.insert(0, {str(ELSEWHERE.parent)!r}); import elsewhere"
        )
        call = "; ".join(f"elsewhere.{shim}()" for shim in shims.strip("-").split(",") if shim)
        done = subprocess.run(
            [sys.executable, "-c", f"{runner}; {call or 'pass'}; {script}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        told.append(done.stdout.split(" ", 1))
    assert told[1][0] == "2028"
    assert told[0] != told[1]
    assert sorted(told[0][1]) == sorted(told[1][1])

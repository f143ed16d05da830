"""Lets every call go wrong in every way, and looks at what is left: a process of its own,
with tests/unit on the path.

    python sweep.py writer FOLDER STEP    sets of files, the writer alone
    python sweep.py undo FOLDER STEP      the writer, killed while it takes its renames back
    python sweep.py again FOLDER STEP     the writer that finishes what a killed one began
    python sweep.py build FOLDER STEP     `guidegen build`, with its cache

Every STEP-th fault is injected; what came of it is printed as JSON.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NoReturn

import six_courses
import typer.main
from disk import KINDS, Disk, Kind

from guidegen import cli
from guidegen.project import Project
from guidegen.renderers import fonts
from guidegen.writer import JOURNAL, PREFIX, WriteError, write_all

Files = Mapping[str, bytes]

OLD: Files = {"a.pdf": b"old a" * 900, "b.html": b"old b" * 700}
NEW: Files = {"a.pdf": b"new a" * 800, "b.html": b"new b" * 950, "c.txt": b"new c" * 10}
OTHER: Files = {"other.txt": b"other"}


@dataclass
class Count:
    """What came of the faults; ``finished``: the set was whole only after the next call."""

    injected: int = 0
    torn: int = 0
    mixed: int = 0
    silent: int = 0
    stray: int = 0
    finished: int = 0
    notes: list[str] = field(default_factory=list)

    def note(self, what: str, of: str) -> None:
        """Count a fault of ours under the name ``what``, and remember the first few."""
        setattr(self, what, getattr(self, what) + 1)
        if len(self.notes) < 20:
            self.notes.append(f"{what}: {of}")


def in_child(work: Callable[[], int]) -> int | None:
    """Return what ``work`` returned in a forked process, or None if that was killed."""
    child = os.fork()
    if not child:
        _end_with(work)
    _, status = os.waitpid(child, 0)
    return None if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status)


def _end_with(work: Callable[[], int]) -> NoReturn:
    code = 99
    try:
        code = work()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException as error:
        sys.stderr.write(repr(error))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def contents(folder: Path) -> dict[str, bytes]:
    """Return the files of the folder that are there to be seen."""
    paths = folder.iterdir() if folder.is_dir() else ()
    return {path.name: path.read_bytes() for path in paths if not path.name.startswith(".")}


def strays(*folders: Path) -> list[str]:
    """Return the temporary files in the folders and below."""
    return [str(path) for folder in folders for path in folder.rglob(f"{PREFIX}*")]


def faults(calls: list[str], kinds: tuple[Kind, ...] = KINDS) -> Iterator[tuple[int, Kind]]:
    """Yield each call that can go wrong, with each way in which it can."""
    for number, what in enumerate(calls):
        yield from ((number, kind) for kind in kinds if what in kind.hits)


def look(
    count: Count, folder: Path, before: Files, after: Files, name: str, code: int | None
) -> None:
    """Count what is wrong with a set that a call with a fault has left behind."""
    found = {each: content for each, content in contents(folder).items() if each not in OTHER}
    whole = [*before.items(), *after.items()]
    if any(entry not in whole for entry in found.items()):
        count.note("torn", name)
    is_pending = (folder / JOURNAL).exists()
    if found not in (before, after) and not is_pending:
        count.note("mixed", name)
    if code == 0 and found != after:
        count.note("silent", name)
    if code not in (0, 1, None):
        count.note("silent", f"{name}: ended with {code}")
    count.finished += found not in (before, after) and is_pending


def look_again(count: Count, folder: Path, before: Files, after: Files, name: str) -> None:
    """Count what is wrong after the next call, which had no fault."""
    found = {each: content for each, content in contents(folder).items() if each not in OTHER}
    if found not in (before, after):
        count.note("mixed", f"{name}, after the next call")
    if left := strays(folder):
        count.note("stray", f"{name}: {left}")


def written(outputs: Files, folder: Path, disk: Disk) -> Callable[[], int]:
    """Return the work of one call of the writer, which tells its errors by the code 1."""

    def work() -> int:
        disk.install()
        try:
            write_all(outputs, folder)
        except WriteError:
            return 1
        return 0

    return work


def calls_of(work: Callable[[Disk], Callable[[], int]], disk: Disk) -> list[str]:
    """Return what a work calls that is not killed."""
    reader, writer = os.pipe()

    def told() -> int:
        code = work(disk)()
        os.write(writer, json.dumps(disk.calls).encode())
        return code

    assert in_child(told) in (0, 1)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        calls: list[str] = json.load(file)
    return calls


def start(folder: Path, files: Files) -> None:
    """Leave the folder with these files and no others; without any, there is no folder."""
    shutil.rmtree(folder, ignore_errors=True)
    if files:
        write_all(files, folder)


def sweep_writer(place: Path, step: int) -> Count:
    """Replace a set, and write one where there was none."""
    count, folder = Count(), place / "build"
    for before in (OLD, {}):

        def begin(disk: Disk) -> Callable[[], int]:
            return written(NEW, folder, disk)

        start(folder, before)
        calls = calls_of(begin, Disk((folder,)))
        for number, kind in itertools.islice(faults(calls), 0, None, step):
            start(folder, before)
            name = f"{kind.name} at {number} ({calls[number]}), {len(before)} files before"
            code = in_child(begin(Disk((folder,), number, kind)))
            count.injected += 1
            look(count, folder, before, NEW, name, code)
            write_all(OTHER, folder)
            look_again(count, folder, before, NEW, name)
    return count


def sweep_undo(place: Path, step: int) -> Count:
    """Let each call go wrong once, and kill the writer at each call that follows."""
    count, folder = Count(), place / "build"
    (once,) = (kind for kind in KINDS if kind.name == "broken, once")

    def begin(disk: Disk) -> Callable[[], int]:
        return written(NEW, folder, disk)

    start(folder, OLD)
    calls = calls_of(begin, Disk((folder,)))
    pairs = []
    for number in range(len(calls)):
        start(folder, OLD)
        longer = calls_of(begin, Disk((folder,), number, once))
        pairs += [(number, killed_at) for killed_at in range(number + 1, len(longer))]
    for number, killed_at in pairs[::step]:
        start(folder, OLD)
        name = f"broken at {number} ({calls[number]}), then killed at {killed_at}"
        code = in_child(begin(Disk((folder,), number, once, killed_at)))
        count.injected += 1
        look(count, folder, OLD, NEW, name, code)
        write_all(OTHER, folder)
        look_again(count, folder, OLD, NEW, name)
    return count


def sweep_again(place: Path, step: int) -> Count:
    """Kill the writer at each call, and let each call of the next one go wrong."""
    count, folder, kept = Count(), place / "build", place / "kept"
    kinds = tuple(kind for kind in KINDS if kind.name in ("killed", "broken, once", "broken"))

    def again(disk: Disk) -> Callable[[], int]:
        return written(OTHER, folder, disk)

    start(folder, OLD)
    first = calls_of(lambda disk: written(NEW, folder, disk), Disk((folder,)))
    turn = itertools.count()
    for killed in range(len(first)):
        start(folder, OLD)
        in_child(written(NEW, folder, Disk((folder,), killed)))
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(folder, kept)
        calls = calls_of(again, Disk((folder,)))
        for number, kind in faults(calls, kinds):
            if next(turn) % step:
                continue
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            name = f"killed at {killed}, then {kind.name} at {number} ({calls[number]})"
            code = in_child(again(Disk((folder,), number, kind)))
            count.injected += 1
            look(count, folder, OLD, NEW, name, None if code == 0 else code)
            write_all(OTHER, folder)
            look_again(count, folder, OLD, NEW, name)
    return count


def built(place: Path, disk: Disk) -> Callable[[], int]:
    """Return the work of one `guidegen build` of the project in ``place``."""

    def work() -> int:
        errors = os.open(place / "errors", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(errors, 2)
        disk.install()
        return build_here(place, "herbs")

    return work


def build_here(place: Path, *arguments: str) -> int:
    """Run `guidegen build` in this process, with the cache in ``place``; return its exit code."""
    os.environ |= {"XDG_CACHE_HOME": str(place / "cache"), "TMPDIR": str(place / "tmp")}
    os.chdir(place)
    sys.argv = ["guidegen", "build", *arguments, "--format", "html", "--quiet"]
    try:
        cli.main()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def make_project(place: Path) -> Project:
    """Return a small project in ``place``, whose cache holds the web fonts and nothing else."""
    project = six_courses.make(place)
    web_fonts = (project.cache / "web-fonts").resolve()
    shutil.rmtree(project.cache)
    shutil.copytree(web_fonts, project.cache / "guidegen" / "web-fonts")
    (place / "tmp").mkdir()
    return project


def keep_in_memory(cache: Path) -> None:
    """Spare the forked processes what takes seconds and writes nothing."""
    typer.main.get_command = functools.cache(typer.main.get_command)
    made = fonts.web_fonts(cache)
    known = {
        (fonts.font_folder(face.package) / face.file).read_bytes(): made[face]
        for face in fonts.FACES
    }
    fonts._subset = lambda font, *_: known[font]


def sweep_build(place: Path, step: int) -> Count:
    """Build a changed guide over an older one, with an empty cache and with a full one."""
    count, output, cache = Count(), place / "build", place / "cache"
    folders = (output, cache)
    project = make_project(place)

    def build(disk: Disk) -> Callable[[], int]:
        return built(place, disk)

    assert build_here(place, "herbs") == 0
    keep_in_memory(cache / "guidegen")
    before = contents(output)
    six_courses.change(project, "guides/herbs.yaml", "Mint is cool", "Mint is fresh")
    for is_cached in (False, True):
        kept = place / "kept"
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir()
        for folder in folders:
            shutil.copytree(folder, kept / folder.name)
        calls = calls_of(build, Disk(folders))
        after = contents(output)
        assert before != after or is_cached
        if is_cached:
            # What is in the cache is not yet in the output folder.
            _restore(kept, folders)
            (output / "herbs.html").write_bytes(before["herbs.html"])
        for number, kind in itertools.islice(faults(calls), 0, None, step):
            _restore(kept, folders)
            if is_cached:
                (output / "herbs.html").write_bytes(before["herbs.html"])
            name = f"build, {kind.name} at {number} ({calls[number]})"
            code = in_child(build(Disk(folders, number, kind)))
            told = (place / "errors").read_text(errors="replace").strip()
            count.injected += 1
            look(count, output, before, after, name, code)
            if code == 1 and (not told or "\n" in told or "Traceback" in told):
                count.note("silent", f"{name}: {told[-300:]!r}")
            assert in_child(build(Disk(()))) == 0
            if contents(output) != after:
                count.note("mixed", f"{name}, after the next build")
            if left := strays(output, cache):
                count.note("stray", f"{name}: {left}")
    return count


def _restore(kept: Path, folders: tuple[Path, ...]) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(kept / folder.name, folder)


SWEEPS = {"writer": sweep_writer, "undo": sweep_undo, "again": sweep_again, "build": sweep_build}


def main() -> None:
    """Run the sweep that is asked for, in a folder that need not exist."""
    what, folder, step = sys.argv[1:]
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    sys.stdout.write(json.dumps(asdict(SWEEPS[what](place, int(step)))))


if __name__ == "__main__":
    main()

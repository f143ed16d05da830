"""Outputs are written whole and together, or not at all."""

from __future__ import annotations

import errno
import json
import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from guidegen.project import cache_folder
from guidegen.writer import (
    JOURNAL,
    PREFIX,
    WriteError,
    clear_cache,
    holds,
    trim_cache,
    write_all,
    write_cache,
)

OLD = {"a.pdf": b"old a", "b.html": b"old b"}
NEW = {"a.pdf": b"new a", "b.html": b"new b", "c.txt": b"new c"}


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_written_and_their_paths_returned_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "build"
    assert write_all(NEW, folder) == [folder / name for name in NEW]
    assert contents(folder) == NEW


def test_writing_again_replaces_files_and_leaves_others_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_bytes(b"mine")
    write_all(OLD, tmp_path)
    write_all(NEW, tmp_path)
    assert contents(tmp_path) == NEW | {"mine.txt": b"mine"}


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../up.pdf",
        "/etc/passwd",
        "sub/file.pdf",
        "sub\\file.pdf",
        "C:file.pdf",
        "nul",
        "NUL.txt",
        "com1.pdf",
        " guide.pdf",
        "guide.pdf.",
        "guide.pdf ",
        "a\0b",
        "a\nb",
        "what?.pdf",
        JOURNAL,
        f"{PREFIX}x",
    ],
)
def test_a_name_that_is_not_plain_is_refused_before_anything_is_written(
    name: str, tmp_path: Path
) -> None:
    folder = tmp_path / "build"
    with pytest.raises(ValueError, match="not a plain file name"):
        write_all({"good.pdf": b"", name: b""}, folder)
    assert not folder.exists()


def test_two_names_that_differ_in_case_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"two outputs.*'Guide.pdf'"):
        write_all({"guide.pdf": b"", "Guide.pdf": b""}, tmp_path)


def test_plain_names_with_dots_spaces_and_accents_are_fine(tmp_path: Path) -> None:
    names = [".nojekyll", "EMS vs. EMT.pdf", "résumé.html", "console.txt"]
    write_all(dict.fromkeys(names, b"x"), tmp_path)
    assert sorted(contents(tmp_path)) == sorted(names)


@pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
def test_permissions_follow_the_umask(umask: int, tmp_path: Path) -> None:
    before = os.umask(umask)
    try:
        write_all(NEW, tmp_path)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o666 & ~umask}


def test_a_link_is_replaced_and_what_it_points_to_is_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"outside")
    folder = tmp_path / "build"
    folder.mkdir()
    (folder / "a.pdf").symlink_to(outside)
    write_all(NEW, folder)
    assert outside.read_bytes() == b"outside"
    assert contents(folder) == NEW


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "the disk can only be read"),
        (errno.EACCES, "there is no permission to write there"),
    ],
)
def test_an_error_while_writing_is_told_plainly_and_changes_nothing(
    code: int, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(OLD, tmp_path)
    forced: list[int] = []

    def refuse_third(descriptor: int) -> None:
        forced.append(descriptor)
        if len(forced) == 3:
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse_third)
    with pytest.raises(WriteError) as caught:
        write_all(NEW, tmp_path)
    assert str(caught.value) == f"cannot write {tmp_path / 'c.txt'}: {words}"
    assert (caught.value.path, caught.value.reason) == (tmp_path / "c.txt", words)
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("fault", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
@pytest.mark.parametrize("failing", ["a.pdf", "b.html", "c.txt"])
@pytest.mark.parametrize("links", [True, False])
def test_a_failing_rename_takes_the_others_back(
    fault: BaseException,
    failing: str,
    links: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write_all(OLD, tmp_path)
    rename = Path.replace

    def rename_or_fail(self: Path, target: Path) -> Path:
        if target.name == failing and not self.name.endswith("-old"):
            raise fault
        return rename(self, target)

    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(Path, "replace", rename_or_fail)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises((WriteError, KeyboardInterrupt)):
        write_all(NEW, tmp_path)
    assert contents(tmp_path) == OLD


def test_a_folder_in_the_way_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    write_all(OLD, tmp_path)
    (tmp_path / "c.txt").mkdir()
    with pytest.raises(WriteError, match=r"c\.txt: a folder of that name is in the way"):
        write_all(NEW, tmp_path)
    (tmp_path / "c.txt").rmdir()
    assert contents(tmp_path) == OLD


def test_a_file_where_the_output_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "build").write_bytes(b"")
    with pytest.raises(WriteError, match="build: a file of that name is where a folder should be"):
        write_all(NEW, tmp_path / "build")
    with pytest.raises(WriteError, match="a part of the path is a file"):
        write_all(NEW, tmp_path / "build" / "more")


def killed_after(renames: int, folder: Path) -> None:
    """Write NEW in another process that is killed before its rename number ``renames``."""
    script = f"""
        import os, pathlib, signal
        from guidegen.writer import write_all
        rename, left = pathlib.Path.replace, [{renames}]
        def rename_or_die(self, target):
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            left[0] -= 1
            return rename(self, target)
        pathlib.Path.replace = rename_or_die
        write_all({NEW!r}, pathlib.Path({str(folder)!r}))
    """
    run = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert run.returncode == -signal.SIGKILL


# The first rename is the journal's: it decides between all old and all new.
@pytest.mark.parametrize(("renames", "expected"), [(0, OLD), (1, NEW), (2, NEW), (3, NEW)])
def test_after_a_kill_the_next_call_leaves_the_set_whole(
    renames: int, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(OLD, tmp_path)
    killed_after(renames, tmp_path)
    assert any(name.startswith(PREFIX) for name in contents(tmp_path))
    tomorrow = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    write_all({"other.pdf": b"other"}, tmp_path)
    assert contents(tmp_path) == expected | {"other.pdf": b"other"}


def test_what_a_killed_call_left_behind_goes_with_the_next(tmp_path: Path) -> None:
    (tmp_path / f"{PREFIX}0123-0").write_bytes(b"half")
    (tmp_path / f"{PREFIX}0123-0-old").write_bytes(b"kept")
    write_all(OLD, tmp_path)
    assert contents(tmp_path) == OLD
    (tmp_path / f"{PREFIX}4567").write_bytes(b"half")
    write_cache(tmp_path / "entry", b"whole")
    assert contents(tmp_path) == OLD | {"entry": b"whole"}


def test_a_folder_with_something_left_behind_does_not_count_as_done(tmp_path: Path) -> None:
    write_all(OLD, tmp_path)
    assert holds(tmp_path, OLD)
    (tmp_path / f"{PREFIX}0123-0-old").write_bytes(b"kept")
    assert not holds(tmp_path, OLD)


def test_without_locks_fresh_temporaries_may_be_those_of_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    fresh = tmp_path / f"{PREFIX}0123-0"
    fresh.write_bytes(b"half")
    write_all(OLD, tmp_path)
    assert contents(tmp_path) == OLD | {fresh.name: b"half"}
    tomorrow = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    write_all(OLD, tmp_path)
    assert contents(tmp_path) == OLD


def test_when_no_rename_can_be_taken_back_the_next_call_finishes_the_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_all(OLD, tmp_path)
    rename, done = Path.replace, []

    def rename_twice(self: Path, target: Path) -> Path:
        done.append(target)
        if len(done) > 2:
            raise OSError(errno.EIO, "Input/output error")
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", rename_twice)
        with pytest.raises(WriteError):
            write_all(NEW, tmp_path)
    assert contents(tmp_path)["a.pdf"] == NEW["a.pdf"]
    assert contents(tmp_path)["b.html"] == OLD["b.html"]
    assert not holds(tmp_path, {"a.pdf": NEW["a.pdf"]})
    write_all({"other.txt": b"other"}, tmp_path)
    assert contents(tmp_path) == NEW | {"other.txt": b"other"}


@pytest.mark.parametrize(
    "journal",
    [
        b"",
        b"\xff",
        b"7",
        b"[7]",
        b'[["a", "b"]]',
        b'[["victim.txt", ".guidegen-1", "stolen.txt"]]',
        b'[[".guidegen-x/../../victim.txt", ".guidegen-1", "stolen.txt"]]',
        b'[[".guidegen-1", ".guidegen-x/../../victim.txt", "stolen.txt"]]',
        b'[[".guidegen-1", ".guidegen-2", "../victim.txt"]]',
    ],
)
def test_a_journal_that_is_not_ours_moves_nothing(journal: bytes, tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_bytes(b"victim")
    folder = tmp_path / "build"
    (folder / f"{PREFIX}x").mkdir(parents=True)
    (folder / "victim.txt").write_bytes(b"victim")
    (folder / f"{PREFIX}1").write_bytes(b"evil")
    (folder / JOURNAL).write_bytes(journal)
    write_all(OLD, folder)
    assert victim.read_bytes() == b"victim"
    assert {path.name for path in folder.iterdir() if not path.name.startswith(PREFIX)} == {
        "victim.txt",
        *OLD,
    }


def test_calls_at_once_leave_one_set_not_a_mixture(tmp_path: Path) -> None:
    script = f"""
        import pathlib, sys
        from guidegen.writer import write_all
        outputs = dict.fromkeys("abcdef", sys.argv[1].encode())
        for _ in range(30):
            write_all(outputs, pathlib.Path({str(tmp_path)!r}))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    processes = [subprocess.Popen([*command, word]) for word in ("one", "two", "three")]
    assert [process.wait(timeout=60) for process in processes] == [0, 0, 0]
    found = contents(tmp_path)
    assert sorted(found) == list("abcdef")
    assert len(set(found.values())) == 1


def refuse_to_become(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every rename to that name fail."""
    replace = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if target.name == name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refused)


@pytest.mark.parametrize("has_hard_links", [True, False])
def test_a_rename_that_fails_names_its_file_and_a_link_stays_a_link(
    has_hard_links: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    if not has_hard_links:
        monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / "a.pdf").symlink_to("mine")
    refuse_to_become("b.html", monkeypatch)
    with pytest.raises(WriteError, match="the disk is full") as caught:
        write_all(NEW, tmp_path)
    assert caught.value.path == tmp_path / "b.html"
    assert (tmp_path / "a.pdf").readlink() == Path("mine")
    assert contents(tmp_path) == {"a.pdf": b"mine", "mine": b"mine"}


def test_a_rename_that_fails_while_an_older_call_is_finished_names_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = f"{PREFIX}1-0"
    (tmp_path / new).write_bytes(b"new")
    journal = json.dumps([[new, f"{new}-old", "a.pdf"]])
    (tmp_path / JOURNAL).write_text(journal)
    refuse_to_become("a.pdf", monkeypatch)
    with pytest.raises(WriteError) as caught:
        write_all({}, tmp_path)
    assert caught.value.path == tmp_path / "a.pdf"
    assert (tmp_path / JOURNAL).read_text() == journal


def test_capital_letters_may_stand_anywhere_in_a_name(tmp_path: Path) -> None:
    write_all({"X-MAX": b"x"}, tmp_path)
    assert contents(tmp_path) == {"X-MAX": b"x"}


def test_a_cache_file_is_replaced_and_leaves_no_temporary(tmp_path: Path) -> None:
    path = tmp_path / "fonts" / "x"
    write_cache(path, b"one")
    write_cache(path, b"two")
    assert contents(path.parent) == {"x": b"two"}


def test_a_cache_file_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(WriteError, match="a folder of that name is in the way"):
        write_cache(tmp_path / "x", b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_a_cache_file_has_its_folders_made_and_sweeps_up_what_was_left_there(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "deep" / "down"
    write_cache(folder / "x", b"one")
    (folder / f"{PREFIX}left").write_bytes(b"half")
    write_cache(folder / "y", b"two")
    assert contents(folder) == {"x": b"one", "y": b"two"}


def test_a_failure_names_the_file_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(WriteError) as caught:
        write_cache(tmp_path / "x", b"one")
    assert caught.value.path == tmp_path / "x"
    again = pickle.loads(pickle.dumps(caught.value))
    assert (again.path, again.reason) == (caught.value.path, caught.value.reason)
    assert str(again) == f"cannot write {tmp_path / 'x'}: a folder of that name is in the way"


@pytest.mark.parametrize("what", ["other", "shorter", "folder", "link", "nothing"])
def test_only_a_plain_file_with_the_same_bytes_counts_as_there(what: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    assert not holds(tmp_path / "none", {"a.pdf": b"bytes"})
    path.write_bytes(b"bytes")
    assert holds(tmp_path, {"a.pdf": b"bytes"})
    if what == "folder":
        path.unlink()
        path.mkdir()
    elif what == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to("elsewhere")
    elif what == "nothing":
        path.unlink()
    else:
        path.write_bytes({"other": b"BYTES", "shorter": b"byte"}[what])
    assert not holds(tmp_path, {"a.pdf": b"bytes"})


# Caches grow no further than they may


def of_ages(folder: Path, sizes: dict[str, int]) -> None:
    """Make files of these sizes, each used later than the one before."""
    for at, (name, size) in enumerate(sizes.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * size)
        os.utime(path, (1_000 + at, 1_000 + at))


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        (60, ["new", "old", "sub/older"]),
        (59, ["new", "old"]),
        (50, ["new", "old"]),
        (49, ["new"]),
        (30, ["new"]),
        (29, []),
        (0, []),
    ],
)
def test_what_was_unused_longest_goes_until_the_rest_has_room(
    limit: int, left: list[str], tmp_path: Path
) -> None:
    of_ages(tmp_path, {"sub/older": 10, "old": 20, "new": 30})
    trim_cache(tmp_path, limit)
    assert sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()) == left


def test_a_cache_that_is_not_there_cannot_be_trimmed(tmp_path: Path) -> None:
    with pytest.raises(WriteError) as caught:
        trim_cache(tmp_path / "none", 10)
    assert caught.value.path == tmp_path / "none"


def test_clearing_a_cache_says_what_that_freed_and_follows_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    of_ages(outside, {"mine": 1_000})
    folder = tmp_path / "cache"
    of_ages(folder, {"sub/sub/a": 10, "b": 20})
    (folder / "link").symlink_to(outside)
    (folder / "mine").symlink_to(outside / "mine")
    link = (folder / "mine").lstat().st_size
    assert clear_cache(folder) == 30 + link
    assert (list(folder.iterdir()), contents(outside)) == ([], {"mine": b"x" * 1_000})
    assert clear_cache(folder) == clear_cache(tmp_path / "none") == 0


def test_a_cache_that_cannot_be_cleared_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("shutil.rmtree", refuse)
    (tmp_path / "sub").mkdir()
    with pytest.raises(WriteError, match="there is no permission") as caught:
        clear_cache(tmp_path)
    assert caught.value.path == tmp_path


def test_the_wanted_cache_folder_is_made(tmp_path: Path) -> None:
    wanted = tmp_path / "a" / "guidegen"
    assert cache_folder(wanted) == wanted
    assert wanted.is_dir()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, as ``cache_folder`` sees it."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_without_a_cache_folder_there_is_a_private_one_that_stays(temporary: Path) -> None:
    (temporary / "file").write_bytes(b"")
    first = cache_folder(temporary / "file" / "guidegen")
    assert first == cache_folder(None) == temporary / f"guidegen-{os.getuid()}"
    assert first.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("trap", ["link", "open", "file"])
def test_a_folder_that_others_prepared_is_not_used_as_cache(trap: str, temporary: Path) -> None:
    place = temporary / f"guidegen-{os.getuid()}"
    if trap == "link":
        (temporary / "theirs").mkdir(mode=0o700)
        place.symlink_to("theirs")
    elif trap == "open":
        place.mkdir()
        place.chmod(0o777)
    else:
        place.write_bytes(b"")
    found = cache_folder(None)
    assert found not in (place, temporary / "theirs")
    assert found.stat().st_mode & 0o777 == 0o700

"""The only module that writes files: whole, and inside the folder it was given.

What ``write_all`` promises for the files of one call, on a local POSIX file system:

* No reader ever sees half a file: each name shows the old content or the new.
* When anything fails (disk full, no permission, Ctrl-C), the old files stay as they were.
* When the process is killed or the power fails, the next call leaves the set whole: all old if
  the kill came while files were being written, all new if it came between the renames.
* What a killed call has left behind is gone after the next call.

Plain files give no more: between two renames (well under a millisecond) a reader can see some
files old and some new. After a kill at that moment, or when the disk takes no more renames, not
even those that would take the first ones back, that lasts until the next call, which finds what
is left to do in the journal. Who must not see it takes a shared lock on the folder (``flock -s``).
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PREFIX = ".guidegen-"
JOURNAL = f"{PREFIX}journal"
STRAY_AFTER = 3600  # seconds

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file is larger than allowed here",
    errno.EACCES: "there is no permission to write there",
    errno.EPERM: "there is no permission to write there",
    errno.EROFS: "the disk can only be read",
    errno.EISDIR: "a folder of that name is in the way",
    errno.EEXIST: "a file of that name is where a folder should be",
    errno.ENOTDIR: "a part of the path is a file, not a folder",
    errno.ENAMETOOLONG: "the name is too long",
}
# Names that open a device, not a file, once the folder is copied to Windows.
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in "123456789"
}


class WriteError(Exception):
    """A file could not be written; ``reason`` says why in plain words."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"cannot write {path}: {reason}")

    def __reduce__(self) -> tuple[type[WriteError], tuple[Path, str]]:
        # Pickled, when it comes from another process, an exception would be made of its words.
        return type(self), (self.path, self.reason)


@dataclass(frozen=True, slots=True)
class _Move:
    """The new content waits as ``new`` to become ``target``; ``old`` keeps what was there."""

    new: Path
    old: Path
    target: Path


def write_all(outputs: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write every output (plain file name -> content) into ``folder`` and return the paths.

    All or nothing, as the module says. Raises ValueError for a name that is not a plain file
    name, WriteError when the disk does not take the files.
    """
    _refuse_bad_names(outputs)
    with in_plain_words(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder) as is_alone:
            _finish_killed_call(folder)
            _remove_strays(folder, 0 if is_alone else STRAY_AFTER)
            _replace_all(outputs, folder)
    return [folder / name for name in outputs]


def holds(folder: Path, outputs: Mapping[str, bytes]) -> bool:
    """Say whether ``folder`` has every output already, as :func:`write_all` would leave it.

    Raises WriteError when the folder cannot be looked into.
    """
    with in_plain_words(folder):
        # After a killed call nothing is certain, and write_all puts it right.
        if not folder.is_dir() or any(folder.glob(f"{PREFIX}*")):
            return False
    return all(_has_content(folder / name, content) for name, content in outputs.items())


def _has_content(path: Path, content: bytes) -> bool:
    try:
        status = path.lstat()
        is_alike = stat.S_ISREG(status.st_mode) and status.st_size == len(content)
        return is_alike and path.read_bytes() == content
    except OSError:
        return False


def write_cache(path: Path, content: bytes) -> None:
    """Write one cache file so that no reader sees half of it; WriteError when that fails.

    It is not forced to the disk: readers of the cache check what they find.
    """
    with in_plain_words(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.parent) as is_alone:
            _remove_strays(path.parent, 0 if is_alone else STRAY_AFTER)
            _put(path, content)


def _put(path: Path, content: bytes) -> None:
    new = path.with_name(f"{PREFIX}{secrets.token_hex(8)}")
    try:
        _write(new, content, force=False)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def trim_cache(folder: Path, limit: int) -> None:
    """Remove the files in ``folder`` that were unused longest until at most ``limit`` bytes stay.

    Raises WriteError. Another process may be writing to the folder, or removing from it.
    """
    with in_plain_words(folder), _locked(folder):
        found = [(path, path.stat()) for path in _files_below(folder)]
        total = sum(status.st_size for _, status in found)
        for path, status in sorted(found, key=lambda each: each[1].st_mtime):
            if total <= limit:
                return
            path.unlink(missing_ok=True)
            total -= status.st_size


def clear_cache(folder: Path) -> int:
    """Remove everything in the cache ``folder`` and return how many bytes that freed.

    Links are removed and not followed. Raises WriteError.
    """
    with in_plain_words(folder):
        freed = sum(path.lstat().st_size for path in _files_below(folder))
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        return freed


def _files_below(folder: Path) -> list[Path]:
    walk = os.walk(folder)
    return [Path(place) / name for place, _, names in walk for name in names]


def _refuse_bad_names(names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if not _is_plain(name):
            raise ValueError(f"not a plain file name: {name!r}")
        # Many a disk takes Guide.pdf and guide.pdf for one file.
        if name.casefold() in seen:
            raise ValueError(f"two outputs have the name {name!r}")
        seen.add(name.casefold())


def _is_plain(name: str) -> bool:
    return not (
        name in {"", ".", ".."}
        or name.startswith(PREFIX)
        or name != name.strip().rstrip(".")
        or any(not char.isprintable() or char in '/\\:*?"<>|' for char in name)
        or name.split(".")[0].casefold() in _DEVICES
    )


@contextlib.contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn an OSError into a WriteError at ``path``."""
    try:
        yield
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise WriteError(path, reason) from error


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Keep other calls out of ``folder``; the system frees the lock when the process dies.

    Gives False where the disk has no locks: two calls at once are at their own risk there.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        is_alone = False
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            is_alone = True
        yield is_alone
    finally:
        os.close(descriptor)


def _replace_all(outputs: Mapping[str, bytes], folder: Path) -> None:
    token = secrets.token_hex(8)
    moves = [
        _Move(folder / f"{PREFIX}{token}-{n}", folder / f"{PREFIX}{token}-{n}-old", folder / name)
        for n, name in enumerate(outputs)
    ]
    try:
        for move in moves:
            with in_plain_words(move.target):
                _write(move.new, outputs[move.target.name])
                _keep_old(move)
        _rename_all(moves, folder)
    finally:
        # While there is a journal, the next call needs them.
        if not (folder / JOURNAL).exists():
            for move in moves:
                move.new.unlink(missing_ok=True)
                move.old.unlink(missing_ok=True)


def _write(path: Path, content: bytes, *, force: bool = True) -> None:
    # 0o666 is narrowed by the umask, as for any file that a program makes.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if force:
            os.fsync(descriptor)


def _keep_old(move: _Move) -> None:
    with contextlib.suppress(FileNotFoundError):
        _double(move.target, move.old)


def _double(path: Path, other: Path) -> None:
    """Give the file a second name."""
    try:
        os.link(path, other, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:
        # A disk without hard links, or a path that is a folder, which copying refuses.
        shutil.copy2(path, other, follow_symlinks=False)


def _rename_all(moves: list[_Move], folder: Path) -> None:
    journal = folder / JOURNAL
    names = [[move.new.name, move.old.name, move.target.name] for move in moves]
    _put(journal, json.dumps(names).encode())
    try:
        _force_names(journal, folder)
        for move in moves:
            with in_plain_words(move.target):
                move.new.replace(move.target)
        _force_names(folder)
    except BaseException:
        for move in moves:
            _take_back(move)
        journal.unlink()
        raise
    journal.unlink()


def _take_back(move: _Move) -> None:
    """Undo a move; at any moment the journal can still be followed to the other end."""
    if move.new.exists():
        return
    _double(move.target, move.new)
    if os.path.lexists(move.old):
        move.old.replace(move.target)
    else:
        move.target.unlink(missing_ok=True)


def _force_names(*paths: Path) -> None:
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _finish_killed_call(folder: Path) -> None:
    journal = folder / JOURNAL
    for move in _read_journal(journal):
        if move.new.exists():
            with in_plain_words(move.target):
                move.new.replace(move.target)
        move.old.unlink(missing_ok=True)
    if journal.exists():
        _force_names(folder)
        journal.unlink()


def _read_journal(journal: Path) -> list[_Move]:
    """Return the moves that the journal names: none when it is not one of ours."""
    try:
        names = json.loads(journal.read_bytes())
        moves = [_Move(*(journal.parent / name for name in row)) for row in names]
    except (FileNotFoundError, TypeError, ValueError):
        return []
    # Folders are copied and shared: a journal must not move files that are none of its business.
    safe = all(
        new.startswith(PREFIX)
        and old.startswith(PREFIX)
        and _is_plain(target)
        and "/" not in new + old
        for new, old, target in names
    )
    return moves if safe else []


def _remove_strays(folder: Path, older_than: float) -> None:
    """Remove temporary files left behind by killed calls; ``older_than`` is in seconds."""
    for path in folder.glob(f"{PREFIX}*"):
        with contextlib.suppress(FileNotFoundError):
            status = path.lstat()
            # The change time: a kept old file has the modification time of long ago.
            is_old = not older_than or time.time() - status.st_ctime > older_than
            if is_old and not stat.S_ISDIR(status.st_mode):
                path.unlink()

"""A disk that fails on demand: every call of this process that touches a folder can go wrong.

The calls are seen by an audit hook, which Python raises for whatever library makes them, and by
wrappers round the two that have none, write and fsync. A hook cannot be taken off again, so all
of this happens in a process that is forked for one fault. Those forked from that one count on.
"""

from __future__ import annotations

import errno
import mmap
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_WHATS = ("create", "write", "fsync", "mkdir", "link", "rename", "remove", "rmdir", "read", "list")
_MOST = 4095
_CHANGING = {"create", "write", "fsync", "mkdir", "link", "rename", "remove", "rmdir"}
_TAKING_ROOM = {"create", "write", "fsync", "mkdir", "link"}


@dataclass(frozen=True)
class Kind:
    """A way to go wrong: the error, None for a kill; what it hits; whether it lasts."""

    name: str
    error: int | None
    hits: frozenset[str]
    lasts: bool = False


_ALL = frozenset(_CHANGING | {"read", "list"})
KINDS = (
    Kind("killed", None, _ALL),
    Kind("full, once", errno.ENOSPC, frozenset(_CHANGING)),
    Kind("full", errno.ENOSPC, frozenset(_TAKING_ROOM), lasts=True),
    Kind("broken, once", errno.EIO, _ALL),
    Kind("broken", errno.EIO, _ALL, lasts=True),
    Kind("no renames", errno.EIO, frozenset({"rename"}), lasts=True),
    Kind("read-only", errno.EROFS, frozenset(_CHANGING), lasts=True),
    Kind("forbidden, once", errno.EACCES, _ALL),
)


@dataclass
class Disk:
    """Watches ``folders``; the call number ``at``, counted from 0, goes wrong in the way ``kind``.

    At the call number ``killed_at`` the process is killed.
    """

    folders: tuple[Path, ...]
    at: int = -1
    kind: Kind = KINDS[0]
    killed_at: int = -1

    @property
    def calls(self) -> list[str]:
        """What each call was."""
        told = self._told[:].rstrip(b"\0")
        return [_WHATS[number - 1] for number in told]

    def install(self) -> None:
        """Watch every call that this process and its children make from here on."""
        # A byte for each call, which is memory of all of them.
        self._told = mmap.mmap(-1, _MOST)
        self._roots = tuple(f"{folder}" for folder in self.folders)
        sys.addaudithook(self._hear)
        fsync, fdopen = os.fsync, os.fdopen

        def watched_fsync(descriptor: int) -> None:
            self._call("fsync")
            fsync(descriptor)

        def watched_fdopen(descriptor: int, mode: str = "r", **options: Any) -> Any:
            file = fdopen(descriptor, mode, **options)
            return _File(file, self._call) if "w" in mode else file

        os.fsync = watched_fsync  # type: ignore[assignment]
        os.fdopen = watched_fdopen  # type: ignore[assignment]

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        what, paths = _seen(event, arguments)
        if what and any(self._is_inside(path) for path in paths):
            self._call(what)

    def _is_inside(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100  # resolve follows links
        return any(name == root or name.startswith(f"{root}/") for root in self._roots)

    def _call(self, what: str, half: Callable[[], object] = lambda: None) -> None:
        """Count one call, and let it go wrong if it is its turn; ``half`` does a half of it."""
        number = len(self.calls)
        self._told[number] = _WHATS.index(what) + 1
        if number == self.killed_at:
            half()
            os.kill(os.getpid(), signal.SIGKILL)
        is_turn = number == self.at or (self.kind.lasts and -1 < self.at < number)
        if not is_turn or what not in self.kind.hits:
            return
        half()
        if self.kind.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
        else:
            raise OSError(self.kind.error, os.strerror(self.kind.error))


class _File:
    """A file that takes half of what is written to it when the disk goes wrong."""

    def __init__(self, file: IO[bytes], call: Callable[..., None]) -> None:
        self._file = file
        self._call = call

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> None:
        def half() -> None:
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        self._call("write", half)
        self._file.write(content)

    def flush(self) -> None:
        self._file.flush()


def _seen(event: str, arguments: tuple[Any, ...]) -> tuple[str, tuple[object, ...]]:
    """Return what kind of call an audit event is, and the paths that it touches."""
    match event, arguments:
        case "open", (path, _, flags):
            changes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            return ("create" if changes else "read"), (path,)
        case "os.mkdir" | "os.remove" | "os.rmdir", (path, *_):
            return event.removeprefix("os."), (path,)
        case "os.rename" | "os.link", (path, other, *_):
            return event.removeprefix("os."), (path, other)
        case "os.listdir" | "os.scandir", (path, *_):
            return "list", (path,)
        case _:
            return "", ()

"""Reads files of a project, and nothing outside of it whatever links say, now or later."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW
# Opening a named pipe would wait for ever without O_NONBLOCK.
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class OutsideError(Exception):
    """The path leads out of the project."""


class NotAFileError(Exception):
    """The path leads to a folder, a pipe or a device."""


def leads_outside(path: Path, root: Path) -> bool:
    """Say whether ``path``, with its links followed, is outside of the folder ``root``."""
    return not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))


def read_inside(path: Path, root: Path, limit: int) -> bytes:
    """Return at most ``limit`` + 1 bytes of a file in or below the folder ``root``.

    Links are followed where they stay inside. The way they lead is then walked folder by folder
    without following any, so that a link put there after the look is refused and not obeyed.
    Raises OutsideError, NotAFileError, or OSError for what cannot be read.
    """
    if leads_outside(path, root):
        raise OutsideError(path)
    real_root = os.path.realpath(root)
    *folders, name = Path(os.path.relpath(os.path.realpath(path), real_root)).parts or (".",)
    with contextlib.ExitStack() as stack:
        inner = _open(real_root, _FOLDER, None, stack)
        for folder in folders:
            inner = _open(folder, _FOLDER, inner, stack)
        descriptor = _open(name, _FILE, inner, stack)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise NotAFileError(path)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(limit + 1)


def _open(name: str, flags: int, folder: int | None, stack: contextlib.ExitStack) -> int:
    descriptor = os.open(name, flags, dir_fd=folder)
    stack.callback(os.close, descriptor)
    return descriptor

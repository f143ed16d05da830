"""Every path, decided once: where content and templates are, where outputs and cache go."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from guidegen.problems import RequestError
from guidegen.writer import in_plain_words


@dataclass(frozen=True, slots=True)
class Project:
    """The folders of one project, all absolute.

    ``root`` holds ``content``; ``templates`` are searched in order, the project's own first;
    ``output`` is where files go unless the request says otherwise; ``cache`` may be emptied.
    """

    root: Path
    content: Path
    templates: tuple[Path, ...]
    output: Path
    cache: Path


def find(start: Path | None, cwd: Path) -> Project:
    """Return the project in the folder ``start``, or else the one around ``cwd``.

    Around ``cwd`` means the nearest folder upward with ``content/guides``; without one it is the
    content that comes with guidegen. Makes the cache folder. Raises RequestError when ``start``
    is no project.
    """
    root = _nearest(cwd) if start is None else _asked_for(cwd / start)
    templates = [root / "templates", bundled() / "templates"]
    return Project(
        root=root,
        content=root / "content",
        templates=tuple(dict.fromkeys(folder for folder in templates if folder.is_dir())),
        output=cwd.resolve() / "build",
        cache=cache_folder(_wanted_cache()),
    )


def bundled() -> Path:
    """Return the folder with the ``content`` and ``templates`` that come with guidegen."""
    package = Path(__file__).resolve().parent
    checkout = package.parent
    names = ("content", "templates", "pyproject.toml")
    is_checkout = all((checkout / name).exists() for name in names)
    return checkout if is_checkout else package / "_bundled"


def _nearest(cwd: Path) -> Path:
    here = cwd.resolve()
    around = (folder for folder in (here, *here.parents) if (folder / "content/guides").is_dir())
    return next(around, bundled())


def _asked_for(folder: Path) -> Path:
    root = folder.resolve()
    if (root / "content").is_dir():
        return root
    if not root.is_dir():
        raise RequestError(f"there is no folder {root}")
    above = next((parent for parent in root.parents if (parent / "content").is_dir()), None)
    hint = f"did you mean {above}?" if above else "guides belong in its subfolder content/guides"
    raise RequestError(f"{root} is no project: it holds no folder 'content' ({hint})")


def _wanted_cache() -> Path | None:
    # The XDG rules say to ignore a relative path.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if named.is_absolute():
        return named / "guidegen"
    try:
        return Path.home() / ".cache/guidegen"
    except RuntimeError:
        return None


def cache_folder(wanted: Path | None) -> Path:
    """Return ``wanted``, made if need be, or else a private folder for temporary files.

    Raises WriteError when there is no room for that either.
    """
    if wanted is not None:
        with contextlib.suppress(OSError):
            wanted.mkdir(parents=True, exist_ok=True)
            if os.access(wanted, os.W_OK | os.X_OK):
                return wanted
    with in_plain_words(wanted or Path("the cache")):
        shared = Path(tempfile.gettempdir()) / f"guidegen-{os.getuid()}"
        with contextlib.suppress(OSError):
            shared.mkdir(mode=0o700, exist_ok=True)
            if _is_private(shared):
                return shared
        return Path(tempfile.mkdtemp(prefix="guidegen-"))


def _is_private(folder: Path) -> bool:
    # Anybody may have made a folder of this name, or a link, in the shared temporary folder.
    found = folder.lstat()
    ours = found.st_uid == os.getuid() and not found.st_mode & 0o077
    return ours and stat.S_ISDIR(found.st_mode)

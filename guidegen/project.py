"""Every path, decided once: where content and templates are, where outputs and cache go."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from guidegen.problems import RequestError
from guidegen.writer import cache_folder


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

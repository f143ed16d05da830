"""Is everything installed that guidegen needs? Looks without importing the PDF engine."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import platform
import shlex
import sys
from dataclasses import asdict, dataclass

from guidegen.problems import RequestError
from guidegen.renderers.fonts import FACES, PACKAGES, font_folder, is_installed
from guidegen.renderers.scripts import EXTRA, SCRIPTS, Script

# As in pyproject.toml; a test compares them.
OLDEST_PYTHON = (3, 11)
WEASYPRINT = "weasyprint>=70,<71"
WEASYPRINT_MAJOR = "70"
FONTS_VERSION = "0.0.1"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: whether it will do, what was found, and the command that mends it.

    ``mend`` is empty when nothing needs mending.
    """

    name: str
    ok: bool
    found: str
    mend: str = ""

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain data for ``--json``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Library:
    """A system library: its file on Linux and macOS, and the packages that bring it there."""

    name: str
    files: tuple[str, str]
    apt: str
    brew: str
    version: str  # the C function that returns it as a string


_LIBRARIES = (
    _Library(
        "Pango",
        ("libpango-1.0.so.0", "libpango-1.0.0.dylib"),
        apt="libpango-1.0-0",
        brew="pango",
        version="pango_version_string",
    ),
    _Library(
        "Pango FT2",
        ("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib"),
        apt="libpangoft2-1.0-0",
        brew="pango",
        version="pango_version_string",
    ),
    _Library(
        "HarfBuzz subset",
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib"),
        apt="libharfbuzz-subset0",
        brew="harfbuzz",
        version="hb_version_string",
    ),
)


def examine() -> list[Finding]:
    """Return a finding for each thing that a build needs, good or bad, in the order to mend."""
    return [
        _python(),
        _weasyprint(),
        *(_library(library) for library in _LIBRARIES),
        *(_fonts(package) for package in PACKAGES),
        *map(_script, SCRIPTS),
    ]


def _python() -> Finding:
    ok = sys.version_info >= OLDEST_PYTHON
    oldest = ".".join(map(str, OLDEST_PYTHON))
    mend = _install(apt=f"python{oldest}-venv", brew="python")
    return _finding("Python", ok, platform.python_version(), mend)


def _weasyprint() -> Finding:
    try:
        version = importlib.metadata.version("weasyprint")
    except importlib.metadata.PackageNotFoundError:
        version = "not installed"
    ok = version.split(".")[0] == WEASYPRINT_MAJOR
    return _finding("WeasyPrint", ok, version, _pip(WEASYPRINT))


def _library(library: _Library) -> Finding:
    found = _version(library)
    mend = _install(apt=library.apt, brew=library.brew)
    return _finding(library.name, bool(found), found or "not installed", mend)


def _version(library: _Library) -> str:
    """Return the version of the library as it loads here, or nothing when it does not."""
    for file in library.files:
        try:
            call = getattr(ctypes.CDLL(file), library.version)
        except (OSError, AttributeError):
            continue
        call.restype = ctypes.c_char_p
        version: bytes = call()
        return version.decode()
    return ""


def _fonts(package: str) -> Finding:
    name = package.replace("_", "-")
    needed = {face.file for face in FACES if face.package == package}
    try:
        there = {path.name for path in font_folder(package).iterdir()}
    except RequestError:
        there = set()
    found = f"{len(needed & there)} of {len(needed)} faces"
    return _finding(
        name, needed <= there, found, _pip("--force-reinstall", f"{name}=={FONTS_VERSION}")
    )


def _script(script: Script) -> Finding:
    """Most need none of these, so a script without fonts is nothing to mend."""
    families = ", ".join(dict.fromkeys(face.family for face in script.faces))
    found = families if is_installed(script) else f"no fonts; if you need them: {EXTRA}"
    return Finding(f"{script.name} letters", True, found)


def _finding(name: str, ok: bool, found: str, mend: str) -> Finding:
    return Finding(name, ok, found, "" if ok else mend)


def _pip(*arguments: str) -> str:
    return shlex.join([sys.executable, "-m", "pip", "install", *arguments])


def _install(*, apt: str, brew: str) -> str:
    """Return the command that installs a system package here: Debian's, or Homebrew's."""
    if platform.system() == "Darwin":
        return f"brew install {brew}"
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get install --no-install-recommends {apt}"

"""Templates and style sheets from their files; those of a project are looked at more closely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from guidegen.origin import Origin
from guidegen.problems import Problem
from guidegen.reading import NotAFileError, OutsideError, leads_outside, read_inside
from guidegen.renderers.inert import sheet_faults

MAX_BYTES = 500_000
_PATTERNS = ("*.jinja", "components/*.jinja", "css/*.css", "css/*/*.css")
_COPY = "copy it to this place"
_NAME = re.compile(r"(?:[a-z]+/){0,2}[a-z0-9][a-z0-9-]*(?:\.[a-z]+)+")


def template_origin(name: str, line: int = 1) -> Origin:
    """Return the place of a line in the template ``name``."""
    return Origin(f"templates/{name}", line)


def read_ours(folder: Path) -> dict[str, str]:
    """Return the templates that come with guidegen by name."""
    return {name: path.read_text(encoding="utf-8") for name, path in _files(folder)}


def read_own(folder: Path) -> tuple[dict[str, str], list[Problem]]:
    """Return a project's own templates by name, and what is wrong with their files.

    ``folder`` stands in the root of the project, out of which nothing is read.
    """
    reader = _Reader(folder)
    if leads_outside(folder, folder.parent):
        reader.report("", "outside-project", "this is a link out of the project", _COPY)
        return {}, reader.problems
    texts = {name: text for name, path in _files(folder) if (text := reader.text(name, path))}
    return texts, reader.problems


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for pattern in _PATTERNS:
        for path in sorted(folder.glob(pattern)):
            yield path.relative_to(folder).as_posix(), path


class _Reader:
    """Reads the files of one project's templates and keeps account of the problems."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []

    def text(self, name: str, path: Path) -> str | None:
        """Return the text of a template, or None after its problems are told."""
        if not _NAME.fullmatch(name):
            hint = "use lower-case letters, digits and hyphens"
            self.report(_printable(name), "bad-file-name", "no template can have this name", hint)
        elif (data := self.read(name, path)) is not None:
            try:
                text = data.decode()
            except UnicodeDecodeError as error:
                line = data.count(b"\n", 0, error.start) + 1
                self.report(name, "not-utf8", "this is no text in UTF-8", "save it as UTF-8", line)
            else:
                return self.checked(name, text.replace("\r\n", "\n"))
        return None

    def read(self, name: str, path: Path) -> bytes | None:
        try:
            data = read_inside(path, self.folder.parent, MAX_BYTES)
        except OutsideError:
            self.report(name, "outside-project", "this is a link out of the project", _COPY)
        except NotAFileError:
            self.report(name, "unreadable", "this is not a file", "move it out of this folder")
        except OSError as error:
            message = f"this cannot be read: {error.strerror or type(error).__name__}"
            self.report(name, "unreadable", message, "check what it is and who may read it")
        else:
            if len(data) <= MAX_BYTES:
                return data
            message = f"the file is larger than {MAX_BYTES // 1000} kB"
            self.report(name, "too-large", message, "split it")
        return None

    def checked(self, name: str, text: str) -> str | None:
        """Return the text, or None when it is a style sheet that reaches out."""
        faults = list(sheet_faults(text)) if name.endswith(".css") else []
        for line, _, words in faults:
            hint = "use what the style sheet itself holds, such as url(data:image/png;…)"
            self.report(name, "template-error", words, hint, line)
        return None if faults else text

    def report(self, name: str, code: str, message: str, hint: str, line: int = 1) -> None:
        self.problems.append(Problem(template_origin(name, line), code, message, hint))


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)

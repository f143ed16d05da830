"""Content files -> Library, with every problem of every file in one pass."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from guidegen.budgets import (
    MAX_BYTES,
    MAX_FIGURE_BYTES,
    MAX_FIGURES_BYTES,
    MAX_FILES,
    MAX_FOLDERS,
    MAX_TEXT_BYTES,
)
from guidegen.figures import svg_faults
from guidegen.labels import LOCK_ENDING, read_lock
from guidegen.models import (
    Asset,
    Comparison,
    Content,
    Course,
    FactsFile,
    GlossaryFile,
    Guide,
    Id,
    Labels,
    Library,
    SourcesFile,
)
from guidegen.origin import Origin, Text
from guidegen.photographs import photograph_faults
from guidegen.problems import Problem, Severity, first_few, nearest
from guidegen.reading import NotAFileError, OutsideError, leads_outside, read_inside
from guidegen.wording import FIGURE_FILE, PROSE_FILE, explain
from guidegen.yamltree import Gap, Mapping, Node, Sequence, parse, read_text

MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
# A file of such a name cannot be saved or unpacked there, whatever its ending.
_DEVICES = re.compile(r"con|prn|aux|nul|com[0-9]|lpt[0-9]")
_SHARED = ("facts.yaml", "sources.yaml", "glossary.yaml")
_FOLDERS = ("guides", "comparisons", "courses", "shared", "figures", "schema")

Model = TypeVar("Model", bound=Content)


def load(content: Path, root: Path) -> tuple[Library, list[Problem]]:
    """Return what the folder ``content`` holds and all problems, sorted by place.

    ``root`` is the project's folder around ``content``; names in origins are relative to it. A
    file with errors is left out of the library. Raises nothing for whatever the files hold.
    """
    reader = _Reader(content, root)
    if not _is_folder(content):
        hint = "make it, with a subfolder 'guides'"
        reader.report(content, "no-content", "there is no content folder", hint)
        return Library(), reader.problems
    library = Library(
        guides=reader.folder("guides", Guide),
        comparisons=reader.folder("comparisons", Comparison),
        courses=reader.folder("courses", Course),
        facts=reader.shared("facts.yaml", FactsFile, "facts"),
        sources=reader.shared("sources.yaml", SourcesFile, "sources"),
        glossary=reader.shared("glossary.yaml", GlossaryFile, "terms"),
        figures=dict(reader.figures(content / "figures")),
        labels=dict(reader.locks(content / "guides")),
    )
    reader.tell_strangers()
    return library, sorted(
        dict.fromkeys(reader.problems), key=lambda p: (p.origin, p.code, p.message)
    )


class _Reader:
    """Reads the files of one project and keeps account of the problems."""

    def __init__(self, content: Path, root: Path) -> None:
        self.content = content
        self.root = root
        self.problems: list[Problem] = []
        self.listed: dict[Path, list[Path]] = {}
        self.text_bytes = 0
        self.figure_bytes = 0

    def folder(self, name: str, model: type[Model]) -> dict[str, Model]:
        """Return the sound files of a folder by their ids."""
        found: dict[str, Model] = {}
        for path in self.listing(self.content / name):
            if path.suffix == ".yaml":
                if not re.fullmatch(str(Id.pattern), path.stem) or len(path.stem) > Id.max_length:
                    self.report(path, *_bad_name("the name of this file is no id", "my-guide.yaml"))
                elif _DEVICES.fullmatch(path.stem):
                    message = f"no file may be called {path.stem} on Windows"
                    self.report(path, *_bad_name(message, "my-guide.yaml"))
                elif (value := self.valid(path, model)) is not None:
                    found[path.stem] = value
            elif not (name == "guides" and path.name.endswith((".md", LOCK_ENDING))):
                self.tell_unread(path)
        return found

    def locks(self, folder: Path) -> Iterator[tuple[str, Labels]]:
        """Yield the labels in each lock file by the id of its guide."""
        for path in self.listing(folder):
            if path.name.endswith(LOCK_ENDING) and (text := self.text(path)) is not None:
                labels, problems = read_lock(text, self.name(path))
                self.problems += first_few(problems)
                yield path.name.removesuffix(LOCK_ENDING), labels

    def shared(self, name: str, model: type[Content], field: str) -> dict[str, Any]:
        """Return a field of ``shared/<name>``, empty when the file is missing or unsound."""
        path = self.content / "shared" / name
        value = self.valid(path, model) if os.path.lexists(path) else None
        return dict(getattr(value, field)) if value else {}

    def figures(self, folder: Path) -> Iterator[tuple[str, Asset]]:
        """Yield the sound pictures in and below ``folder`` with their names."""
        for path in self.listing(folder):
            if _is_folder(path) and not path.is_symlink():
                yield from self.figures_below(path)
            elif media_type := MEDIA_TYPES.get(path.suffix.lower()):
                name = path.relative_to(self.content / "figures").as_posix()
                if asset := self.figure(path, name, media_type):
                    yield name, asset
            else:
                self.tell_unread(path)

    def figures_below(self, folder: Path) -> Iterator[tuple[str, Asset]]:
        if len(folder.relative_to(self.content).parts) > MAX_FOLDERS:
            message = f"folders are more than {MAX_FOLDERS} deep in each other"
            self.report(folder, "too-deep", message, "put the pictures into fewer folders")
        else:
            yield from self.figures(folder)

    def figure(self, path: Path, name: str, media_type: str) -> Asset | None:
        """Return one picture, or None when its name or its content is not what it should be."""
        if not re.fullmatch(FIGURE_FILE, name):
            self.report(path, *_bad_name("this name cannot be used in a guide", "my-figure.svg"))
            return None
        if (data := self.read(path, MAX_FIGURE_BYTES)) is None:
            return None
        self.figure_bytes += len(data)
        if self.figure_bytes > MAX_FIGURES_BYTES:
            self.tell_total(path, "pictures", MAX_FIGURES_BYTES)
            return None
        if len(data) > MAX_FIGURE_BYTES:
            faults = [(1, 1, f"the picture is larger than {MAX_FIGURE_BYTES // 1_000_000} MB")]
        elif media_type == "image/svg+xml":
            faults = svg_faults(data)
        else:
            faults = [(1, 1, fault) for fault in photograph_faults(data, media_type)]
        for line, column, message in faults:
            origin = Origin(self.name(path), line, column)
            hint = "export the picture anew, an SVG as plain SVG"
            self.problems.append(Problem(origin, "bad-figure", message, hint))
        return None if faults else Asset(name, media_type, data)

    def valid(self, path: Path, model: type[Model]) -> Model | None:
        """Return a YAML file as ``model``, or None after its problems are told."""
        told = len(self.problems)
        if (text := self.text(path)) is None:
            return None
        tree, problems = parse(text, self.name(path))
        self.problems += problems
        if tree is None:
            return None
        self.fill_in_prose(tree)
        try:
            value = model.model_validate(tree)
        except ValidationError as error:
            self.problems += first_few(explain(error, tree, model))
            return None
        return value if len(self.problems) == told else None

    def fill_in_prose(self, tree: Node) -> None:
        """Put the text of ``.md`` files into the prose blocks that name one."""
        folder = self.content / "guides"
        if blocks := list(_blocks_with_files(tree)):
            names = [path.name for path in self.listing(folder) if path.suffix == ".md"]
            for block in blocks:
                self.fill_in_block(block, folder, names)

    def fill_in_block(self, block: Mapping, folder: Path, names: list[str]) -> None:
        """Put the text of the ``.md`` file that ``block`` names into it, unless it names none."""
        file = block.get("file")
        if not isinstance(file, Text) or not re.fullmatch(PROSE_FILE, file):
            return
        if "text" in block:
            message = "a prose block has either 'text' or 'file', not both"
            origin = block.keys_at["file"]
            self.problems.append(Problem(origin, "text-or-file", message, "delete one of the two"))
            return
        # A gap keeps the model from asking for the text once more.
        block["text"] = Gap("-", file.origin)
        if file not in names:
            message = f"there is no file {str(file)!r}"
            hint = nearest(file, names) or f"put the file into {self.name(folder)}"
            self.problems.append(Problem(file.origin, "missing-file", message, hint))
        elif (text := self.text(folder / file)) is not None:
            block["text"] = Text(text, Origin(self.name(folder / file)), indent=0)

    def text(self, path: Path) -> str | None:
        """Return the text of a file, or None after its problems are told."""
        if (data := self.read(path, MAX_BYTES)) is None:
            return None
        self.text_bytes += len(data)
        if self.text_bytes > MAX_TEXT_BYTES:
            self.tell_total(path, "texts", MAX_TEXT_BYTES)
            return None
        text, problems = read_text(data, self.name(path))
        self.problems += problems
        return text

    def read(self, path: Path, limit: int) -> bytes | None:
        """Return at most ``limit`` + 1 bytes of a file inside the project, or tell why not."""
        try:
            return read_inside(path, self.root, limit)
        except OutsideError:
            message = "this is a link to a file outside the project"
            self.report(path, "outside-project", message, "copy the file to this place")
        except NotAFileError:
            self.report(path, "unreadable", "this is not a file", "move it out of this folder")
        except OSError as error:
            self.tell_unreadable(path, error)
        return None

    def listing(self, folder: Path) -> list[Path]:
        """Return what ``folder`` holds, sorted by name, without hidden files and READMEs."""
        if folder not in self.listed:
            self.listed[folder] = self.list_anew(folder)
        return self.listed[folder]

    def list_anew(self, folder: Path) -> list[Path]:
        if leads_outside(folder, self.root):
            message = "this is a link to a folder outside the project"
            self.report(folder, "outside-project", message, "copy the folder to this place")
            return []
        try:
            paths = sorted(folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self.tell_unreadable(folder, error)
            return []
        paths = [path for path in paths if not path.name.startswith((".", "README"))]
        if sum(map(len, self.listed.values())) + len(paths) > MAX_FILES:
            message = f"with this folder the project has more than {MAX_FILES:,} files"
            self.report(folder, "too-many", message, "divide the project into several")
            return []
        return paths

    def tell_strangers(self) -> None:
        """Warn of what is never read: in the content folder itself, and in ``shared``."""
        for folder, known in ((self.content, _FOLDERS), (self.content / "shared", _SHARED)):
            for path in self.listing(folder):
                if path.name not in known:
                    self.tell_unread(path, nearest(path.name, known))

    def tell_unread(self, path: Path, hint: str = "") -> None:
        if path.suffix == ".yml":
            hint = "let its name end with .yaml"
        hint = hint or "move it out of this folder, or let its name begin with a dot"
        self.report(path, "unread-file", "this is not read", hint, "warning")

    def tell_total(self, path: Path, what: str, limit: int) -> None:
        message = f"with this file all {what} together are larger than {limit // 1_000_000} MB"
        hint = f"divide the project, or make its {what} smaller"
        self.report(path, "too-large", message, hint)

    def tell_unreadable(self, path: Path, error: OSError) -> None:
        message = f"this cannot be read: {error.strerror or type(error).__name__}"
        self.report(path, "unreadable", message, "check what it is and who may read it")

    def report(
        self, path: Path, code: str, message: str, hint: str, severity: Severity = "error"
    ) -> None:
        self.problems.append(Problem(Origin(self.name(path)), code, message, hint, severity))

    def name(self, path: Path) -> str:
        """Return the name of a file for origins, with what cannot be printed replaced."""
        name = Path(os.path.relpath(path, self.root)).as_posix()
        return "".join(letter if letter.isprintable() else "?" for letter in name)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False


def _bad_name(message: str, example: str) -> tuple[str, str, str]:
    hint = f"use lower-case letters, digits and hyphens, such as {example}"
    return "bad-file-name", message, hint


def _blocks_with_files(node: Node) -> Iterator[Mapping]:
    if isinstance(node, Mapping) and node.get("kind") == "prose" and "file" in node:
        yield node
    elif isinstance(node, Mapping | Sequence):
        for inner in node.values() if isinstance(node, Mapping) else node:
            yield from _blocks_with_files(inner)

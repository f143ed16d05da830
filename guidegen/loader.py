"""Content files -> Library, with every problem of every file in one pass."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar
from xml.parsers import expat

from pydantic import ValidationError

from guidegen.models import (
    Asset,
    Comparison,
    Content,
    Course,
    FactsFile,
    GlossaryFile,
    Guide,
    Id,
    Library,
    SourcesFile,
)
from guidegen.origin import Origin, Text
from guidegen.problems import Problem, Severity, nearest
from guidegen.wording import FIGURE_FILE, PROSE_FILE, explain
from guidegen.yamltree import MAX_BYTES, Gap, Mapping, Node, Sequence, parse, read_text

MAX_FIGURE_BYTES = 10_000_000
MEDIA_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
}
_MAGIC = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
_SHARED = ("facts.yaml", "sources.yaml", "glossary.yaml")
_FOLDERS = ("guides", "comparisons", "courses", "shared", "figures", "schema")

Model = TypeVar("Model", bound=Content)


def load(content: Path, root: Path) -> tuple[Library, list[Problem]]:
    """Return what the folder ``content`` holds and all problems, sorted by place.

    ``root`` is the project's folder around ``content``; names in origins are relative to it. A
    file with errors is left out of the library. Raises nothing for whatever the files hold.
    """
    reader = _Reader(content, root)
    if not content.is_dir():
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
    )
    reader.tell_strangers()
    return library, sorted(reader.problems, key=lambda p: (p.origin, p.code, p.message))


class _Reader:
    """Reads the files of one project and keeps account of the problems."""

    def __init__(self, content: Path, root: Path) -> None:
        self.content = content
        self.root = root
        self.problems: list[Problem] = []

    def folder(self, name: str, model: type[Model]) -> dict[str, Model]:
        """Return the sound files of a folder by their ids."""
        found: dict[str, Model] = {}
        for path in self.listing(self.content / name):
            if path.suffix == ".yaml":
                if not re.fullmatch(str(Id.pattern), path.stem) or len(path.stem) > Id.max_length:
                    self.report(path, *_bad_name("the name of this file is no id", "my-guide.yaml"))
                elif (value := self.valid(path, model)) is not None:
                    found[path.stem] = value
            elif not (name == "guides" and path.suffix == ".md"):
                self.tell_unread(path)
        return found

    def shared(self, name: str, model: type[Content], field: str) -> dict[str, Any]:
        """Return a field of ``shared/<name>``, empty when the file is missing or unsound."""
        path = self.content / "shared" / name
        value = self.valid(path, model) if os.path.lexists(path) else None
        return dict(getattr(value, field)) if value else {}

    def figures(self, folder: Path) -> Iterator[tuple[str, Asset]]:
        """Yield the sound pictures in and below ``folder`` with their names."""
        for path in self.listing(folder):
            if path.is_dir() and not path.is_symlink():
                yield from self.figures(path)
            elif media_type := MEDIA_TYPES.get(path.suffix.lower()):
                name = path.relative_to(self.content / "figures").as_posix()
                if asset := self.figure(path, name, media_type):
                    yield name, asset
            else:
                self.tell_unread(path)

    def figure(self, path: Path, name: str, media_type: str) -> Asset | None:
        """Return one picture, or None when its name or its content is not what it should be."""
        if not re.fullmatch(FIGURE_FILE, name):
            self.report(path, *_bad_name("this name cannot be used in a guide", "my-figure.svg"))
            return None
        if (data := self.read(path, MAX_FIGURE_BYTES)) is None:
            return None
        if len(data) > MAX_FIGURE_BYTES:
            faults = [(1, 1, f"the picture is larger than {MAX_FIGURE_BYTES // 1_000_000} MB")]
        elif media_type == "image/svg+xml":
            faults = _svg_faults(data)
        else:
            is_right = data.startswith(_MAGIC[media_type])
            faults = [] if is_right else [(1, 1, f"the content is not {path.suffix[1:].upper()}")]
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
        if model is Guide:
            self.fill_in_prose(tree, path.parent)
        try:
            value = model.model_validate(tree)
        except ValidationError as error:
            self.problems += explain(error, tree, model)
            return None
        return value if len(self.problems) == told else None

    def fill_in_prose(self, tree: Node, folder: Path) -> None:
        """Put the text of ``.md`` files into the prose blocks that name one."""
        names = [path.name for path in self.listing(folder) if path.suffix == ".md"]
        for section in _items(tree, "sections"):
            for block in _items(section, "blocks"):
                if isinstance(block, Mapping) and block.get("kind") == "prose":
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
        text, problems = read_text(data, self.name(path))
        self.problems += problems
        return text

    def read(self, path: Path, limit: int) -> bytes | None:
        """Return at most ``limit`` + 1 bytes of a file inside the project, or tell why not."""
        try:
            if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root)):
                message = "this is a link to a file outside the project"
                self.report(path, "outside-project", message, "copy the file to this place")
                return None
            # Opening a named pipe would wait for ever.
            if not path.is_file():
                self.report(path, "unreadable", "this is not a file", "move it out of this folder")
                return None
            with path.open("rb") as file:
                return file.read(limit + 1)
        except OSError as error:
            self.tell_unreadable(path, error)
            return None

    def listing(self, folder: Path) -> list[Path]:
        """Return what ``folder`` holds, sorted by name, without hidden files and READMEs."""
        try:
            paths = sorted(folder.iterdir())
        except FileNotFoundError:
            return []
        except OSError as error:
            self.tell_unreadable(folder, error)
            return []
        return [path for path in paths if not path.name.startswith((".", "README"))]

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
        self.report(path, "unread-file", "this file is not read", hint, "warning")

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


def _bad_name(message: str, example: str) -> tuple[str, str, str]:
    hint = f"use lower-case letters, digits and hyphens, such as {example}"
    return "bad-file-name", message, hint


def _items(node: Node | None, key: str) -> Sequence:
    items = node.get(key) if isinstance(node, Mapping) else None
    return items if isinstance(items, Sequence) else Sequence(Origin(""))


def _svg_faults(data: bytes) -> list[tuple[int, int, str]]:
    """Return line, column and what is wrong for all that makes an SVG unsafe or unsound."""
    check = _SvgCheck()
    try:
        check.parser.Parse(data, True)
    except _RefusedError:
        pass
    except expat.ExpatError as error:
        message = f"the SVG is broken: {expat.errors.messages[error.code]}"
        check.faults.append((error.lineno, error.offset + 1, message))
    except (ValueError, LookupError):
        check.faults.append((1, 1, "the SVG has an encoding that cannot be read"))
    return list(dict.fromkeys(check.faults))


class _RefusedError(Exception):
    """The rest of the SVG is not worth reading."""


class _SvgCheck:
    """Collects the faults of an SVG while the parser calls its methods."""

    def __init__(self) -> None:
        self.faults: list[tuple[int, int, str]] = []
        self.is_root = True
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.element
        self.parser.CharacterDataHandler = self.text

    def doctype(self, *_: object) -> None:
        # Entities are declared here; without them nothing can be read in or grow.
        self.fault("a <!DOCTYPE> is not allowed in a picture")
        raise _RefusedError

    def instruction(self, target: str, _: str) -> None:
        self.fault(f"<?{target}?> is not allowed in a picture")

    def element(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self.is_root and (space, local) != (_SVG, "svg"):
            self.fault(f"this is no SVG: it begins with <{local}>")
            raise _RefusedError
        self.is_root = False
        if local.lower() in _ACTIVE or space == _XHTML:
            self.fault(f"<{local}> is not allowed in a picture")
        for attribute, value in attributes.items():
            self.attribute(attribute, value)

    def attribute(self, name: str, value: str) -> None:
        space, _, local = name.rpartition(" ")
        if local.lower().startswith("on"):
            self.fault(f"the event attribute '{local}' is not allowed in a picture")
        elif local.lower() in ("href", "src") and not _INSIDE.match(value.strip()):
            self.fault(
                f"'{local}' may only lead to a part of the picture ('#…') or hold PNG or JPEG"
            )
        elif not space:
            self.text(value)

    def text(self, text: str) -> None:
        if _REACHES_OUT.search(text):
            self.fault("a style may only use parts of the picture ('url(#…)')")

    def fault(self, message: str) -> None:
        place = (self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)
        self.faults.append((*place, message))


_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
# Animations can set an attribute, so also one that is refused when it is written out.
_ACTIVE = {"script", "foreignobject", "set", "animate", "animatemotion", "animatetransform"}
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg)[;,]", re.IGNORECASE)
# A backslash could hide any of these from this check, but not from a style sheet parser.
_REACHES_OUT = re.compile(
    r"url\(\s*+['\"]?+(?!#|data:image/(?:png|jpeg))|@import|image-set\(|\\", re.IGNORECASE
)

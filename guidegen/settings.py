"""What a person, not a project, has settled: how far their printer is off between two sides.

It stands in ``settings.yaml`` in the person's own settings folder, since content is shared by a
team and a printer is not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from guidegen.origin import Origin, Text
from guidegen.problems import ContentError, Problem, RequestError, nearest
from guidegen.writer import write_all
from guidegen.yamltree import Gap, Node, parse, read_text
from guidegen.yamltree import Mapping as Tree

FILE = "settings.yaml"
FARTHEST = 10.0  # mm; what is farther off is another page, or another way of flipping it
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{1,2})?")
_FIELDS = ("format", "back_offset")
_HINT = f"a number of millimetres from -{FARTHEST:g} to {FARTHEST:g}, such as 0.5"


@dataclass(frozen=True, slots=True)
class Offset:
    """How far the back of a sheet is moved when it is printed, in mm to the right and down."""

    x: float = 0.0
    y: float = 0.0


NO_OFFSET = Offset()


@dataclass(frozen=True, slots=True)
class Settings:
    """All that is settled."""

    back_offset: Offset = NO_OFFSET


def settings_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the settings file; RequestError when the machine names no home."""
    # The XDG rules say to ignore a relative path.
    named = Path(environment.get("XDG_CONFIG_HOME", ""))
    if named.is_absolute():
        return named / "guidegen"
    try:
        return Path.home() / ".config/guidegen"
    except RuntimeError:
        raise RequestError("there is no home folder to keep settings in") from None


def parse_offset(text: str) -> Offset:
    """Return the offset typed as ``X,Y`` in mm; RequestError when it is none."""
    parts = [part.strip() for part in text.split(",")]
    numbers = [_number(part) for part in parts]
    if len(parts) != 2 or numbers[0] is None or numbers[-1] is None:
        raise RequestError(f"{text!r} is no offset: give X,Y, each {_HINT}")
    return Offset(numbers[0], numbers[1] or 0.0)


def write_settings(settings: Settings, folder: Path) -> Path:
    """Write the settings file into ``folder`` and return its path; WriteError when that fails."""
    offset = settings.back_offset
    text = (
        "# How far the backs of flashcards are moved, in mm to the right and down;\n"
        "# measured with `guidegen worksheet --calibration`.\n"
        f"format: 1\nback_offset:\n  x: {offset.x:g}\n  y: {offset.y:g}\n"
    )
    return write_all({FILE: text.encode()}, folder)[0]


def read_settings(folder: Path) -> Settings:
    """Return the settings in ``folder``, the usual ones where there is no file.

    Raises ContentError with the place of whatever is wrong in the file.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        message = f"the file cannot be read ({error.strerror})"
        raise ContentError([Problem(Origin(str(path)), "unreadable", message)]) from None
    text, problems = read_text(data, str(path))
    tree = None
    if text is not None:
        tree, problems = parse(text, str(path))
    settings = _settings(tree, problems) if tree is not None else Settings()
    if problems:
        raise ContentError(problems)
    return settings


def _settings(tree: Node, problems: list[Problem]) -> Settings:
    fields = _fields(tree, _FIELDS, problems)
    written = fields.get("format")
    if written is None and not problems:
        hint = "write 'format: 1' on the first line"
        problems.append(Problem(tree.origin, "missing-field", "the file has no 'format'", hint))
    elif written is not None and written != "1" and not isinstance(written, Gap):
        message = "this file is of a format that this guidegen does not know"
        problems.append(Problem(written.origin, "format", message, "write 'format: 1'"))
    if "back_offset" not in fields:
        return Settings()
    found = _fields(fields["back_offset"], ("x", "y"), problems)
    numbers = {name: _found_number(value, problems) for name, value in found.items()}
    return Settings(Offset(numbers.get("x", 0.0), numbers.get("y", 0.0)))


def _fields(tree: Node, known: tuple[str, ...], problems: list[Problem]) -> dict[str, Node]:
    """Return the known fields of a mapping, and tell of all others."""
    if isinstance(tree, Gap):
        return {}
    if not isinstance(tree, Tree):
        message = f"here must stand keys: {', '.join(known)}"
        problems.append(Problem(tree.origin, "wrong-type", message, f"begin with '{known[0]}:'"))
        return {}
    for name in tree:
        if name not in known:
            hint = nearest(name, known) or f"there are: {', '.join(known)}"
            message = f"there is no setting {name!r}"
            problems.append(Problem(tree.keys_at[name], "unknown-field", message, hint))
    return {name: value for name, value in tree.items() if name in known}


def _found_number(value: Node, problems: list[Problem]) -> float:
    number = _number(value) if isinstance(value, Text) else None
    if number is None and not isinstance(value, Gap):
        message = "this is no distance that the back of a sheet can be off"
        problems.append(Problem(value.origin, "wrong-value", message, _HINT))
    return number or 0.0


def _number(text: str) -> float | None:
    if not _NUMBER.fullmatch(text) or abs(float(text)) > FARTHEST:
        return None
    return float(text) + 0.0  # so that -0 becomes 0

"""Is an SVG safe and sound? Checked with expat alone, so that no entity is ever expanded."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from guidegen.budgets import MAX_BYTES, MAX_ELEMENTS, MAX_SVG_DEPTH
from guidegen.drawings import Element, Fault, corners_of, drawing_faults
from guidegen.photographs import photograph_faults


def svg_faults(data: bytes) -> list[Fault]:
    """Return line, column and what is wrong for all that makes an SVG unsafe or unsound."""
    if len(data) > MAX_BYTES:
        return [(1, 1, f"the SVG is larger than {MAX_BYTES // 1_000_000} MB")]
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
    return list(dict.fromkeys(check.faults or drawing_faults(check.elements, check.sheets)))


class _RefusedError(Exception):
    """The rest of the SVG is not worth reading."""


class _SvgCheck:
    """Collects the faults of an SVG, and its elements, while the parser calls its methods."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.elements: list[Element] = []
        self.sheets: list[tuple[int, int, str]] = []
        self.open: list[int] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.element
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def doctype(self, *_: object) -> None:
        # Entities are declared here; without them nothing can be read in or grow.
        self.refuse("a <!DOCTYPE> is not allowed in a picture")

    def instruction(self, target: str, _: str) -> None:
        self.fault(f"<?{target}?> is not allowed in a picture")

    def element(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if not self.elements and (space, local) != (_SVG, "svg"):
            self.refuse(f"this is no SVG: it begins with <{local}>")
        if local.lower() in _ACTIVE or space == _XHTML:
            self.fault(f"<{local}> is not allowed in a picture")
        parent = self.open[-1] if self.open else None
        corners = int(local in _SHAPES)
        self.elements.append(Element(local, parent, self.place(), corners=corners))
        self.open.append(len(self.elements) - 1)
        if len(self.elements) > MAX_ELEMENTS:
            self.refuse(f"the picture has more than {MAX_ELEMENTS:,} elements")
        if len(self.open) > MAX_SVG_DEPTH:
            self.refuse(f"elements are more than {MAX_SVG_DEPTH} deep in each other")
        for attribute, value in attributes.items():
            self.attribute(attribute, value)
            self.note(attribute.rpartition(" ")[2], value.strip())
        if local == "style":
            self.sheets.append((*self.place(), ""))

    def attribute(self, name: str, value: str) -> None:
        space, _, local = name.rpartition(" ")
        if local.lower().startswith("on"):
            self.fault(f"the event attribute '{local}' is not allowed in a picture")
        elif local.lower() in ("href", "src"):
            self.address(local, value.strip())
        elif not space and _REACHES_OUT.search(value):
            self.fault(f"'{local}' may only use parts of the picture ('url(#…)')")
        elif not space and local in _FORMS and not _FORMS[local](value):
            self.fault(f"'{local}' cannot be {value[:40]!r}")
        elif local == "spreadMethod" and value != "pad":
            self.fault("a gradient that repeats itself is not allowed in a picture")

    def address(self, name: str, value: str) -> None:
        if found := _PICTURE.match(value):
            content = _content(value[found.end() :], is_base64=bool(found[2]))
            for fault in photograph_faults(content, f"image/{found[1].lower()}"):
                self.fault(f"'{name}' holds a picture, and {fault}")
        elif not value.startswith("#"):
            self.fault(
                f"'{name}' may only lead to a part of the picture ('#…') or hold PNG or JPEG"
            )

    def note(self, name: str, value: str) -> None:
        """Take note of what the newest element is, and of what it leads to."""
        element = self.elements[-1]
        if name == "id":
            element.name = value
        elif name == "class":
            element.classes = frozenset(value.split())
        elif name in ("d", "points"):
            element.corners = max(1, corners_of(value))
        elif name == "href" and element.tag != "a" and value.startswith("#"):
            element.leads.add((name, value[1:]))
        else:
            element.lead(value if name == "style" else f"{name}:{value}")

    def end(self, _: str) -> None:
        self.open.pop()

    def text(self, text: str) -> None:
        if self.elements[self.open[-1]].tag != "style":
            return
        if _REACHES_OUT.search(text):
            self.fault("<style> may only use parts of the picture ('url(#…)')")
        *place, sheet = self.sheets[-1]
        self.sheets[-1] = (place[0], place[1], sheet + text)

    def place(self) -> tuple[int, int]:
        return self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1

    def fault(self, message: str) -> None:
        self.faults.append((*self.place(), message))

    def refuse(self, message: str) -> None:
        self.fault(message)
        raise _RefusedError


def _content(packed: str, *, is_base64: bool) -> bytes:
    try:
        raw = unquote_to_bytes(packed)
        return base64.b64decode(raw) if is_base64 else raw
    except (ValueError, binascii.Error):
        return b""


_SVG = "http://www.w3.org/2000/svg"
_XHTML = "http://www.w3.org/1999/xhtml"
# Animations can set an attribute, so also one that is refused when it is written out.
_ACTIVE = {"script", "foreignobject", "set", "animate", "animatemotion", "animatetransform"}
_SHAPES = {"path", "line", "polyline", "polygon", "rect", "circle", "ellipse", "text", "tspan"}
_PICTURE = re.compile(r"data:image/(png|jpeg)(?:;(?!base64)[^,;]*)*(;base64)?,", re.IGNORECASE)
# A backslash could hide any of these from this check, but not from a style sheet parser.
_REACHES_OUT = re.compile(
    r"url\(\s*+['\"]?+(?!#|data:image/(?:png|jpeg))|@import|image-set\(|\\", re.IGNORECASE
)

# Nothing is given back once it has been matched, so that the time grows no faster than the text.
_NUMBER = re.compile(r"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?:[eE][-+]?[0-9]{1,2})?+")
_NUMBERS = re.compile(rf"(?:[\s,]*+{_NUMBER.pattern})*+[\s,]*+")
_LENGTHS = re.compile(
    rf"(?:[\s,]*+{_NUMBER.pattern}(?:px|pt|pc|mm|cm|in|em|rem|ex|%)?+)*+[\s,]*+|auto|inherit|none"
)
_ARGUMENTS = {
    "matrix": {6},
    "translate": {1, 2},
    "scale": {1, 2},
    "rotate": {1, 3},
    "skewX": {1},
    "skewY": {1},
}


def _is_view_box(value: str) -> bool:
    numbers = [float(number) for number in _NUMBER.findall(value)]
    return bool(_NUMBERS.fullmatch(value)) and len(numbers) == 4 and min(numbers[2:]) > 0


def _is_transform(value: str) -> bool:
    *calls, rest = value.split(")")
    pairs = (call.partition("(") for call in calls)
    return value == "none" or (
        not rest.strip()
        and all(
            _NUMBERS.fullmatch(numbers)
            and len(_NUMBER.findall(numbers)) in _ARGUMENTS.get(name.strip(" ,\t\n"), ())
            for name, _, numbers in pairs
        )
    )


def _are_lengths(value: str) -> bool:
    return bool(_LENGTHS.fullmatch(value))


# The engine fails on these when they are not what they should be, or draws nothing at all.
_FORMS: Mapping[str, Callable[[str], bool]] = {
    "viewBox": _is_view_box,
    "transform": _is_transform,
    "gradientTransform": _is_transform,
    "patternTransform": _is_transform,
    **dict.fromkeys(
        (
            *("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry", "x1", "y1", "x2", "y2"),
            *("dx", "dy", "fx", "fy", "fr", "refX", "refY", "markerWidth", "markerHeight"),
            *("stroke-width", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit"),
            *("points", "offset", "rotate"),
        ),
        _are_lengths,
    ),
}

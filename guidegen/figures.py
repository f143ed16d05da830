"""Is an SVG safe and sound? Checked with expat alone, so that no entity is ever expanded."""

from __future__ import annotations

import re
from xml.parsers import expat


def svg_faults(data: bytes) -> list[tuple[int, int, str]]:
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
        self.is_style = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.ProcessingInstructionHandler = self.instruction
        self.parser.StartElementHandler = self.element
        self.parser.EndElementHandler = self.end
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
        self.is_style = self.is_style or local == "style"
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
        elif not space and _REACHES_OUT.search(value):
            self.fault(f"'{local}' may only use parts of the picture ('url(#…)')")

    def end(self, name: str) -> None:
        self.is_style = self.is_style and name.rpartition(" ")[2] != "style"

    def text(self, text: str) -> None:
        if self.is_style and _REACHES_OUT.search(text):
            self.fault("<style> may only use parts of the picture ('url(#…)')")

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

"""Scripts beside the Latin one, and the faces for them that the extra ``guidegen[fonts]`` brings.

Which of them a page needs is seen by its letters, so that an Arabic name in an English guide
gets them as well, and a page without any is made of our own fonts alone wherever it is made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Face:
    """One cut of a family, with the values that CSS uses for it.

    ``name`` is short and unique; ``package`` holds the file.
    """

    name: str
    family: str
    weight: int
    style: Literal["normal", "italic"]
    package: str
    file: str


@dataclass(frozen=True, slots=True)
class Script:
    """A script: the ranges of its characters in Unicode, and its faces.

    ``languages`` are written in it. Of a script with thousands of characters, ``is_large``, a web
    page carries those that it shows.
    """

    name: str
    languages: tuple[str, ...]
    ranges: tuple[tuple[int, int], ...]
    faces: tuple[Face, ...] = field(repr=False)
    is_large: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Matches one character of the script."""
        return re.compile(f"[{''.join(f'{chr(a)}-{chr(b)}' for a, b in self.ranges)}]")

    @property
    def packages(self) -> tuple[str, ...]:
        """The packages that hold the faces, each once."""
        return tuple(dict.fromkeys(face.package for face in self.faces))


_AMIRI, _PLEX = "fontpkg_amiri", "fontpkg_ibm_plex_sans_arabic"
_MUKTA = "fontpkg_mukta"
_NOTO, _NOTO_BOLD = "noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold"

# The blocks of Unicode 16 that hold a script's letters, signs and digits. The Han characters are
# shown in their Japanese forms.
SCRIPTS = (
    Script(
        "Arabic",
        ("ar", "ckb", "fa", "ps", "sd", "ug", "ur"),
        ((0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
        (
            Face("arabic-serif-400", "Amiri", 400, "normal", _AMIRI, "Amiri-Regular.ttf"),
            Face("arabic-serif-700", "Amiri", 700, "normal", _AMIRI, "Amiri-Bold.ttf"),
            Face(
                "arabic-sans-400",
                "IBM Plex Sans Arabic",
                400,
                "normal",
                _PLEX,
                "IBMPlexSansArabic-Regular.ttf",
            ),
            Face(
                "arabic-sans-600",
                "IBM Plex Sans Arabic",
                600,
                "normal",
                _PLEX,
                "IBMPlexSansArabic-SemiBold.ttf",
            ),
        ),
    ),
    Script(
        "Devanagari",
        ("hi", "mr", "ne", "sa"),
        ((0x900, 0x97F), (0xA8E0, 0xA8FF)),
        (
            Face("devanagari-400", "Mukta", 400, "normal", _MUKTA, "Mukta-Regular.ttf"),
            Face("devanagari-600", "Mukta", 600, "normal", _MUKTA, "Mukta-SemiBold.ttf"),
        ),
    ),
    Script(
        "Japanese",
        ("ja",),
        ((0x3000, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)),
        (
            Face(
                "japanese-400",
                "Noto Sans CJK JP",
                400,
                "normal",
                _NOTO,
                "NotoSansCJKjp-Regular.otf",
            ),
            Face(
                "japanese-700",
                "Noto Sans CJK JP",
                700,
                "normal",
                _NOTO_BOLD,
                "NotoSansCJKjp-Bold.otf",
            ),
        ),
        is_large=True,
    ),
)
EXTRA = 'pip install "guidegen[fonts]"'


def scripts_of(language: str) -> tuple[Script, ...]:
    """Return the scripts that a language is written in, as far as we have faces for them."""
    return tuple(script for script in SCRIPTS if language.split("-")[0] in script.languages)


def scripts_in(text: str) -> tuple[Script, ...]:
    """Return the scripts that have a character in ``text``, in the order of the table."""
    return tuple(script for script in SCRIPTS if script.pattern.search(text))


def characters_of(scripts: Iterable[Script], text: str) -> frozenset[int]:
    """Return the characters that the faces of ``scripts`` must have for ``text``."""
    found: set[int] = set()
    for script in scripts:
        if script.is_large:
            found.update(map(ord, script.pattern.findall(text)))
        else:
            found.update(code for a, b in script.ranges for code in range(a, b + 1))
    return frozenset(found)

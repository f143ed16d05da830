"""The fonts: found in their packages, shown to the PDF engine alone, subset for web pages.

Why: with the fonts of the machine the same content would give other pages elsewhere, and with
no fonts at all the engine crashes.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import io
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

from guidegen.problems import RequestError
from guidegen.renderers.scripts import Face, Script, characters_of, scripts_in
from guidegen.seal import read_sealed, seal
from guidegen.writer import WriteError, write_cache

SERIF = "font_source_serif_pro"
SANS = "font_source_sans_pro"
PACKAGES = (SERIF, SANS)
FACES = (
    Face("serif-400", "Source Serif Pro", 400, "normal", SERIF, "SourceSerifPro-Regular.ttf"),
    Face("serif-400-italic", "Source Serif Pro", 400, "italic", SERIF, "SourceSerifPro-It.ttf"),
    Face("serif-600", "Source Serif Pro", 600, "normal", SERIF, "SourceSerifPro-Semibold.ttf"),
    Face("sans-400", "Source Sans Pro", 400, "normal", SANS, "SourceSansPro-Regular.ttf"),
    Face("sans-400-italic", "Source Sans Pro", 400, "italic", SANS, "SourceSansPro-It.ttf"),
    Face("sans-600", "Source Sans Pro", 600, "normal", SANS, "SourceSansPro-Semibold.ttf"),
    Face("sans-700", "Source Sans Pro", 700, "normal", SANS, "SourceSansPro-Bold.ttf"),
)

# What a web page may need of the fonts: Latin of Western and Central Europe, and the signs of
# prose, numbers and tables. A browser takes anything else from the reader's own fonts.
_RANGES = ((0x20, 0x7E), (0xA0, 0x17F))
_SIGNS = "ȘșȚțẞ‐‑‒–—―‘’‚“”„†‡•…‰′″‹›⁄⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄€™Ωµ←↑→↓−√∞≈≠≤≥✓☐☑\u2009\u200a\u202f\u2060"
REPERTOIRE = frozenset(
    [code for first, last in _RANGES for code in range(first, last + 1)] + [ord(c) for c in _SIGNS]
)
# Lines of Han characters need no more, and to go through all of a font's takes seconds.
_UPRIGHT = ("palt", "halt", "kern")
# The last two are the l and I that can be told apart, which themes ask for.
_FEATURES = ("kern", "liga", "tnum", "lnum", "mark", "ccmp", "locl", "ss01", "ss04")
# Copyright, licence and licence address must stay with the font; the names help a debugger.
_NAME_IDS = (0, 1, 2, 13, 14)

_FONTS_CONF = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{dirs}
<cachedir>{cache}</cachedir>
<selectfont><rejectfont>{rejected}</rejectfont></selectfont>
</fontconfig>
"""


def font_folder(package: str) -> Path:
    """Return the folder with the font files of ``package``, without importing it.

    Raises RequestError when it is not installed.
    """
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or ():
        for folder in (Path(place).resolve() / "files", Path(place).resolve()):
            if any(folder.glob("*.[ot]tf")):
                return folder
    name = package.replace("_", "-")
    raise RequestError(f"the fonts of {name} are not installed ('guidegen doctor' says more)")


def is_installed(script: Script) -> bool:
    """Say whether all faces of the script are there."""
    try:
        return all((font_folder(face.package) / face.file).is_file() for face in script.faces)
    except RequestError:
        return False


def fontconfig_file(cache: Path, scripts: Iterable[Script] = ()) -> Path:
    """Write the settings that show the PDF engine our fonts and no others; return the path.

    Beside our own these are the fonts of ``scripts``, where they are installed. The path is
    absolute, for the environment variable FONTCONFIG_FILE. Installations that share a cache have
    a file each. Raises RequestError without fonts, WriteError without room.
    """
    cache = cache.resolve()
    own = [escape(str(font_folder(name))) for name in PACKAGES]
    extra = [name for script in scripts if is_installed(script) for name in script.packages]
    folders = [*own, *(escape(str(font_folder(name))) for name in extra)]
    text = _FONTS_CONF.format(
        dirs="\n".join(f"<dir>{folder}</dir>" for folder in folders),
        # Ours come in two formats; of these the engine embeds the other one faster.
        rejected="".join(f"<glob>{folder}/*.otf</glob>" for folder in own),
        cache=escape(str(cache / "fontconfig")),
    )
    content = text.encode()
    path = cache / f"fonts-{hashlib.sha256(content).hexdigest()[:12]}.conf"
    if _read(path) != content:
        write_cache(path, content)
    return path


def web_fonts(cache: Path, faces: Iterable[Face] = FACES) -> dict[Face, bytes]:
    """Return for each face its WOFF2 file with the characters of ``REPERTOIRE``.

    The bytes depend on the fonts and on the versions of fontTools and brotli only. Made once
    (about 0.5 s a face) and then read from ``cache``. Raises RequestError without fonts.
    """
    return {face: _web_font(cache, face, REPERTOIRE, _FEATURES) for face in faces}


def script_fonts(cache: Path, text: str) -> dict[Face, bytes]:
    """Return the WOFF2 files for the scripts in ``text`` that fonts are installed for.

    A browser takes the others from the reader's own fonts. Of a large script only the characters
    in ``text`` are there. They keep all features of the font, since scripts are shaped by many.
    """
    fonts: dict[Face, bytes] = {}
    for script in filter(is_installed, scripts_in(text)):
        characters = characters_of([script], text)
        features = _UPRIGHT if script.is_large else ("*",)
        fonts |= {face: _web_font(cache, face, characters, features) for face in script.faces}
    return fonts


def _web_font(
    cache: Path, face: Face, characters: frozenset[int], features: tuple[str, ...]
) -> bytes:
    original = (font_folder(face.package) / face.file).read_bytes()
    path = cache / f"web-fonts/{face.name}-{_key(original, characters, features)}"
    if web := read_sealed(path):
        return web
    web = _subset(original, characters, features)
    # A full disk must not fail a build that has the font in hand.
    with suppress(WriteError):
        write_cache(path, seal(web))
    return web


def _key(original: bytes, characters: frozenset[int], features: tuple[str, ...]) -> str:
    """Return a word that differs whenever the subset of ``original`` may differ."""
    versions = [importlib.metadata.version(name) for name in ("fonttools", "brotli")]
    recipe = repr((sorted(characters), features, _NAME_IDS, versions))
    return hashlib.sha256(recipe.encode() + original).hexdigest()[:24]


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _subset(original: bytes, characters: frozenset[int], features: tuple[str, ...]) -> bytes:
    # Imported late: it takes 0.2 s, and only the first build needs it.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(original), recalcTimestamp=False, lazy=True)
    options = subset.Options(
        layout_features=list(features),
        name_IDs=list(_NAME_IDS),
        hinting=False,
        glyph_names=False,
        notdef_outline=True,
        # Which languages a font is for: nothing that a browser asks.
        drop_tables=[*subset.Options().drop_tables, "meta"],
    )
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    file = io.BytesIO()
    font.save(file)
    return file.getvalue()

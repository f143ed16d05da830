"""HTML -> laid-out pages -> PDF bytes, by WeasyPrint; its warnings are our problems.

WeasyPrint is imported only when a PDF is asked for, since that takes half a second.
"""

from __future__ import annotations

import contextlib
import ctypes.util
import functools
import hashlib
import logging
import mimetypes
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydyf

from guidegen.collection import no_garbage_collection
from guidegen.models import Asset
from guidegen.origin import Origin
from guidegen.problems import Problem, RenderError
from guidegen.renderers.fonts import fontconfig_file
from guidegen.renderers.lines import mend_line_breaks
from guidegen.renderers.scripts import Script, scripts_in
from guidegen.renderers.tags import own_tags

if TYPE_CHECKING:
    from weasyprint.document import Document as Pages

# No such host can exist, so an address that slips through can't reach anything.
BASE_URL = "http://guidegen.invalid/"
# What an SVG carries inside itself; the loader has seen to it that it is nothing else.
_OWN_PICTURE = re.compile(r"data:image/(?:png|jpeg)[;,]", re.IGNORECASE)
_PAGE = re.compile(r"layout - Page (\d+)")
_NOT_EMBEDDED = "the file lacks the letters of the font "
_FONT_FILES = {"FontFile", "FontFile2", "FontFile3"}
# The scripts of India. Arabic is left alone: there each glyph is a letter or two, and programs that
# read files take a line's text for mirrored.
_SHAPED = re.compile("[\u0900-\u0dff]")


@dataclass(frozen=True, slots=True)
class Layout:
    """Laid-out pages, and what the engine warned of while it made them."""

    pages: Pages
    warnings: list[str] = field(default_factory=list)
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of figures by their addresses."""


def asset_url(asset: Asset) -> str:
    """Return the address under which :func:`lay_out` serves ``asset``.

    It follows from the content, so that no name of the project can be mistaken for a path.
    """
    return f"{BASE_URL}{hashlib.sha256(asset.data).hexdigest()}"


def lay_out(html: str, figures: Mapping[str, Asset], cache: Path) -> Layout:
    """Return the pages of ``html``; only ``figures`` can be reached from it, no file, no network.

    Raises RenderError when Pango is missing.
    """
    engine = _engine(cache, scripts_in(readable(html, figures)))
    with _captured_warnings() as warnings, no_garbage_collection():
        served = {asset_url(figure): figure for figure in figures.values()}
        page = engine.HTML(string=html, base_url=BASE_URL, url_fetcher=_fetcher(served))
        pages = page.render(pdf_variant="pdf/ua-1")
        names = {url: figure.name for url, figure in served.items()}
        return Layout(pages, warnings, names)


def to_pdf(layout: Layout) -> bytes:
    """Return the pages as a tagged PDF (PDF/UA-1); the same pages give the same bytes."""

    def note_fonts(_: Any, pdf: Any) -> None:
        layout.warnings.extend(f"{_NOT_EMBEDDED}{name}" for name in unembedded_fonts(pdf))

    with _captured_warnings() as warnings, no_garbage_collection(), own_tags():
        pdf: bytes | None = layout.pages.write_pdf(pdf_variant="pdf/ua-1", finisher=note_fonts)
    layout.warnings.extend(warnings)
    assert pdf is not None
    return pdf


def unembedded_fonts(pdf: Any) -> list[str]:
    """Return the fonts of a pydyf.PDF of which only the name is in the file, not the letters."""
    entries = [each for each in pdf.objects if isinstance(each, dict)]
    bare = [
        each["FontName"]
        for each in entries
        if each.get("Type") == "/FontDescriptor" and not _FONT_FILES & each.keys()
    ]
    # Type 0 fonts lead to others that have a descriptor, and the letters of type 3 are drawings.
    bare += [
        each["BaseFont"]
        for each in entries
        if each.get("Type") == "/Font"
        and each["Subtype"] not in ("/Type0", "/Type3")
        and "FontDescriptor" not in each
    ]
    return [str(name).removeprefix("/") for name in bare]


def problems_in(layout: Layout, place: Origin) -> list[Problem]:
    """Return the engine's warnings as problems at ``place``; no page is sound that has one."""
    warnings = (_with_names(warning, layout.names) for warning in layout.warnings)
    return [_problem(warning, place) for warning in dict.fromkeys(warnings)]


def _with_names(warning: str, names: Mapping[str, str]) -> str:
    for url, name in names.items():
        warning = warning.replace(url, name)
    return warning


def _problem(warning: str, place: Origin) -> Problem:
    if missing := re.search(r'unsupported by fonts: "(.+?)" \((U\+[0-9A-F]+)', warning):
        return Problem(
            place,
            "missing-glyph",
            f"no font has the character {missing[1]} ({missing[2]})",
            "write it in words, or use another character",
        )
    if warning.startswith(_NOT_EMBEDDED):
        hint = "print with the fonts that come with guidegen"
        return Problem(place, "font-not-embedded", warning, hint)
    if warning.startswith("Failed to load image"):
        hint = "save the picture anew as PNG, JPEG or SVG"
        return Problem(place, "missing-figure", warning, hint)
    if warning.startswith("No anchor #"):
        hint = "print the part that the link leads to, or take the link out"
        return Problem(place, "dead-link", warning, hint)
    return Problem(place, "engine-warning", warning, "the page would not be as it was meant")


def readable(html: str, figures: Mapping[str, Asset]) -> str:
    """Return all that may have letters to print: the page, and its drawings."""
    drawings = (each.data for each in figures.values() if each.media_type == "image/svg+xml")
    return "\n".join([html, *(data.decode(errors="replace") for data in drawings)])


def _engine(cache: Path, scripts: Iterable[Script]) -> Any:
    """Import WeasyPrint with our fonts alone; without this no font could mean a crash.

    The engine reads the settings anew for each document, so that each has just its own fonts.
    """
    os.environ["FONTCONFIG_FILE"] = str(fontconfig_file(cache, scripts))
    return import_engine()


def import_engine() -> Any:
    """Return WeasyPrint, imported without looking round the machine; RenderError without Pango.

    Fonts are read later, when the first page is laid out.
    """
    # cffi asks gcc and ldconfig for every library name in turn: half a second for names that
    # dlopen finds by itself.
    find_library = ctypes.util.find_library
    ctypes.util.find_library = lambda name: None
    # On import it reads the machine's tables of file types, for attachments that we never have.
    known_files, mimetypes.knownfiles = mimetypes.knownfiles, []
    try:
        import weasyprint
    except OSError as error:
        problem = Problem(
            Origin("(this machine)"),
            "no-pango",
            f"PDF needs Pango, which is not installed ({error})".splitlines()[0],
            "run `guidegen doctor`, or build HTML alone with --format html",
        )
        raise RenderError([problem]) from None
    finally:
        ctypes.util.find_library = find_library
        mimetypes.knownfiles, mimetypes.inited = known_files, False
    _tell_shaped_text()
    mend_line_breaks()
    return weasyprint


def _tell_shaped_text() -> None:
    """Let each line in a script with reordered letters carry its text.

    The engine says of each glyph which letters it stands for. A vowel sign that is drawn before
    its consonant would come out in the wrong place, or not at all, for whoever hears, searches or
    copies the text.
    """
    from weasyprint.draw import text

    draw = text.draw_first_line
    if hasattr(draw, "__wrapped__"):
        return

    @functools.wraps(draw)
    def draw_with_text(stream: Any, box: Any, *rest: Any) -> Any:
        if not _SHAPED.search(box.text):
            return draw(stream, box, *rest)
        said = pydyf.Dictionary({"ActualText": pydyf.String(box.text)})
        stream.begin_marked_content("Span", said)
        drawn = draw(stream, box, *rest)
        stream.end_marked_content()
        return drawn

    text.draw_first_line = draw_with_text


def _fetcher(served: Mapping[str, Asset]) -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class AssetFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Serves the assets of this document from memory and refuses every other address."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if _OWN_PICTURE.match(url):
                return super().fetch(url, headers)
            if (asset := served.get(url)) is None:
                raise ValueError(f"refused address {url[:80]}")
            return URLFetcherResponse(
                url, body=asset.data, headers={"Content-Type": asset.media_type}
            )

    return AssetFetcher(allowed_protocols=("data",), allow_redirects=False)


@contextlib.contextmanager
def pages_told(told: Callable[[int], None]) -> Iterator[None]:
    """Tell the number of each page as the engine begins it, here and in what is called."""
    logger, listener = logging.getLogger("weasyprint.progress"), _PageListener(told)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(listener)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.setLevel(level)
        logger.propagate = propagate


class _PageListener(logging.Handler):
    def __init__(self, told: Callable[[int], None]) -> None:
        super().__init__(logging.INFO)
        self.told = told

    def emit(self, record: logging.LogRecord) -> None:
        if found := _PAGE.search(record.getMessage()):
            self.told(int(found[1]))


class _Capture(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def _captured_warnings() -> Iterator[list[str]]:
    messages: list[str] = []
    logger, capture = logging.getLogger("weasyprint"), _Capture(messages)
    logger.addHandler(capture)
    propagate, logger.propagate = logger.propagate, False
    try:
        yield messages
    finally:
        logger.removeHandler(capture)
        logger.propagate = propagate

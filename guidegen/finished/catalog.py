"""What a PDF says of itself, where its links lead and what in it acts; read with pikepdf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf

from guidegen.finished.drawn import SUBSET
from guidegen.finished.facts import Active, Font, Link
from guidegen.finished.objects import is_dictionary, items_of, text_of
from guidegen.finished.tagged import PageNumbers

# Actions (ISO 32000-1, table 198) that do more than show a place.
_ACTIONS = {
    "JavaScript": "JavaScript",
    "Launch": "an action that starts a program",
    "SubmitForm": "an action that sends a form",
    "ImportData": "an action that reads a file",
    "Sound": "a sound",
    "Movie": "a film",
    "Rendition": "a sound or film",
    "RichMediaExecute": "a sound, film or program",
}
_DEEPEST = 30


@dataclass(slots=True)
class Pointers:
    """Where links can lead: pages by the number of their object, and places by name."""

    pages: PageNumbers
    names: Mapping[str, Any]
    bookmarks: int = 0
    links: list[Link] = field(default_factory=list)


def title_of(pdf: pikepdf.Pdf, metadata: Mapping[str, Any]) -> str:
    """Return the title of the document, from its XMP data or else from the older dictionary."""
    title = metadata.get("dc:title") or text_of(pdf.docinfo.get("/Title"))
    return " ".join(str(title).split())


def shows_title(pdf: pikepdf.Pdf) -> bool:
    """Say whether the window is to show the title, and not the name of the file."""
    preferences: Any = pdf.Root.get("/ViewerPreferences")
    return is_dictionary(preferences) and bool(preferences.get("/DisplayDocTitle", False))


def language_of(pdf: pikepdf.Pdf) -> str:
    """Return the language of the document, such as ``en-US``, or nothing."""
    return text_of(pdf.Root.get("/Lang")).strip()


def pdf_ua_of(metadata: Mapping[str, Any]) -> int | None:
    """Return the part of ISO 14289 (PDF/UA) that the file claims, in its XMP data, to obey."""
    part = str(metadata.get("pdfuaid:part", "")).strip()
    return int(part) if part.isdecimal() else None


def refused_by(pdf: pikepdf.Pdf) -> tuple[str, ...]:
    """Return what an encrypted file that opens without a password asks its readers not to do."""
    allowed = pdf.allow
    wishes = {
        "printing": allowed.print_lowres and allowed.print_highres,
        "copying": allowed.extract,
        "reading aloud": allowed.accessibility,
    }
    return tuple(wish for wish, is_allowed in wishes.items() if not is_allowed)


def page_numbers(pdf: pikepdf.Pdf) -> dict[tuple[int, int], int]:
    """Return the number of each page by the number of its object."""
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}


def read_links(pdf: pikepdf.Pdf, pages: PageNumbers) -> Pointers:
    """Return the bookmarks and links of ``pdf``, each with whether its place is there."""
    found = Pointers(pages, _named_places(pdf))
    for number, page in enumerate(pdf.pages, 1):
        for annotation in items_of(page.obj.get("/Annots")):
            if is_dictionary(annotation) and annotation.get("/Subtype") == "/Link":
                _add(annotation, number, found)
    for bookmark in _bookmarks(pdf.Root.get("/Outlines")):
        found.bookmarks += 1
        _add(bookmark, None, found, only_dead=True)
    return found


def _named_places(pdf: pikepdf.Pdf) -> dict[str, Any]:
    places: dict[str, Any] = {}
    older: Any = pdf.Root.get("/Dests")
    if is_dictionary(older):
        places |= {name.removeprefix("/"): place for name, place in older.items()}
    names: Any = pdf.Root.get("/Names")
    tree: Any = names.get("/Dests") if is_dictionary(names) else None
    if is_dictionary(tree):
        places |= {str(name): place for name, place in pikepdf.NameTree(tree).items()}
    return places


def _add(pointer: Any, page: int | None, found: Pointers, *, only_dead: bool = False) -> None:
    """Add the link that an annotation or bookmark makes, if it leads anywhere."""
    action = pointer.get("/A")
    target = pointer.get("/Dest")
    kind = text_of(action.get("/S")) if is_dictionary(action) else ""
    if kind == "GoTo":
        target = action.get("/D")
    elif kind in ("URI", "GoToR"):
        address = text_of(action.get("/URI", action.get("/F")))
        found.links.extend([] if only_dead else [Link("external", address, page)])
        return
    if target is None:
        return
    is_dead, name = _resolve(target, found)
    if is_dead or not only_dead:
        title = text_of(pointer.get("/Title"))
        found.links.append(Link("internal", title or name, page, is_dead))


def _resolve(target: Any, found: Pointers) -> tuple[bool, str]:
    """Say whether a place is missing, and what it is called."""
    name = ""
    if isinstance(target, (pikepdf.Name, pikepdf.String)):
        name = text_of(target)
        target = found.names.get(name)
    if is_dictionary(target):
        target = target.get("/D")
    first: Any = next(items_of(target), None)
    if isinstance(first, int):
        page: int | None = first + 1 if 0 <= first < len(found.pages) else None
    else:
        page = found.pages.get(first.objgen) if is_dictionary(first) else None
    return page is None, name or (f"page {page}" if page else "a page that is not in the file")


def _bookmarks(outline: Any) -> Iterator[Any]:
    """Yield all bookmarks, each once: a damaged outline can run in circles."""
    waiting: list[Any] = [outline.get("/First")] if is_dictionary(outline) else []
    known: set[tuple[int, int]] = set()
    while waiting:
        bookmark = waiting.pop()
        if is_dictionary(bookmark) and bookmark.objgen not in known:
            known.add(bookmark.objgen)
            yield bookmark
            waiting += [bookmark.get("/Next"), bookmark.get("/First")]


def with_subsets(fonts: Iterable[Font], pdf: pikepdf.Pdf) -> tuple[Font, ...]:
    """Return ``fonts`` with word of which are subsets; PDFium drops the sign of it from names."""
    entries: Iterator[Any] = (each for each in pdf.objects if is_dictionary(each))
    names = [text_of(each.get("/BaseFont")) for each in entries]
    subsets = {SUBSET.sub("", name) for name in names if SUBSET.match(name)}
    return tuple(replace(font, is_subset=font.name in subsets) for font in fonts)


def active_in(pdf: pikepdf.Pdf) -> tuple[Active, ...]:
    """Return what in ``pdf`` acts by itself or is carried along, each kind and file once."""
    found: dict[Active, None] = {}
    for entry in pdf.objects:
        for dictionary in _dictionaries(entry):
            if what := _what_acts(dictionary):
                found[Active(what)] = None
    return tuple(found)


def _what_acts(dictionary: Any) -> str | None:
    if "/EF" in dictionary:
        name = text_of(dictionary.get("/UF", dictionary.get("/F")))
        return f"the embedded file {name!r}" if name else "an embedded file"
    if dictionary.get("/Subtype") in ("/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"):
        return "a sound, film or model on a page"
    if "/S" not in dictionary or dictionary.get("/Type") == "/StructElem":
        return None
    return _ACTIONS.get(text_of(dictionary.get("/S")))


def _dictionaries(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the dictionaries that are written within ``value``, itself among them."""
    if isinstance(value, pikepdf.Stream):
        value = value.stream_dict
    if is_dictionary(value):
        yield value
        inner: Any = (part for _, part in value.items())
    else:
        inner = items_of(value)
    for part in inner:
        is_held = isinstance(part, (pikepdf.Dictionary, pikepdf.Array)) and not part.is_indirect
        if is_held and depth < _DEEPEST:
            yield from _dictionaries(part, depth + 1)

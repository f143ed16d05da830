"""A finished PDF, ours or another tool's, read into plain values: see :mod:`.facts`.

Two libraries read it: PDFium what is drawn on the pages, pikepdf what the file says of itself and
how it is tagged. Neither needs the tool that made the file.
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from guidegen.finished.facts import (
    Active,
    Box,
    Figure,
    Finished,
    FinishedPage,
    Font,
    Heading,
    Link,
    Picture,
    Run,
    Tags,
)
from guidegen.origin import Origin
from guidegen.problems import ContentError, Problem

__all__ = [
    "Active",
    "Box",
    "Figure",
    "Finished",
    "FinishedPage",
    "Font",
    "Heading",
    "Link",
    "Picture",
    "Run",
    "Tags",
    "load_finished",
    "read_finished",
]

# Readers look for the mark of a PDF this far (ISO 32000-1, annex H, note 13).
_HEAD = 1024
_IN_MEMORY = re.compile(r"(?:stream )?<_io\.BytesIO object at \w+>:? ?")


def load_finished(path: Path, place: Origin) -> bytes:
    """Return the content of a file; ContentError, with a problem at ``place``, when it can't be."""
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(place, "unreadable", f"the file cannot be read: {error.strerror}", "")


def read_finished(content: bytes, place: Origin) -> Finished:
    """Return what can be told of a PDF.

    Raises ContentError, with a problem at ``place``, when it is no PDF, is damaged beyond repair,
    or asks for a password.
    """
    if b"%PDF-" not in content[:_HEAD]:
        hint = "name a PDF, or the id of a guide"
        _refuse(place, "not-a-pdf", "the file is empty" if not content else "this is no PDF", hint)
    # Imported late: the two take longer than most commands.
    import pikepdf
    import pypdfium2

    try:
        with _remarks("pikepdf") as remarks, pikepdf.open(io.BytesIO(content)) as pdf:
            finished = _read(pdf, content)
            repairs = dict.fromkeys((*map(str, pdf.get_warnings()), *remarks))
        return replace(finished, repairs=tuple(map(_plain, repairs)))
    except pikepdf.PasswordError:
        hint = "print it anew without a password, or take it off with the one that it has"
        _refuse(place, "encrypted", "the file asks for a password", hint)
    except (pikepdf.PdfError, pypdfium2.PdfiumError) as error:
        message = f"the file is damaged: {_plain(str(error))}"
        _refuse(place, "damaged", message, "make or copy it anew")


def _read(pdf: Any, content: bytes) -> Finished:
    from guidegen.finished import catalog, tagged
    from guidegen.finished.drawn import read_drawn

    pages = catalog.page_numbers(pdf)
    drawn = read_drawn(content)
    links = catalog.read_links(pdf, pages)
    metadata = pdf.open_metadata()
    return Finished(
        bytes=len(content),
        pages=drawn.pages,
        fonts=catalog.with_subsets(drawn.fonts, pdf),
        title=catalog.title_of(pdf, metadata),
        shows_title=catalog.shows_title(pdf),
        language=catalog.language_of(pdf),
        tags=tagged.read_tags(pdf, pages, drawn.marks),
        pdf_ua=catalog.pdf_ua_of(metadata),
        bookmarks=links.bookmarks,
        links=tuple(links.links),
        active=catalog.active_in(pdf),
        refused=catalog.refused_by(pdf) if pdf.is_encrypted else (),
    )


@contextlib.contextmanager
def _remarks(library: str) -> Iterator[list[str]]:
    """Collect what a library logs, which would go to the terminal."""
    remarks: list[str] = []
    logger, handler = logging.getLogger(library), logging.Handler(logging.WARNING)
    handler.emit = lambda record: remarks.append(record.getMessage())  # type: ignore[method-assign]
    was_passed_on, logger.propagate = logger.propagate, False
    logger.addHandler(handler)
    try:
        yield remarks
    finally:
        logger.removeHandler(handler)
        logger.propagate = was_passed_on


def _plain(message: str) -> str:
    """Return a library's message without what it calls the bytes that it read: an address."""
    return _IN_MEMORY.sub("", message).strip()


def _refuse(place: Origin, code: str, message: str, hint: str) -> NoReturn:
    raise ContentError([Problem(place, code, message, hint)])

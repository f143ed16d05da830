"""Small pictures of a PDF's pages, made by PDFium."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pypdfium2

WIDTH = 360
"""Pixels. Twice what a page takes on a contact sheet, for screens with fine pixels."""

_QUALITY = 60  # of 95; type stays sharp enough to tell a heading from a table
_TALLEST = 4  # times the width: a page like a ribbon must not become a large picture


def thumbnails(content: bytes) -> Iterator[bytes]:
    """Yield a JPEG of each page of a PDF that opens without a password."""
    with pypdfium2.PdfDocument(content) as pdf:
        for page in pdf:
            width, height = page.get_size()
            scale = min(WIDTH / max(width, 1), _TALLEST * WIDTH / max(height, 1))
            file = io.BytesIO()
            page.render(scale=scale).to_pil().save(file, "JPEG", quality=_QUALITY, optimize=True)
            yield file.getvalue()

"""Is a PNG or JPEG whole, and not too large to be laid out? Told from its frame, not its pixels.

Nothing is unpacked, so that a picture of a few kilobytes cannot become gigabytes here. The layouts
are those of the PNG specification (W3C, third edition, 5.3) and of JPEG (ITU-T T.81, annex B).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from guidegen.budgets import MAX_PIXELS, MAX_PNG_PIXELS

PNG, JPEG = "image/png", "image/jpeg"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_START, _SCAN, _END = 0xD8, 0xDA, b"\xff\xd9"
# Start of frame; C4, C8 and CC are of the same range and something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def photograph_faults(data: bytes, media_type: str) -> list[str]:
    """Return what is wrong with a picture of the type ``image/png`` or ``image/jpeg``."""
    kind, measure, limit = {
        PNG: ("PNG", _png_size, MAX_PNG_PIXELS),
        JPEG: ("JPEG", _jpeg_size, MAX_PIXELS),
    }[media_type]
    try:
        width, height = measure(data)
    except _NotThisKindError:
        return [f"the content is not {kind}"]
    except (_BrokenError, struct.error, IndexError):
        return [f"the {kind} is broken or cut off"]
    if width * height > limit:
        size = f"{width:,} x {height:,} pixels"
        return [f"the picture has {size}, more than {limit // 1_000_000} million"]
    return [] if width and height else [f"the {kind} is empty"]


class _NotThisKindError(Exception):
    """The content begins otherwise."""


class _BrokenError(Exception):
    """The content does not go on as it began."""


def _png_size(data: bytes) -> tuple[int, int]:
    if not data.startswith(_SIGNATURE):
        raise _NotThisKindError
    names: list[bytes] = []
    for name, content in _chunks(data):
        names.append(name)
        if name == b"IHDR":
            width, height = struct.unpack(">II", content[:8])
    if names[:1] != [b"IHDR"] or names[-1] != b"IEND" or b"IDAT" not in names:
        raise _BrokenError
    return width, height


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, name = len(_SIGNATURE), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        (told,) = struct.unpack_from(">I", data, at + 8 + length)
        if zlib.crc32(name + content) != told:
            raise _BrokenError
        yield name, content
        at += 12 + length


def _jpeg_size(data: bytes) -> tuple[int, int]:
    if data[:3] != bytes((0xFF, _START, 0xFF)):
        raise _NotThisKindError
    size: tuple[int, int] | None = None
    for mark, at in _segments(data):
        if mark in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 3)
            size = width, height
    if size is None or data.find(_END, at) < 0:
        raise _BrokenError
    return size


def _segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield the mark of each segment up to the first scan, and where its content begins."""
    at, mark = 2, _START
    while mark != _SCAN:
        if data[at] != 0xFF:
            raise _BrokenError
        while data[at] == 0xFF:  # any number of them may stand before a mark
            at += 1
        mark = data[at]
        yield mark, at + 1
        at += 1 + max(2, *struct.unpack_from(">H", data, at + 1))

"""Small pictures for tests, sound and otherwise."""

from __future__ import annotations

import base64
import struct
import zlib

SVG_HEAD = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
_JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAP//////////////////////////////////////////////////////////"
    "////////////////////////////wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAA//EABQQAQAAAAAAAAAA"
    "AAAAAAAAAAD/2gAIAQEAAD8AR//Z"
)


def png(width: int = 1, height: int = 1) -> bytes:
    """Return a white picture; when it is large, only its first line is there."""
    line = b"\0" + b"\xff" * width
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(line * (height if width * height < 10_000 else 1))),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def jpeg(width: int = 1, height: int = 1) -> bytes:
    """Return a grey picture of one pixel that claims to be of this size."""
    frame = _JPEG.index(b"\xff\xc0") + 5
    return _JPEG[:frame] + struct.pack(">HH", height, width) + _JPEG[frame + 4 :]


def svg(inside: str) -> bytes:
    """Return a drawing, with ``inside`` on its second line and nothing else there."""
    return f"{SVG_HEAD}\n{inside}\n</svg>\n".encode()

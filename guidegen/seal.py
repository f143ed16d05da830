"""Cache files carry a checksum, so that a damaged or half-written one is noticed, never used."""

from __future__ import annotations

import hashlib
from pathlib import Path

_LENGTH = hashlib.sha256().digest_size


def seal(content: bytes) -> bytes:
    """Return ``content`` with its checksum before it."""
    return hashlib.sha256(content).digest() + content


def unseal(sealed: bytes) -> bytes:
    """Return what ``seal`` was given, or nothing when it is damaged."""
    content = sealed[_LENGTH:]
    return content if hashlib.sha256(content).digest() == sealed[:_LENGTH] else b""


def read_sealed(path: Path) -> bytes:
    """Return the content of a sealed file, or nothing when it is damaged or not there."""
    try:
        return unseal(path.read_bytes())
    except OSError:
        return b""

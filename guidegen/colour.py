"""Contrast by WCAG 2.1, success criteria 1.4.3 (text) and 1.4.11 (marks that carry meaning)."""

from __future__ import annotations

import functools
from typing import TypeAlias

LEAST_CONTRAST = 4.5  # for text, level AA
LEAST_LARGE_CONTRAST = 3.0  # for text of 18 pt, or of 14 pt in bold
LEAST_MARK_CONTRAST = 3.0
WHITE = "#ffffff"

Rgb: TypeAlias = tuple[float, float, float]
"""Red, green and blue of sRGB, each from 0 to 1."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours given as ``#rrggbb``, from 1 to 21."""
    return contrast_of(rgb(one), rgb(other))


@functools.lru_cache(maxsize=1024)
def contrast_of(one: Rgb, other: Rgb) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    It rests on luminance alone, so it is the same where the page is printed in grey.
    """
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def grey_of(colour: Rgb) -> float:
    """Return the level, from 0 to 1, of the grey of sRGB that is as light as ``colour``."""
    light = _luminance(colour)
    return 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055


def rgb(colour: str) -> Rgb:
    """Return a colour given as ``#rrggbb``."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _luminance(colour: Rgb) -> float:
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

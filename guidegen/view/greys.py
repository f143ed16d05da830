"""Drawings without colour: each colour becomes the grey that is as light."""

from __future__ import annotations

import dataclasses
import re

from tinycss2.color3 import RGBA, parse_color

from guidegen.colour import grey_of
from guidegen.models import Asset

SVG = "image/svg+xml"
# What has a colour in SVG 1.1, as an attribute or in a style.
_COLOURED = re.compile(
    r"""(?P<before>\b(?:fill|stroke|color|stop-color|flood-color|lighting-color)
    \s*(?:=\s*["']|:)\s*)(?P<colour>[^;"'{}<>]+)""",
    re.VERBOSE,
)


def in_greys(asset: Asset) -> Asset:
    """Return a drawing in greys, which have the contrast to each other that the colours had.

    A photograph is returned as it is: the printer makes greys of it.
    """
    if asset.media_type != SVG:
        return asset
    svg = _COLOURED.sub(_grey, asset.data.decode())
    return dataclasses.replace(asset, data=svg.encode())


def _grey(found: re.Match[str]) -> str:
    colour = parse_color(found["colour"].strip())
    if not isinstance(colour, RGBA):  # none, inherit, currentColor, a gradient
        return found[0]
    level = round(100 * grey_of((colour.red, colour.green, colour.blue)), 2)
    share = f"{level:g}%"
    if colour.alpha < 1:
        return f"{found['before']}rgba({share}, {share}, {share}, {colour.alpha:g})"
    return f"{found['before']}rgb({share}, {share}, {share})"

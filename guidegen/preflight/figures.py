"""Are the pictures there, and fine enough for print?"""

from __future__ import annotations

from collections.abc import Iterator

from guidegen.preflight.sheets import Picture, Survey, quoted
from guidegen.problems import Problem

LEAST_DPI = 150  # below, single pixels show in print; twice as many is common


def missing_figure(survey: Survey) -> Iterator[Problem]:
    """Yield pictures that the engine could not read, where it prints their description."""
    for picture in _pictures(survey):
        if picture.is_missing:
            yield picture.at.problem(
                "missing-figure",
                f"the picture {quoted(picture.name)} on page {picture.at.page} can't be read",
                "save it anew as PNG, JPEG or SVG",
            )


def low_resolution(survey: Survey) -> Iterator[Problem]:
    """Yield pictures with less than 150 pixels to an inch of paper."""
    for picture in _pictures(survey):
        if picture.dpi is not None and round(picture.dpi) < LEAST_DPI:
            what = picture.at.thing or f"the picture {quoted(picture.name)}"
            yield picture.at.problem(
                "low-resolution",
                f"{what} has {picture.dpi:.0f} dpi on page {picture.at.page}, below {LEAST_DPI:g}",
                "take a larger picture, or print it smaller with `width`",
            )


def _pictures(survey: Survey) -> Iterator[Picture]:
    items = (item for sheet in survey.sheets for item in sheet.items)
    return (item for item in items if isinstance(item, Picture))

"""Marks what no element owns as an artifact, which a reader passes over (ISO 32000-1, 14.8.2.2).

Backgrounds, borders and rules are artifacts already: the engine draws them as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pydyf

from guidegen.renderers.tags.objects import Owners
from guidegen.renderers.tags.pieces import Mark, Piece, Region


def mark_artifacts(
    contents: Sequence[list[Any]], owners: Owners, furniture: Iterable[Piece]
) -> None:
    """Change the operators of each page's content; ``furniture`` is what its pages are framed by.

    ISO 14289-1, 7.8, wants running lines named as such.
    """
    regions = {piece.mark: piece.region for piece in furniture}
    for page, (operators, owned) in enumerate(zip(contents, owners, strict=True)):
        for at, operator in enumerate(operators):
            number = operators[at - 1].get("MCID") if operator == b"BDC" else None
            if number is not None and owned[number] is None:
                properties = _properties(regions.get(Mark(page, number)))
                operators[at - 2 : at] = ["/Artifact", pydyf.Dictionary(properties)]


def _properties(region: Region | None) -> dict[str, str]:
    if region is None:
        return {"Type": "/Layout"}
    if region.edge.startswith("@top"):
        return {"Type": "/Pagination", "Subtype": "/Header"}
    if region.edge.startswith("@bottom"):
        return {"Type": "/Pagination", "Subtype": "/Footer"}
    return {"Type": "/Pagination"}

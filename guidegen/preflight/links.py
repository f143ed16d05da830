"""Does every link within the document lead somewhere?"""

from __future__ import annotations

from collections.abc import Iterator

from guidegen.preflight.sheets import Survey
from guidegen.problems import Problem


def dead_link(survey: Survey) -> Iterator[Problem]:
    """Yield links to a place of the document that is not on its pages."""
    anchors = frozenset[str]().union(*(sheet.anchors for sheet in survey.sheets))
    for link in (link for sheet in survey.sheets for link in sheet.links):
        if link.target not in anchors:
            yield link.at.problem(
                "dead-link",
                f"the link {link.words} on page {link.at.page} leads to {link.target!r}, which is"
                " not in the document",
                "print the part that it leads to, or take the link out",
            )

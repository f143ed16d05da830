"""The tree while it grows: an element of the PDF, and what it can hold besides other elements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeAlias

from guidegen.renderers.tags.pieces import Mark, Piece


class Annotation(NamedTuple):
    """The clickable rectangle of a link on page ``page``; ``entry`` is a pydyf.Dictionary."""

    page: int
    entry: Any


@dataclass(eq=False, slots=True)
class Node:
    """An element of the PDF, of a structure ``type`` such as Table.

    ``element`` is the HTML element that it stands for, None for one that HTML has no element for;
    ``picture`` is the picture that a Figure shows. Header cells and notes have an
    ``id``; cells have the ids of their ``headers``. ``is_counted`` says of a list that its items
    have numbers or bullets.
    """

    type: str
    element: Any = None
    parent: Node | None = None
    kids: list[Kid] = field(default_factory=list)
    picture: Piece | None = None
    is_counted: bool = False
    id: str = ""
    scope: str = ""
    headers: tuple[str, ...] = ()

    def add(self, node: Node, at: int | None = None) -> Node:
        """Return ``node`` after it was put ``at`` a place among the kids, or last."""
        node.parent = self
        self.kids.insert(len(self.kids) if at is None else at, node)
        return node

    def inner(self) -> Iterator[Node]:
        """Yield the nodes right below this one."""
        return (kid for kid in self.kids if isinstance(kid, Node))

    def all(self) -> Iterator[Node]:
        """Yield this node and all below it, in reading order."""
        yield self
        for kid in self.inner():
            yield from kid.all()


Kid: TypeAlias = Node | Mark | Annotation

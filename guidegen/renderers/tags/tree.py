"""Pieces -> nodes: one node for each HTML element, however many boxes and pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guidegen.renderers.tags.nodes import Annotation, Node
from guidegen.renderers.tags.pieces import Piece
from guidegen.renderers.tags.roles import (
    CELLS,
    FRAMES,
    GROUPS,
    INLINE,
    is_decoration,
    is_picture,
    types_of,
)


def grown(root: Any, pieces: Iterable[Piece]) -> Node:
    """Return the node of the document whose HTML begins at ``root``; what is empty is left out."""
    tree = _Tree(root)
    for piece in pieces:
        tree.place(piece)
    _prune(tree.document)
    notes = (node for node in tree.document.all() if node.type == "Note")
    for number, note in enumerate(notes, 1):
        note.id = f"note-{number}"
    return tree.document


class _Tree:
    """Grows by pieces, which come in reading order."""

    def __init__(self, root: Any) -> None:
        self.document = Node("Document")
        # What goes here stays out of the tree, so that no reader hears of it.
        self._nowhere = Node("Artifact")
        self._parents = {child: parent for parent in root.iter() for child in parent}
        # Where the text of an HTML element goes.
        self._homes: dict[Any, Node] = {None: self.document, root: self.document}
        # Nodes that several elements have in common, and those of generated parts.
        self._others: dict[tuple[Any, str], Node] = {}

    def place(self, piece: Piece) -> None:
        """Put what ``piece`` shows into the node of its element, which is made if need be."""
        home = self._home_of_part(piece, self._home(piece.element))
        if home.type == "Link" and piece.box.link_annotation and piece.element.tag == "a":
            home.kids.append(Annotation(piece.region.page, piece.box.link_annotation))
        if piece.mark is None or (piece.is_blank and home.type in GROUPS | FRAMES):
            return
        if home.type == "Figure" and is_picture(piece.element):
            home.picture = piece
        _room_for_text(home).kids.append(piece.mark)

    def _home(self, element: Any) -> Node:
        home = self._homes.get(element)
        if home is None:
            parent = self._parents[element]
            home = self._homes[element] = self._new_home(element, parent, self._home(parent))
        return home

    def _new_home(self, element: Any, parent: Any, around: Node) -> Node:
        if around is self._nowhere or is_decoration(element):
            return self._nowhere
        types = types_of(element, parent, around)
        if not types:
            return around
        node = self._outermost(types[0], element, parent, around)
        for inner in types[1:]:
            node = node.add(Node(inner))
        node.element = element
        return node

    def _outermost(self, type_: str, element: Any, parent: Any, around: Node) -> Node:
        if type_ == "Lbl" and around.type == "LBody" and around.parent:
            return around.parent.add(Node(type_), at=0)
        if type_ == "TOC":
            return self._shared(parent, type_, around)
        if element.tag in ("dt", "dd"):
            return self._shared(_first_of_entry(element, parent), type_, around)
        if type_ in INLINE:
            around = _room_for_text(around)
        if type_ == "Note":
            self._others[element, "footnote-call"] = around.add(Node("Reference"))
        return around.add(Node(type_))

    def _shared(self, owner: Any, type_: str, around: Node) -> Node:
        node = self._others.get((owner, type_))
        if node is None:
            node = self._others[owner, type_] = around.add(Node(type_))
        return node

    def _home_of_part(self, piece: Piece, home: Node) -> Node:
        """The number of a list item or note is its label; the mark in the text refers to a note."""
        known = self._others.get((piece.element, piece.part))
        if known:
            return known
        if piece.part == "footnote-marker" and home.type == "Note":
            owner = home
        elif piece.part == "marker" and home.type == "LBody" and home.parent:
            owner = home.parent
            if owner.parent and owner.parent.type == "L":
                owner.parent.is_counted = True
        else:
            return home
        label = self._others[piece.element, piece.part] = owner.add(Node("Lbl"), at=0)
        return label


def _room_for_text(node: Node) -> Node:
    """Return where text in ``node`` goes: a group holds blocks, so loose text is a paragraph."""
    if node.type not in GROUPS:
        return node
    last = node.kids[-1] if node.kids else None
    if isinstance(last, Node) and last.type == "P" and last.element is None:
        return last
    return node.add(Node("P"))


def _first_of_entry(element: Any, parent: Any) -> Any:
    """Return the first term of the entry of a definition list to which ``element`` belongs."""
    siblings = [each for each in parent if each.tag in ("dt", "dd")]
    at = siblings.index(element)
    while at and not (siblings[at].tag == "dt" and siblings[at - 1].tag == "dd"):
        at -= 1
    return siblings[at]


def _prune(node: Node) -> None:
    for kid in list(node.kids):
        if isinstance(kid, Node):
            _prune(kid)
            if not kid.kids and kid.type not in CELLS:
                node.kids.remove(kid)
    if node.type == "Link" and not any(isinstance(kid, Annotation) for kid in node.kids):
        node.type = "Span"

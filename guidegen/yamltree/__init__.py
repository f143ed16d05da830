"""YAML text -> a tree in which every value knows its place; a strict and small part of YAML.

The tree is made from the parser's events, so that nothing is constructed or guessed: plain
scalars stay the text that was typed (``NO``, ``1:30``, ``1.10``).
"""

from guidegen.yamltree.cleaning import read_text
from guidegen.yamltree.parsing import parse
from guidegen.yamltree.tree import Gap, Mapping, Node, Sequence, short

__all__ = ["Gap", "Mapping", "Node", "Sequence", "parse", "read_text", "short"]

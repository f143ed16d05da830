"""What a file of YAML becomes: mappings, lists and texts that know their places."""

from __future__ import annotations

from typing import TypeAlias

from guidegen.origin import Origin, Text


def short(text: str) -> str:
    """Return ``text`` in quotes, cut after 40 characters."""
    return repr(str(text) if len(text) <= 40 else text[:39] + "…")


class Mapping(dict[str, "Node"]):
    """Keys and values; ``origin`` is the place of the first key, ``keys_at`` that of each."""

    __slots__ = ("keys_at", "origin")

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin
        self.keys_at: dict[str, Origin] = {}


class Sequence(list["Node"]):
    """A list; ``origin`` is the place of its first dash or of its bracket."""

    __slots__ = ("origin",)

    def __init__(self, origin: Origin) -> None:
        super().__init__()
        self.origin = origin


class Gap(Text):
    """Stands for a value that was refused and told, so that nobody complains of it again."""

    __slots__ = ()


Node: TypeAlias = Mapping | Sequence | Text

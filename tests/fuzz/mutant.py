"""What a mutant is: a project to which one thing was done, and what guidegen must say to it."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from .seeds import Seed


@dataclass(frozen=True)
class Refused:
    """There must be an error at ``line`` of ``file``, and none far away from it.

    ``line`` None means the whole file; with ``has_followers`` other places may complain as well.
    """

    file: str
    line: int | None = 1
    has_followers: bool = False


@dataclass(frozen=True)
class Accepted:
    """There must be no error; with ``is_same`` the content must be that of the seed."""

    is_same: bool = False


@dataclass(frozen=True)
class Undecided:
    """It may be right or wrong, but must be told in an orderly way."""


Expectation = Refused | Accepted | Undecided


@dataclass(frozen=True)
class Mutant:
    """A project as files by name, links by name with what they lead to, and other things."""

    seed: Seed
    files: Mapping[str, bytes]
    expectation: Expectation
    links: Mapping[str, str] = field(default_factory=dict)
    pipes: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    kind: str = ""

    def write(self, root: Path) -> None:
        """Write the project into the folder ``root``, which must be empty."""
        for name in (*self.folders, *(str(Path(name).parent) for name in self.names())):
            (root / name).mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            (root / name).write_bytes(content)
        for name, target in self.links.items():
            (root / name).symlink_to(target)
        for name in self.pipes:
            os.mkfifo(root / name)

    def names(self) -> list[str]:
        return [*self.files, *self.links, *self.pipes]


Mutator = Callable[[Seed, random.Random], Mutant | None]
MUTATORS: dict[str, Mutator] = {}


def mutator(function: Mutator) -> Mutator:
    """Put a function into the table; its name is the kind. It returns None for an unfit seed."""
    MUTATORS[function.__name__.replace("_", "-")] = function
    return function


def edited(seed: Seed, file: str, text: str | bytes, expectation: Expectation) -> Mutant:
    """Return the seed with another content of ``file``."""
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return Mutant(seed, {**seed.files, file: content}, expectation)


def line_of(text: str, offset: int) -> int:
    """Return the line, from 1, of the character at ``offset``."""
    return text.count("\n", 0, offset) + 1


def make(kind: str, seeds: list[Seed], chance: random.Random) -> Mutant:
    """Return a mutant of this kind, of one of ``seeds``; the first of them is fit for each."""
    for _ in range(20):
        seed = chance.choice(seeds)
        if mutant := MUTATORS[kind](seed, chance):
            return replace(mutant, kind=kind)
    mutant = MUTATORS[kind](seeds[0], chance)
    assert mutant, f"{kind} knows nothing to do to {seeds[0].name}"
    return replace(mutant, kind=kind)

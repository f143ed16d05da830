"""Orders of names: several put into one, and what kept its place between two."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def merged(orders: Iterable[Sequence[str]]) -> list[str]:
    """Return every name once: in the first order, with those of the others behind their forerunner.

    A name whose forerunners are all unknown comes first.
    """
    result: list[str] = []
    for order in orders:
        at = 0
        for name in order:
            if name not in result:
                result.insert(at, name)
            at = result.index(name) + 1
    return result


def unmoved(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """Return the most names that can be said to have kept their order from ``old`` to ``new``.

    Names that only one of the two has are left out.
    """
    known = set(old)
    common = [name for name in new if name in known]
    ranks = [old.index(name) for name in common]
    longest: list[list[int]] = []
    for at, rank in enumerate(ranks):
        before = (chain for chain in longest if ranks[chain[-1]] < rank)
        longest.append([*max(before, key=len, default=[]), at])
    return {common[at] for at in max(longest, key=len, default=[])}

"""Runs guidegen in a world that is a little different: ``elsewhere.py DIFFERENCES ARGUMENTS...``.

DIFFERENCES is a list such as ``clock,order``, or a dash for none.
"""

from __future__ import annotations

import datetime
import os
import random
import runpy
import sys
import time
from collections.abc import Iterator
from typing import Any

LATER = datetime.datetime(2028, 2, 29, 23, 59, 59, tzinfo=datetime.UTC)


class _Later(datetime.datetime):
    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        return LATER.astimezone(tz)

    @classmethod
    def today(cls) -> Any:
        return LATER


def clock() -> None:
    """Let it be another day."""
    time.time = LATER.timestamp
    time.time_ns = lambda: int(LATER.timestamp()) * 10**9
    datetime.datetime = _Later  # type: ignore[misc]


class _Shuffled:
    def __init__(self, entries: Any) -> None:
        self._entries = entries
        self._order = list(entries)
        random.Random(7).shuffle(self._order)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._order)

    def __next__(self) -> Any:
        if not self._order:
            raise StopIteration
        return self._order.pop(0)

    def __enter__(self) -> _Shuffled:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._entries.close()


def order() -> None:
    """Let folders list their entries in another order."""
    listdir, scandir = os.listdir, os.scandir

    def shuffled(*arguments: Any) -> list[Any]:
        names = listdir(*arguments)
        random.Random(7).shuffle(names)
        return names

    os.listdir = shuffled  # type: ignore[assignment]
    os.scandir = lambda *arguments: _Shuffled(scandir(*arguments))  # type: ignore[assignment]


def main() -> None:
    """Make the differences that are asked for, and hand over to guidegen."""
    for name in sys.argv[1].strip("-").split(","):
        if name:
            {"clock": clock, "order": order}[name]()
    sys.argv[1:] = sys.argv[2:]
    runpy.run_module("guidegen", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

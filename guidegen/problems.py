"""Problems are values: what is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
import heapq
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from guidegen.budgets import MAX_GUESSES, MAX_TOLD
from guidegen.origin import Origin

Severity = Literal["error", "warning"]
TOO_MANY = "too-many-problems"
_LISTED = 12
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with the content or with a finished page.

    ``code`` is a slug that stays the same over versions; ``hint`` says how to mend it.
    """

    origin: Origin
    code: str
    message: str
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        label = "warning: " if self.severity == "warning" else ""
        hint = f" ({self.hint})" if self.hint else ""
        line = f"{self.origin}: {label}{self.code}: {self.message}{hint}"
        # What an author wrote may stand in it, and must not look like another problem.
        return _CONTROLS.sub("?", line)

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data for ``--json``."""
        place = asdict(self.origin)
        return place | {
            "code": self.code,
            "message": self.message,
            "hint": self.hint,
            "severity": self.severity,
        }


def problem_from(values: Mapping[str, Any]) -> Problem:
    """Return the problem that gave ``values`` as its :meth:`Problem.as_dict`."""
    own = {name: values[name] for name in ("code", "message", "hint", "severity")}
    origin = Origin(values["file"], values["line"], values["column"])
    return Problem(origin, **own)


class ContentError(Exception):
    """The content cannot be used; ``problems`` holds every reason, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.origin))
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[ContentError], tuple[tuple[Problem, ...]]]:
        # Pickled, when it comes from another process, an exception would be made of its words.
        return type(self), (self.problems,)


class RequestError(Exception):
    """What was asked for does not exist or cannot be had (wrong usage, exit code 2)."""


class RenderError(ContentError):
    """The content is sound but no sound page could be made of it."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean "…"?`` for the closest of ``known``, or ``""``.

    A tie between spellings is settled by difflib's ratio; below 0.6 nothing is offered. Of very
    many names only those that begin alike and are about as long are looked at.
    """
    names = list(known)
    if len(names) > MAX_GUESSES:
        start, length = word[:2], len(word)
        names = [name for name in names if name[:2] == start and abs(len(name) - length) < 3]
    if len(names) > MAX_GUESSES:
        return ""
    matches = difflib.get_close_matches(word, sorted(names), n=1, cutoff=0.6)
    return f"did you mean {matches[0]!r}?" if matches else ""


def unknown(what: str, word: str, known: Iterable[str]) -> tuple[str, str]:
    """Return message and hint for a ``word`` that is not one of ``known``."""
    names = list(known)
    some = ", ".join(heapq.nsmallest(_LISTED, names))
    listing = f"there are: {some}" if names else f"there is no {what} yet"
    return f"there is no {what} {word!r}", nearest(word, names) or listing


def counted(number: int, what: str) -> str:
    """Return ``1 error`` or ``2 errors``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def first_few(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first of ``problems``; when there are very many, the last one says so.

    The rest is not even looked for, so that a flood costs neither time nor memory.
    """
    each = iter(problems)
    yield from itertools.islice(each, MAX_TOLD)
    if one_more := next(each, None):
        message = f"there are more than {MAX_TOLD} problems like this"
        hint = "mend those that are told, then look again"
        yield replace(one_more, code=TOO_MANY, message=message, hint=hint)

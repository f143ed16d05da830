"""Work in a process of its own, which is ended when it takes too long or too much memory.

What a page costs is known only when it is made, and the page engine can be killed by content, or
crash. A fork of this process has content, templates and engine in memory already, so it costs a
few milliseconds, and its memory comes back whole when it ends.

Only Linux bears this: on macOS the engine's libraries do not survive a fork. Elsewhere the work
is done in this process and nothing ends it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, TypeVar, cast

from guidegen.origin import Origin
from guidegen.problems import ContentError, Problem, RenderError, RequestError
from guidegen.renderers.pdf import pages_told
from guidegen.writer import WriteError

Progress = Callable[[str], None]
Result = TypeVar("Result")

SECONDS = "GUIDEGEN_TIME_LIMIT"
MEGABYTES = "GUIDEGEN_MEMORY_LIMIT"
CAN_END = sys.platform == "linux"

_FORESEEN = (ContentError, RequestError, WriteError)
_OUT_OF_MEMORY = 3  # exit code
# A library that gets no memory may end the process in any way that it likes.
_NEARLY = 0.8
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


@dataclass(frozen=True, slots=True)
class Limits:
    """The seconds that one step may take, and the megabytes that one process may."""

    seconds: int
    megabytes: int


def limits(environment: Mapping[str, str] = os.environ) -> Limits:
    """Return the limits of this machine, which two variables of its environment can change.

    The usual ones hold three times a guide of 500 pages (some 90 s, 840 MB; 1.7 MB a page).
    Raises RequestError for a value that is no whole number above zero.
    """
    return Limits(_number(environment, SECONDS, 300), _number(environment, MEGABYTES, 3000))


def _number(environment: Mapping[str, str], name: str, usual: int) -> int:
    text = environment.get(name, str(usual))
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**7):
        raise RequestError(f"{name} is {text!r}, which is no whole number above zero")
    return int(text)


def contained(
    work: Callable[[Progress], Result], place: Origin, progress: Progress = lambda step: None
) -> Result:
    """Return what ``work`` returns; what it tells as progress goes to ``progress``.

    Each step that is told has the time limit for itself. Raises what ``work`` raises of our own
    errors, and RenderError, with a problem at ``place``, for a limit that is passed and for any
    other way to end without a result. An exception here, such as Ctrl-C, ends the work at once.
    """
    allowed = limits()
    if not CAN_END:
        return _here(work, place, progress, allowed)
    receiver, sender = Pipe(duplex=False)
    child = None
    try:
        child = _Child(_fork())
        if child.number == 0:
            _be_child(work, place, sender, allowed)
        sender.close()
        return cast("Result", _listen(child, receiver, allowed, place, progress))
    finally:
        receiver.close()
        if child:
            child.end()


def _here(
    work: Callable[[Progress], Result], place: Origin, progress: Progress, allowed: Limits
) -> Result:
    try:
        return _attempt(work, place, progress)
    except MemoryError:
        raise RenderError([_too_big(place, allowed, "")]) from None


def _fork() -> int:
    with warnings.catch_warnings():
        # A thread that draws progress or serves a cluster holds nothing that the work needs.
        warnings.simplefilter("ignore", DeprecationWarning)
        return os.fork()


class _Child:
    """A forked process; its number is nobody else's until it has been waited for."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._is_there = True

    def wait(self) -> tuple[int, float]:
        """Return how it ended, minus a signal's number for a signal, and the MB that it took."""
        _, status, usage = os.wait4(self.number, 0)
        self._is_there = False
        return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1000

    def end(self) -> None:
        """End it at once, unless it has ended."""
        if self._is_there:
            os.kill(self.number, signal.SIGKILL)
            self.wait()


# --- in the child


def _be_child(
    work: Callable[[Progress], object], place: Origin, sender: Connection, allowed: Limits
) -> NoReturn:
    ending = 0
    try:
        _obey(allowed)
        with pages_told(lambda page: sender.send(("page", page))):
            made = _attempt(work, place, lambda step: sender.send(("step", step)))
        sender.send(("done", made))
    except _FORESEEN as error:
        sender.send(("raised", error))
    except MemoryError:
        ending = _OUT_OF_MEMORY
    finally:
        # Whatever else there is to end or to flush is the parent's.
        os._exit(ending)


def _obey(allowed: Limits) -> None:
    # Ctrl-C reaches all processes of a terminal; the one that started this decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    size = allowed.megabytes * 1_000_000
    if most == resource.RLIM_INFINITY or size < most:
        resource.setrlimit(resource.RLIMIT_DATA, (size, most))


def _attempt(work: Callable[[Progress], Result], place: Origin, progress: Progress) -> Result:
    """Do the work, with whatever it raises as one of our own errors, or MemoryError."""
    try:
        return work(progress)
    except (*_FORESEEN, MemoryError):
        raise
    except RecursionError:
        problem = Problem(
            place,
            "layout-too-deep",
            "something is nested too deep for the page engine",
            "put fewer lists and quotations into one another",
        )
    except Exception as error:
        problem = crashed(place, f"{type(error).__name__}: {error}{_where(error)}")
    raise RenderError([problem])


def _where(error: Exception) -> str:
    """Return the last place in the code, without the folders of this machine."""
    *_, (frame, line) = traceback.walk_tb(error.__traceback__)
    return f" ({'/'.join(Path(frame.f_code.co_filename).parts[-2:])}:{line})"


# --- in the parent


def _listen(
    child: _Child, receiver: Connection, allowed: Limits, place: Origin, progress: Progress
) -> Any:
    """Return what the child made; each step that it tells of begins its time anew."""
    reached, deadline = "", time.monotonic() + allowed.seconds
    while True:
        try:
            if not receiver.poll(max(0.0, deadline - time.monotonic())):
                raise RenderError([_too_long(place, allowed, reached)])
            kind, told = receiver.recv()
        except (EOFError, OSError):
            raise RenderError([_ended(child, place, allowed, reached)]) from None
        match kind:
            case "done":
                return told
            case "raised":
                raise told
            case "page":
                reached = f" at page {told}"
            case _:
                reached, deadline = "", time.monotonic() + allowed.seconds
                progress(told)


def _ended(child: _Child, place: Origin, allowed: Limits, reached: str) -> Problem:
    """Return why the child is gone without a word."""
    ending, used = child.wait()
    if ending in (_OUT_OF_MEMORY, -signal.SIGKILL) or used > _NEARLY * allowed.megabytes:
        return _too_big(place, allowed, reached)
    how = signal.Signals(-ending).name if ending < 0 else "no result"
    return crashed(place, f"the page engine ended with {how}{reached}")


def _too_long(place: Origin, allowed: Limits, reached: str) -> Problem:
    return Problem(
        place,
        "layout-too-long",
        f"this took longer than {allowed.seconds} seconds and was ended{reached}",
        "take fewer sections, split very long paragraphs and tables, or allow more time: "
        f"{SECONDS}={allowed.seconds * 3}",
    )


def _too_big(place: Origin, allowed: Limits, reached: str) -> Problem:
    return Problem(
        place,
        "layout-too-big",
        f"this took more than {allowed.megabytes} MB of memory and was ended{reached}",
        f"take fewer sections, make pictures smaller, or allow more: {MEGABYTES}="
        f"{allowed.megabytes * 2}",
    )


def crashed(place: Origin, words: str) -> Problem:
    """Return the problem of a fault that is not the author's; ``words`` say what happened."""
    hint = "this is a fault of guidegen or its page engine; please report this line"
    return Problem(place, "crash", words, hint)

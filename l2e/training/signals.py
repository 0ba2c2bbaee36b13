"""Ctrl-C, SIGTERM and SIGHUP: training stops between two updates, or KeyboardInterrupt is raised."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

POLITE = tuple(number for number in signal.Signals if number.name in ("SIGTERM", "SIGHUP"))  # Windows has no SIGHUP
"""What ends a process that may tidy up before: a kill, and its terminal's end."""


class Interrupted(Exception):  # noqa: N818 - it is no error
    """Ctrl-C, a polite kill or a closed terminal: everything is saved."""


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into a flag, so that training stops between two updates.

    A signal that this process was started to ignore, as SIGINT in a script's background or SIGHUP by nohup, stays
    ignored.
    """
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        # A terminal sends Ctrl-C to a worker and its parent then ends the worker politely: that is one wish, not two.
        if signals.count(signal.SIGINT) > 1:
            raise KeyboardInterrupt

    with _handled((signal.SIGINT, *POLITE), note):
        yield lambda: bool(signals)


@contextmanager
def interrupting() -> Iterator[None]:
    """Let the first SIGTERM or SIGHUP raise KeyboardInterrupt, as Ctrl-C does, so that all that is held is let go.

    What follows changes nothing: a terminal's end sends SIGHUP more than once. A signal that this process was started
    to ignore stays ignored.
    """
    interrupted = False

    def interrupt(number: int, frame: FrameType | None) -> None:
        nonlocal interrupted
        if not interrupted:
            interrupted = True
            raise KeyboardInterrupt

    with _handled(POLITE, interrupt):
        yield


@contextmanager
def _handled(numbers: Iterable[int], handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Hand these signals to the handler, but for those that are ignored."""
    heeded = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)

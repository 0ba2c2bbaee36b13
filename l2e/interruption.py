"""Ctrl-C and polite kills, noted and obeyed between two updates."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(Exception):  # noqa: N818 - it is no error
    """Ctrl-C or a polite kill: everything is saved."""


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGINT or SIGTERM into a flag, so that training stops between two updates.

    A signal that this process was started to ignore, as SIGINT in a script's background, stays ignored.
    """
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        # A terminal sends Ctrl-C to a worker and its parent then ends the worker politely: that is one wish, not two.
        if signals.count(signal.SIGINT) > 1:
            raise KeyboardInterrupt

    heeded = [number for number in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, note) for number in heeded}
    try:
        yield lambda: bool(signals)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

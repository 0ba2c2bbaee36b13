"""Ctrl-C, SIGTERM and SIGHUP: training stops between two updates, or KeyboardInterrupt is raised."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

POLITE = tuple(number for number in signal.Signals if number.name in ("SIGTERM", "SIGHUP"))  # Windows has no SIGHUP
"""Signals of a kill and of a closed terminal."""


class Interrupted(Exception):  # noqa: N818 - not an error
    """Ctrl-C, SIGTERM or a closed terminal; everything is saved."""


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Turn the first SIGINT, SIGTERM or SIGHUP into a flag, so that training stops between two updates.

    Signals that were ignored at the start, as SIGHUP by nohup, stay ignored.
    """
    signals: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        # A worker gets Ctrl-C from the terminal and then SIGTERM from its parent: one interruption, not two.
        if signals.count(signal.SIGINT) > 1:
            raise KeyboardInterrupt

    with _handled((signal.SIGINT, *POLITE), note):
        yield lambda: bool(signals)


@contextmanager
def interrupting() -> Iterator[None]:
    """Let the first SIGTERM or SIGHUP raise KeyboardInterrupt, as Ctrl-C does, so that resources are released.

    Later ones do nothing, as a closing terminal sends several. Signals that were ignored stay ignored.
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
    """Install the handler for those of these signals that are not ignored."""
    heeded = [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]
    before = {number: signal.signal(number, handler) for number in heeded}
    try:
        yield
    finally:
        for number, handled in before.items():
            signal.signal(number, handled)

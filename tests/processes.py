"""The command line in a process of its own that is there at once: forked from one that has imported torch.

Signals, exit codes and what is written are those of a process. Of `python -m l2e` only the start is left out.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from l2e.cli import main
from l2e.engines import preloaded

PATIENCE = 120.0  # seconds; the machine may be busy


class CommandProcess:
    """`l2e` at work in a folder.

    Args:
        folder: where it works; what it says goes there, too.
        arguments: of the command.
    """

    started = 0

    def __init__(self, folder: Path, *arguments: object) -> None:
        CommandProcess.started += 1
        self.said = [folder / f".{CommandProcess.started}.{stream}" for stream in ("output", "errors")]
        self._process = preloaded("l2e.cli.train", "l2e.cli.bench").Process(
            target=_main, args=(folder, [*map(str, arguments)], self.said)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """By which others know it."""
        assert self._process.pid is not None
        return self._process.pid

    def at_work_until(self, condition: Callable[[], object]) -> None:
        """Wait for what it is to bring about before it ends."""
        wait_until(lambda: condition() or not self._process.is_alive())
        assert condition(), self.said[1].read_text()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, number)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: its exit code (less than zero of a signal), what it printed, and what it said of errors."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        assert code is not None, "it does not end"
        output, errors = (path.read_text() for path in self.said)
        return code, output, errors

    def __enter__(self) -> CommandProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()


def _main(folder: Path, arguments: list[str], said: list[Path]) -> None:
    for stream, path in zip((1, 2), said, strict=True):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    os.chdir(folder)
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # as on a terminal, also where the tests are in a background
    sys.argv = ["l2e", *arguments]
    main()


def wait_until(condition: Callable[[], object]) -> None:
    """Wait for something, but not for ever."""
    until = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < until:
        time.sleep(0.01)


def lives(pid: int) -> bool:
    """Whether there is such a process."""
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False

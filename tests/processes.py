"""The command line in a process of its own that is there at once: forked from one that has imported torch.

Signals, exit codes and what is written are those of a process. Of `python -m l2e` only the start is left out.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from l2e.cli import main
from l2e.training.executors import preloaded

PATIENCE = 120.0  # seconds; the machine may be busy


class CommandProcess:
    """`l2e` at work in a folder.

    Args:
        folder: where it works; what it says goes there, too.
        arguments: of the command.
        environment: variables that are set for it.
        without: packages that it finds not installed.
        most_bytes: that a file of its may have.
    """

    started = 0

    def __init__(
        self,
        folder: Path,
        *arguments: object,
        environment: Mapping[str, str] = {},
        without: Sequence[str] = (),
        most_bytes: int = resource.RLIM_INFINITY,
    ) -> None:
        CommandProcess.started += 1
        self._output, self._errors = (folder / f".{CommandProcess.started}.{name}" for name in ("output", "errors"))
        words = [str(argument) for argument in arguments]
        # The same modules for all, as there is one process that they are forked from.
        self._process = preloaded("l2e.training.jobs", "pandas", "rich.live", "rich.progress").Process(
            target=_main, args=(folder, words, environment, without, most_bytes, self._output, self._errors)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """By which others know it."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self._output.read_text() if self._output.exists() else ""

    def at_work_until(self, condition: Callable[[], object]) -> None:
        """Wait for what it is to bring about before it ends."""
        wait_until(lambda: condition() or not self._process.is_alive())
        assert condition(), self._errors.read_text()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def end(self) -> tuple[int, str, str]:
        """Wait for its end: its exit code (less than zero of a signal), what it printed, and what it said of errors."""
        self._process.join(PATIENCE)
        code = self._process.exitcode
        assert code is not None, "it does not end"
        return code, self.output, self._errors.read_text()

    def __enter__(self) -> CommandProcess:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()


def _main(
    folder: Path,
    words: Sequence[str],
    environment: Mapping[str, str],
    without: Sequence[str],
    most_bytes: int,
    output: Path,
    errors: Path,
) -> None:
    for path, stream in ((output, 1), (errors, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    os.chdir(folder)
    os.environ.update(environment)
    sys.modules.update(dict.fromkeys(without))  # type: ignore[arg-type]  # None is what halts an import
    signal.signal(signal.SIGINT, signal.default_int_handler)  # as on a terminal, wherever the tests run
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.argv = ["l2e", *words]
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

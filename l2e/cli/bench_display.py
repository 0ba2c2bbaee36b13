"""The progress of a suite: on a terminal one line in all, then the running runs, then the last that ended."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli.display import duration

if TYPE_CHECKING:
    from rich.console import RenderableType

    from l2e.training.executors import Finished

LAST_ENDED = 4  # lines
MOST_RUNNING = 12  # lines


@dataclass
class Progress:
    """What is known of the runs of a suite that were not complete at its beginning.

    Attributes:
        names: of the runs, by folder.
        total: runs of the suite, with those that were complete.
        ended: how each of them ended that did, in order.
        begun: when, in seconds of `time.monotonic` and of the clock.
        at_first: the part that each had done by then.
    """

    names: Mapping[Path, str]
    total: int
    ended: dict[Path, str] = field(default_factory=dict)
    begun: tuple[float, float] = field(default_factory=lambda: (time.monotonic(), time.time()))
    at_first: dict[Path, float] = field(init=False)

    def __post_init__(self) -> None:
        self.at_first = {path: part_done(path) for path in self.names}

    def end(self, finished: Finished) -> list[Path]:
        """Note how a job's runs ended; returns them."""
        paths = list(finished.job.experiments)
        for path in paths:
            if finished.error is not None:
                self.ended[path] = f"failed: {finished.error}"
            elif path in finished.result.failed:
                self.ended[path] = f"failed: {finished.result.failed[path]}"
            else:
                self.ended[path] = "taken, skipped" if path in finished.result.taken else "done"
        return paths

    def running(self) -> list[Path]:
        """Those that wrote something since the beginning and have not ended."""
        return [path for path in self.names if path not in self.ended and _touched(path) >= self.begun[1]]

    def in_all(self) -> str:
        """One line: done, running, failed, waiting, time left."""
        running = len(self.running())
        done = self.total - len(self.names) + sum(how == "done" for how in self.ended.values())
        counts = {
            "running": running,
            "failed": sum(how.startswith("failed") for how in self.ended.values()),
            "taken by another process": sum(how.startswith("taken") for how in self.ended.values()),
            "waiting": len(self.names) - len(self.ended) - running,
        }
        said = [f"{done} of {self.total} runs done", *(f"{count} {what}" for what, count in counts.items() if count)]
        left = self.seconds_left()
        return ", ".join(said) + ("" if left is None else f"; {duration(left)} left")

    def seconds_left(self) -> float | None:
        """From the speed since the beginning, counted in whole runs; None until something was done."""
        parts = {path: 1.0 if path in self.ended else part_done(path) for path in self.names}
        gained = sum(parts[path] - self.at_first[path] for path in self.names)
        seconds = time.monotonic() - self.begun[0]
        left = sum(1 - part for part in parts.values())
        return seconds * left / gained if gained > 0 and left > 0 else None


def part_done(path: Path) -> float:
    """The fraction of its budget that a run has spent by its last check; 0 where it is not known."""
    last = _last_check(path)
    fraction = last["fraction"] if last else 0.0
    return 0.0 if math.isnan(fraction) else float(fraction)  # without a budget it is


@contextmanager
def bench_display(names: Mapping[Path, str], total: int) -> Iterator[Callable[[Finished], object]]:
    """Show how runs go, on standard error.

    Args:
        names: of the runs that are not complete, by folder.
        total: runs of the suite.
    """
    from rich.console import Console
    from rich.live import Live

    progress, console = Progress(names, total), Console(stderr=True)
    if not console.is_terminal:
        yield lambda finished: _say(progress, finished)
        return
    with Live(get_renderable=lambda: _screen(progress), console=console, refresh_per_second=1, transient=True):
        yield progress.end


def _say(progress: Progress, finished: Finished) -> None:
    """A line a run that ended."""
    for path in progress.end(finished):
        left = progress.seconds_left()
        rest = "" if left is None else f"; {duration(left)} left"
        number = progress.total - len(progress.names) + len(progress.ended)
        click.echo(f"{number} of {progress.total}: {progress.names[path]}: {progress.ended[path]}{rest}", err=True)


def _screen(progress: Progress) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("running", "done", "updates", "difficulty", "training", "validation"):
        table.add_column(heading, justify="left" if heading == "running" else "right", overflow="fold")
    running = progress.running()
    for path in running[:MOST_RUNNING]:
        table.add_row(progress.names[path], *_cells(_last_check(path)))
    if len(running) > MOST_RUNNING:
        table.add_row(f"and {len(running) - MOST_RUNNING} more")
    ended = [*progress.ended.items()][-LAST_ENDED:]
    last = [Text(f"{progress.names[path]}: {how}", style="dim") for path, how in ended]
    return Group(Text(progress.in_all(), style="bold"), *([table] if running else []), *last)


def _cells(check: dict[str, Any] | None) -> list[str]:
    if check is None:
        return ["starting"]
    return [
        f"{100 * check['fraction']:.0f} %",
        f"{check['update']:,}",
        f"({check['length']}, {check['nesting']})",
        f"{100 * check['training_accuracy']:.1f} %",
        f"{100 * check['validation_accuracy']:.1f} %",
    ]


def _last_check(path: Path) -> dict[str, Any] | None:
    from l2e.experiments.run import Run, RunError

    with suppress(RunError):  # which ends no suite: whoever reads the run says it
        checks = Run(path).metrics()
        return checks[-1] if checks else None
    return None


def _touched(path: Path) -> float:
    """When a run last wrote its checks, or began; 0 where it has not."""
    files = [path / name for name in ("metrics.jsonl", "holder")]
    return max((file.stat().st_mtime for file in files if file.exists()), default=0)

"""The progress of one training run: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from l2e.training.status import Moment

PLAIN_LINE_SECONDS = 5.0


def describe(moment: Moment) -> str:
    """One line: speed, difficulty, accuracies, time left."""
    parts = [
        f"{moment.updates:>6} updates",
        f"{moment.characters_per_second:>8,.0f} characters/s",
        f"difficulty {moment.current}",
        f"training {100 * moment.training_accuracy:.1f} %",
    ]
    if moment.validation_accuracy is not None:
        parts.append(f"validation {100 * moment.validation_accuracy:.1f} %")
    if not math.isnan(moment.fraction) and moment.fraction > 0:
        parts.append(f"{duration(moment.seconds * (1 - moment.fraction) / moment.fraction)} left")
    return ", ".join(parts)


def duration(seconds: float) -> str:
    """Seconds as a readable duration.

    >>> duration(3725)
    '1 h 02 min'
    """
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


@contextmanager
def training_display(label: str) -> Iterator[Callable[[Moment], None]]:
    """Show one training run on standard error."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_lines(label)
        return
    columns = (
        TextColumn("{task.fields[label]}"),
        BarColumn(20),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=1.0, label=label)

        def show(moment: Moment) -> None:
            fraction = None if math.isnan(moment.fraction) else min(moment.fraction, 1.0)
            progress.update(
                task, completed=fraction, total=1.0 if fraction is not None else None, description=describe(moment)
            )

        yield show


def _plain_lines(label: str) -> Callable[[Moment], None]:
    last = time.monotonic()

    def show(moment: Moment) -> None:
        nonlocal last
        if moment.is_check and time.monotonic() - last >= PLAIN_LINE_SECONDS:
            last = time.monotonic()
            click.echo(f"{label}: {describe(moment)}", err=True)

    return show

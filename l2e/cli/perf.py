"""`l2e perf`: speed relative to plain implementations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from l2e.cli import options

if TYPE_CHECKING:
    from l2e.perf.measure import Line

NAMES = ("train", "race", "memory", "population", "generate", "score")
ON_A_PROCESSOR = ("race", "memory", "generate")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar=f"[{'|'.join(NAMES)}]…")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads; by default all.")
@options.device
@options.as_json
def command(names: tuple[str, ...], threads: int | None, device: str, as_json: bool) -> None:
    """Measure the speed of l2e relative to plain torch code for the same work, alternating; by default all benchmarks.

    Plain code runs in float32 or bfloat16, whichever is faster here. `race` and
    `memory` take some minutes each; they and `generate` are for the processor only. Nothing has been measured on a GPU.

    \b
    Example:
      l2e perf train --threads 1
    """
    on_processor = device.partition(":")[0] == "cpu"
    if not on_processor and (refused := [name for name in names if name in ON_A_PROCESSOR]):
        raise click.UsageError(
            f"{refused[0]} runs on the processor only, not on --device {device}; leave one of them out"
        )
    import torch

    from l2e.experiments.environment import processor, processor_features
    from l2e.perf.benchmarks import BENCHMARKS
    from l2e.training.run_experiment import check_device, use_threads

    check_device(device)
    if threads:
        use_threads(threads)
    if not as_json:
        features = ", ".join(processor_features())
        click.echo(f"{processor()} ({features}), {torch.get_num_threads()} threads, torch {torch.__version__}\n")
    for name in names or [name for name in NAMES if on_processor or name not in ON_A_PROCESSOR]:
        for line in BENCHMARKS[name](torch.device(device)):
            if as_json:
                options.write_line(line.as_dict())
            else:
                click.echo(describe(line))


def describe(line: Line) -> str:
    """A line of the report as a sentence."""
    text = f"{line.what}: {_amount(line.ours)} {line.unit}"
    if line.peer_name is not None:
        text += f"; {line.peer_name} {_amount(line.peer)}"
    if line.ratio is not None:
        spread = f" ({line.low:.2f}–{line.high:.2f})" if line.low is not None and line.high is not None else ""
        text += f"; {line.ratio:.2f} times as fast{spread}{', so slower' if line.ratio < 1 else ''}"
    return f"{text}; {line.note}" if line.note else text


def _amount(value: float | None) -> str:
    return "not reached" if value is None else f"{value:,.4g}"

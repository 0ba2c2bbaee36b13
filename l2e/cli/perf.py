"""`l2e perf`: speed as ratios to plain peers."""

from __future__ import annotations

import json

import click

from l2e.cli import options

NAMES = ("generate", "train", "score", "population", "accuracy")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(NAMES), metavar=f"[{'|'.join(NAMES)}]…")
@click.option("--threads", type=click.IntRange(min=1), help="Processor threads; by default all.")
@click.option("--device", default="cpu", show_default=True, help="Where to train: cpu or cuda; accuracy: cpu only.")
@options.as_json
def command(names: tuple[str, ...], threads: int | None, device: str, as_json: bool) -> None:
    """Measure ours against plain peers of the same work, in this process, turn by turn; by default everything.

    On a device other than cpu, everything but accuracy.

    \b
    Example:
      l2e perf generate score
    """
    on_processor = device.partition(":")[0] == "cpu"
    if "accuracy" in names and not on_processor:
        raise click.UsageError(f"accuracy runs on the processor only, not on --device {device}; leave one of them out")
    import torch

    from l2e.conduct import check_device, use_threads
    from l2e.environment import processor
    from l2e.perf.benchmarks import BENCHMARKS

    check_device(device)
    if threads:
        use_threads(threads)
    if not as_json:
        click.echo(f"{processor()}, {torch.get_num_threads()} threads, torch {torch.__version__}\n")
    for name in names or [name for name in NAMES if on_processor or name != "accuracy"]:
        for line in BENCHMARKS[name](torch.device(device)):
            click.echo(json.dumps(line.as_dict()) if as_json else describe(line))


def describe(line: object) -> str:
    """A line of the report as a sentence."""
    from l2e.perf.measure import Line

    assert isinstance(line, Line)
    text = f"{line.what}: {line.ours:,.4g} {line.unit}"
    if line.peer is not None:
        text += f", peer {line.peer:,.4g}"
    if line.ratio is not None:
        spread = f" ({line.low:.2f}–{line.high:.2f})" if line.low is not None and line.high is not None else ""
        text += f", ratio {line.ratio:.2f}{spread}"
    if line.limit is not None:
        text += f", {100 * line.limit:.0f} % of the matrix rate"
    return f"{text}; wanted {line.target}"

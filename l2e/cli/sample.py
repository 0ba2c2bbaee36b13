"""`l2e sample`: sample programs from a language model."""

from __future__ import annotations

import json
from pathlib import Path

import click

from l2e.cli import options

COOLEST, HOTTEST = 0.01, 1_000_000  # so that logits divided by it fit in float32


def check_temperature(_ctx: click.Context, _option: click.Parameter, temperature: float) -> float:
    """Reject temperatures out of range, and nan."""
    if temperature != 0 and not COOLEST <= temperature <= HOTTEST:
        raise click.BadParameter(f"{temperature:g} is neither 0 nor from {COOLEST} to {HOTTEST}")
    return temperature


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("-n", "--number", type=click.IntRange(min=1), default=10, show_default=True, help="How many.")
@click.option(
    "--temperature",
    type=float,
    callback=check_temperature,
    default=1.0,
    show_default=True,
    help=f"0: the likeliest; else {COOLEST} to {HOTTEST}, the higher the more random.",
)
@click.option("--max-characters", type=click.IntRange(min=1), default=300, show_default=True, help="Of a text.")
@options.seed_of("Of the draws.")
@options.as_json
def command(run: Path, number: int, temperature: float, max_characters: int, seed: int, as_json: bool) -> None:
    """Sample inputs and targets from RUN's network, trained with --loss all.

    Counts how many are in the task's language, have a correct target, and belong to the training split.

    \b
    Example:
      l2e sample runs/writer -n 20 --temperature 0.7
    """
    from l2e.experiments.run import Run, RunError

    opened = Run(run)
    experiment = opened.experiment()  # report a missing run before importing torch
    if not experiment.writes_texts:
        raise RunError(f"the run at {run} was trained on answers alone; train one with --loss all to sample from")
    from generators.scrambling import Scrambling
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.language_model import judge, write_texts

    texts = write_texts(trained_learner(opened), number, temperature, seed, max_characters)
    if experiment.scramble is not None:
        view = Scrambling(experiment.scramble)
        texts = [(view.unscramble(input_), view.unscramble(target)) for input_, target in texts]
    task = experiment.make_task()
    written = [judge(text, task.answer) for text in texts]
    totals = {
        "written": len(written),
        "parse": sum(text.parses for text in written),
        "agree": sum(text.agrees for text in written),
        "in_training_split": sum(text.in_training_split for text in written),
    }
    if as_json:
        rows = [{"input": text.input, "target": text.target, "right": text.right} for text in written]
        click.echo(json.dumps({**totals, "texts": rows}))
        return
    for text in written:
        verdict = "does not parse" if text.right is None else "right" if text.agrees else f"wrong: {text.right}"
        click.echo(f"{text.input}\n  {text.target or '(nothing)'}  {verdict}\n")
    click.echo(
        f"{totals['written']} written, {totals['parse']} parse, {totals['agree']} print what the network says, "
        f"{totals['in_training_split']} belong to the training split (by chance a third would)"
    )

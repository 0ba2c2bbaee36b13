"""`l2e gradients`: how far a loss reaches back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from l2e.cli import options

if TYPE_CHECKING:
    from generators.samples import Samples
    from l2e.experiment import Experiment
    from l2e.learner import Learner

SHOWN = (1, 2, 5, 10, 20, 50, 100)


@click.command()
@click.argument("networks", nargs=-1, metavar="[RUN|LEARNER]…")
@click.option("--task", default="copy", show_default=True, help="What a learner that is not a run reads.")
@options.difficulty(30, 1)
@click.option("--cells", type=click.IntRange(min=1), default=64, show_default=True, help="Of such a learner.")
@click.option("-n", "--number", type=click.IntRange(min=1), default=100, show_default=True, help="Samples.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Draw a picture: .png, .svg or .pdf.")
@options.seed
@options.as_json
def command(
    networks: tuple[str, ...],
    task: str,
    length: int,
    nesting: int,
    cells: int,
    number: int,
    out: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Show ‖∂loss/∂state‖ by the distance of the state to the loss on the answer's first character.

    A network is a run's folder, or a learner by name with its first parameters; by default elman, gru and lstm.

    \b
    Example:
      l2e gradients elman gru lstm --task copy --length 50 --out gradients.png
      l2e gradients runs/mine
    """
    from l2e.experiment import Choice, Experiment
    from l2e.figures import check_picture, draw_lines
    from l2e.gradients import gradient_norms, half_life
    from l2e.recipes import FAST

    if out:
        check_picture(out)
    found: dict[str, list[float]] = {}
    for network in networks or ("elman", "gru", "lstm"):
        experiment, learner = _run(Path(network)) if (Path(network) / "experiment.json").exists() else (None, None)
        if experiment is None or learner is None:
            experiment = Experiment(
                task=Choice(name=task),
                learner=Choice(name=network, options={"cells": cells}),
                curriculum=Choice(name="baseline"),
                length=length,
                nesting=nesting,
                recipe=FAST,
                seed=seed,
            )
            learner = _untrained(experiment)
        try:
            found[network] = gradient_norms(learner, _of_one_length(experiment, number))
        except ValueError as error:
            raise click.UsageError(f"{network}: {error}") from None
    if out:
        draw_lines(out, found, "characters before the loss", "‖∂loss/∂state‖", "How far the loss reaches back")
    if as_json:
        click.echo(json.dumps(found))
        return
    import pandas as pd

    longest = max(map(len, found.values()))
    shown = [distance for distance in SHOWN if distance <= longest]
    rows = [
        {
            "network": name,
            **{str(d): f"{norms[d - 1]:.2e}" if d <= len(norms) else "" for d in shown},
            "halves every": f"{half_life(norms):.1f} characters",
        }
        for name, norms in found.items()
    ]
    click.echo(pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True))


def _run(path: Path) -> tuple[Experiment, Learner]:
    from l2e.conduct import trained_learner
    from l2e.runs import Run

    return Run(path).experiment(), trained_learner(Run(path))


def _untrained(experiment: Experiment) -> Learner:
    import torch

    torch.manual_seed(experiment.seed)
    learner: Learner = experiment.make_learner()
    return learner


def _of_one_length(experiment: Experiment, n: int) -> Samples:
    """Test samples whose inputs have the most frequent length."""
    from collections import Counter

    import numpy as np

    from generators.splits import Split
    from l2e.loads import held_out

    samples = held_out(experiment, Split.TEST, 10 * n, *experiment.target)
    lengths = np.array([len(text) for text in samples.inputs])
    [(length, _)] = Counter(lengths.tolist()).most_common(1)
    return samples.take(np.flatnonzero(lengths == length)[:n])

"""`l2e gradients`: gradient norms by distance."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import options
from l2e.errors import reasons

if TYPE_CHECKING:
    from generators.samples import Samples
    from l2e.evaluation.gradient_flow import GradientFlow
    from l2e.experiments.experiment import Experiment
    from l2e.learner import Learner

SHOWN = (1, 2, 5, 10, 20, 50, 100)
UNTRAINED = ("elman", "gru", "lstm")
AT = {"length": 30, "nesting": 1}


@click.command()
@click.argument("networks", nargs=-1, metavar="[RUN|LEARNER]…")
@click.option("--task", default="copy", show_default=True, help="The inputs of a learner that is not a run.")
@options.difficulty(None, None, (f"{AT['length']}; of a run its target", f"{AT['nesting']}; of a run its target"))
@click.option("--cells", type=click.IntRange(min=1), default=64, show_default=True, help="Of such a learner.")
@click.option("-n", "--number", type=click.IntRange(min=1), default=100, show_default=True, help="Samples.")
@click.option(
    "--recurrent-scale",
    "scales",
    type=options.FiniteRange(min=0, min_open=True),
    multiple=True,
    default=(1.0,),
    show_default=True,
    help="Multiply the recurrent weights by this number: gradients explode where it is large. Repeatable.",
)
@click.option(
    "--clip",
    type=options.FiniteRange(min=0, min_open=True),
    help="Show also what clipping of the gradient to this norm leaves.",
)
@click.option("--paths", is_flag=True, help="Show also an LSTM's cell path and hidden path alone, the other cut.")
@options.picture("--out", "Draw a picture")
@options.seed_of("Of such a learner's initial parameters.")
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    networks: tuple[str, ...],
    task: str,
    length: int | None,
    nesting: int | None,
    cells: int,
    number: int,
    scales: tuple[float, ...],
    clip: float | None,
    paths: bool,
    picture: Path | None,
    seed: int,
    as_json: bool,
) -> None:
    """Show ‖∂loss/∂state‖ by distance to the answer's first character, whose loss it is.

    A network is a run's folder, or an untrained learner by name; by default elman, gru and lstm. --task, --cells and
    --seed do not apply to runs.

    \b
    Example:
      l2e gradients elman gru lstm --task copy --length 50 --out gradients.png
      l2e gradients elman lstm --recurrent-scale 1 --recurrent-scale 3 --clip 5
      l2e gradients runs/mine lstm --paths
    """
    chosen = networks or UNTRAINED
    if all(map(_is_run, chosen)) and (idle := options.given(ctx, "task", "cells", "seed")):
        raise click.UsageError(f"{', '.join(idle)}: not of runs, which have their own; give a learner by name too")
    from l2e.evaluation.gradient_flow import gradient_flow, paths_of, scale_recurrent_weights_
    from l2e.reporting.plots.style import draw_lines

    asked = {"length": length, "nesting": nesting}
    at: dict[str, Any] = {key: value for key, value in asked.items() if value is not None}
    found: dict[str, GradientFlow] = {}
    for network, scale in product(chosen, scales):
        try:
            if _is_run(network):
                experiment, learner = _run(Path(network), at)
            else:
                experiment, learner = _untrained(network, task, cells, seed, at)
            name = network
            if scale != 1:
                scale_recurrent_weights_(learner, scale)
                name = f"{network}, recurrent × {scale:g}"
            samples = _of_one_length(experiment, number)
            found[name] = gradient_flow(learner, samples)
            for path in paths_of(learner) if paths else ():
                found[f"{name}, {path} path"] = gradient_flow(learner, samples, path)
        except ValueError as error:
            raise click.UsageError(f"{network}: {reasons(error)}") from None
    if paths and not any(name.endswith(" path") for name in found):
        raise click.UsageError(f"--paths: of {', '.join(chosen)} none has several; an lstm has")
    if clip is not None:
        found |= {f"{name}, clipped": flow.clipped(clip) for name, flow in found.items() if flow.total > clip}
    if picture:
        norms = {name: flow.norms for name, flow in found.items()}
        draw_lines(picture, norms, "characters before the loss", "‖∂loss/∂state‖", "How far the loss reaches back")
    if as_json:
        options.write_line({name: flow._asdict() for name, flow in found.items()})
    else:
        click.echo(_table(found))


def _is_run(network: str) -> bool:
    return (Path(network) / "experiment.json").exists()


def _run(path: Path, at: Mapping[str, Any]) -> tuple[Experiment, Learner]:
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.experiments.run import Run

    return Run(path).experiment().model_copy(update=at), trained_learner(Run(path))


def _untrained(name: str, task: str, cells: int, seed: int, at: Mapping[str, Any]) -> tuple[Experiment, Learner]:
    import torch

    from l2e.experiments.experiment import Choice, Experiment
    from l2e.experiments.recipes import FAST

    experiment = Experiment(
        task=Choice(name=task),
        learner=Choice(name=name, options={"cells": cells}),
        curriculum=Choice(name="baseline"),
        recipe=FAST,
        seed=seed,
        **{**AT, **at},
    )
    torch.manual_seed(experiment.seed)
    return experiment, experiment.make_learner()


def _table(found: Mapping[str, GradientFlow]) -> str:
    import pandas as pd

    longest = max(len(flow.norms) for flow in found.values())
    shown = [distance for distance in SHOWN if distance <= longest]
    rows = [
        {
            "network": name,
            **{str(d): f"{flow.norms[d - 1]:.2e}" if d <= len(flow.norms) else "" for d in shown},
            "‖∂loss/∂parameters‖": f"{flow.total:.2e}",
            "by distance": _rate(flow.norms),
        }
        for name, flow in found.items()
    ]
    return pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True)


def _rate(norms: Sequence[float]) -> str:
    """How fast norms vanish or explode."""
    from l2e.evaluation.gradient_flow import half_life

    halves = half_life(norms)
    if math.isnan(halves):
        return "–"
    return f"{'halves' if halves > 0 else 'doubles'} every {abs(halves):.1f} characters"


def _of_one_length(experiment: Experiment, n: int) -> Samples:
    """Test samples whose inputs have the most frequent length."""
    from collections import Counter

    import numpy as np

    from generators.splits import Split
    from l2e.evaluation.held_out import held_out

    samples = held_out(experiment, Split.TEST, 10 * n, *experiment.target)
    lengths = np.array([len(text) for text in samples.inputs])
    [(length, _)] = Counter(lengths.tolist()).most_common(1)
    return samples.take(np.flatnonzero(lengths == length)[:n])

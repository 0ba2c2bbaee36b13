"""`l2e evaluate`: score a trained run at any difficulty."""

from __future__ import annotations

from pathlib import Path

import click

from l2e.cli import options


@click.command()
@click.argument("run", type=options.FilledPath(path_type=Path))
@options.difficulty(None, None)
@click.option("-n", "--number", type=options.SAMPLES, default=1000, show_default=True, help="How many samples.")
@click.option("--split", type=click.Choice(["train", "validation", "test"]), default="test", show_default=True)
@options.as_json
def command(run: Path, length: int | None, nesting: int | None, number: int, split: str, as_json: bool) -> None:
    """Score RUN's newest checkpoint at its target difficulty or any other, harder ones too.

    \b
    Example:
      l2e evaluate runs/sums --length 4
    """
    from l2e.experiments.run import Run

    opened = Run(run)
    experiment = opened.experiment()  # report a missing run before importing torch
    from generators.splits import Split
    from l2e.evaluation.checkpoint import trained_learner
    from l2e.evaluation.held_out import held_out
    from l2e.evaluation.reference_predictors import bits, reference_predictors
    from l2e.evaluation.scoring import evaluate, rows

    learner = trained_learner(opened)
    asked = {"length": length, "nesting": nesting}
    at = experiment.model_copy(update={key: value for key, value in asked.items() if value is not None})
    samples = held_out(at, Split[split.upper()], number, at.length, at.nesting)
    predictors = {str(experiment.learner): learner, **reference_predictors(at)}
    found = [
        row
        for name, predictor in predictors.items()
        for row in rows(evaluate(predictor, samples), samples, task=str(at.task), split=split, learner=name)
    ]
    costs = bits(at, learner, samples) if at.writes_texts else {}
    if as_json:
        options.write_line({"rows": found, "bits_per_character": costs})
    else:
        import pandas as pd

        click.echo(pd.DataFrame(found).to_markdown(index=False, floatfmt=".3f"))
        for name, cost in costs.items():
            click.echo(f"{name}: {cost:.3f} bits per character")

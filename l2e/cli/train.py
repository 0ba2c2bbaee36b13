"""`l2e train`: train one learner under one curriculum, and score it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from l2e.cli import INTERRUPTED, completion, options
from l2e.errors import reasons

if TYPE_CHECKING:
    from l2e.experiments.experiment import Experiment


SPARE = 0.5  # of the load: what runs now and then is no reason to speak
DEFAULTS_OF_TEXTS = {"task": "text", "length": 1, "curriculum": "baseline", "learner": "lstm", "loss": "all"}


def _with_defaults_of_texts(ctx: click.Context, _option: click.Parameter, text: str | None) -> str | None:
    if text is not None:
        ctx.default_map = DEFAULTS_OF_TEXTS
    return text


@click.command()
@click.option(
    "--task", shell_complete=completion.tasks, default="program", show_default=True, help="The task; l2e list tasks."
)
@click.option(
    "--text",
    is_flag=False,
    flag_value="",
    metavar="[FILE|FOLDER]",
    is_eager=True,
    callback=_with_defaults_of_texts,
    help="Model this text instead of a task; alone, the small one that comes with l2e.",
)
@options.difficulty(2, 1)
@click.option(
    "--curriculum",
    shell_complete=completion.curricula,
    default="combined",
    show_default=True,
    help="l2e list curricula, or file.py:Name.",
)
@click.option(
    "--learner",
    shell_complete=completion.learners,
    default="seq2seq",
    show_default=True,
    help="l2e list learners, or file.py:Name.",
)
@click.option(
    "--recipe", shell_complete=completion.recipes, default="fast", show_default=True, help="l2e list recipes."
)
@click.option("--loss", type=click.Choice(["answers", "all"]), help="Predict answers, or all characters.")
@options.seed_of("Of data and initial parameters.")
@click.option("--budget", help="As 90s, 10m, 50Mcharacters or 1500updates; by default the recipe's stopping rule.")
@click.option(
    "--out", type=options.FilledPath(file_okay=False, path_type=Path), help="The run's folder; by default below runs/."
)
@click.option(
    "--scramble", type=options.SEED, is_flag=False, flag_value=0, metavar="[SEED]", help="Train on a scrambled view."
)
@click.option("--test-samples", type=options.SAMPLES, default=1000, show_default=True, help="To score on.")
@click.option(
    "--predictor",
    "predictors",
    multiple=True,
    metavar="NAME|JSON",
    help="Score it too, besides those that every run is scored with; l2e list predictors. With options as "
    """'{"name": "ngram", "order": 3}'. Repeatable.""",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 1024),
    help="Processor threads; by default one for a network of at most a million parameters, which is about as fast and "
    "does not suffer from other load, else all.",
)
@click.option(
    "--checkpoint-seconds",
    type=options.FiniteRange(min=0),
    default=20.0,
    show_default=True,
    help="Between checkpoints.",
)
@options.device
@options.settings
@options.as_json
@click.pass_context
def command(
    ctx: click.Context,
    task: str,
    text: str | None,
    length: int,
    nesting: int,
    curriculum: str,
    learner: str,
    recipe: str,
    loss: str | None,
    seed: int,
    budget: str | None,
    out: Path | None,
    scramble: int | None,
    test_samples: int,
    predictors: tuple[str, ...],
    threads: int | None,
    checkpoint_seconds: float,
    device: str,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Train one learner under one curriculum, and score it on the test split.

    The same command resumes a stopped run, and shows the result of a complete one.

    \b
    Example:
      l2e train --task addition --length 3 --curriculum combined --budget 20s --out runs/sums
      l2e train --learner lstm --recipe zaremba2014 --length 4 --nesting 3 --budget 10m
      l2e train --curriculum mine.py:Fresh --set learner.cells=256
      l2e train --learner gru --loss all --budget 5m --out runs/writer
      l2e train --text shakespeare.txt --learner gru --budget 10m --out runs/prose
    """
    chosen = options.parse_settings(settings)
    if text is not None:
        if idle := options.given(ctx, "task", "test_samples"):
            raise click.UsageError(f"{', '.join(idle)}: not with --text")
        chosen["task"] = {**({"path": text} if text else {}), **chosen["task"]}
    names = {"task": task, "learner": learner, "curriculum": curriculum, "recipe": recipe}
    if loss:
        chosen["recipe"] = {"loss_over": loss, **chosen["recipe"]}
    experiment = _experiment(
        names,
        chosen,
        device,
        length=length,
        nesting=nesting,
        seed=seed,
        budget=budget,
        scramble=scramble,
        test_samples=test_samples,
        predictors=predictors,
    )
    folder = out or Path("runs") / experiment.name
    from l2e.cli.display import training_display
    from l2e.training.jobs import is_small
    from l2e.training.run_experiment import run_experiment, use_threads
    from l2e.training.signals import Interrupted

    if threads or is_small(experiment):
        use_threads(threads or 1)
    _say_load()
    try:
        with training_display(str(experiment.curriculum)) as report:
            result = run_experiment(experiment, folder, report, device, checkpoint_seconds)
    except Interrupted:
        click.echo(f"Interrupted; everything is saved. The same command goes on: --out {folder}", err=True)
        ctx.exit(INTERRUPTED)
    if as_json:
        options.write_line({"run": str(folder), **result})
    else:
        click.echo(summary(folder, result))


def _say_load() -> None:
    """Say that one thread is better where others are at work and several threads would wait for one another."""
    import torch

    wanted, cores = torch.get_num_threads(), os.cpu_count() or 1
    others = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if wanted > 1 and wanted + others > cores + SPARE:
        click.echo(
            f"{others:.1f} of {cores} cores are busy with other things: with {wanted} threads training can be ten "
            "times slower than with --threads 1",
            err=True,
        )


def _experiment(
    names: Mapping[str, str],
    chosen: Mapping[str, dict[str, Any]],
    device: str,
    predictors: Sequence[str],
    **fields: Any,
) -> Experiment:
    """The experiment of these names and options by section.

    Raises:
        click.UsageError: something is not legal.
    """
    from l2e.experiments.experiment import Choice, Experiment
    from l2e.experiments.suite import choice_of, recipe_from

    try:
        experiment = Experiment(
            task=Choice(name=names["task"], options=chosen["task"]),
            learner=Choice(name=names["learner"], options=chosen["learner"]),
            curriculum=Choice(name=names["curriculum"], options=chosen["curriculum"]),
            recipe=recipe_from({"name": names["recipe"], **chosen["recipe"]}, device),
            predictors=tuple(choice_of(_named(text)) for text in predictors),
            **fields,
        )
        experiment.check()
    except ValueError as error:
        raise click.UsageError(reasons(error)) from None
    return experiment


def _named(text: str) -> str | dict[str, Any]:
    """What was typed, if it is a JSON object that object, else a name."""
    from l2e.option_values import parse

    value = parse(text)
    return value if isinstance(value, dict) else text


def summary(folder: Path, result: dict[str, Any]) -> str:
    """The rows of a result as a small table."""
    import pandas as pd

    frame = pd.DataFrame(result["rows"])[["learner", "curriculum", "rule", "n", "accuracy", "low", "high"]]
    frame["curriculum"] = frame["curriculum"].fillna("")
    shown = frame.sort_values("rule", kind="stable").to_markdown(index=False, floatfmt=".3f")
    costs = [f"{name}: {cost:.3f} bits per character\n" for name, cost in (result["bits_per_character"] or {}).items()]
    if counts := result.get("text"):
        costs.append(
            "of {characters:,} held-out characters; {unknown:,} of {units:,} units are unknown\n".format(**counts)
        )
    return f"{shown}\n{''.join(costs)}\nThe run is in {folder}"

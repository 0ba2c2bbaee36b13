"""Train an experiment, score it on the test split, write the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import torch

from generators.samples import Samples
from generators.splits import Split
from l2e.evaluation.held_out import held_out
from l2e.evaluation.reference_predictors import bits, reference_predictors
from l2e.evaluation.scoring import Scored, evaluate, rows
from l2e.evaluation.text_scoring import text_result
from l2e.experiments.environment import describe_environment
from l2e.experiments.experiment import Experiment
from l2e.experiments.precision import device_named, product_type
from l2e.experiments.run import Run, RunError
from l2e.experiments.texts import keep_vocabulary
from l2e.learner import Learner, stacked_models
from l2e.training.population import Member, train_population
from l2e.training.status import Moment, Outcome
from l2e.training.trainer import CHECKPOINT_SECONDS, Trainer


def run_experiment(
    experiment: Experiment,
    folder: Path | str,
    report: Callable[[Moment], None] = lambda moment: None,
    device: str = "cpu",
    checkpoint_seconds: float = CHECKPOINT_SECONDS,
) -> dict[str, Any]:
    """Train and score an experiment in a folder, resuming an earlier call; return the result.

    Raises:
        RunError: the folder is another run's, is held by another process, or has a corrupt checkpoint.
        TrainingError: the loss is not finite.
        Interrupted: on SIGINT, SIGTERM or SIGHUP, after a checkpoint.
    """
    check_device(device)
    run = Run(folder)
    if run.complete:  # without the lock, as nothing is written: the folder may be read-only
        run.begin(experiment)
        return run.result()
    with run.locked():
        run.begin(experiment)
        trainer = Trainer(experiment, run, report, device, checkpoint_seconds)
        _record(run, experiment, trainer.learner)
        return conclude(experiment, run, trainer.train())


def run_population(
    experiments: Mapping[Path, Experiment], at_once: int, device: str = "cpu"
) -> Iterator[tuple[Path, Exception | None]]:
    """Train and score experiments of one shape in parallel; yield each folder as its run ends, with its error.

    Raises:
        Interrupted: on SIGINT, SIGTERM or SIGHUP, after a checkpoint of every run in training.
    """
    check_device(device)
    with ExitStack() as held:
        members = []
        for folder, experiment in experiments.items():
            run = Run(folder)
            try:
                held.enter_context(run.locked())
                run.begin(experiment)
            except RunError as error:
                yield folder, error
                continue
            if not run.complete:
                with stacked_models():
                    _record(run, experiment, experiment.make_learner().to(device))
                members.append(Member(experiment, run))
        for trained in train_population(members, at_once, device):
            if trained.outcome is not None:
                conclude(*trained.member, trained.outcome)
            yield trained.member.run.path, trained.error


def _record(run: Run, experiment: Experiment, learner: Learner) -> None:
    """Record what the run's results depend on: the environment in their last digits, and a text's vocabulary."""
    dtype = product_type(experiment.recipe.precision, learner.device)
    run.write_json(
        "environment.json",
        {**describe_environment(), "device": str(learner.device), "engine": learner.engine(dtype)},
    )
    if experiment.of_text:
        keep_vocabulary(run, experiment.make_text())


def conclude(experiment: Experiment, run: Run, outcome: Outcome) -> dict[str, Any]:
    """Score the trained learner on the test split, with other predictors beside it, and write the result."""
    score = text_result(experiment, outcome.learner) if experiment.of_text else _answers(experiment, run, outcome)
    result = {
        "experiment": experiment.id,
        "reached": list(outcome.reached),
        "reached_at": outcome.reached_at,
        "updates": outcome.counters.updates,
        "characters": outcome.counters.characters,
        "parameters": sum(parameter.numel() for parameter in outcome.learner.parameters()),
        **score,
    }
    run.write_result(result)
    return result


def _answers(experiment: Experiment, run: Run, outcome: Outcome) -> dict[str, Any]:
    """The accuracies of the learner, and of the oracle and trivial baselines; writes the learner's answers."""
    samples = held_out(experiment, Split.TEST, experiment.test_samples, *experiment.target)
    scored = evaluate(outcome.learner, samples)
    run.write_predictions(predictions(samples, scored))
    labels = {"task": str(experiment.task), "split": "test"}
    of_run = {
        **labels,
        "learner": str(experiment.learner),
        "curriculum": str(experiment.curriculum),
        "seed": experiment.seed,
    }
    found = rows(scored, samples, **of_run)
    for name, predictor in reference_predictors(experiment).items():
        found += rows(evaluate(predictor, samples), samples, **labels, learner=name, curriculum=None, seed=None)
    costs = bits(experiment, outcome.learner, samples) if experiment.writes_texts else None
    return {"bits_per_character": costs, "rows": found}


def predictions(samples: Samples, scored: Scored) -> list[dict[str, Any]]:
    """The learner's answers and the targets, one row per sample."""
    return [
        {
            "length": length,
            "nesting": nesting,
            "input": sample.input,
            "target": sample.target,
            "answer": answer,
            "teacher_forced": forced,
        }
        for sample, length, nesting, answer, forced in zip(
            samples,
            samples.lengths.tolist(),
            samples.nestings.tolist(),
            scored.answers,
            scored.teacher_forced_answers,
            strict=True,
        )
    ]


def check_device(device: str) -> None:
    """Check that this machine has the device.

    Raises:
        RunError: it has not.
    """
    try:
        torch.empty(0, device=device_named(device))
    except (RuntimeError, AssertionError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise RunError(f"cannot train on device {device!r}: {reason}; use cpu, or a machine that has it") from error


def use_threads(threads: int) -> None:
    """Set the number of torch's threads in this process."""
    torch.set_num_threads(threads)

"""Members of a population learn what they would have learnt alone."""

import signal
from pathlib import Path
from typing import Any

import pytest
import torch

from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.run import Run
from l2e.experiments.suite import recipe_from
from l2e.training.population import Member, Trained, train_population
from l2e.training.signals import Interrupted
from l2e.training.trainer import Trainer, TrainingError
from tests import toys

CURRICULA = ("baseline", "naive", "mix", "combined")
KINDS: dict[str, tuple[Choice, dict[str, Any]]] = {
    "pairs": (
        Choice(name="seq2seq", options={"cells": 16}),
        {"name": "fast", "batch_size": 8, "batches_per_load": 20, "patience": 1},
    ),
    "stream": (
        Choice(name="lstm", options={"cells": 16, "layers": 2}),
        {"name": "zaremba2014", "batch_size": 4, "lane_characters": 301, "check_offset": 0},
    ),
}


def experiment(kind: str, number: int, updates: int, **recipe: Any) -> Experiment:
    learner, own = KINDS[kind]
    return Experiment(
        task=Choice(name="addition"),
        learner=learner,
        curriculum=Choice(name=CURRICULA[number % 4]),
        recipe=recipe_from({**own, "precision": "float32", "check_every": 20, "validation_samples": 20, **recipe}),
        length=2,
        seed=number,
        budget=f"{updates}updates",
    )


def member(experiment: Experiment, folder: Path) -> Member:
    run = Run(folder / experiment.name)
    run.begin(experiment)
    return Member(experiment, run)


def train_alone(experiment: Experiment, folder: Path) -> torch.nn.Module:
    return Trainer(*member(experiment, folder)).train().learner


def parameters_of(trained: Trained) -> list[torch.Tensor]:
    assert trained.outcome is not None, trained.error
    return list(trained.outcome.learner.parameters())


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_four_members_three_at_once_learn_what_four_single_runs_learn(kind: str, tmp_path: Path) -> None:
    experiments = [experiment(kind, number, updates=40 + 10 * number, check_every=4) for number in range(4)]
    together = list(train_population([member(e, tmp_path / "together") for e in experiments], at_once=3))
    assert {trained.member.experiment.id for trained in together} == {e.id for e in experiments}
    for trained in together:
        alone = train_alone(trained.member.experiment, tmp_path / "alone")
        for ours, theirs in zip(parameters_of(trained), alone.parameters(), strict=True):
            torch.testing.assert_close(ours, theirs, atol=5e-5, rtol=1e-4)


def test_a_member_goes_on_from_the_checkpoint_of_a_single_run(tmp_path: Path) -> None:
    whole = experiment("pairs", 0, updates=60)
    half = member(whole, tmp_path / "half")
    trainer = Trainer(*half)
    with trainer:
        for _ in range(25):
            batch = trainer.next_batch()
            assert batch is not None
            trainer.learn(batch)
        trainer.save()
    (trained,) = train_population([half], at_once=1)
    for ours, theirs in zip(parameters_of(trained), train_alone(whole, tmp_path / "whole").parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_a_member_that_was_interrupted_goes_on_with_the_batch_that_was_next(tmp_path: Path) -> None:
    short, long = experiment("pairs", 0, updates=10), experiment("pairs", 1, updates=50)
    interrupted = member(long, tmp_path)
    training = train_population([member(short, tmp_path), interrupted], at_once=2)
    assert next(training).member.experiment == short
    signal.raise_signal(signal.SIGTERM)
    with pytest.raises(Interrupted):
        next(training)
    assert [int(path.stem) for path in interrupted.run.checkpoints()] == [10]
    (trained,) = train_population([interrupted], at_once=1)
    assert trained.outcome is not None
    counters = trained.outcome.counters
    assert counters.updates == counters.load * 20 + counters.batch == 50


def test_the_other_members_go_on_when_the_loss_of_one_is_not_finite(tmp_path: Path) -> None:
    good = member(experiment("stream", 0, updates=40, rate=0.1), tmp_path)
    bad = member(experiment("stream", 1, updates=40, rate=0.1), tmp_path)
    checkpoint_seed = torch.nn.utils.parameters_to_vector(Trainer(*bad).learner.parameters())
    assert checkpoint_seed.isfinite().all()
    trainer = Trainer(*bad)
    with trainer, torch.no_grad():
        next(trainer.learner.parameters()).fill_(torch.nan)
        trainer.loss.zero_()
        trainer.run.save_checkpoint(0, _checkpoint(trainer))
    ended = {t.member.experiment.seed: t for t in train_population([good, bad], at_once=2)}
    assert isinstance(ended[1].error, TrainingError)
    assert all(parameter.isfinite().all() for parameter in parameters_of(ended[0]))


def _checkpoint(trainer: Trainer) -> Any:
    trainer.save()
    saved = trainer.run.load_checkpoint()
    assert saved is not None
    return saved


def test_a_learner_that_torch_cannot_batch_is_refused_in_words(tmp_path: Path) -> None:
    asked = experiment("pairs", 0, 5).model_copy(update={"learner": Choice(name=f"{toys.__file__}:Asking")})
    with pytest.raises(TrainingError, match=r"learner Asking cannot train in parallel.*leave out --population"):
        list(train_population([member(asked, tmp_path)], 2))

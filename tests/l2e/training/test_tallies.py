"""What training measures of each difficulty: by hand on small batches, and over whole trainings in both layouts."""

import json
from math import log
from pathlib import Path
from typing import Any, ClassVar

import pytest
import torch
from torch import Tensor

from generators.samples import Difficulties
from l2e.batches import Batch, pair_batches, stream_batches
from l2e.curricula import Exp3S, Mix, TSCLOnline, TSCLWindow
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.run import Run
from l2e.progress import Measure, Progress, Tally
from l2e.training.population import Member, train_population
from l2e.training.tallies import Tallies
from l2e.training.trainer import Trainer
from l2e.vocabulary import SYMBOLS
from tests.l2e.curricula.progress import path_of
from tests.toys import experiment, samples_of

CPU = torch.device("cpu")
SAMPLES = samples_of(("1+1", "2."), ("11+1", "12."), ("12+1", "13."), lengths=[1, 2, 2])
AT = Difficulties(SAMPLES.lengths, SAMPLES.nestings)
LAYOUTS: dict[str, tuple[Choice, dict[str, int]]] = {
    "pairs": (Choice(name="seq2seq", options={"cells": 16, "dropout": 0.1}), {"batch_size": 20, "batches_per_load": 7}),
    "stream": (Choice(name="lstm", options={"cells": 16, "layers": 1}), {"batch_size": 8, "lane_characters": 201}),
}
both_layouts = pytest.mark.parametrize("layout", LAYOUTS)


class Listening(Mix):
    """As mix; remembers all that it was told."""

    measures = Measure.GAIN
    told: ClassVar[list[Progress]] = []

    def update(self, progress: Progress) -> bool:
        self.told.append(progress)
        return False


def sure_of(symbols: Tensor, logit: float) -> Tensor:
    """Logits [answers, symbols], this high at these symbols and 0 elsewhere."""
    return torch.nn.functional.one_hot(symbols, SYMBOLS) * logit


def loss_at(logit: float) -> float:
    """Of a character whose logit is this and all others 0."""
    return float(torch.log(torch.exp(torch.tensor(logit, dtype=torch.float64)) + SYMBOLS - 1) - logit)


@pytest.mark.parametrize(
    "batches", [pair_batches(SAMPLES, 2), stream_batches(SAMPLES, 2, 4)], ids=["pairs", "stream in short windows"]
)
def test_counts_and_losses_are_those_of_each_difficulty(batches: list[Batch]) -> None:
    tallies = Tallies(CPU, gain=True)
    for batch in batches:
        tallies.add(AT, batch, sure_of(batch.answers, 1.0), sure_of(batch.answers, 2.0))
    assert tallies.read() == {
        (1, 1): Tally(1, 2, 2, pytest.approx(2 * loss_at(1)), pytest.approx(2 * loss_at(2))),
        (2, 1): Tally(2, 6, 6, pytest.approx(6 * loss_at(1)), pytest.approx(6 * loss_at(2))),
    }
    tallies.clear()
    assert tallies.read() == {}


def test_wrong_characters_count_where_they_are() -> None:
    (batch,) = pair_batches(SAMPLES, 3)
    tallies = Tallies(CPU, gain=False)
    guesses = torch.where(torch.from_numpy(batch.owners == 1), batch.answers + 1, batch.answers)
    tallies.add(AT, batch, sure_of(guesses, 50.0), None)
    assert {at: (tally.correct, tally.accuracy) for at, tally in tallies.read().items()} == {
        (1, 1): (2, 1.0),
        (2, 1): (3, 0.5),
    }


def test_characters_of_no_target_are_left_out() -> None:
    (batch,) = stream_batches(SAMPLES, 1, 100)
    owners = batch.owners.copy()
    owners[owners == 0] = -1
    everything = type(batch)(batch.symbols, batch.positions, batch.answers, owners, batch.characters)
    tallies = Tallies(CPU, gain=False)
    tallies.add(AT, everything, torch.zeros(len(batch.answers), SYMBOLS), None)
    assert tallies.read() == {(2, 1): Tally(2, 6, 0, pytest.approx(6 * log(SYMBOLS)))}


def test_restored_sums_go_on_to_the_same_bits() -> None:
    first, second = Tallies(CPU, gain=True), Tallies(CPU, gain=True)
    generator = torch.Generator().manual_seed(0)
    for batch in pair_batches(SAMPLES, 1) * 5:
        before, after = torch.randn(2, len(batch.answers), SYMBOLS, generator=generator)
        second.load_state_dict(json.loads(json.dumps(first.state_dict())))
        for tallies in (first, second):
            tallies.add(AT, batch, before, after)
        assert second.read() == first.read()


def training(layout: str, curriculum: type[Mix] | type[TSCLOnline], **changes: Any) -> Experiment:
    learner, loads = LAYOUTS[layout]
    trained = experiment(learner=learner, curriculum=path_of(curriculum), length=3, budget="40updates", **changes)
    settings = {**loads, "check_every": 10, "validation_samples": 10, "window": 20}
    return trained.model_copy(update={"recipe": trained.recipe.model_copy(update=settings)})


def begun(trained: Experiment, folder: Path) -> Member:
    run = Run(folder)
    run.begin(trained)
    return Member(trained, run)


def heard(trained: Experiment) -> list[Progress]:
    """The empty list of what curricula of the experiment's class will be told from now on."""
    told: list[Progress] = type(trained.make_curriculum()).told  # type: ignore[attr-defined]
    told.clear()
    return told


def told_of(trained: Experiment, folder: Path) -> list[Progress]:
    """What the curriculum was told in a training."""
    told = heard(trained)
    Trainer(*begun(trained, folder)).train()
    return list(told)


@both_layouts
def test_a_check_tells_of_all_that_was_trained_on_since_the_last(layout: str, tmp_path: Path) -> None:
    told = told_of(training(layout, Listening), tmp_path / "run")
    assert [progress.updates for progress in told] == [10, 20, 30, 40]
    assert [progress.fraction for progress in told] == [0.25, 0.5, 0.75, 1.0]
    for progress in told:
        tallies = progress.by_difficulty.values()
        assert set(progress.by_difficulty) == {(1, 1), (2, 1), (3, 1)}
        right = sum(tally.correct for tally in tallies) / sum(tally.characters for tally in tallies)
        assert right == pytest.approx(progress.check.training_accuracy, abs=1e-12)
    gains = [tally.gain for progress in told for tally in progress.by_difficulty.values()]
    assert all(gain > 0 for gain in gains[:3])  # the first updates lower every loss


@both_layouts
def test_measuring_changes_nothing_that_is_learnt(layout: str, tmp_path: Path) -> None:
    measured = Trainer(*begun(training(layout, Listening), tmp_path / "measured")).train().learner
    plain = Trainer(*begun(training(layout, Mix), tmp_path / "plain")).train().learner
    for ours, theirs in zip(measured.parameters(), plain.parameters(), strict=True):
        assert torch.equal(ours, theirs)


@both_layouts
def test_a_member_of_a_population_measures_what_it_would_alone(layout: str, tmp_path: Path) -> None:
    one_run = training(layout, Listening)
    if layout == "pairs":  # dropout in lockstep depends on the others
        one_run = one_run.model_copy(update={"learner": Choice(name="seq2seq", options={"cells": 16})})
    one_run = one_run.model_copy(update={"recipe": one_run.recipe.model_copy(update={"precision": "float32"})})
    other = one_run.model_copy(update={"seed": 1, "curriculum": Choice(name=path_of(Mix))})
    alone = told_of(one_run, tmp_path / "alone")
    together = [begun(one_run, tmp_path / "a"), begun(other, tmp_path / "b")]
    told = heard(one_run)
    assert all(trained.error is None for trained in train_population(together, at_once=2))
    for one, two in zip(alone, told, strict=True):
        assert one.by_difficulty.keys() == two.by_difficulty.keys()
        for at, tally in one.by_difficulty.items():
            assert tally[:2] == two.by_difficulty[at][:2]
            assert tally[3:] == pytest.approx(two.by_difficulty[at][3:], rel=1e-3)


@pytest.mark.parametrize("curriculum", [TSCLOnline, TSCLWindow, Exp3S])
@both_layouts
def test_a_training_that_is_stopped_anywhere_ends_in_the_same_bits(
    layout: str, curriculum: type[TSCLOnline], tmp_path: Path
) -> None:
    one_run = training(layout, curriculum)
    whole = Trainer(*begun(one_run, tmp_path / "whole"))
    learner, run = whole.train().learner, begun(one_run, tmp_path / "stopped").run
    while (stopped := Trainer(one_run, run, checkpoint_seconds=-1.0)).counters.updates < 40:  # one after every update
        with stopped:
            for _ in range(7):
                if (batch := stopped.next_batch()) is not None:
                    stopped.learn(batch)
    for ours, theirs in zip(stopped.learner.parameters(), learner.parameters(), strict=True):
        assert torch.equal(ours, theirs)
    assert stopped.curriculum.state_dict() == whole.curriculum.state_dict()
    assert [line["validation_accuracy"] for line in run.metrics()] == [
        line["validation_accuracy"] for line in whole.run.metrics()
    ]

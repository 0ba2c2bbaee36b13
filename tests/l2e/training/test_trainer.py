"""What a trainer does with its data, its carried state and its rate between the checks, and after them."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from l2e.batches import Batch, Layout
from l2e.curricula import PAPER_ORDER, Curriculum
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import FAST, ZAREMBA_2014
from l2e.experiments.run import Run
from l2e.progress import Check, Progress
from l2e.training.data import Loads
from l2e.training.optimizer import Step
from l2e.training.trainer import Trainer
from tests.release_2014 import Release2014
from tests.toys import experiment

LSTM = Choice(name="lstm", options={"cells": 8, "layers": 1})
SEQ2SEQ = Choice(name="seq2seq", options={"cells": 8})
LOADS_OF_TEN = {"batch_size": 4, "lane_characters": 301, "window": 30, "validation_samples": 10}
every_strategy = pytest.mark.parametrize("strategy", PAPER_ORDER)


def release_like(curriculum: str, **changes: Any) -> Experiment:
    """Programs up to (2, 2) under the release's recipe with small loads and frequent checks; five decays end it."""
    often = {**LOADS_OF_TEN, "check_every": 3, "check_offset": 1, "minimum_rate": 0.2}
    recipe = ZAREMBA_2014.model_copy(update={**often, **changes})
    return experiment(task="program", length=2, nesting=2, learner=LSTM, curriculum=curriculum, recipe=recipe)


def trainer_of(of: Experiment, folder: Path) -> Trainer:
    run = Run(folder)
    run.begin(of)
    return Trainer(of, run)


def updates_on_noise(trainer: Trainer) -> Iterator[Batch]:
    """Each batch of a training in which nothing is learnt, after its update; the accuracies are noise."""
    random = np.random.default_rng(0)
    with trainer:
        while (batch := trainer.next_batch()) is not None:
            right = torch.tensor(int(random.integers(len(batch.answers) + 1)))
            trainer.learned(batch, Step(torch.zeros(()), right, (torch.ones(1),), torch.zeros(0)))
            yield batch


def bits(batch: Batch) -> list[bytes]:
    fields = (getattr(batch, name) for name in batch.__dataclass_fields__)
    return [field.numpy().tobytes() for field in fields if isinstance(field, torch.Tensor)]


def load_of(of: Experiment, layout: Layout, number: int, curriculum: Curriculum) -> list[list[bytes]]:
    loads = Loads(of, layout)
    try:
        return [bits(batch) for batch in loads.make(number, curriculum).batches]
    finally:
        loads.close()


@every_strategy
def test_a_training_on_noise_takes_the_2014_releases_steps_to_its_end(strategy: str, tmp_path: Path) -> None:
    trainer = trainer_of(release_like(strategy), tmp_path / "run")
    updates = sum(1 for _ in updates_on_noise(trainer))
    release = Release2014(2, 2)
    checks = trainer.run.metrics()
    for check in checks:
        assert (check["length"], check["nesting"]) == release.level
        assert check["rate"] == pytest.approx(release.rate)
        before = release.level
        release.check(check["validation_accuracy"], check["training_accuracy"])
        assert check["rose"] == (release.level != before)
    assert release.rate == pytest.approx(0.5 * 0.8**5)  # the fifth decay goes below the least rate
    assert checks[-1]["update"] == updates


@every_strategy
def test_the_update_after_a_stall_reads_the_first_batch_of_a_new_load(strategy: str, tmp_path: Path) -> None:
    of = release_like(strategy)
    trainer = trainer_of(of, tmp_path / "run")
    release, checks, number, place, reloads = Release2014(2, 2), 0, 0, 0, 0
    expected = load_of(of, Layout.STREAM, 0, trainer.curriculum)
    for batch in updates_on_noise(trainer):
        assert bits(batch) == expected[place]
        place += 1
        new = trainer.run.metrics()[checks:]
        checks, stalls = checks + len(new), release.loads
        for check in new:
            release.check(check["validation_accuracy"], check["training_accuracy"])
        if release.loads > stalls or place == len(expected):
            reloads += place < len(expected)
            number, place = number + 1, 0
            expected = load_of(of, Layout.STREAM, number, copy.deepcopy(trainer.curriculum))
    assert reloads > 5


def test_a_new_load_leaves_the_carried_state_and_a_check_zeroes_it(tmp_path: Path) -> None:
    trainer = trainer_of(release_like("mix", check_every=25, check_offset=0), tmp_path / "run")
    zeroed, begun = [], []
    for _ in updates_on_noise(trainer):
        loads = trainer.counters.load
        trainer.next_batch()
        if trainer.counters.load > loads:
            begun.append(trainer.counters.updates)
        if trainer.state is None:
            zeroed.append(trainer.counters.updates)
        if trainer.counters.updates == 60:
            break
    assert begun == [10, 20, 30, 40, 50, 60]
    assert zeroed == [25, 50]


def test_asking_twice_for_the_next_batch_gives_it_twice(tmp_path: Path) -> None:
    trainer = trainer_of(release_like("mix"), tmp_path / "run")
    for batch in updates_on_noise(trainer):
        first, second = trainer.next_batch(), trainer.next_batch()
        assert first is not None
        assert second is not None
        assert bits(first) == bits(second) != bits(batch)
        if trainer.counters.updates == 12:
            break


def test_a_baseline_that_climbs_is_at_its_target_from_the_start(tmp_path: Path) -> None:
    trainer = trainer_of(release_like("baseline").model_copy(update={"budget": "20updates"}), tmp_path / "run")
    list(updates_on_noise(trainer))
    outcome = trainer.outcome()
    assert trainer.levels.level != (2, 2)
    assert (outcome.reached, outcome.reached_at) == ((2, 2), 0.0)


def test_a_naive_reaches_its_target_when_it_rises_to_it(tmp_path: Path) -> None:
    trainer = trainer_of(release_like("naive"), tmp_path / "run")
    updates = sum(1 for _ in updates_on_noise(trainer))
    *_, last = (check["update"] for check in trainer.run.metrics() if check["rose"])
    assert trainer.outcome().reached_at == last / updates


@pytest.mark.parametrize(("learner", "layout"), [(SEQ2SEQ, Layout.PAIRS), (LSTM, Layout.STREAM)], ids=["pairs", "text"])
@pytest.mark.parametrize("strategy", ["naive", "mix"])
def test_under_fast_every_load_is_read_to_its_end(
    learner: Choice, layout: Layout, strategy: str, tmp_path: Path
) -> None:
    recipe = FAST.model_copy(update={"batch_size": 2, "validation_samples": 10, "patience": 1})
    of = experiment(length=5, learner=learner, curriculum=strategy, recipe=recipe, budget="250updates")
    trainer = trainer_of(of, tmp_path / "run")
    read = [bits(batch) for batch in updates_on_noise(trainer)]
    curriculum, expected = of.make_curriculum(), []
    checks = trainer.run.metrics()
    assert [check["update"] for check in checks] == [50, 100, 150, 200, 250]
    for number, check in enumerate(checks):
        expected += load_of(of, layout, number, curriculum)
        curriculum.update(Progress(Check(0.0, 0.0), stalled=check["rose"]))
    assert read == expected
    assert any(check["rose"] for check in checks) == (strategy == "naive")


def test_every_check_measures_the_target_too_and_at_the_target_the_same_number(tmp_path: Path) -> None:
    trainer = trainer_of(release_like("naive"), tmp_path / "run")
    for _ in updates_on_noise(trainer):
        pass
    checks = trainer.run.metrics()
    at_target = [check for check in checks if (check["length"], check["nesting"]) == (2, 2)]
    assert at_target
    assert all(check["target_accuracy"] == check["validation_accuracy"] for check in at_target)
    below = {check["target_accuracy"] for check in checks if (check["length"], check["nesting"]) != (2, 2)}
    assert below == {at_target[0]["target_accuracy"]}  # nothing is learnt, so it never changes

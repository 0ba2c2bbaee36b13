"""A run that is killed at any moment and started again ends in the same bits as one that never was."""

import json
import random
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.experiment import Choice
from l2e.experiments.recipes import ZAREMBA_2014
from l2e.experiments.run import Run
from l2e.training.signals import Interrupted
from l2e.training.status import Moment
from l2e.training.trainer import Trainer
from tests.processes import CommandProcess, lives, wait_until
from tests.toys import TINY_RECIPE, experiment

OPTIONS = {
    "seq2seq": ["--learner", "seq2seq", "--set", "recipe.batches_per_load=30"],
    "lstm": ["--learner", "lstm", "--set", "learner.layers=1", "--set", "recipe.lane_characters=701"],
}
COMMON = [
    *("--task", "addition", "--length", "2", "--curriculum", "combined", "--budget", "300updates"),
    *("--threads", "1", "--test-samples", "50", "--checkpoint-seconds", "0.05", "--json"),
    *("--set", "learner.cells=16", "--set", "recipe.batch_size=10", "--set", "recipe.check_every=20"),
    *("--set", "recipe.patience=1", "--set", "recipe.validation_samples=50"),
]


def train(learner: str, out: Path) -> CommandProcess:
    return CommandProcess(out.parent, "train", *COMMON, *OPTIONS[learner], "--out", out)


def outcome(out: Path) -> tuple[dict[str, object], str, list[bytes], list[dict[str, Any]]]:
    """Everything a run leaves but times."""
    run = Run(out)
    tensors = [path.with_suffix(".safetensors").read_bytes() for path in run.checkpoints()[-1:]]
    return run.result(), run.predictions_path.read_text(), tensors, metrics_of(run)


def metrics_of(run: Run) -> list[dict[str, Any]]:
    """All but times."""
    return [{key: value for key, value in line.items() if key not in ("seconds", "waited")} for line in run.metrics()]


@pytest.mark.slow
@pytest.mark.parametrize("learner", OPTIONS)
def test_a_run_killed_at_random_moments_ends_in_the_same_bits(learner: str, tmp_path: Path) -> None:
    with train(learner, tmp_path / "whole") as process:
        code, _, errors = process.end()
    assert code == 0, errors
    chance = random.Random(learner)
    run = Run(tmp_path / "killed")
    checkpoints_survived = set()
    for _ in range(5):
        before = len(run.metrics())
        with train(learner, run.path) as process:
            wait_until(lambda before=before: len(run.metrics()) > before or not lives(process.pid))
            time.sleep(chance.random() * 0.15)
            process.send(signal.SIGKILL)
            process.end()
        checkpoints_survived |= {path.stem for path in run.checkpoints()}
    assert len(checkpoints_survived) > 1
    with train(learner, run.path) as process:
        code, _, errors = process.end()
    assert code == 0, errors
    assert outcome(tmp_path / "killed") == outcome(tmp_path / "whole")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda ending: ending.name)
def test_an_interrupted_run_says_how_to_go_on_and_goes_on(ending: signal.Signals, tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    with train("seq2seq", run.path) as process:
        process.at_work_until(run.metrics)
        process.send(ending)
        code, _, errors = process.end()
    assert code == 130
    assert f"--out {run}" in errors
    (stopped_at,) = [int(path.stem) for path in run.checkpoints()[-1:]]
    with train("seq2seq", run.path) as process:
        code, output, errors = process.end()
    assert code == 0, errors
    assert 0 < stopped_at < json.loads(output)["updates"] == 300


def test_the_second_process_on_a_run_is_told_who_holds_it(tmp_path: Path) -> None:
    run = Run(tmp_path / "run")
    with train("seq2seq", run.path) as first:
        first.at_work_until((run / "experiment.json").exists)
        with train("seq2seq", run.path) as second:
            code, _, errors = second.end()
    assert code == 1
    assert f"process {first.pid} is working on {run}" in errors


def last_tensors(dropout: float, learner: str, out: Path, stop_at: int | None = None) -> bytes:
    """Train 40 updates, stopped and resumed at one of them; the bits of the last checkpoint."""
    recipe = experiment().recipe.model_copy(update={**TINY_RECIPE, "window": 25, "check_every": 15, "dropout": dropout})
    of = experiment(learner=Choice(name=learner, options={"cells": 16, "layers": 2}), recipe=recipe, budget="40updates")

    def report(moment: Moment) -> None:
        if moment.updates == stop_at:
            signal.raise_signal(signal.SIGTERM)

    run = Run(out)
    run.begin(of)
    if stop_at:
        with pytest.raises(Interrupted):
            Trainer(of, run, report).train()
        assert [int(path.stem) for path in run.checkpoints()] == [stop_at]
    Trainer(of, run).train()
    return run.checkpoints()[-1].with_suffix(".safetensors").read_bytes()


@pytest.mark.parametrize("learner", ["lstm", "seq2seq", "transformer"])
def test_a_run_with_dropout_that_was_stopped_ends_in_the_same_bits(learner: str, tmp_path: Path) -> None:
    whole = last_tensors(0.5, learner, tmp_path / "whole")
    assert last_tensors(0.5, learner, tmp_path / "stopped", stop_at=20) == whole
    assert last_tensors(0.0, learner, tmp_path / "without") != whole


def train_until(trainer: Trainer, updates: int) -> None:
    while trainer.counters.updates < updates:
        batch = trainer.next_batch()
        assert batch is not None
        trainer.learn(batch)


Ended = tuple[bytes, list[dict[str, Any]]]  # the bits of a run's last checkpoint, and its metrics


def release_run(curriculum: str, out: Path, stops: Sequence[int] = (), lost: int = 0) -> Ended:
    """Train running text as the 2014 release does, 120 updates; at each stop it is saved, and soon after it is killed.

    Args:
        curriculum: its name.
        out: where.
        stops: updates.
        lost: updates from a checkpoint to the kill.
    """
    changes = {**TINY_RECIPE, "precision": "float32", "check_every": 3, "check_offset": 1}
    of = experiment(
        learner=Choice(name="lstm", options={"cells": 8, "layers": 1}),
        curriculum=curriculum,
        length=5,
        recipe=ZAREMBA_2014.model_copy(update=changes),
        budget="120updates",
    )
    run = Run(out)
    run.begin(of)
    for stop in stops:
        with Trainer(of, run) as trainer:
            train_until(trainer, stop)
            trainer.save()
            train_until(trainer, stop + lost)
    Trainer(of, run).train()
    return run.checkpoints()[-1].with_suffix(".safetensors").read_bytes(), metrics_of(run)


@pytest.mark.parametrize("curriculum", ["baseline", "combined"])
def test_a_run_stopped_before_at_and_after_rises_ends_in_the_same_bits(curriculum: str, tmp_path: Path) -> None:
    whole = release_run(curriculum, tmp_path / "whole")
    rises = [line["update"] for line in whole[1] if line["rose"]]
    assert len(rises) > 2
    stops = [rises[1] - 1, rises[1], rises[1] + 1]
    assert release_run(curriculum, tmp_path / "stopped", stops) == whole
    assert release_run(curriculum, tmp_path / "killed", stops, lost=5) == whole

"""Toy objects for the tests: a task of three samples, predictors that look answers up, small experiments and runs."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from generators.errors import InputError
from generators.samples import Difficulties, Difficulty, IntArray, Samples
from l2e.batches import Layout, PairBatch
from l2e.curricula import Curriculum
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.recipes import recipe_named
from l2e.experiments.run import Checkpoint, Run
from l2e.learner import Learner
from l2e.metrics import Rule
from l2e.progress import Progress
from l2e.training.jobs import Job

TINY_RECIPE = {"batch_size": 20, "batches_per_load": 5, "lane_characters": 101, "window": 10, "validation_samples": 20}


def samples_of(*pairs: tuple[str, str], lengths: Sequence[int] | None = None) -> Samples:
    """Samples of these inputs and targets, of difficulty (1, 1) or of the given lengths."""
    ones = np.ones(len(pairs), np.int64)
    return Samples(
        [pair[0] for pair in pairs],
        [pair[1] for pair in pairs],
        ones if lengths is None else np.array(lengths, np.int64),
        ones,
    )


class ThreeSamples:
    """A task of three samples, whatever the difficulty."""

    name = "three samples"
    targets: Mapping[str, str] = {"a": "1.", "b": "-22.", "c": "333."}

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        inputs = rng.choice(list(self.targets), len(nestings)).tolist()
        return Samples(inputs, [self.targets[text] for text in inputs], lengths, nestings)

    def answer(self, input: str) -> str:
        if input not in self.targets:
            raise InputError("expected a, b or c", input, 1, 1)
        return self.targets[input]


class LookUp:
    """A predictor that looks its answers up."""

    def __init__(self, answers: Mapping[str, str], forced: Mapping[str, str] | None = None) -> None:
        self.answers = answers
        self.forced = answers if forced is None else forced

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        return [self.answers[text][:max_characters] for text in inputs]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        return [self.forced[sample.input] for sample in samples]


class Alternating(Curriculum):
    """A user's curriculum, with two methods: length 1 and the target by turns."""

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        return Difficulties(
            np.where(np.arange(n) % 2, self.target.length, 1), np.full(n, self.target.nesting, np.int64)
        )

    def update(self, progress: Progress) -> bool:
        return False


class Dawdling(Alternating):
    """A curriculum that takes its time over every check until there is a file of this name."""

    def __init__(self, target: Difficulty, until: str) -> None:
        super().__init__(target)
        self.until = Path(until)

    def update(self, progress: Progress) -> bool:
        time.sleep(0 if self.until.exists() else 0.5)
        return False


class Failing(Alternating):
    """A curriculum that can draw what it is checked with, and no more."""

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        if n > 2:
            raise RuntimeError("the well is dry")
        return super().draw(n, rng)


def experiment(**changes: Any) -> Experiment:
    """A small experiment: addition of one digit, with these fields instead; strings and tables become choices."""
    settings: dict[str, Any] = {
        "task": "addition",
        "learner": Choice(name="seq2seq", options={"cells": 64}),
        "curriculum": "baseline",
        "length": 1,
        "recipe": recipe_named("fast").model_copy(update=TINY_RECIPE),
        **changes,
    }
    for key in ("task", "learner", "curriculum"):
        if isinstance(settings[key], str):
            settings[key] = Choice(name=settings[key])
    return Experiment(**settings)


TEXT = "The ferry came in the {} month, and {} goats went up the hill; nobody knew of {} others.\n"


def written_text(lines: int = 60) -> str:
    """A text with words that are there once."""
    numbers = [("first", "second", "third", "fourth", "fifth")[i % 5] for i in range(lines)]
    return "".join(TEXT.format(number, 7 * i % 31, f"x{i}y") for i, number in enumerate(numbers))


def text_experiment(path: Path, **changes: Any) -> Experiment:
    """A small experiment on the text in this file; units and pieces are options of the text."""
    options = {"path": str(path), **{key: changes.pop(key) for key in ("units", "pieces") if key in changes}}
    recipe = recipe_named("fast").model_copy(update={**TINY_RECIPE, "loss_over": "all"})
    settings: dict[str, Any] = {
        "task": Choice(name="text", options=options),
        "learner": Choice(name="gru", options={"cells": 8}),
        "recipe": recipe,
        "budget": "20updates",
        **changes,
    }
    return experiment(**settings)


def row(learner: str, curriculum: str | None, seed: int | None, accuracy: float, **changes: Any) -> dict[str, Any]:
    """One row of a result: 100 samples of addition (1, 1), exact match, an interval of ± 0.1."""
    return {
        "task": "addition",
        "split": "test",
        "learner": learner,
        "curriculum": curriculum,
        "seed": seed,
        "length": 1,
        "nesting": 1,
        "rule": Rule.EXACT_MATCH.value,
        "n": 100,
        "accuracy": accuracy,
        "low": accuracy - 0.1,
        "high": accuracy + 0.1,
        **changes,
    }


def check(update: int, **changes: Any) -> dict[str, Any]:
    """A line of metrics: a check at (1, 1), nothing learned."""
    accuracies = {"validation_accuracy": 0.0, "training_accuracy": 0.0}
    return {"update": update, "seconds": 0.1, "fraction": 0.5, "length": 1, "nesting": 1, **accuracies, **changes}


def finished_run(path: Path, of: Experiment, rows: list[dict[str, Any]]) -> Run:
    """A complete run with these rows, nothing trained."""
    run = Run(path)
    run.begin(of)
    costs = {"updates": 0, "characters": 0}
    run.write_json("result.json", {"reached": list(of.target), "reached_at": 0.5, **costs, "rows": rows})
    return run


def untrained(learner: nn.Module, updates: int = 1) -> Checkpoint:
    """A checkpoint with a learner's parameters as they are."""
    state = {"counters": {"updates": updates}, "climb": {}, "drawn_under": {}, "last_check": None}
    return Checkpoint({f"learner.{name}": tensor for name, tensor in learner.state_dict().items()}, state)


def at(length: int, nesting: int = 1) -> Callable[[int, np.random.Generator], Difficulties]:
    """Draws this difficulty."""
    return lambda n, rng: Difficulties.constant(Difficulty(length, nesting), n)


# Jobs for engines: functions of a module that other processes can import.


def double(number: int) -> int:
    return 2 * number


def double_die_or_raise(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 3:
        raise ValueError("three is odd")
    return 2 * number


def untransferable_if_odd(number: int) -> Any:
    return (lambda: number) if number % 2 else number


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def span(number: int) -> tuple[float, float]:
    """When the job began and when it ended."""
    begun = time.monotonic()
    time.sleep(0.3)
    return begun, time.monotonic()


def work_saving_often(job: Job) -> int:
    """Train a job's only run with a checkpoint at every chance; return the update that its first report was of."""
    from l2e.training.run_experiment import run_experiment

    reported: list[int] = []
    ((path, of),) = job.experiments.items()
    run_experiment(of, path, report=lambda moment: reported.append(moment.updates), checkpoint_seconds=0)
    return reported[0]


def json_lines(text: str) -> list[Any]:
    """The objects of JSON lines."""
    return [json.loads(line) for line in text.splitlines()]


def heed_ctrl_c() -> None:
    """In a new process: let SIGINT mean what it means on a terminal, also where the tests run in a background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Asking(Learner):
    """A learner that waits for a value in the middle of an update, as none may that trains in lockstep."""

    layout = Layout.PAIRS

    def __init__(self, symbols: int) -> None:
        super().__init__()
        self.logits = nn.Parameter(torch.zeros(symbols))

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        return self.logits * self.logits.sum().item() + torch.zeros(len(batch.positions), 1), None

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        return inputs[:, :max_characters]

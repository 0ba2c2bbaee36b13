"""Two trainings of one task to one accuracy, ours and a plain script, alternating in one process; one seed each."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from generators.samples import Samples
from generators.splits import Split, draw_samples
from l2e.curricula import Mix
from l2e.evaluation.scoring import evaluate
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.precision import has_bfloat16
from l2e.experiments.recipes import FAST
from l2e.experiments.run import Run
from l2e.learner import Predictor
from l2e.metrics import Rule
from l2e.perf.measure import Line
from l2e.perf.plain_networks import PlainSeq2Seq
from l2e.perf.plain_samples import Pair, write_sums
from l2e.perf.plain_scripts import TYPES, PlainScript
from l2e.training.optimizer import update
from l2e.training.trainer import Trainer
from l2e.vocabulary import SYMBOLS

TURN_SECONDS = 2.0
LIMIT_SECONDS = 400.0
TEST_SAMPLES = 1000
CELLS = 128


@dataclass(frozen=True, slots=True)
class Race:
    """Ours, `fast` under combined, against a plain encoder and decoder with Adam, on sums of up to so many digits.

    Attributes:
        digits: of the longest number; each number's digits are uniform up to it.
        accuracy: of characters, free-running, in [0, 1], up to which time is measured.
        options: of our learner `seq2seq`.
        recipe: our changes to `fast`.
        plain_batch: batch size of the plain script.
        plain_rate: constant learning rate of the plain script.
        plain_forget_bias: initial forget bias of the plain script's networks.
    """

    digits: int
    accuracy: float
    options: dict[str, Any]
    recipe: dict[str, Any]
    plain_batch: int
    plain_rate: float
    plain_forget_bias: float

    @property
    def plain_type(self) -> str:
        """The plain script's precision, one of TYPES: the faster one on this processor."""
        return "bfloat16 autocast" if has_bfloat16(torch.device("cpu")) else "float32"

    def lines(self) -> Iterator[Line]:
        """How long each takes to the accuracy."""
        experiment = self.experiment()
        asked = Mix(experiment.target, redraw="operand")  # as many digits in both numbers, as in the plain script
        test = draw_samples(experiment.make_task(), Split.TEST, TEST_SAMPLES, asked.draw, ("race",)).samples
        plain = self._plain(test)
        curves = list(zip(self._ours(experiment, test), plain, strict=False))
        ours, theirs = ([turn[side] for turn in curves] for side in (0, 1))
        after = f"after the {ours[-1][0]:.0f} s of our {experiment.recipe.updates} updates"
        while theirs[-1][1] < self.accuracy and theirs[-1][0] < LIMIT_SECONDS:
            theirs.append(next(plain))
        seconds, peer = self.seconds(ours), self.seconds(theirs)
        yield Line(
            f"seconds to {100 * self.accuracy:.0f} % of characters on sums of up to {self.digits} digits, combined, "
            f"{experiment.recipe.precision} products, one seed",
            ours=seconds,
            peer=peer,
            peer_name=f"plain script in {self.plain_type}",
            ratio=peer / seconds if peer and seconds else None,
            unit="s",
            note=f"{100 * ours[-1][1]:.1f} % {after}, {100 * theirs[len(curves) - 1][1]:.1f} % of the script then; "
            f"the script was given {LIMIT_SECONDS:.0f} s at most",
        )

    def experiment(self) -> Experiment:
        """Ours."""
        return Experiment(
            task=Choice(name="addition"),
            learner=Choice(name="seq2seq", options={"cells": CELLS, **self.options}),
            curriculum=Choice(name="combined", options={"redraw": "operand"}),
            length=self.digits,
            recipe=FAST.model_copy(update=self.recipe),
        )

    def seconds(self, curve: list[tuple[float, float]]) -> float | None:
        """When the curve first reaches the accuracy; None if it never does."""
        return next((seconds for seconds, accuracy in curve if accuracy >= self.accuracy), None)

    def _plain(self, test: Samples) -> Iterator[tuple[float, float]]:
        rng, asked = random.Random(0), set(test.inputs)

        def write() -> list[Pair]:
            return [pair for pair in write_sums(1000, self.digits, rng) if pair[0] not in asked]

        network = PlainSeq2Seq(SYMBOLS, CELLS, self.plain_forget_bias)
        script = PlainScript(network, write, self.plain_batch, self.plain_rate, True, TYPES[self.plain_type])
        return self._turns(script.train(), script, test)

    def _ours(self, experiment: Experiment, test: Samples) -> Iterator[tuple[float, float]]:
        """Seconds of training and accuracy, after every turn and at the end."""
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder) / "run")
            run.begin(experiment)
            with Trainer(experiment, run) as trainer:
                yield from self._turns(updates_of(trainer), trainer.learner, test)

    def _turns(self, updates: Iterator[None], predictor: Predictor, test: Samples) -> Iterator[tuple[float, float]]:
        """Seconds of updates, and the accuracy after every turn of some seconds and at the end."""
        spent, begun = 0.0, time.perf_counter()
        for _ in updates:
            if time.perf_counter() - begun > TURN_SECONDS:
                spent += time.perf_counter() - begun
                yield spent, evaluate(predictor, test).total(Rule.CHARACTER).accuracy
                begun = time.perf_counter()
        yield spent + time.perf_counter() - begun, evaluate(predictor, test).total(Rule.CHARACTER).accuracy


def updates_of(trainer: Trainer) -> Iterator[None]:
    """An update at every step, until the trainer's budget is spent."""
    while (batch := trainer.next_batch()) is not None:
        step = update(trainer.learner, trainer.optimizer, trainer.recipe, batch, trainer.state, trainer.rate())
        trainer.learned(batch, step)
        yield


SUMS = Race(
    digits=3,
    accuracy=0.99,
    options={"reverse": True, "forget_bias": 3.0},
    recipe={"updates": 5000},
    plain_batch=128,
    plain_rate=4e-3,
    plain_forget_bias=3.0,
)

"""Two trainings of the same task to the same accuracy, ours and a plain script, turn by turn in one process."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generators.samples import Difficulty, Samples
from generators.splits import Split, draw_samples
from l2e.experiment import Choice, Experiment
from l2e.learner import Predictor
from l2e.optimization import update
from l2e.perf.measure import Line
from l2e.perf.plain_pairs import PlainPairs
from l2e.recipes import FAST
from l2e.runs import Run
from l2e.scoring import Rule, score
from l2e.training import Trainer

TURN_SECONDS = 2.0
LIMIT_SECONDS = 400.0
POOL = 45_000
TEST_SAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Race:
    """Ours, the recipe `fast`, against a plain encoder and decoder trained with Adam.

    Attributes:
        what: is learnt, in words.
        task: its name.
        target: the difficulty.
        asked: the curriculum whose draws at the target are the test, and the plain script's training.
        rule: how accuracy is counted: teacher-forced, or free-running characters.
        accuracy: in [0, 1], to which seconds are counted.
        curriculum: ours.
        options: of our learner `seq2seq`.
        updates: after which our rate is zero.
        plain_batch: rows of an update of the plain script.
        plain_rate: of the plain script; constant.
        plain_reverse: the plain script too reads the input backwards.
        wanted: the ratio of seconds that is aimed at.
    """

    what: str
    task: str
    target: Difficulty
    asked: Choice
    rule: Rule
    accuracy: float
    curriculum: Choice
    options: dict[str, Any]
    updates: int
    plain_batch: int
    plain_rate: float
    plain_reverse: bool
    wanted: str

    def lines(self) -> Iterator[Line]:
        """What both know after the time that ours takes, and how long each takes to the accuracy."""
        experiment = self._experiment(self.curriculum)
        test = self._samples(Split.TEST, TEST_SAMPLES)
        script = PlainPairs(self.plain_batch, self.plain_rate, seed=0, reverse=self.plain_reverse)
        plain = self._turns(script.train(self._samples(Split.TRAIN, POOL)), script, test)
        curves = list(zip(self._ours(experiment, test), plain, strict=False))
        ours, theirs = ([turn[side] for turn in curves] for side in (0, 1))
        yield Line(
            f"{self.what}: {self.rule.value} after the {ours[-1][0]:.0f} s of our {self.updates} updates",
            ours=100 * ours[-1][1],
            peer=100 * theirs[-1][1],
            unit="%",
            target="more",
        )
        while theirs[-1][1] < self.accuracy and theirs[-1][0] < LIMIT_SECONDS:
            theirs.append(next(plain))
        seconds, peer = self._seconds(ours), self._seconds(theirs)
        yield Line(
            f"{self.what}: seconds to {100 * self.accuracy:.0f} % (nan: not reached, not within {LIMIT_SECONDS:.0f} s)",
            ours=seconds,
            peer=peer,
            ratio=peer / seconds,
            unit="s",
            target=self.wanted,
        )

    def _experiment(self, curriculum: Choice) -> Experiment:
        return Experiment(
            task=Choice(name=self.task),
            learner=Choice(name="seq2seq", options=self.options),
            curriculum=curriculum,
            length=self.target.length,
            nesting=self.target.nesting,
            recipe=FAST.model_copy(update={"updates": self.updates}),
        )

    def _samples(self, split: Split, n: int) -> Samples:
        asked = self._experiment(self.asked)
        return draw_samples(asked.make_task(), split, n, asked.make_curriculum().draw, ("race",)).samples

    def _seconds(self, curve: list[tuple[float, float]]) -> float:
        """When the curve first reaches the accuracy; NaN if it never does."""
        return next((seconds for seconds, accuracy in curve if accuracy >= self.accuracy), math.nan)

    def _ours(self, experiment: Experiment, test: Samples) -> Iterator[tuple[float, float]]:
        """Seconds of training and accuracy, after every turn and at the end."""
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder) / "run")
            run.begin(experiment)
            with Trainer(experiment, run) as trainer:
                yield from self._turns(_updates(trainer), trainer.learner, test)

    def _turns(self, updates: Iterator[None], predictor: Predictor, test: Samples) -> Iterator[tuple[float, float]]:
        """Seconds of updates, and the accuracy after every turn of some seconds and at the end."""
        spent, begun = 0.0, time.perf_counter()
        for _ in updates:
            if time.perf_counter() - begun > TURN_SECONDS:
                spent += time.perf_counter() - begun
                yield spent, score(predictor, test).total(self.rule).accuracy
                begun = time.perf_counter()
        yield spent + time.perf_counter() - begun, score(predictor, test).total(self.rule).accuracy


def _updates(trainer: Trainer) -> Iterator[None]:
    while (batch := trainer.next_batch()) is not None:
        step = update(trainer.learner, trainer.optimizer, trainer.recipe, batch, trainer.state, trainer.rate())
        trainer.learned(batch, step)
        yield


RACES = (
    Race(
        what="sums of up to 3 digits",
        task="addition",
        target=Difficulty(3),
        asked=Choice(name="mix", options={"redraw": "operand"}),
        rule=Rule.CHARACTER,
        accuracy=0.99,
        curriculum=Choice(name="mix", options={"redraw": "operand"}),
        options={"reverse": True, "forget_bias": 3.0},
        updates=8000,
        plain_batch=128,
        plain_rate=4e-3,
        plain_reverse=True,
        wanted="≥ 1.3×",
    ),
    Race(
        what="programs at (2, 1)",
        task="program",
        target=Difficulty(2),
        asked=Choice(name="baseline"),
        rule=Rule.TEACHER_FORCED,
        accuracy=0.75,
        curriculum=Choice(name="baseline"),
        options={"reverse": True},
        updates=5000,
        plain_batch=64,
        plain_rate=3e-3,
        plain_reverse=False,
        wanted="≥ 2.5×",
    ),
)

"""Two trainings of the same task to the same accuracy, ours and a plain script, turn by turn in one process."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from generators.samples import Difficulties, Difficulty, Samples
from generators.splits import Split, draw_samples
from generators.task import Task
from l2e.alphabet import END_OF_INPUT, SYMBOLS, encode
from l2e.experiment import Choice, Experiment
from l2e.loads import held_out
from l2e.optimization import update
from l2e.perf.measure import Line
from l2e.perf.peers import PlainLSTM, clip_and_step
from l2e.recipes import FAST
from l2e.runs import Run
from l2e.scoring import teacher_forced
from l2e.training import Trainer

TURN_SECONDS = 2.0
LIMIT_SECONDS = 300.0
POOL = 45_000
CELLS = 128


@dataclass(frozen=True, slots=True)
class Race:
    """Ours, the recipe `fast` as it is, against one LSTM layer of 128 cells over pairs, trained with Adam.

    Attributes:
        task: its name.
        target: the difficulty of the test, and of the plain script's training.
        accuracy: teacher-forced, in [0, 1], to which seconds are counted.
        curriculum: ours.
        options: of our learner `seq2seq`; both read the input backwards if they say so.
        plain_batch: of the plain script.
        plain_rate: of the plain script; constant.
        wanted: the ratio of seconds that is aimed at.
    """

    task: str
    target: Difficulty
    accuracy: float
    curriculum: str
    options: dict[str, Any]
    plain_batch: int
    plain_rate: float
    wanted: str

    def lines(self) -> Iterator[Line]:
        """What both know after the time that ours takes, and how long each takes to the accuracy."""
        experiment = Experiment(
            task=Choice(name=self.task),
            learner=Choice(name="seq2seq", options=self.options),
            curriculum=Choice(name=self.curriculum),
            length=self.target.length,
            nesting=self.target.nesting,
            recipe=FAST,
        )
        samples = held_out(experiment, Split.TEST, 1000, *self.target)
        plain = self._plain(experiment.make_task(), samples)
        curves = list(zip(self._ours(experiment, samples), plain, strict=False))
        ours, theirs = ([turn[side] for turn in curves] for side in (0, 1))
        what = f"{self.task} {self.target}, characters right on the test split"
        yield Line(
            f"{what} after the {ours[-1][0]:.0f} s that `fast` takes",
            ours=100 * ours[-1][1],
            peer=100 * theirs[-1][1],
            unit="%",
            target="more",
        )
        while theirs[-1][1] < self.accuracy and theirs[-1][0] < LIMIT_SECONDS:
            theirs.append(next(plain))
        seconds, peer = self._seconds(ours), self._seconds(theirs)
        yield Line(
            f"{what}: seconds to {100 * self.accuracy:.0f} % (nan: not within {LIMIT_SECONDS:.0f} s)",
            ours=seconds,
            peer=peer,
            ratio=peer / seconds,
            unit="s",
            target=self.wanted,
        )

    def _seconds(self, curve: list[tuple[float, float]]) -> float:
        """When the curve first reaches the accuracy; NaN if it never does."""
        return next((seconds for seconds, accuracy in curve if accuracy >= self.accuracy), math.nan)

    def _ours(self, experiment: Experiment, samples: Samples) -> Iterator[tuple[float, float]]:
        """Seconds of training and accuracy, after every turn."""
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder) / "run")
            run.begin(experiment)
            spent, begun = 0.0, time.perf_counter()
            with Trainer(experiment, run) as trainer:
                while (batch := trainer.next_batch()) is not None:
                    step = update(
                        trainer.learner, trainer.optimizer, trainer.recipe, batch, trainer.state, trainer.rate()
                    )
                    trainer.learned(batch, step)
                    if time.perf_counter() - begun > TURN_SECONDS:
                        spent += time.perf_counter() - begun
                        yield spent, teacher_forced(trainer.learner, samples).accuracy
                        begun = time.perf_counter()
                yield spent + time.perf_counter() - begun, teacher_forced(trainer.learner, samples).accuracy

    def _plain(self, task: Task, samples: Samples) -> Iterator[tuple[float, float]]:
        """The same for the plain script: a fixed pool of pairs, padded rows, loss on the answers."""
        torch.manual_seed(0)
        pool = draw_samples(
            task, Split.TRAIN, POOL, lambda n, _: Difficulties.constant(self.target, n), ("plain", 0)
        ).samples
        model = PlainLSTM(SYMBOLS, CELLS, 1)
        optimizer = torch.optim.Adam(model.parameters(), lr=self.plain_rate)
        rng = np.random.default_rng(0)
        test = self._rows(samples, range(len(samples)))
        spent, begun = 0.0, time.perf_counter()
        while True:
            symbols, answers = self._rows(pool, rng.integers(0, len(pool), self.plain_batch).tolist())
            logits, _ = model(symbols[:-1])
            clip_and_step(model, optimizer, cross_entropy(logits[answers[1:]], symbols[1:][answers[1:]]), 1.0)
            if time.perf_counter() - begun > TURN_SECONDS:
                spent += time.perf_counter() - begun
                with torch.no_grad():
                    right = model(test[0][:-1])[0].argmax(2) == test[0][1:]
                yield spent, right[test[1][1:]].float().mean().item()
                begun = time.perf_counter()

    def _rows(self, samples: Samples, rows: range | list[int]) -> tuple[Tensor, Tensor]:
        """Symbols [time, rows] of input, end of input and target, and where the targets are."""
        texts = []
        for row in rows:
            question, target = samples.inputs[row], samples.targets[row]
            read = encode([question[::-1] if self.options.get("reverse") else question])[0]
            texts.append((len(read) + 1, np.concatenate([read, [END_OF_INPUT], encode([target])[0]])))
        symbols = torch.zeros(max(len(text) for _, text in texts), len(texts), dtype=torch.int64)
        answers = torch.zeros(symbols.shape, dtype=torch.bool)
        for row, (start, text) in enumerate(texts):
            symbols[: len(text), row] = torch.from_numpy(text)
            answers[start : len(text), row] = True
        return symbols, answers

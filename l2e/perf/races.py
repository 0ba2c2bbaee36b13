"""Two trainings of the same task to the same accuracy, ours and a plain script, turn by turn in one process."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

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
LIMIT_SECONDS = 400.0
POOL = 45_000
CELLS = 128


@dataclass(frozen=True, slots=True)
class Race:
    """Ours, the recipe `fast` as it is, against one LSTM layer of 128 cells over pairs, trained with Adam.

    Attributes:
        task: its name.
        target: the difficulty of training and test.
        accuracy: teacher-forced, where the race ends.
        plain_batch: of the plain script.
        plain_rate: of the plain script; constant.
        reverse: whether both read the input backwards.
    """

    task: str
    target: Difficulty
    accuracy: float
    plain_batch: int
    plain_rate: float
    reverse: bool

    def line(self, what: str, wanted: str) -> Line:
        """Race; the ratio is the plain script's seconds over ours, so more is better; NaN where one never arrives."""
        experiment = Experiment(
            task=Choice(name=self.task),
            learner=Choice(name="seq2seq", options={"reverse": self.reverse}),
            curriculum=Choice(name="baseline"),
            length=self.target.length,
            nesting=self.target.nesting,
            recipe=FAST,
        )
        samples = held_out(experiment, Split.TEST, 1000, *self.target)
        running = {
            "ours": self._ours(experiment, samples),
            "plain": self._plain(experiment.make_task(), samples),
        }
        seconds = dict.fromkeys(running, math.nan)
        while running:
            for name, runner in list(running.items()):
                spent, accuracy = next(runner, (math.inf, 0.0))
                if accuracy >= self.accuracy:
                    seconds[name] = spent
                if accuracy >= self.accuracy or spent > LIMIT_SECONDS:
                    del running[name]
        ours, peer = seconds["ours"], seconds["plain"]
        return Line(what, ours=ours, peer=peer, ratio=peer / ours, unit="s", target=wanted)

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
            read = encode([question[::-1] if self.reverse else question])[0]
            texts.append((len(read) + 1, np.concatenate([read, [END_OF_INPUT], encode([target])[0]])))
        symbols = torch.zeros(max(len(text) for _, text in texts), len(texts), dtype=torch.int64)
        answers = torch.zeros(symbols.shape, dtype=torch.bool)
        for row, (start, text) in enumerate(texts):
            symbols[: len(text), row] = torch.from_numpy(text)
            answers[start : len(text), row] = True
        return symbols, answers

"""What `l2e perf` measures, by name."""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from generators.samples import Difficulty
from generators.seeding import keyed_generator
from generators.splits import Split, members
from l2e.alphabet import SYMBOLS, encode
from l2e.batches import Batch, Layout, StreamBatch
from l2e.experiment import Choice, Experiment
from l2e.learner import Learner
from l2e.loads import Loads, held_out
from l2e.optimization import make_optimizer, update
from l2e.perf.measure import Line, compare, matrix_rate
from l2e.perf.peers import PlainLSTM, clip_and_step, to_ids, write_programs
from l2e.perf.races import Race
from l2e.recipes import FAST, ZAREMBA_2014, Recipe
from l2e.registry import Group, create
from l2e.runs import Run
from l2e.training import Trainer


def generate() -> Iterator[Line]:
    """Programs at length 4, nesting 3: text, split and ids, on one core."""
    task, candidates = create(Group.TASK, "program", {}), 20_000
    lengths, nestings = np.full(candidates, 4), np.full(candidates, 3)

    def ours() -> None:
        samples = members(task.sample(lengths, nestings, keyed_generator("perf")), Split.TRAIN)
        encode(samples.inputs)
        encode(samples.targets)

    def peer() -> None:
        kept = write_programs(candidates // 4, 4, 3, 0)
        to_ids([program for program, _ in kept])
        to_ids([target for _, target in kept])

    yield compare(
        "programs at (4, 3), text to split to ids, one core",
        ours,
        peer,
        candidates,
        "programs/s",
        "≥ 3× (10× wanted)",
        repeats=7,
        peer_amount=candidates // 4,
    )


def train() -> Iterator[Line]:
    """Characters a second of one update after another."""
    yield _stream_line(cells=400, layers=2)
    yield from _pair_lines()
    yield from _loop_lines()


def _stream_line(cells: int, layers: int) -> Line:
    experiment = _experiment("program", Difficulty(4, 3), "lstm", {"cells": cells, "layers": layers}, ZAREMBA_2014)
    batches = _batches(experiment, Layout.STREAM)[:4]
    learner: Learner = experiment.make_learner()
    optimizer = make_optimizer(experiment.recipe, learner.parameters())
    plain = PlainLSTM(SYMBOLS, cells, layers)
    plain_optimizer = torch.optim.SGD(plain.parameters(), lr=experiment.recipe.rate)

    def ours() -> None:
        state = None
        for batch in batches:
            state = update(learner, optimizer, experiment.recipe, batch, state, 0.5).state

    def peer() -> None:
        state = None
        for batch in batches:
            assert isinstance(batch, StreamBatch)
            logits, (h, c) = plain(batch.symbols.T, state)
            state = h.detach(), c.detach()
            chosen = logits.transpose(0, 1).reshape(-1, SYMBOLS)[batch.positions]
            loss = cross_entropy(chosen, batch.answers, reduction="sum") / batch.rows
            clip_and_step(plain, plain_optimizer, loss, experiment.recipe.clip_norm)

    characters = sum(batch.characters for batch in batches)
    what = f"stream LSTM {layers}×{cells}, batch 100, 50 steps, against nn.LSTM, float32"
    line = compare(what, ours, peer, characters, "characters/s", "≥ 1.7×, ≥ 60 % of the matrix rate", repeats=3)
    # Multiplications and additions of a character's products forward, and twice that backward.
    products = (2 * layers - 1) * cells * 4 * cells
    rate = matrix_rate(100, cells, 4 * cells, torch.float32)
    return replace(line, limit=3 * 2 * products * line.ours / rate)


def _pair_lines() -> Iterator[Line]:
    """How much of a batch of pairs is padding."""
    experiment = _experiment("program", Difficulty(2, 1), "seq2seq", {}, FAST)
    learner: Learner = experiment.make_learner()
    computed = real = logits = answers = 0
    for batch in _batches(experiment, Layout.PAIRS):
        assert not isinstance(batch, StreamBatch)
        # The encoder's kernel runs each row for its own length; the decoder runs the padded rectangle.
        computed += int(batch.input_lengths.sum()) + batch.targets.numel()
        real += batch.characters
        logits += len(learner(batch)[0])
        answers += len(batch.answers)
    yield Line("pairs: positions computed beyond real characters", 100 * (computed / real - 1), "%", "≤ 5 %")
    yield Line("pairs: logits computed beyond answer positions", 100 * (logits / answers - 1), "%", "none")


def _loop_lines() -> Iterator[Line]:
    """A run's own loop: the wait for data, and whether memory stays flat."""
    experiment = _experiment("program", Difficulty(4, 3), "seq2seq", {}, FAST, budget="300updates")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run")
        run.begin(experiment)
        resident: list[float] = []
        trainer = Trainer(experiment, run, lambda moment: resident.append(_resident_mib()))
        trainer.train()
    share = 100 * trainer.counters.waited / trainer.counters.seconds
    yield Line("share of training spent waiting for data", share, "%", "≤ 3 %")
    third = len(resident) // 3
    growth = statistics.median(resident[-third:]) - statistics.median(resident[third : 2 * third])
    yield Line("growth of memory, last third of 300 updates over the middle one", growth, "MiB", "flat")


def _experiment(
    task: str, target: Difficulty, learner: str, options: dict[str, Any], recipe: Recipe, budget: str | None = None
) -> Experiment:
    return Experiment(
        task=Choice(name=task),
        learner=Choice(name=learner, options=options),
        curriculum=Choice(name="baseline"),
        length=target.length,
        nesting=target.nesting,
        recipe=recipe,
        budget=budget,
    )


def _batches(experiment: Experiment, layout: Layout) -> Sequence[Batch]:
    return Loads(experiment, layout).make(0, experiment.make_curriculum()).batches


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def accuracy() -> Iterator[Line]:
    """What is learnt in how many seconds, against a plain script; some ten minutes."""
    reverse = {"reverse": True}
    yield from Race("program", Difficulty(2, 1), 0.70, "baseline", reverse, 64, 3e-3, "≥ 2.5×").lines()
    yield from Race(
        "addition", Difficulty(3), 0.99, "combined", {**reverse, "forget_bias": 3.0}, 128, 4e-3, "≥ 1.3×"
    ).lines()


def score() -> Iterator[Line]:
    """Free-running answers."""
    experiment = _experiment("program", Difficulty(4, 3), "seq2seq", {}, FAST)
    learner: Learner = experiment.make_learner()
    samples = held_out(experiment, Split.TEST, 10_000, 4, 3)
    one_by_one = samples.inputs[:100]
    yield compare(
        "free-running scoring of 10 000 answers, against one sample at a time",
        lambda: learner.predict(samples.inputs, 12),
        lambda: [learner.predict([text], 12) for text in one_by_one],
        len(samples),
        "answers/s",
        "≥ 50×",
        repeats=3,
        peer_amount=len(one_by_one),
    )


BENCHMARKS: dict[str, Callable[[], Iterator[Line]]] = {
    "generate": generate,
    "train": train,
    "accuracy": accuracy,
    "score": score,
}

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

from generators.samples import Difficulty
from generators.seeding import keyed_generator
from generators.splits import Split, members
from l2e.alphabet import encode
from l2e.batches import Batch, Layout, StreamBatch
from l2e.experiment import Choice, Experiment
from l2e.learner import Learner
from l2e.loads import Loads, held_out
from l2e.optimization import make_optimizer, update
from l2e.perf.measure import Line, compare, matrix_rate
from l2e.perf.peers import PlainStream, to_ids, write_programs
from l2e.perf.races import RACES
from l2e.population import State, update_together
from l2e.precision import product_type, resolved
from l2e.recipes import FAST, ZAREMBA_2014, Recipe
from l2e.registry import Group, create
from l2e.runs import Run
from l2e.stack import Stack
from l2e.training import Trainer


def generate(_device: torch.device) -> Iterator[Line]:
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


def train(device: torch.device) -> Iterator[Line]:
    """Characters a second of one update after another."""
    yield _stream_line(device, cells=400, layers=2)
    yield from _pair_lines()
    yield from _loop_lines(device)


def _stream_line(device: torch.device, cells: int, layers: int) -> Line:
    experiment = _experiment("program", Difficulty(4, 3), "lstm", {"cells": cells, "layers": layers}, ZAREMBA_2014)
    batches = [batch.to(device) for batch in _batches(experiment, Layout.STREAM)[:4]]
    learner: Learner = experiment.make_learner().to(device)
    optimizer = make_optimizer(experiment.recipe, learner.parameters())

    def ours() -> None:
        state = None
        for batch in batches:
            state = update(learner, optimizer, experiment.recipe, batch, state, 0.5).state

    characters = sum(batch.characters for batch in batches)
    dtype = product_type(experiment.recipe.precision, device)
    what = f"stream LSTM {layers}×{cells}, batch 100, 50 steps, {resolved('auto', device)} products, against nn.LSTM in float32"
    peer = PlainStream(device, cells, layers, experiment.recipe)
    target = "≥ 1.7×, ≥ 60 % of the matrix rate, where there is bfloat16"
    line = compare(what, ours, lambda: peer.train(batches), characters, "characters/s", target, repeats=3)
    rate = matrix_rate(100, cells, 4 * cells, dtype, device)
    return replace(line, limit=_operations_a_character(cells, layers) * line.ours / rate)


def _operations_a_character(cells: int, layers: int) -> int:
    """Multiplications and additions of a character's products forward, and twice that backward."""
    products = (2 * layers - 1) * cells * 4 * cells
    return 3 * 2 * products


def population(device: torch.device) -> Iterator[Line]:
    """Runs of one shape in lockstep, against the same runs one after another."""
    # What fills the device: the paper's grid on a GPU; on a processor small members, where calls cost most.
    members, cells, lanes = (36, 400, 100) if device.type == "cuda" else (8, 64, 16)
    recipe = ZAREMBA_2014.model_copy(update={"batch_size": lanes, "lane_characters": 201})
    experiments = [
        _experiment("program", Difficulty(4, 3), "lstm", {"cells": cells, "layers": 2}, recipe, seed=seed)
        for seed in range(members)
    ]
    rounds = list(zip(*[_on(device, _batches(experiment, Layout.STREAM)) for experiment in experiments], strict=True))
    learners: list[Learner] = [experiment.make_learner().to(device) for experiment in experiments]
    optimizers = [make_optimizer(recipe, learner.parameters()) for learner in learners]
    single: Learner = experiments[0].make_learner().to(device)
    single_optimizer = make_optimizer(recipe, single.parameters())
    stack = Stack(learners, optimizers, recipe)

    def together() -> None:
        states: list[State] = [None] * members
        for batches in rounds:
            states = [step.state for step in update_together(stack, batches, states, [0.5] * members)]

    def one_after_another() -> None:
        for batches in zip(*rounds, strict=True):
            state = None
            for batch in batches:
                state = update(single, single_optimizer, recipe, batch, state, 0.5).state

    plain = PlainStream(device, cells, 2, recipe)

    def plain_one_after_another() -> None:
        for batches in zip(*rounds, strict=True):
            plain.train(batches)

    characters = sum(batch.characters for batches in rounds for batch in batches)
    dtype = product_type(recipe.precision, device)
    rate = matrix_rate(lanes, cells, 4 * cells, dtype, device, members)
    what = f"{members} stream LSTMs 2×{cells}, batch {lanes}, in lockstep with {resolved('auto', device)} products, against"
    for name, peer, target in (
        ("nn.LSTM in float32, one run after another", plain_one_after_another, "≥ 8× on an H200"),
        ("ours, one run after another", one_after_another, "more"),
    ):
        line = compare(f"{what} {name}", together, peer, characters, "characters/s", target, repeats=3)
        yield replace(line, limit=_operations_a_character(cells, 2) * line.ours / rate)


def _on(device: torch.device, batches: Sequence[Batch]) -> list[Batch]:
    return [batch.to(device) for batch in batches]


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


def _loop_lines(device: torch.device) -> Iterator[Line]:
    """A run's own loop: the wait for data, and whether memory stays flat."""
    experiment = _experiment("program", Difficulty(4, 3), "seq2seq", {}, FAST, budget="300updates")
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run")
        run.begin(experiment)
        resident: list[float] = []
        trainer = Trainer(experiment, run, lambda moment: resident.append(_resident_mib()), device)
        trainer.train()
    share = 100 * trainer.counters.waited / trainer.counters.seconds
    yield Line("share of training spent waiting for data", share, "%", "≤ 3 %")
    third = len(resident) // 3
    growth = statistics.median(resident[-third:]) - statistics.median(resident[third : 2 * third])
    yield Line("growth of memory, last third of 300 updates over the middle one", growth, "MiB", "flat")


def _experiment(
    task: str,
    target: Difficulty,
    learner: str,
    options: dict[str, Any],
    recipe: Recipe,
    budget: str | None = None,
    seed: int = 0,
) -> Experiment:
    return Experiment(
        task=Choice(name=task),
        learner=Choice(name=learner, options=options),
        curriculum=Choice(name="baseline"),
        length=target.length,
        nesting=target.nesting,
        recipe=recipe,
        budget=budget,
        seed=seed,
    )


def _batches(experiment: Experiment, layout: Layout) -> Sequence[Batch]:
    return Loads(experiment, layout).make(0, experiment.make_curriculum()).batches


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def accuracy(_device: torch.device) -> Iterator[Line]:
    """What is learnt in how many seconds, against a plain script; some ten minutes on a processor."""
    for race in RACES:
        yield from race.lines()


def score(device: torch.device) -> Iterator[Line]:
    """Free-running answers."""
    experiment = _experiment("program", Difficulty(4, 3), "seq2seq", {}, FAST)
    learner: Learner = experiment.make_learner().to(device)
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


BENCHMARKS: dict[str, Callable[[torch.device], Iterator[Line]]] = {
    "generate": generate,
    "train": train,
    "accuracy": accuracy,
    "score": score,
    "population": population,
}

"""The benchmarks of `l2e perf`, by name, each against the best plain implementation."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch

from generators.samples import Difficulty
from generators.seeding import keyed_generator
from generators.splits import Split, members
from l2e.batches import Batch, Layout
from l2e.evaluation.held_out import held_out
from l2e.experiments.experiment import Choice, Experiment
from l2e.experiments.precision import resolved
from l2e.experiments.recipes import FAST, ZAREMBA_2014, Precision, Recipe
from l2e.experiments.run import Run
from l2e.learner import Learner
from l2e.perf.measure import Line, Work, compare, seconds_of
from l2e.perf.memory import memory_over_time
from l2e.perf.plain_networks import PlainAttention, PlainSeq2Seq
from l2e.perf.plain_samples import to_ids, write_programs
from l2e.perf.plain_scripts import TYPES, PlainScript, PlainStream
from l2e.perf.races import SUMS, updates_of
from l2e.registry import Group, create
from l2e.training.data import Loads
from l2e.training.optimizer import make_optimizer, update
from l2e.training.population import State, update_together
from l2e.training.stacked import Stack
from l2e.training.trainer import Trainer
from l2e.vocabulary import SYMBOLS, encode

UPDATES_A_TURN = 50
PROGRAMS = Difficulty(2, 1)


def train(device: torch.device) -> Iterator[Line]:
    """Whole trainings and single networks."""
    if device.type == "cpu":  # the plain scripts are written for a processor
        yield _training_line("seq2seq", {"cells": 128}, lambda: PlainSeq2Seq(SYMBOLS, 128))
        yield _training_line("attention", {"cells": 128}, lambda: PlainAttention(SYMBOLS, 128))
    for precision in dict.fromkeys([resolved("auto", device), ZAREMBA_2014.precision]):
        yield _stream_line(device, precision)


def _training_line(learner: str, options: dict[str, Any], plain: Callable[[], PlainSeq2Seq | PlainAttention]) -> Line:
    """`l2e train` with data, checks and checkpoints, against a script that only trains."""
    experiment = _experiment("program", PROGRAMS, learner, options, FAST, budget="1000000updates")
    rng, scripts = random.Random(0), {}
    for name, dtype in TYPES.items():
        script = PlainScript(plain(), lambda: write_programs(1000, *PROGRAMS, rng), 64, 3e-3, False, dtype)
        scripts[name] = Work(_turn(script.train()), UPDATES_A_TURN)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run")
        run.begin(experiment)
        with Trainer(experiment, run) as trainer:
            what = (
                f"l2e train, {learner} of 128 cells, batch 64, program (2, 1), {experiment.recipe.precision} products"
            )
            turn, spent = _turn(updates_of(trainer)), [0.0]

            def ours() -> None:
                spent[0] += seconds_of(turn)

            line = compare(what, Work(ours, UPDATES_A_TURN), scripts, "updates/s")
            waited = 100 * trainer.counters.waited / spent[0]
    return replace(line, note=f"{waited:.1f} % of the time waiting for data")


def _turn(updates: Iterator[None]) -> Callable[[], object]:
    return lambda: list(islice(updates, UPDATES_A_TURN))


def _stream_line(device: torch.device, precision: Precision, cells: int = 400, layers: int = 2) -> Line:
    recipe = ZAREMBA_2014.model_copy(update={"precision": precision})
    experiment = _experiment("program", Difficulty(4, 3), "lstm", {"cells": cells, "layers": layers}, recipe)
    batches = [batch.to(device) for batch in _batches(experiment, Layout.STREAM)[:4]]
    learner: Learner = experiment.make_learner().to(device)
    optimizer = make_optimizer(recipe, learner.parameters())

    def ours() -> None:
        state = None
        for batch in batches:
            state = update(learner, optimizer, recipe, batch, state, 0.5).state

    # A float32 run is not compared with a bfloat16 peer.
    types = TYPES if precision == "bfloat16" else {"float32": torch.float32}
    peers = {f"nn.LSTM in {name}": _plain_stream(device, cells, layers, dtype) for name, dtype in types.items()}
    characters = sum(batch.characters for batch in batches)
    what = f"one stream LSTM {layers}×{cells}, batch 100, 50 steps, {precision} products"
    works = {name: Work(partial(peer.train, batches), characters) for name, peer in peers.items()}
    return compare(what, Work(ours, characters), works, "characters/s", turns=3)


def _plain_stream(device: torch.device, cells: int, layers: int, dtype: torch.dtype) -> PlainStream:
    return PlainStream(device, cells, layers, ZAREMBA_2014.clip_norm, dtype)


def population(device: torch.device) -> Iterator[Line]:
    """Runs of one shape in parallel, against the same runs one after another."""
    # The paper's grid on a GPU; on a CPU small models, where overhead dominates.
    count, cells, lanes = (36, 400, 100) if device.type == "cuda" else (8, 64, 16)
    changes = {"batch_size": lanes, "lane_characters": 201, "precision": resolved("auto", device)}
    recipe = ZAREMBA_2014.model_copy(update=changes)
    experiments = [
        _experiment("program", Difficulty(4, 3), "lstm", {"cells": cells, "layers": 2}, recipe, seed=seed)
        for seed in range(count)
    ]
    rounds = list(zip(*[_on(device, _batches(experiment, Layout.STREAM)) for experiment in experiments], strict=True))
    learners: list[Learner] = [experiment.make_learner().to(device) for experiment in experiments]
    stack = Stack(learners, [make_optimizer(recipe, learner.parameters()) for learner in learners], recipe)
    single: Learner = experiments[0].make_learner().to(device)
    single_optimizer = make_optimizer(recipe, single.parameters())

    def together() -> None:
        states: list[State] = [None] * count
        for batches in rounds:
            states = [step.state for step in update_together(stack, batches, states, [0.5] * count)]

    def one_after_another() -> None:
        for batches in zip(*rounds, strict=True):
            state = None
            for batch in batches:
                state = update(single, single_optimizer, recipe, batch, state, 0.5).state

    characters = sum(batch.characters for batches in rounds for batch in batches)
    peers = {"l2e's own runs, one after another": Work(one_after_another, characters)}
    for name, dtype in TYPES.items():
        plain = _plain_stream(device, cells, 2, dtype)
        peers[f"nn.LSTM in {name}, one run after another"] = Work(
            partial(_train_plainly, plain, list(zip(*rounds, strict=True))), characters
        )
    what = f"{count} stream LSTMs 2×{cells}, batch {lanes}, in parallel, {recipe.precision} products"
    yield compare(what, Work(together, characters), peers, "characters/s", turns=3)


def _train_plainly(plain: PlainStream, runs: Sequence[Sequence[Batch]]) -> None:
    for batches in runs:
        plain.train(batches)


def _on(device: torch.device, batches: Sequence[Batch]) -> list[Batch]:
    return [batch.to(device) for batch in batches]


def generate(_device: torch.device) -> Iterator[Line]:
    """Programs at length 4, nesting 3: text, split and symbols, on one core."""
    task, candidates = create(Group.TASK, "program", {}), 20_000
    lengths, nestings, rng = np.full(candidates, 4), np.full(candidates, 3), random.Random(0)

    def ours() -> None:
        samples = members(task.sample(lengths, nestings, keyed_generator("perf")), Split.TRAIN)
        encode(samples.inputs)
        encode(samples.targets)

    def scalar() -> None:
        kept = write_programs(candidates // 4, 4, 3, rng)
        to_ids([program for program, _ in kept])
        to_ids([target for _, target in kept])

    peers: Mapping[str, Work] = {"one by one": Work(scalar, candidates // 4)}
    yield compare("programs at (4, 3), text to split to symbols", Work(ours, candidates), peers, "programs/s")


def score(device: torch.device) -> Iterator[Line]:
    """Free-running answers."""
    experiment = _experiment("program", Difficulty(4, 3), "seq2seq", {"cells": 128}, FAST)
    learner: Learner = experiment.make_learner().to(device)
    samples = held_out(experiment, Split.TEST, 2000, 4, 3)
    script = PlainScript(PlainSeq2Seq(SYMBOLS, 128), list, 64, 3e-3, False, torch.float32)
    yield compare(
        "free-running answers of seq2seq of 128 cells to programs at (4, 3), at most 12 characters",
        Work(lambda: learner.predict(samples.inputs, 12), len(samples)),
        {"plain script, 500 at a time": Work(lambda: script.predict(samples.inputs, 12), len(samples))},
        "answers/s",
        turns=3,
    )


def memory(_device: torch.device) -> Iterator[Line]:
    """Resident memory of a training over 20 000 updates of changing shapes, in both precisions."""
    for precision in ("float32", "bfloat16"):
        yield memory_over_time(precision)


def race(_device: torch.device) -> Iterator[Line]:
    """Seconds to 99 % of characters, against a plain script."""
    yield from SUMS.lines()


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


BENCHMARKS: dict[str, Callable[[torch.device], Iterator[Line]]] = {
    "train": train,
    "race": race,
    "memory": memory,
    "population": population,
    "generate": generate,
    "score": score,
}

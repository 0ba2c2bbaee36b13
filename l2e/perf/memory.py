"""Resident memory over a long training, to detect leaks."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path

from l2e.experiments.recipes import Precision
from l2e.perf.measure import Line

UPDATES = 20_000
SHOWN = (500, 1000, 2000, 5000, 10_000, 20_000)


def memory_over_time(precision: Precision, updates: int = UPDATES) -> Line:
    """Train in a process of its own, and measure its memory in MiB at some updates."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        resident = pool.apply(_train, (precision, updates))
    shown = [update for update in SHOWN if update in resident]
    first, last = max(100, shown[-1] // 10), shown[-1]
    over_time = ", ".join(f"{resident[update]:.0f} MiB at {update:,}" for update in shown)
    return Line(
        f"memory of training, seq2seq of 64 cells, batch 32, programs up to (3, 2), {precision} products: "
        f"update {last:,} over update {first:,}",
        ours=resident[last] / resident[first],
        unit="×",
        note=over_time,
    )


def _train(precision: Precision, updates: int) -> dict[int, float]:
    """MiB after every hundredth update."""
    import torch

    from l2e.experiments.experiment import Choice, Experiment
    from l2e.experiments.recipes import FAST
    from l2e.experiments.run import Run
    from l2e.training.trainer import Trainer

    torch.set_num_threads(1)
    experiment = Experiment(
        task=Choice(name="program"),
        learner=Choice(name="seq2seq", options={"cells": 64}),
        curriculum=Choice(name="mix"),
        length=3,
        nesting=2,
        recipe=FAST.model_copy(update={"precision": precision, "batch_size": 32}),
        budget=f"{updates}updates",
    )
    resident: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder) / "run")
        run.begin(experiment)

        def note(update: int) -> None:
            if update % 100 == 0:
                resident[update] = resident_mib()

        Trainer(experiment, run, lambda moment: note(moment.updates)).train()
    return resident


def resident_mib() -> float:
    """Of this process."""
    pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

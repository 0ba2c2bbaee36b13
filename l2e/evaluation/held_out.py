"""Samples of the validation and test splits."""

from __future__ import annotations

from generators.samples import Difficulties, Difficulty, Samples
from generators.scrambling import Scrambling
from generators.splits import Split, draw_samples
from l2e.experiments.experiment import Experiment


def held_out(experiment: Experiment, split: Split, n: int, length: int, nesting: int) -> Samples:
    """Validation or test samples at one difficulty: the same for every run of the task, whatever its seed."""
    difficulty = Difficulty(length, nesting)
    task = experiment.make_task()
    drawn = draw_samples(task, split, n, lambda size, _: Difficulties.constant(difficulty, size), (length, nesting))
    return Scrambling(experiment.scramble).view(drawn.samples) if experiment.scramble is not None else drawn.samples

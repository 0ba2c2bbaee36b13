"""Runs to make tables and figures of: complete ones, with accuracies and checks that a test chooses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run
from tests.toys import check, experiment, finished_run, row

REFERENCES = {"uniform": 0.1, "most_frequent": 0.3, "interpreter": 1.0}


def scored(
    folder: Path, curriculum: str, accuracy: float, seed: int = 0, length: int = 1, cells: int = 64, **settings: Any
) -> Run:
    """A complete run with this accuracy under exact match, and reference predictors beside it."""
    learner = Choice(name="seq2seq", options={"cells": cells})
    of = experiment(curriculum=curriculum, seed=seed, length=length, learner=learner, **settings)
    where = {"task": str(of.task), "length": of.length, "nesting": of.nesting}
    rows = [row(str(learner), curriculum, seed, accuracy, **where)]
    rows += [row(name, None, None, reference, **where) for name, reference in REFERENCES.items()]
    return finished_run(folder / of.name, of, rows)


def checked(folder: Path, curriculum: str, accuracies: Sequence[float], seed: int = 0, **settings: Any) -> Run:
    """A run with these accuracies at the target, a check every 100 updates, the first of them at length 1."""
    run = scored(folder, curriculum, accuracies[-1], seed, **settings)
    of = run.experiment()
    run.write_json("result.json", {**run.result(), "updates": 100 * len(accuracies)})
    for place, accuracy in enumerate(accuracies, 1):
        at = {"length": of.length if place > 1 else 1, "nesting": of.nesting}
        measured = {"validation_accuracy": accuracy, "target_accuracy": accuracy}
        run.append_metrics(check(100 * place, characters=1000 * place, seconds=place / 10, **measured, **at))
    return run

"""Runs by what they were trained for: a task and its target difficulty, as they are written in titles."""

from __future__ import annotations

from collections.abc import Sequence

from l2e.analysis.strategies import paper_order
from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run


def by_target(runs: Sequence[Run]) -> dict[str, list[Run]]:
    """Runs by task and difficulty, the way they are written; those that share them share their test samples.

    Args:
        runs: in any order; they need not be complete.

    Returns:
        By title, as `program (4, 3)` or `copy (20, 1), scrambled with seed 7`, sorted by task, length and nesting; a
        title's runs in the paper's order.

    Raises:
        RunError: a run's experiment is missing or cannot be read.
    """
    found: dict[tuple[str, int, int, int], list[tuple[Run, Experiment]]] = {}
    for run in runs:
        of = run.experiment()
        scramble = -1 if of.scramble is None else of.scramble
        found.setdefault((str(of.task), of.length, of.nesting, scramble), []).append((run, of))
    titled = {}
    for (task, length, nesting, scramble), members in sorted(found.items()):
        scrambled = "" if scramble < 0 else f", scrambled with seed {scramble}"
        members.sort(key=lambda member: paper_order(member[1]))
        titled[f"{task} ({length}, {nesting}){scrambled}"] = [run for run, _ in members]
    return titled

"""Where the updates of a training went: the share that each curriculum spent at each difficulty on its way up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.experiments.run import Run

KEY = ["task", "learner", "curriculum", "target", "setting"]


def level_shares(runs: Sequence[Run]) -> pd.DataFrame:
    """A row a run and difficulty: task, learner, curriculum, target, setting, seed, length, nesting, share in (0, 1].

    A difficulty is the curriculum's current one, at which it validates; what combined draws may be of another. A run
    without checks has no rows.

    Args:
        runs: complete ones.
    """
    rows: list[dict[str, Any]] = []
    for run in runs:
        of, before = run.experiment(), 0
        spent: dict[tuple[int, int], int] = {}
        for check in run.metrics():
            level = check["length"], check["nesting"]
            spent[level] = spent.get(level, 0) + check["update"] - before
            before = check["update"]
        labels = {
            "task": str(of.task),
            "learner": str(of.learner),
            "curriculum": str(of.curriculum),
            "target": of.target,
            "setting": of.setting,
            "seed": of.seed,
        }
        rows += [
            {**labels, "length": length, "nesting": nesting, "share": updates / before}
            for (length, nesting), updates in spent.items()
        ]
    return pd.DataFrame(rows, columns=[*KEY, "seed", "length", "nesting", "share"])

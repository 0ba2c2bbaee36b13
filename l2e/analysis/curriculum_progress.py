"""Where the updates of a training went on the way to the target, and which difficulty was reached."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import pandas as pd

from generators.samples import Difficulty
from l2e.analysis.labels import learner_names
from l2e.analysis.run_set import CompleteRun, RunSet


def level_shares(runs: RunSet) -> pd.DataFrame:
    """A row a run and difficulty: task, learner, curriculum, target, setting, seed, length, nesting, share in (0, 1].

    A difficulty is the one at which training was validated; what combined draws may be of another. A run without checks
    has no rows.
    """
    rows: list[dict[str, Any]] = []
    for run, labels in _labelled(runs):
        before = 0
        spent: dict[tuple[int, int], int] = {}
        for check in run.checks:
            level = check["length"], check["nesting"]
            spent[level] = spent.get(level, 0) + check["update"] - before
            before = check["update"]
        rows += [
            {**labels, "target": run.experiment.target, "length": length, "nesting": nesting, "share": updates / before}
            for (length, nesting), updates in spent.items()
        ]
    columns = ["task", "learner", "curriculum", "setting", "seed", "target", "length", "nesting", "share"]
    return pd.DataFrame(rows, columns=columns)


def reached_rows(runs: RunSet) -> pd.DataFrame:
    """A row a setting: what its runs reached at the end, and after which part of the training.

    Columns: task, learner, curriculum, setting, length, nesting (of the target), reached (the hardest difficulty that
    a run ended at), reached_at (mean part of the training after which the target was reached, over the runs that ended
    there; NaN where none ended at the target), runs (that ended there), seeds.
    """
    settings: dict[str, list[tuple[CompleteRun, dict[str, Any]]]] = {}
    for run, labels in _labelled(runs):
        settings.setdefault(run.experiment.setting, []).append((run, labels))
    found = []
    for members in settings.values():
        first, labels = members[0]
        ends = [Difficulty(*run.result["reached"]) for run, _ in members]
        reached = max(ends, key=lambda end: (end.nesting, end.length))
        parts = [
            run.result["reached_at"]
            for (run, _), end in zip(members, ends, strict=True)
            if end == reached and run.result["reached_at"] is not None
        ]
        found.append(
            {
                **{name: label for name, label in labels.items() if name != "seed"},
                "length": first.experiment.length,
                "nesting": first.experiment.nesting,
                "reached": reached,
                "reached_at": fmean(parts) if parts else math.nan,
                "runs": ends.count(reached),
                "seeds": len(members),
            }
        )
    return pd.DataFrame(found)


def _labelled(runs: RunSet) -> list[tuple[CompleteRun, dict[str, Any]]]:
    learners = learner_names([run.experiment for run in runs])
    return [
        (
            run,
            {
                "task": run.seen_task,
                "learner": learner,
                "curriculum": str(run.experiment.curriculum),
                "setting": run.experiment.setting,
                "seed": run.experiment.seed,
            },
        )
        for run, learner in zip(runs, learners, strict=True)
    ]

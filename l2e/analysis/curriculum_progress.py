"""Where the updates of a training went on the way to the target, and which difficulty was reached."""

from __future__ import annotations

from typing import Any

import pandas as pd

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
    """A row a setting: what its runs reached at the end, and after which part of the training, over those that did.

    Columns: task, learner, curriculum, setting, length, nesting (of the target), reached (the hardest difficulty that
    a run ended at), reached_at (mean part of the training after which the target was reached; NaN where no run did),
    runs (that ended there), seeds.
    """
    found = []
    rows = pd.DataFrame(
        [
            {
                **labels,
                "length": run.experiment.length,
                "nesting": run.experiment.nesting,
                "reached": tuple(run.result["reached"]),
                "reached_at": run.result["reached_at"],
            }
            for run, labels in _labelled(runs)
        ]
    )
    for _, group in rows.groupby("setting", sort=False):
        reached = max(group["reached"], key=lambda difficulty: (difficulty[1], difficulty[0]))
        there = group[group["reached"] == reached]
        first: dict[str, Any] = group.to_dict("records")[0]  # type: ignore[assignment]
        counts = {"runs": len(there), "seeds": len(group)}
        found.append({**first, "reached": reached, "reached_at": there["reached_at"].mean(), **counts})
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

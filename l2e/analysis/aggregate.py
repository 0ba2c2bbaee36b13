"""Runs as flat rows, and their means over seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.analysis.intervals import mean_over_seeds
from l2e.analysis.labels import learner_names, with_settings
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule

CELL = ["task", "learner", "curriculum", "setting", "cell", "length", "nesting", "rule"]
FIGURES = ["n", "accuracy", "low", "high"]


def accuracy_rows(runs: RunSet) -> pd.DataFrame:
    """Every accuracy of every run, and of the reference predictors on the same test samples, once each.

    Columns: task (with its scrambling), learner (named by what varies among the runs), curriculum (None for reference
    predictors), setting, cell, length, nesting, rule, seed, n, accuracy, and low and high over what the rule counts.
    Where a target's runs have several numbers of test samples, the reference predictors are named by it.
    """
    rows: list[dict[str, Any]] = []
    sizes = {target: {run.experiment.test_samples for run in tested} for target, tested in runs.by_target().items()}
    for run, learner in zip(runs, learner_names([run.experiment for run in runs]), strict=True):
        trained = {"learner": learner, "setting": run.experiment.setting, "cell": run.cell}
        # Runs of one cell share their test samples, so the reference predictors come once a run: keep one of each.
        samples = run.experiment.test_samples
        reference = {"setting": f"{samples} test samples", "cell": None}
        said = [f"test_samples={samples}"] if len(sizes[run.target]) > 1 else []
        for row in run.result["rows"]:
            is_reference = row["curriculum"] is None
            told = {**reference, "learner": with_settings(row["learner"], said)} if is_reference else trained
            rows.append({**row, **told, "task": run.seen_task})
    return pd.DataFrame(rows, columns=[*CELL, "seed", *FIGURES]).drop_duplicates(ignore_index=True)


def summarize(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a cell, in the order of first appearance: the columns of CELL, accuracy, low, high, seeds, n.

    The interval is Student's over seeds, within [0, 1]. A single seed of a trained network has none (NaN); that of a
    reference predictor, which no seed changes, is Wilson's over what the rule counts.

    Args:
        rows: as of `accuracy_rows`.
    """
    found = []
    for key, group in rows.groupby(CELL, sort=False, dropna=False):
        cell = dict(zip(CELL, key, strict=True))
        if group["curriculum"].isna().all():
            low, high = float(group["low"].iloc[0]), float(group["high"].iloc[0])
        else:
            low, high = interval_over_seeds(group["accuracy"].tolist())
        counts = {"seeds": len(group), "n": int(group["n"].sum())}
        found.append({**cell, "accuracy": float(group["accuracy"].mean()), "low": low, "high": high, **counts})
    return pd.DataFrame(found, columns=[*CELL, "accuracy", "low", "high", "seeds", "n"])


def interval_over_seeds(values: Sequence[float]) -> tuple[float, float]:
    """Student's interval of the mean, within [0, 1]; NaN of a single seed, which says nothing of others."""
    if len(values) < 2:
        return math.nan, math.nan
    estimate = mean_over_seeds(values)
    return estimate.low, estimate.high


def widest_interval(runs: RunSet, rule: Rule) -> float:
    """The width of the widest interval over seeds of a trained cell, in [0, 1]; infinite with a single seed."""
    summary = summarize(accuracy_rows(runs))
    cells = summary[(summary["rule"] == rule.value) & summary["curriculum"].notna()]
    return float((cells["high"] - cells["low"]).fillna(math.inf).max())

"""How fast the target is learnt: time to thresholds, runs that got there, and the area under the curve; over seeds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from l2e.analysis.aggregate import interval_over_seeds
from l2e.analysis.labels import learner_names
from l2e.analysis.run_set import CompleteRun, RunSet
from l2e.analysis.sample_efficiency import sample_efficiency
from l2e.analysis.significance import ALPHA, holm
from l2e.analysis.time_to_target import THRESHOLDS, Times, log_rank, median_time, time_to_target
from l2e.analysis.verdicts import BASELINE, BETTER, NO_DIFFERENCE, NO_VERDICT, WORSE

KEY = ["task", "learner", "curriculum", "setting", "cell", "length", "nesting"]


def measured(run: CompleteRun) -> bool:
    """Whether the run's checks measured the target; those of an earlier version did so only where training was."""
    return bool(run.checks) and all("target_accuracy" in check for check in run.checks)


def learning_rows(runs: RunSet) -> pd.DataFrame:
    """A row a run and threshold, of the runs that measured the target.

    Columns: task, learner, curriculum, setting, cell, length, nesting, seed, threshold, at (the update at which the
    accuracy at the target first stays at or above the threshold, or the last check's), reached, area (under the curve,
    in [0, 1]).
    """
    rows: list[dict[str, Any]] = []
    for run, learner in zip(runs, learner_names([run.experiment for run in runs]), strict=True):
        if not measured(run):
            continue
        updates = [check["update"] for check in run.checks]
        accuracies = [check["target_accuracy"] for check in run.checks]
        labels = {
            "task": run.seen_task,
            "learner": learner,
            "curriculum": str(run.experiment.curriculum),
            "setting": run.experiment.setting,
            "cell": run.cell,
            "length": run.experiment.length,
            "nesting": run.experiment.nesting,
            "seed": run.experiment.seed,
            "area": sample_efficiency(updates, accuracies, run.result["updates"]),
        }
        for threshold in THRESHOLDS:
            time = time_to_target(updates, accuracies, threshold)
            rows.append({**labels, "threshold": threshold, "at": time.at, "reached": time.reached})
    return pd.DataFrame(rows, columns=[*KEY, "seed", "area", "threshold", "at", "reached"])


def learning_summary(runs: RunSet) -> pd.DataFrame:
    """A row a setting and threshold, over seeds.

    Columns: those of KEY, threshold, seeds, reached (how many runs), median (updates; infinite where fewer than half
    got there) with low and high, area with area_low and area_high; p, p_holm and verdict of a log-rank test against
    baseline of the same cell (NaN for baseline, and where either has a single seed).
    """
    rows = learning_rows(runs)
    times = {
        key: Times(group["at"].to_numpy(np.float64), group["reached"].to_numpy(np.bool_))
        for key, group in rows.groupby([*KEY, "threshold"], sort=False)
    }
    found = []
    for key, group in rows.groupby([*KEY, "threshold"], sort=False):
        cell = dict(zip([*KEY, "threshold"], key, strict=True))
        median = median_time(times[key])
        low, high = interval_over_seeds(group["area"].tolist())
        found.append(
            {
                **cell,
                "seeds": len(group),
                "reached": int(group["reached"].sum()),
                "median": median.value,
                "low": median.low,
                "high": median.high,
                "area": float(group["area"].mean()),
                "area_low": low,
                "area_high": high,
                "p": _p_against_baseline(cell, times),
            }
        )
    frame = pd.DataFrame(found, columns=[*KEY, "threshold", *_FIGURES])
    frame["p_holm"] = np.nan
    for _, family in frame[frame["p"].notna()].groupby("threshold"):
        frame.loc[family.index, "p_holm"] = holm(family["p"].tolist())
    return frame.assign(verdict=_verdicts(frame))


_FIGURES = ("seeds", "reached", "median", "low", "high", "area", "area_low", "area_high", "p")


def _p_against_baseline(cell: dict[str, Any], times: dict[Any, Times]) -> float:
    """P of the log-rank test against the baseline of the same cell and threshold; NaN where there is none."""
    places = [*KEY, "threshold"]
    ours = times[tuple(cell[name] for name in places)]
    for key, theirs in times.items():
        other = dict(zip(places, key, strict=True))
        same = all(other[name] == cell[name] for name in ("cell", "threshold"))
        if same and other["curriculum"] == BASELINE != cell["curriculum"] and min(ours.at.size, theirs.at.size) > 1:
            return log_rank(ours, theirs).p
    return float("nan")


def _verdicts(frame: pd.DataFrame) -> list[str]:
    """Sooner than baseline is better; by the medians or, where those are out of reach, by how many runs got there."""
    rows: list[dict[Any, Any]] = frame.to_dict("records")
    baselines = {(row["cell"], row["threshold"]): row for row in rows if row["curriculum"] == BASELINE}
    return [_verdict(row, baselines.get((row["cell"], row["threshold"]))) for row in rows]


def _verdict(row: dict[Any, Any], baseline: dict[Any, Any] | None) -> str:
    if baseline is None or np.isnan(row["p"]):
        return NO_VERDICT
    if row["p_holm"] >= ALPHA:
        return NO_DIFFERENCE
    sooner = (row["median"], -row["reached"]) < (baseline["median"], -baseline["reached"])
    return BETTER if sooner else WORSE

"""How fast the target is learnt: time to thresholds, runs that got there, and the area under the curve; over seeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd

from l2e.analysis.aggregate import interval_over_seeds
from l2e.analysis.intervals import success_rate
from l2e.analysis.labels import learner_names
from l2e.analysis.run_set import CompleteRun, RunSet
from l2e.analysis.sample_efficiency import sample_efficiency
from l2e.analysis.significance import holm
from l2e.analysis.time_to_target import THRESHOLDS, Times, log_rank, median_time, time_to_target
from l2e.analysis.verdicts import BASELINE, too_few, verdict
from l2e.metrics import LearningRule

Unit = Literal["update", "characters"]  # fields of checks
UNITS: dict[LearningRule, Unit] = {LearningRule.UPDATES: "update", LearningRule.CHARACTERS: "characters"}
KEY = ["task", "learner", "curriculum", "setting", "cell", "length", "nesting"]


def measured(run: CompleteRun) -> bool:
    """Whether the run's checks measured the target; those of an earlier version did so only where training was."""
    return bool(run.checks) and all("target_accuracy" in check for check in run.checks)


def learning_rows(runs: RunSet, unit: Unit = "update") -> pd.DataFrame:
    """A row a run and threshold, of the runs that measured the target.

    Columns: those of KEY, seed, area (under the curve over updates, in [0, 1], as far as the longest run of the cell
    went), threshold, at (the update at which the accuracy at the target first stays at or above the threshold, or the
    last check's; or the characters read by then), reached.

    Args:
        runs: any.
        unit: what times are counted in.
    """
    rows: list[dict[str, Any]] = []
    # What is compared has one horizon: recipes that end by themselves make runs of any length.
    horizons = {
        cell: max(run.result["updates"] for run in members) for cell, members in runs.where(measured).by_cell().items()
    }
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
            "area": sample_efficiency(updates, accuracies, horizons[run.cell]),
        }
        for threshold in THRESHOLDS:
            time = time_to_target([check[unit] for check in run.checks], accuracies, threshold)
            rows.append({**labels, "threshold": threshold, "at": time.at, "reached": time.reached})
    return pd.DataFrame(rows, columns=[*KEY, "seed", "area", "threshold", "at", "reached"])


def learning_summary(runs: RunSet, unit: Unit = "update") -> pd.DataFrame:
    """A row a setting and threshold, over seeds.

    Columns: those of KEY, threshold, seeds, reached (how many runs) with success_low and success_high (of the share),
    median (of times in this unit; infinite where fewer than half got there) with low and high, area with area_low and
    area_high; z (above 0: sooner than baseline), p, p_holm and verdict of a log-rank test against baseline of the same
    cell (NaN for baseline, and where there are too few seeds).
    """
    groups = [
        (dict(zip([*KEY, "threshold"], key, strict=True)), group)
        for key, group in learning_rows(runs, unit).groupby([*KEY, "threshold"], sort=False)
    ]
    times = [Times(group["at"].to_numpy(np.float64), group["reached"].to_numpy(np.bool_)) for _, group in groups]
    baselines = {
        (cell["cell"], cell["threshold"]): theirs
        for (cell, _), theirs in zip(groups, times, strict=True)
        if cell["curriculum"] == BASELINE
    }
    found = []
    for (cell, group), ours in zip(groups, times, strict=True):
        median, success = median_time(ours), success_rate(ours.reached)
        baseline = None if cell["curriculum"] == BASELINE else baselines.get((cell["cell"], cell["threshold"]))
        z, p = _against(ours, baseline)
        low, high = interval_over_seeds(group["area"].tolist())
        found.append(
            {
                **cell,
                "seeds": len(group),
                "reached": int(group["reached"].sum()),
                "success_low": success.low,
                "success_high": success.high,
                "median": median.value,
                "low": median.low,
                "high": median.high,
                "area": float(group["area"].mean()),
                "area_low": low,
                "area_high": high,
                "z": z,
                "p": p,
            }
        )
    frame = pd.DataFrame(found, columns=[*KEY, "threshold", *_FIGURES])
    frame["p_holm"] = np.nan
    for _, family in frame[frame["p"].notna()].groupby("threshold"):
        frame.loc[family.index, "p_holm"] = holm(family["p"].tolist())
    return frame.assign(verdict=[verdict(*row) for row in zip(frame["p_holm"], frame["z"], strict=True)])


_FIGURES = (
    "seeds",
    "reached",
    "success_low",
    "success_high",
    "median",
    "low",
    "high",
    "area",
    "area_low",
    "area_high",
    "z",
    "p",
)


def _against(ours: Times, baseline: Times | None) -> tuple[float, float]:
    """Z and p of the log-rank test; NaN without a baseline, or where there are too few seeds."""
    if baseline is None or too_few(ours.at.size, baseline.at.size):
        return math.nan, math.nan
    test = log_rank(ours, baseline)
    return test.z, test.p


def flat_rows(runs: RunSet, rules: Sequence[LearningRule]) -> pd.DataFrame:
    """Rows as those of accuracies: of KEY, rule (of times with their threshold), value, low, high, seeds, n (runs).

    Success rates and areas are in [0, 1]; times are in updates or characters, missing where fewer than half of the runs
    got there.
    """
    found = [_flat(learning_summary(runs, UNITS.get(rule, "update")), rule) for rule in rules]
    return pd.concat([pd.DataFrame(columns=[*KEY, *_FLAT]), *found]).reset_index(drop=True)


def _flat(summary: pd.DataFrame, rule: LearningRule) -> pd.DataFrame:
    rows = summary.assign(n=summary["seeds"], success=summary["reached"] / summary["seeds"])
    if rule in UNITS:
        names = [f"{rule.value}_{100 * threshold:.0f}" for threshold in rows["threshold"]]
        rows = rows.assign(rule=names).replace(math.inf, np.nan)
    else:
        rows = rows[rows["threshold"] == THRESHOLDS[-1]].assign(rule=rule.value)
    figures = dict(zip(_COLUMNS_OF[rule], ("value", "low", "high"), strict=True))
    return rows[[*KEY, "rule", *figures, "seeds", "n"]].rename(columns=figures)


_FLAT = ("rule", "value", "low", "high", "seeds", "n")
_COLUMNS_OF = {
    LearningRule.UPDATES: ("median", "low", "high"),
    LearningRule.CHARACTERS: ("median", "low", "high"),
    LearningRule.SUCCESS: ("success", "success_low", "success_high"),
    LearningRule.EFFICIENCY: ("area", "area_low", "area_high"),
}

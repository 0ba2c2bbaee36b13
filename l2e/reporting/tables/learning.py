"""How fast the target is learnt: updates until it is, how many runs get there, and where updates go on the way."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from l2e.analysis.curriculum_progress import level_shares, reached_rows
from l2e.analysis.learning import learning_summary
from l2e.analysis.run_set import RunSet
from l2e.analysis.significance import ALPHA
from l2e.analysis.time_to_target import THRESHOLDS
from l2e.analysis.verdicts import BASELINE, BETTER, WORSE
from l2e.curricula import paper_place
from l2e.metrics import LearningRule
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import pivot

WORDS_OF_TIME = (
    "{unit} until teacher-forced accuracy on validation samples at the target stays at or above the threshold: the "
    "Kaplan–Meier median over seeds, with its 95 % interval where there are more than 4, in which runs that never get "
    "there are censored, not dropped; after a slash how many of the runs got there. –: fewer than half did, so that "
    f"there is no median. *: sooner or later than {BASELINE} beyond chance, p < {ALPHA} of a log-rank test over seeds "
    "after Holm's correction over the table."
)
WORDS_OF_SUCCESS = "The share of runs, with Wilson's 95 % interval over seeds."
WORDS_OF_AREA = (
    "The area under the curve of teacher-forced accuracy at the target over updates, as a share of what a network that "
    "is right from the first update on would have: the mean over seeds, with Student's 95 % interval."
)
WORDS_OF_SHARES = "The difficulty at which training was validated; what combined draws may be of another."


def learning_tables(runs: RunSet, rules: Sequence[LearningRule]) -> list[Table]:
    """Tables of each rule, of runs that measured the target; then the way up."""
    return [table for rule in rules for table in TABLES[rule](runs)] + _reached(runs) + _shares(runs)


def _updates(runs: RunSet) -> list[Table]:
    return _times(learning_summary(runs), "Updates")


def _characters(runs: RunSet) -> list[Table]:
    return _times(learning_summary(runs, "characters"), "Characters read")


def _times(summary: pd.DataFrame, unit: str) -> list[Table]:
    tables = []
    for threshold in THRESHOLDS:
        chosen = summary[summary["threshold"] == threshold]
        if chosen["reached"].sum():
            title = f"{unit} until {100 * threshold:.0f} % at the target"
            tables.append(Table(title, pivot(chosen, median)))
    if tables:
        tables[-1] = replace(tables[-1], words=WORDS_OF_TIME.format(unit=unit))
    return tables


def _success(runs: RunSet) -> list[Table]:
    highest = _at_highest(learning_summary(runs))
    title = f"Success rate: runs that come to {100 * THRESHOLDS[-1]:.0f} % at the target, %"
    return [Table(title, pivot(highest, _share), WORDS_OF_SUCCESS)] if highest["reached"].sum() else []


def _efficiency(runs: RunSet) -> list[Table]:
    highest = _at_highest(learning_summary(runs))
    title = "Sample efficiency: area under the learning curve, %"
    return [Table(title, pivot(highest, _area), WORDS_OF_AREA)] if len(highest) else []


def _at_highest(summary: pd.DataFrame) -> pd.DataFrame:
    return summary[summary["threshold"] == THRESHOLDS[-1]]


TABLES: dict[LearningRule, Callable[[RunSet], list[Table]]] = {
    LearningRule.UPDATES: _updates,
    LearningRule.CHARACTERS: _characters,
    LearningRule.SUCCESS: _success,
    LearningRule.EFFICIENCY: _efficiency,
}


def median(row: Any) -> str:
    """A median time with its interval, and how many runs got there; of a row of `learning_summary`."""
    got = f"{row.reached} of {row.seeds}" + ("*" if row.verdict in (BETTER, WORSE) else "")
    if math.isinf(row.median) or math.isnan(row.median):
        return f"– / {got}"
    low, high = (f"{bound:,.0f}" if math.isfinite(bound) else "…" for bound in (row.low, row.high))
    interval = f" ({low}–{high})" if row.low > 0 or math.isfinite(row.high) else ""
    return f"{row.median:,.0f}{interval} / {got}"


def _share(row: Any) -> str:
    share = f"{100 * row.reached / row.seeds:.0f}"
    return f"{share} ({100 * row.success_low:.0f}–{100 * row.success_high:.0f})" if row.seeds > 1 else share


def _area(row: Any) -> str:
    interval = f" ({100 * row.area_low:.1f}–{100 * row.area_high:.1f})" if not math.isnan(row.area_low) else ""
    return f"{100 * row.area:.1f}{interval}"


def _reached(runs: RunSet) -> list[Table]:
    rows = reached_rows(runs)
    if not (rows["reached_at"] != 0).any():  # all began at the target
        return []
    return [Table("Difficulty reached, and after which part of the training", pivot(rows, _level))]


def _level(row: Any) -> str:
    length, nesting = row.reached
    at = "" if row.reached_at is None or math.isnan(row.reached_at) else f" at {100 * row.reached_at:.0f} %"
    runs = f" in {row.runs} of {row.seeds}" if row.seeds > 1 else ""
    return f"({length}, {nesting}){at}{runs}"


def _shares(runs: RunSet) -> list[Table]:
    """Shares in percent, a mean over seeds: a line a target and curriculum, a column a difficulty.

    Curricula that stay where they began have no line, and where none moves there is no table.
    """
    shares = level_shares(runs)
    key = ["task", "learner", "curriculum", "target", "setting"]
    levels_met = shares.groupby(key)[["length", "nesting"]].transform("nunique")
    shares = shares[(levels_met > 1).any(axis=1)]
    if shares.empty:
        return []
    levels = sorted({(row.nesting, row.length) for row in shares.itertuples()})
    lines = []
    for place, group in sorted(shares.groupby(key, sort=False), key=lambda item: _place(item[0])):
        total = dict(group.groupby(["length", "nesting"])["share"].sum() / group["seed"].nunique())
        cells = {
            f"({length}, {nesting})": f"{100 * total[length, nesting]:.0f}" if (length, nesting) in total else "–"
            for nesting, length in levels
        }
        task, learner, curriculum, target, _ = place
        lines.append({"task": f"{task} {target}", "learner": learner, "curriculum": curriculum, **cells})
    return [Table("Share of the updates at each difficulty on the way up, %", pd.DataFrame(lines), WORDS_OF_SHARES)]


def _place(key: Any) -> tuple[str, tuple[int, int], str, int]:
    task, learner, curriculum, target, _ = key
    return task, target, learner, paper_place(curriculum)

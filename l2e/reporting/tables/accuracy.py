"""Accuracies as the paper shows them: curricula down, tasks and difficulties across; means over seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from l2e.analysis.aggregate import accuracy_rows, summarize
from l2e.analysis.run_set import RunSet
from l2e.curricula import paper_place
from l2e.metrics import Rule
from l2e.reporting.marking import best
from l2e.reporting.table import Table

CELLS = "A cell is the mean over seeds, with Student's 95 % interval over them in brackets; a single seed has none."


def accuracy_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """One table per rule, in percent: every curriculum, and below them the reference predictors on the same samples."""
    summary = summarize(accuracy_rows(runs))
    return with_words_once(
        [
            Table(f"{rule.spoken.capitalize()} on the test split, %", pivot(chosen, percent))
            for rule in rules
            if len(chosen := with_best(summary[summary["rule"] == rule.value]))
        ],
        words(runs),
    )


def with_words_once(tables: Sequence[Table], words: str) -> list[Table]:
    """Tables with common words under the last."""
    return [
        replace(table, words="\n".join(filter(None, [table.words, words]))) if table is tables[-1] else table
        for table in tables
    ]


def words(runs: RunSet) -> str:
    """What a cell is, over how many seeds, and in which precision networks were trained."""
    per_setting = [len(repetitions) for repetitions in runs.by(lambda run: run.experiment.setting).values()]
    fewest, most = min(per_setting), max(per_setting)
    seeds = f"{most} seeds" if fewest == most > 1 else "1 seed" if most == 1 else f"{fewest} to {most} seeds"
    named = ", as their names say" if len(runs.precisions) > 1 else ""
    chosen = "".join(f" Chosen by a rule that was fixed before: {rule}." for rule in runs.stopping)
    return (
        f"{CELLS} Here: {seeds} a cell.{chosen} "
        f"Networks were trained with products in {' or '.join(runs.precisions)}{named}, and scored in float32."
    )


def with_best(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of one rule with a column best: the highest mean of several that were trained on a task."""
    trained = rows[rows["curriculum"].notna()]
    highest = trained.groupby(["task", "length", "nesting"])["accuracy"].transform(
        lambda means: (means == means.max()) & (len(means) > 1)
    )
    return rows.assign(best=highest.reindex(rows.index, fill_value=False))


def percent(row: Any) -> str:
    """A mean with its interval, in percent; of a reference predictor the mean alone, as no seed changes it."""
    mean = f"{100 * row.accuracy:.1f}"
    if row.best:
        mean = best(mean)
    if pd.isna(row.curriculum) or pd.isna(row.low):
        return mean
    return f"{mean} ({100 * row.low:.1f}–{100 * row.high:.1f})"


def pivot(rows: pd.DataFrame, cell: Callable[[Any], str]) -> pd.DataFrame:
    """Learner and curriculum down, task and difficulty across; reference predictors, without a learner, last.

    Tasks stand in the order of first appearance, the difficulties of each sorted.

    Args:
        rows: one per cell: task, learner, curriculum (None for a reference predictor), length, nesting, and what the
            cell shows.
        cell: formats it.
    """
    tasks = list(dict.fromkeys(rows["task"]))
    targets = sorted({(tasks.index(row.task), row.length, row.nesting) for row in rows.itertuples()})
    trained = rows["curriculum"].notna()
    rows = rows.assign(
        column=[f"{row.task} ({row.length}, {row.nesting})" for row in rows.itertuples()],
        text=[cell(row) for row in rows.itertuples()],
        learner=rows["learner"].where(trained, ""),
        curriculum=rows["curriculum"].where(trained, rows["learner"]),
    )
    by_paper = rows[trained].sort_values("curriculum", key=lambda names: names.map(paper_place), kind="stable")
    lines = pd.concat([by_paper, rows[~trained]])
    frame = lines.pivot_table(
        index=["learner", "curriculum"], columns="column", values="text", aggfunc="; ".join, sort=False, fill_value="–"
    )
    frame = frame[[f"{tasks[task]} ({length}, {nesting})" for task, length, nesting in targets]]
    return frame.rename_axis(columns=None).reset_index()

"""Accuracies beyond the target: targets and strategies down, then the predictors that runs name; steps across."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from generators.samples import Difficulty
from l2e.analysis.aggregate import interval_over_seeds
from l2e.analysis.run_set import CompleteRun, RunSet, Strategy
from l2e.evaluation.generalization import saved_rows
from l2e.metrics import Rule
from l2e.reporting.table import Table

Step = tuple[int, int]  # more length and more nesting than the target
Beyond = Mapping[Path, list[dict[str, Any]]]  # rows of scores, by run

AT_TARGET = "at the target"
WORDS = (
    "Networks are tested at their targets and at difficulties beyond, which they were not trained for: for those "
    "trained at (4, 3), length +1 is (5, 3) and nesting +1 is (4, 4). Means over seeds, with Student's 95 % interval "
    "where there are several; after a slash the difference from the accuracy at the target, in percentage points."
)
WORDS_OF_GAPS = "–: the task cannot serve this difficulty, or it was not asked for."


def generalization_tables(runs: RunSet, rules: Sequence[Rule], unsaved: Beyond = MappingProxyType({})) -> list[Table]:
    """One table per task and rule, of the runs that were scored beyond their targets; none where no run was.

    Args:
        runs: scored or not.
        rules: what is counted.
        unsaved: scores of runs whose folders have none, by folder.

    Raises:
        RunError: saved scores cannot be read.
    """
    beyond = {run.folder.path: saved_rows(run.folder) or unsaved.get(run.folder.path, []) for run in runs}
    strategies: dict[str, list[Strategy]] = {}
    for strategy in runs.where(lambda run: bool(beyond[run.folder.path])).by_strategy():
        strategies.setdefault(strategy.task, []).append(strategy)
    return [
        table for task, found in strategies.items() for rule in rules for table in _tables(task, found, rule, beyond)
    ]


def _tables(task: str, strategies: Sequence[Strategy], rule: Rule, beyond: Beyond) -> list[Table]:
    """One table, or none where nothing was counted by the rule."""
    found: dict[tuple[Difficulty, str], dict[Step, list[float]]] = {}
    for strategy in strategies:
        for run in strategy.runs:
            tested = found.setdefault((run.experiment.target, strategy.name), {})
            for step, accuracy in _accuracies(run, rule, beyond[run.folder.path]):
                tested.setdefault(step, []).append(accuracy)
    for predictor, run in _named_predictors(strategies):
        # Runs of one target share their samples, so any one of them says it all.
        accuracies = {step: [accuracy] for step, accuracy in _accuracies(run, rule, beyond[run.folder.path], predictor)}
        found[run.experiment.target, predictor] = accuracies
    found = {place: tested for place, tested in found.items() if tested}
    if not found:
        return []
    steps = sorted({step for tested in found.values() for step in tested}, key=lambda step: (step[1], step[0]))
    lines = [
        {"trained at": str(target), "strategy": strategy}
        | {_named(step): _cell(tested[step], step, tested[0, 0]) if step in tested else "–" for step in steps}
        for (target, strategy), tested in sorted(found.items(), key=lambda item: item[0][0])
    ]
    gaps = [WORDS_OF_GAPS] if any("–" in line.values() for line in lines) else []
    title = f"{rule.spoken.capitalize()} beyond the target, %: {task}"
    return [Table(title, pd.DataFrame(lines), " ".join([WORDS, *gaps]))]


def _named_predictors(strategies: Sequence[Strategy]) -> Iterator[tuple[str, CompleteRun]]:
    """The predictors that runs name, each with such a run."""
    for strategy in strategies:
        for run in strategy.runs:
            for predictor in run.experiment.predictors:
                yield str(predictor), run


def _accuracies(
    run: CompleteRun, rule: Rule, beyond: list[dict[str, Any]], predictor: str | None = None
) -> list[tuple[Step, float]]:
    """Of the learner, or of a predictor, at the target and beyond it, each with its step from the target."""
    target = run.experiment.target
    return [
        ((row["length"] - target.length, row["nesting"] - target.nesting), row["accuracy"])
        for row in [*run.result["rows"], *beyond]
        if row["rule"] == rule.value
        and (row["curriculum"] is not None if predictor is None else row["learner"] == predictor)
    ]


def _cell(accuracies: list[float], step: Step, at_target: list[float]) -> str:
    mean, reference = (sum(several) / len(several) for several in (accuracies, at_target))
    low, high = interval_over_seeds(accuracies)
    interval = "" if pd.isna(low) else f" ({100 * low:.1f}–{100 * high:.1f})"
    return f"{100 * mean:.1f}{interval}" + (f" / {100 * (mean - reference):+.1f}" if step != (0, 0) else "")


def _named(step: Step) -> str:
    length, nesting = step
    return f"length +{length}" if length else f"nesting +{nesting}" if nesting else AT_TARGET

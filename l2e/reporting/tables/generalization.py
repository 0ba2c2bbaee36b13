"""What runs kept of being scored beyond their targets, for people: targets and strategies down, steps beyond across."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import pandas as pd

from generators.samples import Difficulty
from l2e.analysis.pooling import Pool, pools
from l2e.evaluation.generalization import saved_rows
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import summarize
from l2e.reporting.tables.error_analysis import SPOKEN

AT_TARGET = "at the target"
WORDS = (
    "Networks are tested at their targets and at difficulties beyond, which they were not trained for: for those "
    "trained at (4, 3), length +1 is (5, 3) and nesting +1 is (4, 4). Means over seeds ± half the 95 % interval; in "
    "brackets the difference from the accuracy at the target, in percentage points."
)
WORDS_OF_GAPS = "–: the task cannot serve this difficulty, or it was not asked for."


def extrapolation_table(runs: Iterable[Run], rules: Sequence[Rule] = tuple(Rule)) -> list[Table]:
    """A table a task and rule, of the complete runs that were scored beyond their targets.

    Args:
        runs: of any tasks, targets and seeds; those with nothing saved are left out.
        rules: in the order of the tables.

    Raises:
        RunError: no run is complete, none was scored beyond its target, or what one kept cannot be read.
    """
    tables = []
    for task, of_task in groupby(pools(runs), key=lambda pool: pool.task):
        rows = pd.DataFrame([row for pool in of_task for row in _rows_of(pool)])
        if len(rows):
            named = rows.drop_duplicates("setting").set_index("setting")[["target", "strategy"]]
            summary = summarize(rows).join(named, on="setting")
            tables += [_table(task, rule, summary[summary["rule"] == rule.value]) for rule in rules]
    if not tables:
        raise RunError("no run was scored beyond its target; l2e extrapolate does so, where the task can serve it")
    return tables


def _rows_of(pool: Pool) -> list[dict[str, Any]]:
    """Rows at the target and beyond it, as `summarize` takes them, with target and strategy."""
    found = []
    for run, experiment in pool.runs:
        beyond = saved_rows(run)
        at_target = [row for row in run.result()["rows"] if row["curriculum"] is not None]
        labels = {
            "target": experiment.target,
            "strategy": pool.strategy,
            "scramble": experiment.scramble,
            "setting": experiment.setting,
        }
        found += [{**row, **labels} for row in at_target + beyond] if beyond else []
    return found


def _table(task: str, rule: Rule, summary: pd.DataFrame) -> Table:
    """Targets in order, each with its strategies; a row of the summary is a cell."""
    places: dict[tuple[Difficulty, str], dict[Difficulty, Any]] = {}
    for cell in summary.itertuples():
        tested = places.setdefault((cell.target, cell.strategy), {})  # type: ignore[arg-type]
        tested[Difficulty(cell.length, cell.nesting)] = cell  # type: ignore[arg-type]
    lines: dict[tuple[Difficulty, str], dict[str, str]] = {}
    steps: set[tuple[int, int]] = set()
    for (target, strategy), tested in places.items():
        reference = tested.pop(target)
        line = lines[target, strategy] = {AT_TARGET: _absolute(reference)}
        for difficulty, cell in tested.items():
            step = (difficulty.length - target.length, difficulty.nesting - target.nesting)
            steps.add(step)
            line[_named(step)] = f"{_absolute(cell)} ({100 * (cell.accuracy - reference.accuracy):+.1f})"
    columns = [AT_TARGET, *map(_named, sorted(steps, key=lambda step: (step[1], step[0])))]
    frame = pd.DataFrame(
        [
            {"trained at": str(target), "strategy": strategy} | {column: line.get(column, "–") for column in columns}
            for (target, strategy), line in sorted(lines.items(), key=lambda item: item[0][0])
        ]
    )
    gaps = (frame == "–").to_numpy().any()
    return Table(
        f"{SPOKEN[rule.value]} beyond the target, %: {task}", frame, f"{WORDS} {WORDS_OF_GAPS}" if gaps else WORDS
    )


def _named(step: tuple[int, int]) -> str:
    length, nesting = step
    return f"length +{length}" if length else f"nesting +{nesting}"


def _absolute(cell: Any) -> str:
    return f"{100 * cell.accuracy:.1f} ± {100 * cell.half_width:.1f}"

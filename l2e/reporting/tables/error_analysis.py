"""Error analysis: one table per task, aspect and rule, values down and strategies across."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from l2e.analysis.error_analysis import END, ERROR, FRONT, LENGTH, SEVERAL, SHARE, SIGN, error_rows, place
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.table import Table

SPOKEN = {rule.value: rule.spoken.capitalize() for rule in Rule} | {SHARE: "Share of answers"}
WORDS = {
    FRONT: "Position 1 is the first character. A surplus character counts where it stands.",
    END: "Position 1 is the full stop. Answer and target are aligned at their ends, under character accuracy too.",
    LENGTH: "The length is that of the target, in characters before the full stop.",
    SIGN: "The sign is the target's.",
    ERROR: "A percentage is of the target's absolute value; off by 1 comes before it. "
    "No number: the answer is none that Python would print.",
}
WORDS_OF_TRAITS = "The task says what an input is made of; an input counts under each value that it has, or under none."
COUNTED = {
    Rule.EXACT_MATCH.value: "answers",
    SHARE: "answers",
    Rule.TEACHER_FORCED.value: "characters",
    Rule.CHARACTER.value: "characters",
}


def error_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """Error analysis of the runs that saved their answers; none where no run did.

    Raises:
        RunError: a run's predictions or task cannot be read.
    """
    answered = runs.where(lambda run: run.answered)
    return tables_of(error_rows(answered)) if len(answered) else []


def tables_of(rows: pd.DataFrame) -> list[Table]:
    """One table per task, aspect and rule; accuracies in percent, each with its 95 % interval, and n.

    An aspect with a single value in all samples of a task has no table.

    Args:
        rows: of `error_rows`, or some of them.
    """
    values = rows.groupby(["task", "aspect"])["value"].nunique()
    return [
        _table(group)
        for key, group in rows.groupby(["task", "aspect", "rule"], sort=False)
        if values[key[:2]] > 1  # type: ignore[index]
    ]


def _table(rows: pd.DataFrame) -> Table:
    task, aspect, rule = rows[["task", "aspect", "rule"]].iloc[0]
    strategies = list(dict.fromkeys(rows["strategy"]))
    cells = {(row.value, row.strategy): row for row in rows.itertuples()}
    lines = []
    for value in sorted(set(rows["value"]), key=lambda value: place(aspect, value)):
        found = {strategy: cells.get((value, strategy)) for strategy in strategies}
        counts = [int(cell.n) for cell in found.values() if cell is not None]  # type: ignore[arg-type]
        texts = {strategy: "–" if cell is None else _accuracy(cell) for strategy, cell in found.items()}
        least, most = min(counts), max(counts)
        lines.append({aspect: str(value), **texts, "n": str(most) if least == most else f"{least} to {most}"})
    targets = {str(row.strategy): str(row.targets).split("; ") for row in rows.itertuples()}
    title = f"{SPOKEN[rule]} by {aspect}, %: {task}, {_pooled(targets)}"
    words = [
        WORDS.get(aspect, WORDS_OF_TRAITS),
        f"n counts {COUNTED[rule]} of each strategy; in brackets Wilson's 95 % interval, as if they were independent.",
        *_differing(targets),
    ]
    return Table(title, pd.DataFrame(lines), " ".join(words))


def _accuracy(cell: object) -> str:
    accuracy, low, high = (100 * float(getattr(cell, name)) for name in ("accuracy", "low", "high"))
    return f"{accuracy:.1f} ({low:.1f} to {high:.1f})"


def _pooled(targets: dict[str, list[str]]) -> str:
    once = list(dict.fromkeys(target.partition(SEVERAL)[0] for titles in targets.values() for target in titles))
    return f"target {once[0]}" if len(once) == 1 else f"its {len(once)} targets together: {', '.join(once)}"


def _differing(targets: dict[str, list[str]]) -> list[str]:
    """What each strategy was run at, where they differ, so that columns are not over the same samples."""
    if len(set(map(tuple, targets.values()))) == 1:
        return []
    said = "; ".join(f"{strategy} {', '.join(titles)}" for strategy, titles in targets.items())
    return [f"The columns are not over the same runs: {said}."]

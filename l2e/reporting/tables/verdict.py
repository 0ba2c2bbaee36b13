"""Which curriculum is better: differences from baseline over seeds, and what is claimed of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.analysis.claims import claims_of
from l2e.analysis.comparison import comparisons
from l2e.analysis.labels import in_paper_order
from l2e.analysis.overall import overall
from l2e.analysis.run_set import RunSet
from l2e.analysis.significance import ALPHA
from l2e.analysis.verdicts import BASELINE, BETTER, NO_DIFFERENCE, NO_VERDICT, WORSE
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.accuracy import pivot, with_words_once

WORDS = (
    "A cell is the difference of the means over seeds in percentage points, with the 95 % interval of a permutation "
    f"test over seeds in brackets. *: beyond chance, p < {ALPHA} of that test after Holm's correction over the table. "
    "In square brackets, where no difference was found: the difference that would have been found four times out of "
    "five, and the seeds of either curriculum that would find the one seen as often, before correction. †: too few "
    "seeds for a verdict."
)
MOST_SEEDS = 1000  # that are worth counting
READING = (
    "The claims are those of Zaremba & Sutskever 2014, section 6.1, of programs; other tasks are counted beside them."
)


def verdict_tables(runs: RunSet, rules: Sequence[Rule]) -> list[Table]:
    """Differences from baseline, one table per rule with its verdict in a sentence; then the paper's claims."""
    frame = comparisons(runs, rules)
    tables = []
    for rule in rules:
        rows = frame[(frame["rule"] == rule.value) & (frame["against"] == BASELINE)]
        if len(rows):
            title = f"{rule.spoken.capitalize()} relative to {BASELINE}, percentage points"
            tables.append(Table(title, pivot(rows, difference), sentence(rows, rule)))
    tables = with_words_once(tables, WORDS)
    if len(summary := overall(runs, rules)):
        tables.append(overall_table(summary))
    claims = claims_of(frame)
    if len(claims):
        tables.append(Table("What is claimed, and what these runs say", claims, READING))
    return tables


def overall_table(summary: pd.DataFrame) -> Table:
    """The rows of `overall` as a table."""
    cells, runs = (_span(summary[name]) for name in ("cells", "runs"))
    frame = pd.DataFrame(
        {
            "rule": summary["rule"].map(lambda rule: Rule(rule).spoken),
            "curriculum": summary["curriculum"],
            "interquartile mean, %": [_interval(row.iqm, row.iqm_low, row.iqm_high) for row in summary.itertuples()],
            f"better than {BASELINE}, %": [
                _interval(row.improvement, row.improvement_low, row.improvement_high) for row in summary.itertuples()
            ],
            f"relative to {BASELINE}, points": [_mean_difference(row) for row in summary.itertuples()],
        }
    )
    plural = "" if cells == "1" else "s"
    words = (
        f"Over {cells} cell{plural} and {runs} runs of each curriculum; intervals are of a bootstrap over seeds within "
        f"cells. Better than {BASELINE}: how probably a run does better than one of {BASELINE} in the same cell, 50 % "
        f"where neither is ahead (Agarwal et al. 2021). Relative to {BASELINE}: the mean of the cells' differences, "
        "with interval and p of a permutation test within cells. *: beyond chance, corrected over the curricula."
    )
    return Table("Over all cells", frame, words)


def _interval(value: Any, low: Any, high: Any) -> str:
    return "–" if math.isnan(value) else f"{100 * value:.1f} ({100 * low:.1f}–{100 * high:.1f})"


def _mean_difference(row: Any) -> str:
    if math.isnan(row.difference):
        return "–"
    if row.verdict == NO_VERDICT:
        return f"{100 * row.difference:+.1f}†"
    said = f"{100 * row.difference:+.1f} ({100 * row.difference_low:+.1f} to {100 * row.difference_high:+.1f})"
    return f"{said}*" if row.verdict in (BETTER, WORSE) else said


def _span(numbers: pd.Series[int]) -> str:
    low, high = int(numbers.min()), int(numbers.max())
    return f"{low}" if low == high else f"{low} to {high}"


def sentence(rows: pd.DataFrame, rule: Rule) -> str:
    """Summarise differences from baseline, one clause per curriculum.

    Args:
        rows: of `comparisons` with baseline under the rule.
        rule: what was counted.
    """
    judged = rows[rows["verdict"] != NO_VERDICT]
    if judged.empty:
        most = int(rows["seeds"].max())
        return f"{most} seed{'s' * (most > 1)} a cell: no verdict."
    clauses = []
    for curriculum in in_paper_order(judged["curriculum"]):
        counts = judged[judged["curriculum"] == curriculum]["verdict"].value_counts()
        said = [f"{verdict} in {counts[verdict]}" for verdict in (BETTER, WORSE, NO_DIFFERENCE) if verdict in counts]
        clauses.append(f"{curriculum} {', '.join(said)}")
    cells = judged["cell"].nunique()
    where = f"{cells} cells" if cells > 1 else "1 cell"
    return f"By {rule.spoken}, against {BASELINE} in {where} over {_span(judged['seeds'])} seeds: {'; '.join(clauses)}."


def difference(row: Any) -> str:
    """A difference with its interval and verdict; of a row of `comparisons`."""
    points = f"{100 * row.difference:+.1f}"
    if row.verdict == NO_VERDICT:
        return f"{points}†"
    said = f"{points} ({100 * row.low:+.1f} to {100 * row.high:+.1f})"
    if row.verdict in (BETTER, WORSE):
        return f"{said}*"
    needed = f"{row.needed:.0f} seeds" if row.needed <= MOST_SEEDS else f"over {MOST_SEEDS} seeds"
    return f"{said} [{100 * row.detectable:.1f}; {needed}]"

"""Curricula against one another, cell by cell, over seeds.

A cell is a task, a learner, a target and everything else that an experiment says but for curriculum and seed. What
another seed would change is the only uncertainty that is counted: networks answer many samples alike, so a test over
samples would tell two trained networks apart, and not two curricula. A single seed gives a difference and no verdict;
three against three give none either, as their p cannot be below 0.1.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.analysis.aggregate import accuracy_rows
from l2e.analysis.claims import claimed
from l2e.analysis.improvement import improvement_in_cell
from l2e.analysis.power import minimum_detectable_difference, pooled_spread, seeds_needed
from l2e.analysis.run_set import RunSet
from l2e.analysis.significance import holm, permutation_test
from l2e.analysis.verdicts import BASELINE, too_few, verdict
from l2e.metrics import Rule

LABELS = ("task", "learner", "cell", "length", "nesting", "rule")
COLUMNS = (
    *(*LABELS, "curriculum", "against", "seeds", "against_seeds"),
    *("difference", "low", "high", "p", "p_holm", "improvement", "detectable", "needed", "verdict"),
)


def wanted(curriculum: str, other: str) -> bool:
    """Whether the one is compared with the other: with baseline all are, and what is claimed to differ."""
    return other == BASELINE or claimed(curriculum, other)


def comparisons(runs: RunSet, rules: Sequence[Rule]) -> pd.DataFrame:
    """Curricula against one another, a row a cell, pair and rule; no rows where no cell has two of them.

    Columns: task, learner, cell, length, nesting, rule, curriculum, against, seeds and against_seeds (how many of
    either), difference (of mean accuracies), its 95 % interval low and high, p of a permutation test over seeds, p_holm
    (corrected over the comparisons with the same other under the rule), improvement (the probability that a run of the
    curriculum does better than one of the other), detectable (the least true difference that would have been found four
    times out of five), needed (seeds on either side that would find the observed difference as often), verdict (one of
    BETTER, WORSE, NO_DIFFERENCE, NO_VERDICT).
    """
    rows = accuracy_rows(runs)
    found: list[dict[str, Any]] = []
    for rule in rules:
        chosen = rows[(rows["rule"] == rule.value) & rows["curriculum"].notna()]
        for _, group in chosen.groupby("cell", sort=False):
            found += _pairs(group)
    frame = pd.DataFrame(found, columns=list(COLUMNS))
    judged = frame[frame["p"].notna()]
    for _, family in judged.groupby(["rule", "against"]):
        frame.loc[family.index, "p_holm"] = holm(family["p"].tolist())
    return frame.assign(verdict=[verdict(*row) for row in zip(frame["p_holm"], frame["difference"], strict=True)])


def _pairs(cell: pd.DataFrame) -> list[dict[str, Any]]:
    """The curricula of one cell against one another; a curriculum is a setting, as names of files may be the same."""
    settings = [
        ({name: rows[name].iloc[0] for name in (*LABELS, "curriculum")}, rows["accuracy"].tolist())
        for _, rows in cell.groupby("setting", sort=False)
    ]
    return [
        {**labels, "against": other["curriculum"], **_difference(accuracies, others)}
        for (labels, accuracies), (other, others) in itertools.permutations(settings, 2)
        if wanted(labels["curriculum"], other["curriculum"])
    ]


def _difference(first: list[float], second: list[float]) -> dict[str, float]:
    seeds = {"seeds": len(first), "against_seeds": len(second)}
    if too_few(len(first), len(second)):
        nothing = dict.fromkeys(("low", "high", "p", "p_holm", "improvement", "detectable", "needed"), math.nan)
        return {**seeds, **nothing, "difference": sum(first) / len(first) - sum(second) / len(second)}
    test = permutation_test(first, second)
    spread = pooled_spread(first, second)
    return {
        **seeds,
        "difference": test.difference,
        "low": test.low,
        "high": test.high,
        "p": test.p,
        "p_holm": test.p,
        "improvement": improvement_in_cell(first, second).value,
        "detectable": minimum_detectable_difference(spread, len(first), len(second)),
        "needed": seeds_needed(spread, test.difference),
    }

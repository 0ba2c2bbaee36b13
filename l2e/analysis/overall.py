"""Curricula over all cells at once: interquartile means, probability of improvement, performance profiles.

The figures of Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice"; cells
stand for their tasks, and what tells one cell from another is `l2e.analysis.comparison`'s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from l2e.analysis.aggregate import accuracy_rows
from l2e.analysis.improvement import probability_of_improvement
from l2e.analysis.intervals import Profile, interquartile_mean, performance_profile
from l2e.analysis.labels import in_paper_order
from l2e.analysis.run_set import RunSet
from l2e.analysis.significance import ALPHA, holm, smallest_p, stratified_permutation_test
from l2e.analysis.verdicts import BASELINE, verdict
from l2e.metrics import Rule

LEVELS = np.linspace(0, 1, 101)
COLUMNS = (
    *("rule", "curriculum", "cells", "runs", "iqm", "iqm_low", "iqm_high"),
    *("improvement", "improvement_low", "improvement_high"),
    *("difference", "difference_low", "difference_high", "p"),
)


def strata(runs: RunSet, rule: Rule) -> dict[str, dict[str, list[float]]]:
    """Accuracies by curriculum and cell, of the cells that every curriculum has with two seeds or more."""
    rows = accuracy_rows(runs)
    rows = rows[(rows["rule"] == rule.value) & rows["curriculum"].notna()]
    found: dict[str, dict[str, list[float]]] = {name: {} for name in in_paper_order(rows["curriculum"])}
    # By setting, as two plug-ins in files of one name are two curricula that look alike; the first of them is shown.
    for (curriculum, cell, _), group in rows.groupby(["curriculum", "cell", "setting"], sort=False):
        if len(group) > 1:
            found[str(curriculum)].setdefault(str(cell), group["accuracy"].tolist())
    shared = set.intersection(*(set(cells) for cells in found.values())) if found else set()
    return {name: {cell: of for cell, of in cells.items() if cell in shared} for name, cells in found.items()}


def overall(runs: RunSet, rules: Sequence[Rule]) -> pd.DataFrame:
    """A row a rule and curriculum; none by a rule under which no cell has all curricula with two seeds.

    Columns: rule, curriculum, cells, runs, iqm with iqm_low and iqm_high (interquartile mean), improvement with
    improvement_low and improvement_high (probability that a run does better than one of baseline in the same cell, a
    mean over cells), difference with difference_low, difference_high, p and p_holm (of the mean over cells from
    baseline's, of one permutation test; corrected over the curricula under the rule) and verdict. Of baseline itself,
    and where there is none, these are NaN and the verdict is NO_VERDICT.
    """
    lines = []
    for rule in rules:
        by_curriculum = strata(runs, rule)
        for curriculum, cells in by_curriculum.items():
            if not cells:
                continue
            middle = interquartile_mean(list(cells.values()))
            figures = [middle.value, middle.low, middle.high] + [np.nan] * 7
            if curriculum != BASELINE and (baseline := by_curriculum.get(BASELINE)):
                figures[3:] = _against(list(cells.values()), [baseline[cell] for cell in cells])
            lines.append([rule.value, curriculum, len(cells), middle.n, *figures])
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    frame["p_holm"] = np.nan
    for _, family in frame[frame["p"].notna()].groupby("rule"):
        frame.loc[family.index, "p_holm"] = holm(family["p"].tolist())
    return frame.assign(verdict=[verdict(*row) for row in zip(frame["p_holm"], frame["difference"], strict=True)])


def _against(ours: list[list[float]], theirs: list[list[float]]) -> list[float]:
    """The figures from improvement to p; NaN for p where there are too few seeds for any verdict."""
    better, test = probability_of_improvement(ours, theirs), stratified_permutation_test(ours, theirs)
    least = math.prod(smallest_p(len(one), len(other)) / 2 for one, other in zip(ours, theirs, strict=True))
    p = test.p if 2 * least <= ALPHA else math.nan
    return [better.value, better.low, better.high, test.difference, test.low, test.high, p]


def profiles(runs: RunSet, rule: Rule) -> dict[str, Profile]:
    """The performance profile of each curriculum over the same cells as `overall`'s; none where there are none."""
    return {
        curriculum: performance_profile(list(cells.values()), LEVELS)
        for curriculum, cells in strata(runs, rule).items()
        if cells
    }

"""Where the updates of a training went, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from l2e.analysis.curriculum_progress import KEY, level_shares
from l2e.curricula import paper_place
from l2e.experiments.run import Run
from l2e.reporting.table import Table

WORDS = "The current difficulty, at which a curriculum validates; what combined draws may be of others."


def levels_table(runs: Sequence[Run]) -> list[Table]:
    """Shares in percent, a mean over seeds: a line a target and curriculum, a column a difficulty.

    Curricula that stay where they began have no line, and where none moves there is no table.
    """
    shares = level_shares(runs)
    levels_met = shares.groupby(KEY)[["length", "nesting"]].transform("nunique")
    shares = shares[(levels_met > 1).any(axis=1)]
    if shares.empty:
        return []
    short = {name: name.split("[")[0] for name in shares["learner"].unique()}
    if len(set(short.values())) < len(short):
        short = {name: name for name in short}
    levels = sorted({(row.nesting, row.length) for row in shares.itertuples()})
    lines = []
    for key, of in sorted(shares.groupby(KEY, sort=False), key=lambda group: _place(group[0])):
        total = dict(of.groupby(["length", "nesting"])["share"].sum() / of["seed"].nunique())
        cells = {
            f"({length}, {nesting})": f"{100 * total[length, nesting]:.0f}" if (length, nesting) in total else "–"
            for nesting, length in levels
        }
        task, learner, curriculum, target, _ = key
        lines.append({"task": f"{task} {target}", "learner": short[learner], "curriculum": curriculum, **cells})
    return [Table("Share of the updates at each difficulty on the way up, %", pd.DataFrame(lines), WORDS)]


def _place(key: Any) -> tuple[str, tuple[int, int], str, int]:
    task, learner, curriculum, target, _ = key
    return task, target, learner, paper_place(curriculum)

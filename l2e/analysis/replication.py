"""Whether other runs say the same: verdicts of one set of runs beside those of another, cell by cell.

The other runs may be of other seeds, another precision or another machine; cells are matched by what a reader sees of
them: task, learner, target, rule and curriculum.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from l2e.analysis.comparison import comparisons
from l2e.analysis.learning import UNITS, learning_summary
from l2e.analysis.run_set import RunSet
from l2e.analysis.verdicts import BASELINE, BETTER, NO_DIFFERENCE, NO_VERDICT, WORSE
from l2e.metrics import AnyRule, LearningRule, Rule

CELL = ["task", "learner", "length", "nesting", "curriculum", "measure"]
SAME, WEAKER, NEITHER, NEW, CONTRADICTED = "same", "same sign", "neither", "only there", "contradicted"


def verdicts_of(runs: RunSet, rules: Sequence[AnyRule]) -> pd.DataFrame:
    """Every verdict against baseline: the columns of CELL, sign (of the difference, 1 is better), verdict.

    Measures are the rules of accuracy, and times to each threshold; by the other rules there are no verdicts.
    """
    accuracy = comparisons(runs, [rule for rule in rules if isinstance(rule, Rule)])
    accuracy = accuracy[accuracy["against"] == BASELINE].assign(measure=lambda rows: rows["rule"])
    accuracy = accuracy.assign(sign=(accuracy["difference"] > 0).astype(int) - (accuracy["difference"] < 0).astype(int))
    times = [_time_verdicts(runs, rule) for rule in rules if isinstance(rule, LearningRule) and rule in UNITS]
    frame = pd.concat([accuracy, *times])[[*CELL, "sign", "verdict"]]
    return frame[frame["verdict"] != NO_VERDICT].reset_index(drop=True)


def _time_verdicts(runs: RunSet, rule: LearningRule) -> pd.DataFrame:
    learning = learning_summary(runs, UNITS[rule])
    learning = learning[learning["z"].notna()]
    return learning.assign(
        measure=[f"{rule.value.split('_')[0]} until {100 * threshold:.0f} %" for threshold in learning["threshold"]],
        sign=(learning["z"] > 0).astype(int) - (learning["z"] < 0).astype(int),
    )


def replication(first: RunSet, second: RunSet, rules: Sequence[AnyRule]) -> pd.DataFrame:
    """A row a cell, curriculum and measure that both sets have: the columns of CELL, first, second, outcome.

    The outcome is SAME where both verdicts are beyond chance and agree; WEAKER where only the first is beyond chance
    and the second has its sign; CONTRADICTED where the first is and the second has the other sign; NEW where only the
    second is; NEITHER where none is.
    """
    frames = (verdicts_of(runs, rules).set_index(CELL) for runs in (first, second))
    both = pd.concat(frames, axis=1, keys=["first", "second"], join="inner")
    rows = [
        {
            **dict(zip(CELL, key, strict=True)),
            "first": row[0],
            "second": row[1],
            "outcome": _outcome(*row),
        }
        for key, *row in both[
            [("first", "verdict"), ("second", "verdict"), ("first", "sign"), ("second", "sign")]
        ].itertuples(name=None)
    ]
    return pd.DataFrame(rows, columns=[*CELL, "first", "second", "outcome"])


def _outcome(first: str, second: str, sign: int, other: int) -> str:
    sure = {BETTER, WORSE}
    if first == NO_DIFFERENCE:
        return NEW if second in sure else NEITHER
    if sign * other < 0:
        return CONTRADICTED
    return SAME if second in sure else WEAKER

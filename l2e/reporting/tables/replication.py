"""Verdicts of two sets of runs, and the share that replicates."""

from __future__ import annotations

import pandas as pd

from l2e.analysis.replication import CONTRADICTED, NEITHER, NEW, SAME, WEAKER
from l2e.reporting.table import Table

WORDS = (
    "first and second: the verdict on the curriculum against baseline in either set of runs. same: beyond chance in "
    "both; same sign: beyond chance in the first alone, with the same sign in the second; only there: beyond chance "
    "in the second alone; neither: in none."
)


def replication_table(rows: pd.DataFrame, first: str, second: str) -> Table:
    """The rows, and below them how many verdicts replicate.

    Args:
        rows: of `l2e.analysis.replication.replication`.
        first: what the one set of runs is called.
        second: what the other is called.
    """
    shown = pd.DataFrame(
        {
            "task": [f"{row.task} ({row.length}, {row.nesting})" for row in rows.itertuples()],
            "learner": rows["learner"],
            "measure": rows["measure"].str.replace("_", " "),
            "curriculum": rows["curriculum"],
            "first": rows["first"],
            "second": rows["second"],
            "outcome": rows["outcome"],
        }
    )
    return Table(f"Replication: {first}, and again: {second}", shown, f"{share(rows)}\n{WORDS}")


def share(rows: pd.DataFrame) -> str:
    """How many of the verdicts beyond chance replicate, in a sentence."""
    counts = rows["outcome"].value_counts()
    same, weaker, contradicted, new, neither = (
        int(counts.get(name, 0)) for name in (SAME, WEAKER, CONTRADICTED, NEW, NEITHER)
    )
    sure = same + weaker + contradicted
    if not sure:
        return f"No verdict of the first runs is beyond chance; {new} of {new + neither} are in the second alone."
    return (
        f"Of {sure} verdicts beyond chance {same} are beyond chance again ({100 * same / sure:.0f} %), {weaker} have "
        f"the same sign, {contradicted} are contradicted; of {new + neither} without one {neither} have none again."
    )

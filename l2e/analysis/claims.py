"""What is claimed of the curricula, counted cell by cell.

The claims are those of Zaremba & Sutskever 2014 on programs (section 6.1): combined is better than every other strategy
in every cell, and naive is worse than baseline in some. Cells of other tasks are counted in the same way.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from l2e.analysis.verdicts import BETTER, NO_VERDICT, WORSE

PROGRAMS = "program"  # the task that the claims are of


class Claim(NamedTuple):
    """One curriculum differs from another.

    Attributes:
        curriculum: its name, without options.
        against: the other's.
        verdict: better or worse.
        everywhere: in every cell; else in some.
    """

    curriculum: str
    against: str
    verdict: str
    everywhere: bool

    def __str__(self) -> str:
        return f"{self.curriculum} {self.verdict} than {self.against} in {'every' if self.everywhere else 'some'} cell"


CLAIMS = (
    *(Claim("combined", other, BETTER, True) for other in ("baseline", "naive", "mix")),
    Claim("naive", "baseline", WORSE, False),
)


def claimed(curriculum: str, other: str) -> bool:
    """Whether anything is claimed of the one curriculum against the other, whatever the options of either.

    >>> claimed("combined", "mix[redraw=operand]"), claimed("naive", "mix")
    (True, False)
    """
    return any((bare(curriculum), bare(other)) == (claim.curriculum, claim.against) for claim in CLAIMS)


def bare(name: str) -> str:
    """A name without its options; of a task, also without its scrambling.

    >>> bare("mix[redraw=operand]"), bare("program, scrambled with seed 7")
    ('mix', 'program')
    """
    return re.split(r"\[|, ", name)[0]


def claims_of(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Each claim in figures: a row a claim, rule and kind of task, in the order of the claims.

    Columns: claim, rule, tasks (programs, or others), cells, better, better beyond chance, worse, worse beyond chance,
    verdict.

    Args:
        comparisons: rows of `l2e.analysis.comparison.comparisons`.
    """
    lines = []
    names = [comparisons[column].map(bare) for column in ("curriculum", "against")]
    kinds = comparisons["task"].map(lambda task: "programs" if bare(task) == PROGRAMS else "others")
    for claim in CLAIMS:
        chosen = comparisons[(names[0] == claim.curriculum) & (names[1] == claim.against)]
        for (rule, kind), rows in chosen.groupby(["rule", kinds[chosen.index]], sort=False):
            up, down = rows["difference"] > 0, rows["difference"] < 0
            counts = [up.sum(), (rows["verdict"] == BETTER).sum(), down.sum(), (rows["verdict"] == WORSE).sum()]
            lines.append([str(claim), str(rule).replace("_", " "), kind, len(rows), *counts, verdict_on(claim, rows)])
    columns = ["claim", "rule", "tasks", "cells"]
    columns += ["better", "better beyond chance", "worse", "worse beyond chance", "verdict"]
    return pd.DataFrame(lines, columns=columns)


def verdict_on(claim: Claim, rows: pd.DataFrame) -> str:
    """Whether cells bear a claim out, speak against it, or say nothing.

    Args:
        claim: of one curriculum against another.
        rows: their comparisons, a row a cell.
    """
    borne_out = rows["verdict"] == claim.verdict
    opposite = rows["verdict"] == (WORSE if claim.verdict == BETTER else BETTER)
    if (rows["verdict"] == NO_VERDICT).all():
        return "no verdict"
    if borne_out.all() if claim.everywhere else borne_out.any():
        return "holds here"
    if opposite.any() if claim.everywhere else opposite.all():
        return "does not hold here"
    return "not settled"

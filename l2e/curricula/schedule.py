"""A fixed schedule: the levels one after the other over a part of the budget, whatever the learner knows.

The control for curricula that watch the learner: what rises by the clock alone shows what watching is worth.
"""

from __future__ import annotations

import math

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.curricula.curriculum import Curriculum
from l2e.curricula.option_ranges import check_fraction
from l2e.progress import Progress


class Schedule(Curriculum):
    """Every level for as long, the easiest first; at the target once the fraction `until` of the budget is spent.

    Args:
        target: what the runs are tested at.
        until: fraction of the budget after which samples are drawn at the target.
        shortest: the length that levels begin with.
    """

    def __init__(self, target: Difficulty, until: float = 0.5, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        check_fraction("until", until)
        self.until = until
        self.current = self.ladder.bottom

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The current level, n times."""
        return Difficulties.constant(self.current, n)

    def update(self, progress: Progress) -> bool:
        """Rise to the level whose turn it is; more than one where checks are far apart.

        Raises:
            ValueError: the run has no budget that the schedule could follow.
        """
        before, levels = self.current, self.ladder.levels
        spent = spent_of(progress, self.until)
        self.current = levels[min(int(spent * (len(levels) - 1)), len(levels) - 1)]
        return self.current != before


def spent_of(progress: Progress, until: float) -> float:
    """How much of the fraction `until` of the budget is spent, in [0, 1].

    Raises:
        ValueError: the run has no budget.
    """
    if math.isnan(progress.fraction):
        raise ValueError("a curriculum that follows the budget needs one; this run ends by its recipe alone")
    return min(progress.fraction / until, 1.0) if until else 1.0

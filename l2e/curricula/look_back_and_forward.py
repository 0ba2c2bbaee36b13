"""Look back and forward (Collier & Beel 2018): mostly the current level, now and then any level, easier or harder.

How often is an option; a fifth, the default, is that of `combined`, which draws alike. Unlike there, the level rises
when it is mastered, not when progress stops.
"""

from __future__ import annotations

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.curricula.curriculum import Curriculum
from l2e.curricula.option_ranges import check_fraction
from l2e.progress import Progress


class LookBackAndForward(Curriculum):
    """The current level and, for a part of the samples, all levels alike; a level up when the current one is mastered.

    Args:
        target: what the runs are tested at.
        uniform_fraction: the probability of a level drawn uniformly.
        mastered: validation accuracy at the current level from which on the next one is taken; ours, as the authors'
            is of the loss of their tasks.
        shortest: the length that levels begin with.
    """

    def __init__(
        self, target: Difficulty, uniform_fraction: float = 0.2, mastered: float = 0.95, shortest: int = 1
    ) -> None:
        super().__init__(target, shortest)
        check_fraction("uniform_fraction", uniform_fraction)
        check_fraction("mastered", mastered)
        self.uniform_fraction = uniform_fraction
        self.mastered = mastered
        self.current = self.ladder.bottom

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The current level, or with probability `uniform_fraction` any."""
        levels = np.array(self.ladder.levels, np.int64)
        drawn = levels[rng.integers(len(levels), size=n)]
        drawn[rng.random(n) >= self.uniform_fraction] = self.current
        return Difficulties(drawn[:, 0], drawn[:, 1])

    def update(self, progress: Progress) -> bool:
        """Rise when the current level is mastered and the target is not reached."""
        if progress.check.validation_accuracy < self.mastered or self.current == self.target:
            return False
        self.current = self.ladder.above(self.current)
        return True

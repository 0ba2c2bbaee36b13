"""Curricula that draw every sample's level from a distribution over all levels, and learn that distribution."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
import numpy.typing as npt

from generators.samples import Difficulties, Difficulty
from l2e.curricula.curriculum import Curriculum

FloatArray = npt.NDArray[np.float64]


class LevelDistribution(Curriculum):
    """Draws levels independently, each with its probability; validation stays at the target.

    A subclass says the probabilities and what it learns at a check.

    Args:
        target: what the runs are tested at.
        shortest: the length that levels begin with.

    Attributes:
        levels: all up to the target, the easiest first.
    """

    def __init__(self, target: Difficulty, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        self.levels = self.ladder.levels

    @abstractmethod
    def probabilities(self) -> FloatArray:
        """Of each level to be drawn, [levels]; they sum to 1."""

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """Levels by their probabilities."""
        drawn = np.array(self.levels, np.int64)[rng.choice(len(self.levels), n, p=self.probabilities())]
        return Difficulties(drawn[:, 0], drawn[:, 1])


def softmax(values: FloatArray) -> FloatArray:
    """Proportional to the exponentials of values [n]."""
    powers = np.exp(values - values.max())
    return np.asarray(powers / powers.sum())

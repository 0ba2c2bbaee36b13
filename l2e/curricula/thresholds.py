"""A level up above one accuracy and down below another, as the reasoning-gym library trains language models."""

from __future__ import annotations

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.curricula.curriculum import Curriculum
from l2e.curricula.option_ranges import check_fraction
from l2e.progress import Progress


class Thresholds(Curriculum):
    """Every sample at the current level; a level up at an accuracy of 0.7 there, a level down at 0.3.

    Args:
        target: what the runs are tested at.
        up: validation accuracy at the current level from which on the next harder one is taken.
        down: validation accuracy at which, and below, the next easier one is taken.
        shortest: the length that levels begin with.
    """

    def __init__(self, target: Difficulty, up: float = 0.7, down: float = 0.3, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        check_fraction("up", up)
        check_fraction("down", down)
        if down >= up:
            raise ValueError(f"down is {down} and up {up}; down is the smaller of the two")
        self.up = up
        self.down = down
        self.current = self.ladder.bottom

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The current level, n times."""
        return Difficulties.constant(self.current, n)

    def update(self, progress: Progress) -> bool:
        """Rise or fall by the accuracy at the current level."""
        before, accuracy = self.current, progress.check.validation_accuracy
        if accuracy >= self.up:
            self.current = self.ladder.above(before)
            return self.current != before
        if accuracy <= self.down:
            self.current = self.ladder.below(before)
        return False

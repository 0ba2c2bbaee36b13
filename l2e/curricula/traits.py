"""A curriculum over a trait: at the target, but at first more of the samples that have what is hard about it.

After MicroAdder, a community's smallest network that adds: four of five of its sums carry often at first, and their
part falls linearly. It falls by the budget, not by accuracy, as what is set off by accuracy swings to and fro.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.curricula.curriculum import Curriculum
from l2e.curricula.option_ranges import check_fraction
from l2e.curricula.schedule import spent_of
from l2e.progress import Progress


class FadingTrait(Curriculum):
    """Samples at the target, a part of them with a trait; the part falls to 0 over the fraction `until` of the budget.

    Args:
        target: what the runs are tested at.
        trait: one that the task can write, as `many_carries` of addition.
        share: the part of the samples that have it for certain at first; the others may have it too.
        until: fraction of the budget after which none has it but by chance.
        shortest: the length that levels begin with; draws are at the target.
    """

    def __init__(
        self,
        target: Difficulty,
        trait: str = "many_carries",
        share: float = 0.8,
        until: float = 0.5,
        shortest: int = 1,
    ) -> None:
        super().__init__(target, shortest)
        check_fraction("share", share)
        check_fraction("until", until)
        self.trait = trait
        self.first_share = self.share = share
        self.until = until

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The target, n times; each sample is asked to have the trait with the present probability."""
        at = Difficulties.constant(self.target, n)
        return Difficulties(at.lengths, at.nestings, np.where(rng.random(n) < self.share, self.trait, ""))

    def update(self, progress: Progress) -> bool:
        """Let the share fall.

        Raises:
            ValueError: the run has no budget that the share could follow.
        """
        self.share = self.first_share * (1 - spent_of(progress, self.until))
        return False

    def state_dict(self) -> dict[str, Any]:
        """The present share."""
        return {**super().state_dict(), "share": self.share}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it."""
        super().load_state_dict(state)
        self.share = state["share"]

"""The 2014 release's control flow, told anew: what its main loop does after a check. Nothing of ours is used."""

from __future__ import annotations


class Release2014:
    """Where the release stands after the checks so far; the same whatever the strategy.

    Attributes:
        length, nesting: where it draws validation.
        rate: the learning rate.
        decays: how often it was multiplied by 0.8.
        loads: how often training data were drawn anew because progress had stopped.
        stopped: training is over.
    """

    def __init__(self, target_length: int, target_nesting: int) -> None:
        self.target_length, self.target_nesting = target_length, target_nesting
        self.length = self.nesting = 1
        self.rate = 0.5
        self.decays = self.loads = 0
        self.stopped = False
        self.earlier: list[float] = []

    @property
    def level(self) -> tuple[int, int]:
        return self.length, self.nesting

    def check(self, validation: float, training: float) -> None:
        """What follows from the two accuracies."""
        five_ago = self.earlier[-5] if len(self.earlier) >= 5 else 0.0
        if validation > 0.95 or training < five_ago:
            if not self._made_harder():
                self.rate *= 0.8
                self.decays += 1
            if self.rate < 0.001:
                self.stopped = True
                return
            self.loads += 1
            self.earlier = []
        self.earlier.append(training)

    def _made_harder(self) -> bool:
        if self.length < self.target_length:
            self.length += 1
            return True
        if self.nesting < self.target_nesting:
            self.length, self.nesting = 1, self.nesting + 1
            return True
        return False

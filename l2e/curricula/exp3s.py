"""Exp3.S on prediction gain (Graves, Bellemare, Menick, Munos & Kavukcuoglu 2017): a bandit whose arms are levels.

    π    = (1 − ε) softmax(w) + ε / N
    x_i  = w_i + η r̃_i,  r̃_i = (r_i f_i + β) / π_i
    w_i ← ln[(1 − α) exp x_i + α / (N − 1) Σ_{j≠i} exp x_j],  α = 1 / t

r_i is the gain of level i: by how much an update lowers the loss of what it learns from, in nats a character, mapped
linearly so that the 20 % quantile of all gains so far is −1 and the 80 % quantile 1, and cut off there.

There, an update learns from one arm, k, so that f_i is 1 for k and 0 for the others. Here a batch has samples of many
levels and the bandit moves at checks: f_i is a level's part of all samples since the last check, which makes r̃ the mean
over them, and η is multiplied by the updates since then.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from generators.samples import Difficulty
from l2e.curricula.distribution import FloatArray, LevelDistribution, softmax
from l2e.curricula.option_ranges import check_fraction, check_positive
from l2e.progress import Measure, Progress

LOW, HIGH = 0.2, 0.8
RESERVOIR = 500


class Exp3S(LevelDistribution):
    """Levels by the gain of learning from them: Exp3.S on prediction gain.

    Args:
        target: what the runs are tested at.
        eta: η, step of the weights for each update.
        beta: β, added to every reward.
        epsilon: probability of a level drawn uniformly.
        shortest: the length that levels begin with.
    """

    measures = Measure.GAIN

    def __init__(
        self, target: Difficulty, eta: float = 0.001, beta: float = 0.0, epsilon: float = 0.05, shortest: int = 1
    ) -> None:
        super().__init__(target, shortest)
        check_positive("eta", eta)
        check_fraction("epsilon", epsilon)
        self.eta = eta
        self.beta = beta
        self.epsilon = epsilon
        self.weights: FloatArray = np.zeros(len(self.levels))
        self.checks = self.updates = self.gains_seen = 0
        self.gains: list[float] = []

    def probabilities(self) -> FloatArray:
        """π."""
        return (1 - self.epsilon) * softmax(self.weights) + self.epsilon / len(self.levels)

    def update(self, progress: Progress) -> bool:
        """Move the weights by the gains of the levels drawn."""
        drawn = [(i, tally) for i, level in enumerate(self.levels) if (tally := progress.by_difficulty.get(level))]
        samples = sum(tally.samples for _, tally in drawn)
        for _, tally in drawn:
            self._remember(tally.gain, progress.rng)
        reward = np.full(len(self.levels), self.beta)
        for i, tally in drawn:
            reward[i] += self._mapped(tally.gain) * tally.samples / max(samples, 1)
        self.checks += 1
        moved = self.weights + self.eta * (progress.updates - self.updates) * reward / self.probabilities()
        self.weights, self.updates = shared(moved, 1 / self.checks), progress.updates
        return False

    def _remember(self, gain: float, rng: np.random.Generator) -> None:
        """Keep a uniform sample of all gains so far (reservoir sampling)."""
        self.gains_seen += 1
        if len(self.gains) < RESERVOIR:
            self.gains.append(gain)
        elif (place := int(rng.integers(self.gains_seen))) < RESERVOIR:
            self.gains[place] = gain

    def _mapped(self, gain: float) -> float:
        low, high = np.quantile(self.gains, (LOW, HIGH))
        if high == low:  # nothing to tell gains apart by
            return 0.0
        return float(np.clip(2 * (gain - low) / (high - low) - 1, -1, 1))

    def state_dict(self) -> dict[str, Any]:
        """The weights, how many checks, updates and gains there were, and the gains remembered."""
        counts = {"checks": self.checks, "updates": self.updates, "gains_seen": self.gains_seen}
        return {**super().state_dict(), "weights": self.weights.tolist(), **counts, "gains": list(self.gains)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore them."""
        super().load_state_dict(state)
        self.weights = np.array(state["weights"], np.float64)
        self.checks, self.updates, self.gains_seen = state["checks"], state["updates"], state["gains_seen"]
        self.gains = list(state["gains"])


def shared(weights: FloatArray, alpha: float) -> FloatArray:
    """The logarithm of the weights' exponentials once each has given the part α of its own to the others, alike.

    >>> shared(np.log([1.0, 2.0, 6.0]), 0.5).round(3).tolist() == np.log([2.5, 2.75, 3.75]).round(3).tolist()
    True
    """
    if len(weights) == 1:
        return weights
    greatest = weights.max()
    powers = np.exp(weights - greatest)
    mixed = (1 - alpha) * powers + alpha / (len(powers) - 1) * (powers.sum() - powers)
    return np.asarray(np.log(mixed) + greatest)

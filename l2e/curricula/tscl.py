"""Teacher-student curriculum learning (Matiisen, Oliver, Cohen & Schulman 2017): more of what is being learnt fastest.

A level's score is the accuracy of characters in training since the last check; its progress is how that changes, up or
down, as a level that is being forgotten has to be seen again. Published settings are those of the authors' sums.
There, scores are of validation samples of every level; here, of training samples, which are as new to the learner and
cost nothing. So a level of which no sample was drawn keeps what is known of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from generators.samples import Difficulty
from l2e.curricula.distribution import FloatArray, LevelDistribution, softmax
from l2e.curricula.option_ranges import check_fraction, check_positive
from l2e.progress import Measure, Progress


class TSCLOnline(LevelDistribution):
    """Levels by their smoothed change of accuracy: Q ← Q + α (Δaccuracy − Q), p ∝ exp(|Q| / τ).

    All begin with Q = 0 and accuracy 0.

    Args:
        target: what the runs are tested at.
        alpha: how much of Q is the last change.
        temperature: τ; the smaller, the more often the level that changes most.
        shortest: the length that levels begin with.
    """

    measures = Measure.BY_DIFFICULTY

    def __init__(self, target: Difficulty, alpha: float = 0.1, temperature: float = 0.0004, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        check_fraction("alpha", alpha)
        check_positive("temperature", temperature)
        self.alpha = alpha
        self.temperature = temperature
        self.q = [0.0] * len(self.levels)
        self.accuracies = [0.0] * len(self.levels)

    def probabilities(self) -> FloatArray:
        """Boltzmann's, of |Q|."""
        return softmax(np.abs(self.q) / self.temperature)

    def update(self, progress: Progress) -> bool:
        """Take note of how the accuracy of each level drawn has changed."""
        for i, level in enumerate(self.levels):
            if tally := progress.by_difficulty.get(level):
                self.q[i] += self.alpha * (tally.accuracy - self.accuracies[i] - self.q[i])
                self.accuracies[i] = tally.accuracy
        return False

    def state_dict(self) -> dict[str, Any]:
        """Q and the last accuracy of each level."""
        return {**super().state_dict(), "q": list(self.q), "accuracies": list(self.accuracies)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore both."""
        super().load_state_dict(state)
        self.q, self.accuracies = list(state["q"]), list(state["accuracies"])


class TSCLWindow(LevelDistribution):
    """The level whose accuracy has the steepest slope over its last checks; with probability ε any level.

    The slope is that of a straight line fitted to accuracy over the number of the check. A level with fewer than two
    accuracies has slope 1, so all are tried first; the steepest share 1 − ε if there are several.

    Args:
        target: what the runs are tested at.
        window: accuracies of a level that the line is fitted to.
        epsilon: probability of a level drawn uniformly.
        shortest: the length that levels begin with.
    """

    measures = Measure.BY_DIFFICULTY

    def __init__(self, target: Difficulty, window: int = 10, epsilon: float = 0.1, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        if window < 2:
            raise ValueError(f"window is {window}; a slope takes at least 2 accuracies")
        check_fraction("epsilon", epsilon)
        self.window = window
        self.epsilon = epsilon
        self.checks = 0
        self.scores: list[list[tuple[int, float]]] = [[] for _ in self.levels]

    def slopes(self) -> FloatArray:
        """Of each level, [levels]."""
        return np.array([slope(scores) if len(scores) > 1 else 1.0 for scores in self.scores])

    def probabilities(self) -> FloatArray:
        """ε shared by all, the rest by the steepest."""
        steepness = np.abs(self.slopes())
        steepest = steepness == steepness.max()
        return np.asarray(self.epsilon / len(self.levels) + (1 - self.epsilon) * steepest / steepest.sum())

    def update(self, progress: Progress) -> bool:
        """Take note of the accuracy of each level drawn."""
        for level, scores in zip(self.levels, self.scores, strict=True):
            if tally := progress.by_difficulty.get(level):
                scores.append((self.checks, tally.accuracy))
                del scores[: -self.window]
        self.checks += 1
        return False

    def state_dict(self) -> dict[str, Any]:
        """How many checks there were, and each level's last accuracies with their checks' numbers."""
        scores = [[list(score) for score in scores] for scores in self.scores]
        return {**super().state_dict(), "checks": self.checks, "scores": scores}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore both."""
        super().load_state_dict(state)
        self.checks = state["checks"]
        self.scores = [[(check, accuracy) for check, accuracy in scores] for scores in state["scores"]]


def slope(points: list[tuple[int, float]]) -> float:
    """Of the straight line with the least squared error through (x, y) points of at least two different x.

    >>> slope([(0, 0.1), (1, 0.2), (3, 0.6)])  # doctest: +ELLIPSIS
    0.171...
    """
    x, y = np.array(points, np.float64).T
    x -= x.mean()
    return float(x @ (y - y.mean()) / (x @ x))

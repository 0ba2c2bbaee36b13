"""Progress of training as curricula see it, and two rules that detect when it has stopped."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Flag
from typing import Any, NamedTuple

import numpy as np

from generators.samples import Difficulty
from generators.seeding import keyed_generator


@dataclass(frozen=True, slots=True)
class Check:
    """What one check of a training run measured.

    Attributes:
        validation_accuracy: teacher-forced, on validation samples at the current level, in [0, 1].
        training_accuracy: teacher-forced, on the samples trained on since the last check, in [0, 1].
    """

    validation_accuracy: float
    training_accuracy: float


class Measure(Flag):
    """What a curriculum may ask to be measured in training.

    BY_DIFFICULTY    counts and losses of every difficulty trained on
    GAIN             also losses after the update, which take a second forward pass
    """

    NOTHING = 0
    BY_DIFFICULTY = 1
    GAIN = 3


class Tally(NamedTuple):
    """Measurements of one difficulty since the last check, over the characters of targets.

    Attributes:
        samples: number of targets read to their end.
        characters: number predicted, teacher-forced.
        correct: number of those predicted correctly, before the update on them.
        loss: the sum of their cross-entropies in nats, before the update.
        loss_after: the same after it; None where no gain is measured.
    """

    samples: int
    characters: int
    correct: int
    loss: float
    loss_after: float | None = None

    @property
    def accuracy(self) -> float:
        """The fraction of characters predicted correctly."""
        return self.correct / self.characters

    @property
    def gain(self) -> float:
        """Prediction gain: the decrease of the loss by an update on its own batch, in nats per character.

        Raises:
            ValueError: the curriculum does not ask for `Measure.GAIN`.
        """
        if self.loss_after is None:
            raise ValueError("no gain was measured; a curriculum that uses it says `measures = Measure.GAIN`")
        return (self.loss - self.loss_after) / self.characters


@dataclass(frozen=True, slots=True)
class Progress:
    """What a curriculum observes at a check.

    Attributes:
        check: the accuracies.
        stalled: whether progress has stopped by the recipe's rule.
        by_difficulty: measurements since the last check; empty unless the curriculum asks for them.
        updates: done so far.
        fraction: of the budget spent so far, in [0, 1]; NaN where the recipe alone ends the run.
        rng: for random decisions, seeded by the run's seed and the updates, so that a resumed run decides alike.
    """

    check: Check
    stalled: bool
    by_difficulty: Mapping[Difficulty, Tally] = field(default_factory=dict)
    updates: int = 0
    fraction: float = 0.0
    rng: np.random.Generator = field(default_factory=lambda: keyed_generator("progress"))


class ProgressRule(ABC):
    """Says after each check whether progress has stopped; resets itself when it has."""

    @abstractmethod
    def stalled(self, check: Check) -> bool:
        """Record a check; True when progress has stopped."""

    @abstractmethod
    def state_dict(self) -> dict[str, Any]:
        """The rule's state, as JSON."""

    @abstractmethod
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it exactly."""


class ReleaseRule(ProgressRule):
    """The 2014 release's: validation above 95 %, or training accuracy below that of five checks ago."""

    def __init__(self, threshold: float = 0.95, checks: int = 5) -> None:
        self.threshold = threshold
        self.checks = checks
        self.earlier: list[float] = []

    def stalled(self, check: Check) -> bool:
        """Whether validation is high enough or training has begun to fall."""
        fallen = len(self.earlier) >= self.checks and self.earlier[-self.checks] > check.training_accuracy
        moves_on = check.validation_accuracy > self.threshold or fallen
        self.earlier = [] if moves_on else self.earlier[1 - self.checks :]
        self.earlier.append(check.training_accuracy)
        return moves_on

    def state_dict(self) -> dict[str, Any]:
        """The training accuracies of the last checks."""
        return {"earlier": list(self.earlier)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore the training accuracies."""
        self.earlier = list(state["earlier"])


class PlateauRule(ProgressRule):
    """The paper's words, section 4: "once learning stops making progress on the validation set".

    Args:
        patience: checks in a row without a new best by `improvement` that make a plateau.
        improvement: in validation accuracy, absolute.
    """

    def __init__(self, patience: int = 3, improvement: float = 0.01) -> None:
        self.patience = patience
        self.improvement = improvement
        self.best = 0.0
        self.waited = 0

    def stalled(self, check: Check) -> bool:
        """Whether validation has reached a plateau."""
        if check.validation_accuracy >= self.best + self.improvement:
            self.best, self.waited = check.validation_accuracy, 0
            return False
        self.waited += 1
        if self.waited < self.patience:
            return False
        self.best, self.waited = 0.0, 0
        return True

    def state_dict(self) -> dict[str, Any]:
        """The best accuracy and how long ago it was."""
        return {"best": self.best, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore both."""
        self.best, self.waited = state["best"], state["waited"]


PROGRESS_RULES: dict[str, type[ReleaseRule] | type[PlateauRule]] = {"release": ReleaseRule, "plateau": PlateauRule}

"""When has learning stopped making progress? The two rules by which curricula rise and rates decay."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Check:
    """What one check of a training run measured.

    Attributes:
        validation_accuracy: teacher-forced, at the level where validation is drawn, in [0, 1].
        training_accuracy: teacher-forced, on the samples trained on since the last check, in [0, 1].
    """

    validation_accuracy: float
    training_accuracy: float


class Progress(NamedTuple):
    """What a curriculum learns of a check.

    Attributes:
        check: the accuracies.
        stalled: the recipe's rule says that it is time to move on.
    """

    check: Check
    stalled: bool


class ProgressRule(ABC):
    """Says after each check whether it is time to move on; begins anew when it says so."""

    @abstractmethod
    def stalled(self, check: Check) -> bool:
        """Take note of a check; True when it is time to move on."""

    @abstractmethod
    def state_dict(self) -> dict[str, Any]:
        """What the rule remembers, as JSON."""

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
        patience: so many checks in a row without a new best by `improvement` are a plateau.
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

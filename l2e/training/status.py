"""Training status: counters of a run, what a display shows, and the outcome."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from generators.samples import Difficulty

if TYPE_CHECKING:
    from l2e.learner import Learner


@dataclass(slots=True)
class Counters:
    """Counters of a training run.

    Attributes:
        updates: done so far.
        characters: read and written in training so far, without padding.
        seconds: spent in training so far, over all sessions.
        waited: seconds of those spent waiting for data.
        load: index of the current load of data.
        batch: how many of its batches are done.
        reached_update: the update after which the curriculum had reached the target difficulty; None before.
        correct: answer characters predicted correctly since the last check.
        answers: answer characters since then.
    """

    updates: int = 0
    characters: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    load: int = 0
    batch: int = 0
    reached_update: int | None = None
    correct: int = 0
    answers: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """Training status for a display.

    Attributes:
        fraction: of the budget, in [0, 1]; NaN where the recipe alone ends the run.
        current: the level, the difficulty of validation samples.
        validation_accuracy: of the last check; None before the first.
    """

    updates: int
    seconds: float
    fraction: float
    characters_per_second: float
    current: Difficulty
    training_accuracy: float
    validation_accuracy: float | None
    is_check: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of training.

    Attributes:
        learner: as trained.
        reached: the curriculum's last difficulty.
        reached_at: the part of all updates after which it had reached the target, in [0, 1]; None if it never did.
        counters: at the end.
    """

    learner: Learner
    reached: Difficulty
    reached_at: float | None
    counters: Counters = field(repr=False)

"""What a curriculum is, and the order of levels up to a target."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from generators.samples import Difficulties, Difficulty
from l2e.progress import Measure, Progress


@dataclass(frozen=True, slots=True)
class Ladder:
    """The levels up to a target in the order of naive: all lengths of a nesting, then the next nesting.

    >>> ladder = Ladder(Difficulty(6, 3), shortest=4)
    >>> ladder.bottom, ladder.above(Difficulty(6, 1))
    (Difficulty(length=4, nesting=1), Difficulty(length=4, nesting=2))

    Attributes:
        target: the top.
        shortest: the length that every nesting begins with.
    """

    target: Difficulty
    shortest: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.shortest <= self.target.length:
            raise ValueError(f"shortest is {self.shortest}; it is a length from 1 to the target's {self.target.length}")

    @property
    def bottom(self) -> Difficulty:
        """The easiest level."""
        return Difficulty(self.shortest, 1)

    @property
    def levels(self) -> list[Difficulty]:
        """All of them, the easiest first."""
        nestings = range(1, self.target.nesting + 1)
        return [Difficulty(n, nesting) for nesting in nestings for n in range(self.shortest, self.target.length + 1)]

    def above(self, level: Difficulty) -> Difficulty:
        """The next harder level; above the target there is none, so it stays."""
        if level.length < self.target.length:
            return Difficulty(level.length + 1, level.nesting)
        if level.nesting < self.target.nesting:
            return Difficulty(self.shortest, level.nesting + 1)
        return level

    def below(self, level: Difficulty) -> Difficulty:
        """The next easier level; below the bottom there is none, so it stays."""
        if level.length > self.shortest:
            return Difficulty(level.length - 1, level.nesting)
        if level.nesting > 1:
            return Difficulty(self.target.length, level.nesting - 1)
        return level


class Curriculum(ABC):
    """Decides at which difficulty each training sample is drawn.

    One of your own has two methods, `draw` and `update`; docs/curricula.md says when they are called.

    Args:
        target: what the runs are tested at.
        shortest: the length that levels begin with; more than 1 for a task whose splits hold nothing so short.

    Attributes:
        measures: what training measures for `update` beside the accuracies; nothing, unless a curriculum asks.
        target: the same.
        ladder: the levels up to it.
        current: where validation is drawn; the target, unless a curriculum moves it. Under a recipe with which every
            strategy climbs, validation of a curriculum that begins at its target is drawn at the levels instead.
    """

    measures: ClassVar[Measure] = Measure.NOTHING

    def __init__(self, target: Difficulty, shortest: int = 1) -> None:
        self.target = target
        self.ladder = Ladder(target, shortest)
        self.current = target

    @abstractmethod
    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The difficulties of n training samples; depends on the state and the rng alone."""

    @abstractmethod
    def update(self, progress: Progress) -> bool:
        """Learn of a check.

        Returns:
            Whether samples became harder: the rest of the data drawn before is then left out. With False, what
            changed holds from the next load of data on.
        """

    def state_dict(self) -> dict[str, Any]:
        """What `draw` and `update` depend on, as JSON; add to it what your curriculum remembers."""
        return {"current": list(self.current)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it exactly."""
        self.current = Difficulty(*state["current"])

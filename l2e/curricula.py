"""The paper's four curricula (Zaremba & Sutskever 2014, section 4), for a target difficulty (length a, nesting b).

    baseline   every training sample at (a, b)
    naive      from (1, 1): when progress stops, length + 1 up to a; then nesting + 1 and length back to 1
    mix        length uniform in [1, a] and nesting uniform in [1, b], independently
    combined   each sample comes from naive or from mix

A curriculum of your own is a subclass of `Curriculum` with two methods, `draw` and `update`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from generators.samples import BoolArray, Difficulties, Difficulty, IntArray
from l2e.progress import Progress

PAPER_ORDER = ("baseline", "naive", "mix", "combined")
OPERANDS_PER_OPERATION = 4
REDRAWS = ("sample", "operand")


def paper_place(curriculum: str) -> int:
    """Where the paper lists a curriculum, whatever its options; all others come after its four.

    >>> paper_place("combined[mix_fraction=0.5]"), paper_place("mine.py:Backwards")
    (3, 4)
    """
    name = curriculum.split("[")[0]
    return PAPER_ORDER.index(name) if name in PAPER_ORDER else len(PAPER_ORDER)


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

    def above(self, level: Difficulty) -> Difficulty:
        """The next harder level; above the target there is none, so it stays."""
        if level.length < self.target.length:
            return Difficulty(level.length + 1, level.nesting)
        if level.nesting < self.target.nesting:
            return Difficulty(self.shortest, level.nesting + 1)
        return level


class Curriculum(ABC):
    """Decides at which difficulty each training sample is drawn.

    Args:
        target: what the runs are tested at.
        shortest: the length that levels begin with; more than 1 for a task whose splits hold nothing so short.

    Attributes:
        target: the same.
        ladder: the levels up to it.
        current: where validation is drawn; the target, unless a curriculum moves it. Under a recipe with which every
            strategy climbs, validation of a curriculum that begins at its target is drawn at the levels instead.
    """

    def __init__(self, target: Difficulty, shortest: int = 1) -> None:
        self.target = target
        self.ladder = Ladder(target, shortest)
        self.current = target

    @abstractmethod
    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The difficulties of n training samples; depends on the state and the rng alone."""

    @abstractmethod
    def update(self, progress: Progress) -> bool:
        """Learn of a check; True when the difficulty rose."""

    def state_dict(self) -> dict[str, Any]:
        """What `draw` and `update` depend on, as JSON; add to it what your curriculum remembers."""
        return {"current": list(self.current)}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore it exactly."""
        self.current = Difficulty(*state["current"])


class Baseline(Curriculum):
    """Every training sample at the target difficulty."""

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The target, n times."""
        return Difficulties.constant(self.target, n)

    def update(self, progress: Progress) -> bool:
        """Nothing ever changes."""
        return False


class Naive(Curriculum):
    """From (1, 1), one step harder whenever progress stops.

    Args:
        target: what the runs are tested at.
        shortest: the length to begin with; more than 1 for a task whose splits hold nothing so short.
    """

    def __init__(self, target: Difficulty, shortest: int = 1) -> None:
        super().__init__(target, shortest)
        self.current = self.ladder.bottom

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """The current difficulty, n times."""
        return Difficulties.constant(self.current, n)

    def update(self, progress: Progress) -> bool:
        """Rise when progress has stopped and the target is not reached."""
        if not progress.stalled or self.current == self.target:
            return False
        self.current = self.ladder.above(self.current)
        return True


class Mix(Curriculum):
    """Every difficulty up to the target alike.

    Args:
        target: what the runs are tested at.
        redraw: draw the length once a "sample", as the paper words it, or at every "operand", as the release does.
        shortest: the length that levels begin with; draws begin at 1.
    """

    def __init__(self, target: Difficulty, redraw: str = "sample", shortest: int = 1) -> None:
        super().__init__(target, shortest)
        self.redraw = redraw
        self.shape = drawn_shape(target, redraw)

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """Uniform lengths and, independently, uniform nestings."""
        lengths: IntArray = rng.integers(1, self.target.length + 1, (n, *self.shape))
        return Difficulties(lengths, rng.integers(1, self.target.nesting + 1, n))

    def update(self, progress: Progress) -> bool:
        """Nothing ever changes."""
        return False


class Combined(Naive):
    """Each sample from naive or from mix.

    Args:
        target: what the runs are tested at.
        mix_fraction: the probability of mix; the paper gives none, its release uses 0.2.
        redraw: choose and draw once a "sample", as the paper words it, or at every "operand", as the release does.
        shortest: the length that naive begins with.
    """

    def __init__(
        self, target: Difficulty, mix_fraction: float = 0.2, redraw: str = "sample", shortest: int = 1
    ) -> None:
        super().__init__(target, shortest)
        if not 0 <= mix_fraction <= 1:
            raise ValueError(f"mix_fraction is {mix_fraction}; it is a probability, from 0 to 1")
        self.mix_fraction = mix_fraction
        self.mix = Mix(target, redraw)

    def draw(self, n: int, rng: np.random.Generator) -> Difficulties:
        """Mix with probability `mix_fraction`, else the current difficulty."""
        mixed = self.mix.draw(n, rng)
        once: BoolArray = rng.random((n, *self.mix.shape)) < self.mix_fraction
        # The release asks for the nesting in a draw of its own, before those of the operands.
        nesting_once = once if not self.mix.shape else rng.random(n) < self.mix_fraction
        return Difficulties(
            np.where(once, mixed.lengths, self.current.length),
            np.where(nesting_once, mixed.nestings, self.current.nesting),
        )


def drawn_shape(target: Difficulty, redraw: str) -> tuple[int, ...]:
    """How many lengths a sample has: () for one, (operands,) where every operand has its own."""
    if redraw not in REDRAWS:
        raise ValueError(f"redraw is {redraw!r}; legal: {', '.join(REDRAWS)}")
    return () if redraw == "sample" else (OPERANDS_PER_OPERATION * target.nesting,)

"""The paper's four curricula (Zaremba & Sutskever 2014, section 4), for a target difficulty (length a, nesting b).

    baseline   every training sample at (a, b)
    naive      from (1, 1): when progress stops, length + 1 up to a; then nesting + 1 and length back to 1
    mix        length uniform in [1, a] and nesting uniform in [1, b], independently
    combined   each sample comes from naive or from mix

Curricula that learn, or follow a plan, are in the files beside this one.
"""

from __future__ import annotations

import numpy as np

from generators.samples import BoolArray, Difficulties, Difficulty, IntArray
from l2e.curricula.curriculum import Curriculum
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

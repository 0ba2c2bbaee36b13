"""Difficulties and samples, as tasks, curricula and learners exchange them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
StrArray = npt.NDArray[np.str_]


class Difficulty(NamedTuple):
    """How hard a sample is.

    Attributes:
        length: most digits of a constant (memorization: digits of the string).
        nesting: how many operations are combined; 1 for tasks without nesting.
    """

    length: int
    nesting: int = 1

    def __str__(self) -> str:
        return f"({self.length}, {self.nesting})"


@dataclass(frozen=True, slots=True, eq=False)
class Difficulties:
    """The difficulties of n samples.

    Attributes:
        lengths: [n]; or [n, operands] where each operand has a length of its own.
        nestings: [n].
        traits: [n], the trait that each sample must have, "" for none; None: no requirements.
    """

    lengths: IntArray
    nestings: IntArray
    traits: StrArray | None = None

    @classmethod
    def constant(cls, difficulty: Difficulty, n: int) -> Difficulties:
        """The same difficulty n times."""
        return cls(np.full(n, difficulty.length, np.int64), np.full(n, difficulty.nesting, np.int64))

    def __len__(self) -> int:
        return len(self.nestings)


class Sample(NamedTuple):
    """One question and its answer; the target ends in a full stop."""

    input: str
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class Samples(Sequence[Sample]):
    """Samples in columns.

    Attributes:
        inputs: n texts.
        targets: n texts, each ending in a full stop.
        lengths: [n], the greatest length that the operands of the sample may have been drawn with.
        nestings: [n].
    """

    inputs: list[str]
    targets: list[str]
    lengths: IntArray
    nestings: IntArray

    def __len__(self) -> int:
        return len(self.inputs)

    def __iter__(self) -> Iterator[Sample]:
        return map(Sample, self.inputs, self.targets)

    def __getitem__(self, index):  # type: ignore[no-untyped-def]
        """One sample by number, or the samples of a slice."""
        if isinstance(index, slice):
            return Samples(self.inputs[index], self.targets[index], self.lengths[index], self.nestings[index])
        return Sample(self.inputs[index], self.targets[index])

    def take(self, indices: Sequence[int] | IntArray) -> Samples:
        """The samples at these positions, in this order."""
        positions = np.asarray(indices, np.int64)
        listed = positions.tolist()  # a list is indexed twice as fast by Python's integers as by numpy's
        inputs, targets = ([texts[i] for i in listed] for texts in (self.inputs, self.targets))
        return Samples(inputs, targets, self.lengths[positions], self.nestings[positions])

    @staticmethod
    def concatenate(parts: Sequence[Samples]) -> Samples:
        """All samples of several collections, in order."""
        return Samples(
            [text for part in parts for text in part.inputs],
            [text for part in parts for text in part.targets],
            np.concatenate([part.lengths for part in parts]),
            np.concatenate([part.nestings for part in parts]),
        )

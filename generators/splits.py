"""Train, validation and test by a stable hash of the sample's text, so that they are disjoint by construction."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import NamedTuple

import numpy as np

from generators.errors import DifficultyError
from generators.samples import Difficulties, Samples
from generators.seeding import keyed_generator
from generators.task import Task, write_samples

FRUITLESS_CANDIDATES = 20_000


class Split(IntEnum):
    """A third of all samples: those whose text has this CRC-32 modulo 3."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2


class Drawn(NamedTuple):
    """Samples of one split, and how many candidates were generated to find them."""

    samples: Samples
    candidates: int


def split_of(input: str) -> Split:
    """The split that a sample belongs to, by its input.

    >>> split_of("print(12+34)")
    <Split.VALIDATION: 1>
    """
    return Split(zlib.crc32(input.encode()) % 3)


def members(samples: Samples, split: Split) -> Samples:
    """Those of the samples that belong to the split, in order."""
    codes = np.fromiter(map(zlib.crc32, map(str.encode, samples.inputs)), np.uint32, len(samples))
    return samples.take(np.flatnonzero(codes % len(Split) == split))


def draw_samples(
    task: Task,
    split: Split | None,
    n: int,
    difficulties: Callable[[int, np.random.Generator], Difficulties],
    key: tuple[str | int, ...],
) -> Drawn:
    """Draw n samples of a split; they depend on the arguments alone.

    Args:
        task: generates the candidates.
        split: which samples to keep; None keeps all.
        n: how many.
        difficulties: draws the difficulties of a number of candidates.
        key: which part of which data set, as (seed, batch number); parts are independent of each other.

    Raises:
        DifficultyError: the split seems to hold no sample at these difficulties.
    """
    kept: list[Samples] = []
    found = candidates = 0
    for block in count():
        rng = keyed_generator(task.name, "any" if split is None else split.name.lower(), *key, block)
        wanted = n - found
        size = wanted if split is None else 3 * wanted + wanted // 8 + 16
        drawn = difficulties(size, rng)
        samples = write_samples(task, drawn, rng)
        if split is not None:
            samples = members(samples, split)
        kept.append(samples[:wanted])
        found += len(kept[-1])
        candidates += size
        if found >= n:
            return Drawn(Samples.concatenate(kept), candidates)
        if not found and candidates >= FRUITLESS_CANDIDATES and split is not None:
            raise DifficultyError(
                f"the {split.name.lower()} split of task {task.name!r} holds no sample at length "
                f"{drawn.lengths.max()}, nesting {drawn.nestings.max()}: none among {candidates} drawn; "
                "ask for a greater length or nesting"
            )
    raise AssertionError("count() does not end")

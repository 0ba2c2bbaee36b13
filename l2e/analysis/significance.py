"""Whether a difference is more than chance: a paired test over samples, intervals over samples and over seeds.

The test is Fisher's randomisation test for pairs (Noreen 1989, *Computer-Intensive Methods for Testing Hypotheses*,
chapter 2): were two predictors alike, their scores of a sample could as well be swapped.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray
from generators.seeding import keyed_generator
from l2e.metrics import Z_95

SWAPS = 10_000
SWAPS_AT_ONCE = 500
ROUNDING = 1e-12  # of a difference of two accuracies

# Two-sided 97.5 % quantiles of Student's t for 1 to 30 degrees of freedom.
STUDENT_T = (
    12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
    2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
    2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pairs:
    """What two predictors got right, sample by sample.

    Attributes:
        first: int64 [2, samples]: right, and counted, of the one.
        second: the same of the other, on the same samples in the same order.
    """

    first: IntArray
    second: IntArray

    def __post_init__(self) -> None:
        if self.first.shape != self.second.shape or self.first.ndim != 2 or len(self.first) != 2:
            raise ValueError(f"pairs are two arrays [2, samples], not {self.first.shape} and {self.second.shape}")

    @property
    def samples(self) -> int:
        """How many."""
        return int(self.first.shape[1])

    @property
    def difference(self) -> float:
        """The first's accuracy less the second's; an accuracy is the sum of right over the sum of counted."""
        return float(_accuracy(self.first.sum(1)) - _accuracy(self.second.sum(1)))

    @property
    def half_width(self) -> float:
        """Half the difference's normal 95 % interval over samples, of ratios made linear (Cochran 1977, section 6.4).

        Infinite for a single sample.
        """
        if self.samples < 2:
            return math.inf
        parts = _deviations(self.first) - _deviations(self.second)
        return Z_95 * math.sqrt(float((parts**2).sum()) / (self.samples * (self.samples - 1)))


def pool(pairs: Sequence[Pairs]) -> Pairs:
    """Several pairs on the same samples as one: scores added up sample by sample."""
    return Pairs(np.stack([one.first for one in pairs]).sum(0), np.stack([one.second for one in pairs]).sum(0))


def _accuracy(sums: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    accuracy: npt.NDArray[np.float64] = sums[0] / sums[1]
    return accuracy


def _deviations(scores: IntArray) -> npt.NDArray[np.float64]:
    """[samples], how far each sample moves the accuracy off its value; they add up to 0."""
    right, counted = scores
    parts: npt.NDArray[np.float64] = (right - _accuracy(scores.sum(1)) * counted) / counted.mean()
    return parts


def randomization_test(pairs: Sequence[Pairs]) -> list[float]:
    """Two-sided p of each difference under random swaps of the two scores of every sample.

    p is the share of the observed difference and SWAPS random ones that are as far from 0 as the observed one. The
    swaps depend on the number of samples alone, so p is the same whenever and beside whatever it is computed.
    """
    found = [1.0] * len(pairs)
    sizes = {one.samples for one in pairs}
    for size in sizes:
        places = [place for place, one in enumerate(pairs) if one.samples == size]
        for place, p in zip(places, _of_one_size([pairs[place] for place in places], size), strict=True):
            found[place] = p
    return found


def _of_one_size(pairs: Sequence[Pairs], samples: int) -> list[float]:
    first, second = (np.stack([getattr(one, side) for one in pairs], axis=1) for side in ("first", "second"))
    # Sums of whole numbers are exact in float64, so the order in which a library adds them changes nothing.
    sums = np.stack([first.sum(2), second.sum(2)])[:, :, None, :]  # [side, right or counted, 1, pairs]
    gaps = (second - first).astype(np.float64).transpose(0, 2, 1)  # [right or counted, samples, pairs]
    observed = _gap(sums)
    generator = keyed_generator("randomization test", samples)
    as_far = np.ones(len(pairs), np.int64)
    for _ in range(SWAPS // SWAPS_AT_ONCE):
        swapped = generator.integers(0, 2, (SWAPS_AT_ONCE, samples), np.uint8).astype(np.float64)
        moved = swapped @ gaps  # [right or counted, swaps, pairs]
        as_far += (_gap(sums + np.stack([moved, -moved])) >= observed - ROUNDING).sum(0)
    p: list[float] = (as_far / (SWAPS + 1)).tolist()
    return p


def _gap(sums: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """[swaps, pairs], how far apart the accuracies of the two sides are."""
    return np.abs(_accuracy(sums[0]) - _accuracy(sums[1]))


def holm(p: Sequence[float]) -> list[float]:
    """Holm's (1979) correction of p for as many tests as there are, in the same order.

    >>> [round(one, 3) for one in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    corrected, least = [0.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        least = max(least, min(1.0, (len(p) - rank) * p[place]))
        corrected[place] = least
    return corrected


def student_half_width(values: Sequence[float]) -> float:
    """Half of Student's 95 % interval of the mean of several values; t of 30 degrees of freedom beyond 31 of them.

    Raises:
        ValueError: a single value, of which nothing is known.
    """
    if len(values) < 2:
        raise ValueError("Student's interval is of two values or more")
    t = STUDENT_T[min(len(values) - 1, len(STUDENT_T)) - 1]
    return t * float(np.std(values, ddof=1)) / math.sqrt(len(values))

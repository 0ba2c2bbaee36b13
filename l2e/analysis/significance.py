"""Whether a difference is more than chance: over seeds, and over the samples of two trained predictors.

Over seeds: the permutation test of two samples (Pitman 1937), one curriculum's runs against another's. Seeds are not
paired, though runs of the same seed start from the same weights: what they train on differs with the curriculum, so
that their accuracies hardly go together, and with five pairs a paired test cannot come below p = 2 / 2⁵ = 0.063, where
five runs against five reach 2 / 252. Ranks of labels are counted rather than a normal spread assumed (Welch), as
accuracies of five or ten runs that learn in jumps are anything but normal.

Over samples: Fisher's randomisation test for pairs (Noreen 1989, *Computer-Intensive Methods for Testing Hypotheses*,
chapter 2): were two predictors alike, their scores of a sample could as well be swapped. It tells two trained networks
apart, not two ways to train.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from generators.samples import BoolArray, IntArray
from generators.seeding import keyed_generator
from l2e.analysis.intervals import ascending
from l2e.metrics import Z_95

ALPHA = 0.05
REGROUPINGS = 20_000

SWAPS = 10_000
SWAPS_AT_ONCE = 500
ROUNDING = 1e-12  # of a difference of two accuracies


@dataclass(frozen=True, slots=True)
class Difference:
    """Two groups of runs against one another.

    Attributes:
        difference: the first's mean less the second's.
        low: the lower end of its 95 % interval.
        high: the upper end. The interval holds 0 if and only if p is above 0.05.
        p: two-sided, of the permutation test.
        first_seeds: runs of the first.
        second_seeds: runs of the second.
    """

    difference: float
    low: float
    high: float
    p: float
    first_seeds: int
    second_seeds: int


def permutation_test(
    first: npt.ArrayLike, second: npt.ArrayLike, bounds: tuple[float, float] = (-1.0, 1.0)
) -> Difference:
    """The difference of the means of two groups of runs, with p and interval of one permutation test.

    p is twice the share of regroupings of all runs into groups of these sizes whose difference is at least as far to
    the observed one's side, at most 1; exact as `regroupings` are all or, where they are drawn, as if they were all.
    The interval holds the shifts of the first group that the same test at 5 % does not refute. It needs no search: when
    runs A of the first and as many runs B of the second change places, the difference grows under a shift d if and only
    if d is at least mean(A) - mean(B), so its ends are order statistics of mean(A) - mean(B) over the regroupings
    (Garthwaite 1996, "Confidence intervals from randomization tests"). Where there are too few runs for any p below
    5 %, see `smallest_p`, it is all that is possible.

    Args:
        first: the one's runs [m].
        second: the other's [n].
        bounds: between which a difference lies.
    """
    one, other = ascending(first), ascending(second)
    groups = regroupings(one.size, other.size)
    stays, comes = groups[:, : one.size], groups[:, one.size :]
    moved = comes.sum(1)
    changed = moved > 0
    gaps = np.sort(((one.sum() - stays @ one - comes @ other)[changed]) / moved[changed])
    same = len(groups) - gaps.size
    sides = (gaps <= ROUNDING).sum(), (gaps >= -ROUNDING).sum()
    p = min(1.0, 2 * (same + int(min(sides))) / len(groups))
    difference, cut = float(one.mean() - other.mean()), int(ALPHA / 2 * len(groups) + ROUNDING) - same
    low, high = (float(gaps[cut]), float(gaps[-1 - cut])) if cut >= 0 else bounds
    low, high = max(bounds[0], min(low, difference)), min(bounds[1], max(high, difference))
    return Difference(difference, low, high, p, one.size, other.size)


def smallest_p(first_seeds: int, second_seeds: int) -> float:
    """The smallest p that a permutation test of so many runs can give: 2 / C(m + n, m), at most 1.

    >>> smallest_p(3, 3), round(smallest_p(5, 5), 4)
    (0.1, 0.0079)
    """
    return min(1.0, 2 / math.comb(first_seeds + second_seeds, first_seeds))


def regroupings(first_seeds: int, second_seeds: int) -> BoolArray:
    """Ways to put m + n runs into groups of m and n: bool [ways, m + n], in the first group or not.

    The first is the one that was observed, the first m runs. All of them if they are at most REGROUPINGS, else as many
    random ones, which depend on m and n alone.
    """
    runs = first_seeds + second_seeds
    if math.comb(runs, first_seeds) <= REGROUPINGS:
        chosen = np.array([*itertools.combinations(range(runs), first_seeds)])
    else:
        generator = keyed_generator("permutation test", first_seeds, second_seeds)
        chosen = generator.random((REGROUPINGS, runs)).argsort(1)[:, :first_seeds]
        chosen[0] = np.arange(first_seeds)
    groups = np.zeros((len(chosen), runs), np.bool_)
    np.put_along_axis(groups, chosen, True, 1)
    return groups


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
    """Half of Student's 95 % interval of the mean of several values.

    Raises:
        ValueError: a single value, of which nothing is known.
    """
    if len(values) < 2:
        raise ValueError("Student's interval is of two values or more")
    return float(stats.t.ppf(1 - ALPHA / 2, len(values) - 1) * stats.sem(values))

"""Whether a difference over seeds is more than chance.

The permutation test of two samples (Pitman 1937), one curriculum's runs against another's. Seeds are not
paired, though runs of the same seed start from the same weights: what they train on differs with the curriculum, so
that their accuracies hardly go together, and with five pairs a paired test cannot come below p = 2 / 2⁵ = 0.063, where
five runs against five reach 2 / 252. No normal spread is assumed, as in Welch's test: five or ten accuracies of runs
that learn in jumps are anything but normal.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from generators.samples import BoolArray
from generators.seeding import keyed_generator
from l2e.analysis.intervals import FloatArray, ascending

ALPHA = 0.05
REGROUPINGS = 20_000

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
    the observed one's side, at most 1. It is never too small by chance: where not all `regroupings` are looked at, the
    observed one is counted among those that are (Phipson & Smyth 2010).
    The interval holds the shifts of the first group that the same test at 5 % does not refute. It needs no search: when
    runs A of the first and as many runs B of the second change places, the difference grows under a shift d if and only
    if d is at least mean(A) - mean(B), so its ends are order statistics of mean(A) - mean(B) over the regroupings
    (Garthwaite 1996, "Confidence intervals from randomization tests"). Where runs are too few for any p below 5 %, see
    `smallest_p`, the interval is all that is possible.

    Args:
        first: the one's runs [m].
        second: the other's [n].
        bounds: between which a difference lies.
    """
    return stratified_permutation_test([first], [second], bounds)


def stratified_permutation_test(
    firsts: Sequence[npt.ArrayLike], seconds: Sequence[npt.ArrayLike], bounds: tuple[float, float] = (-1.0, 1.0)
) -> Difference:
    """The same over several cells at once: the mean over cells of the difference, runs regrouped within each cell.

    Of several cells' regroupings together, REGROUPINGS random ones are looked at, the observed one among them.

    Args:
        firsts: the one's runs, by cell, [m] each.
        seconds: the other's in the same cells, [n] each.
        bounds: between which a difference lies.
    """
    cells = [(ascending(first), ascending(second)) for first, second in zip(firsts, seconds, strict=True)]
    lost, moved = _changes(cells)
    changed = moved > 0
    gaps = np.sort(lost[changed] / moved[changed])
    ways = moved.size
    same = ways - gaps.size
    sides = (gaps <= ROUNDING).sum(), (gaps >= -ROUNDING).sum()
    p = min(1.0, 2 * (same + int(min(sides))) / ways)
    difference = float(np.mean([one.mean() - other.mean() for one, other in cells]))
    cut = int(ALPHA / 2 * ways + ROUNDING) - same
    low, high = (float(gaps[cut]), float(gaps[-1 - cut])) if cut >= 0 else bounds
    low, high = max(bounds[0], min(low, difference)), min(bounds[1], max(high, difference))
    return Difference(difference, low, high, p, sum(one.size for one, _ in cells), sum(two.size for _, two in cells))


def _changes(cells: Sequence[tuple[FloatArray, FloatArray]]) -> tuple[FloatArray, FloatArray]:
    """Of each regrouping, float64 [ways]: what the difference loses, and what it would under a shift of 1."""
    generator = keyed_generator("stratified permutation test", len(cells))
    lost, moved = [], []
    for one, other in cells:
        groups = regroupings(one.size, other.size)
        if len(cells) > 1:
            chosen = generator.integers(len(groups), size=REGROUPINGS)
            chosen[0] = 0
            groups = groups[chosen]
        weight = (1 / one.size + 1 / other.size) / len(cells)
        stays, comes = groups[:, : one.size], groups[:, one.size :]
        lost.append(weight * (one.sum() - stays @ one - comes @ other))
        moved.append(weight * comes.sum(1))
    return np.sum(lost, axis=0), np.sum(moved, axis=0)


def smallest_p(first_seeds: int, second_seeds: int) -> float:
    """The smallest p that a permutation test of so many runs can give: 2 / C(m + n, m), at most 1.

    >>> smallest_p(3, 3), round(smallest_p(5, 5), 4)
    (0.1, 0.0079)
    """
    return min(1.0, 2 / math.comb(first_seeds + second_seeds, first_seeds))


@cache
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

"""What so many seeds can see: the smallest difference found as a rule, and the seeds that a difference needs.

From the power of Student's two-sided test of two groups with one spread: with n₁ and n₂ runs, spread s and a true
difference d, t is of the noncentral t distribution with n₁ + n₂ - 2 degrees of freedom and noncentrality
d / (s · √(1 / n₁ + 1 / n₂)) (Cohen 1988, *Statistical Power Analysis for the Behavioral Sciences*, chapter 2). The
permutation test's power is close to it for runs that are spread alike.
"""

from __future__ import annotations

import math
from functools import cache

import numpy.typing as npt
from scipy import optimize, stats

from l2e.analysis.intervals import ascending
from l2e.analysis.significance import ALPHA, smallest_p

POWER = 0.8
LARGE = 1000  # seeds from which on one more or less is nothing


def pooled_spread(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """The standard deviation of runs within their groups, √((SS₁ + SS₂) / (n₁ + n₂ - 2)) with sums of squares SS.

    Args:
        first: the one's runs [n₁].
        second: the other's [n₂].

    Raises:
        ValueError: neither group has two runs.
    """
    groups = ascending(first), ascending(second)
    freedom = sum(runs.size - 1 for runs in groups)
    if not freedom:
        raise ValueError("a spread over seeds needs two runs of one group")
    return math.sqrt(sum(float(((runs - runs.mean()) ** 2).sum()) for runs in groups) / freedom)


def power(difference: float, spread: float, first_seeds: int, second_seeds: int, alpha: float = ALPHA) -> float:
    """How probably a true difference, above 0, is found at two-sided alpha, and on its own side."""
    freedom = first_seeds + second_seeds - 2
    shift = difference / (spread * math.sqrt(1 / first_seeds + 1 / second_seeds))
    return float(stats.nct.sf(stats.t.ppf(1 - alpha / 2, freedom), freedom, shift))


def minimum_detectable_difference(spread: float, first_seeds: int, second_seeds: int, alpha: float = ALPHA) -> float:
    """The true difference that is found with 80 % power.

    Args:
        spread: over seeds, `pooled_spread`.
        first_seeds: runs of the one.
        second_seeds: runs of the other.
        alpha: two-sided; ALPHA divided by the tests for the first step of Holm's correction.

    Returns:
        In the unit of the spread; 0 if nothing varies; infinite where a permutation test of so few runs cannot come to
        alpha, whatever the difference.

    >>> round(minimum_detectable_difference(1.0, 17, 17), 2)
    0.99
    """
    spreads = _detectable_spreads(first_seeds, second_seeds, alpha)
    return spreads if math.isinf(spreads) else spread * spreads


@cache  # a table has few numbers of seeds, and the search takes long
def _detectable_spreads(first_seeds: int, second_seeds: int, alpha: float) -> float:
    """The same of a spread of 1."""
    if smallest_p(first_seeds, second_seeds) > alpha:
        return math.inf
    error = math.sqrt(1 / first_seeds + 1 / second_seeds)

    def lack(shift: float) -> float:
        return power(shift * error, 1.0, first_seeds, second_seeds, alpha) - POWER

    return error * float(optimize.brentq(lack, 0.0, 100.0))


def seeds_needed(spread: float, difference: float, alpha: float = ALPHA) -> float:
    """How many runs on each side find a true difference with 80 % power; at least so many that p can come to alpha.

    Args:
        spread: over seeds, `pooled_spread`.
        difference: to be found, in the same unit.
        alpha: two-sided.

    Returns:
        A whole number; from LARGE on the normal approximation, and infinite for a difference of 0.

    >>> seeds_needed(1.0, 1.0), seeds_needed(0.1, 0.5), seeds_needed(1.0, 0.0)
    (17, 4, inf)
    """
    if difference == 0:
        return math.inf
    # The normal approximation is never above the number that is sought and at most a few seeds below it.
    quantiles = float(stats.norm.ppf(1 - alpha / 2) + stats.norm.ppf(POWER))
    seeds = max(2, math.floor(2 * (quantiles * spread / difference) ** 2))
    while seeds < LARGE and minimum_detectable_difference(spread, seeds, seeds, alpha) > abs(difference):
        seeds += 1
    return seeds

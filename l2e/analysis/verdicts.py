"""A verdict on a curriculum against another."""

from __future__ import annotations

import math

from l2e.analysis.significance import ALPHA, smallest_p

BASELINE = "baseline"  # the curriculum that the others are compared with
BETTER, WORSE, NO_DIFFERENCE, NO_VERDICT = "better", "worse", "no difference found", "no verdict"


def too_few(seeds: int, other_seeds: int) -> bool:
    """Whether no test of so many seeds could come below ALPHA, whatever they show, so that there is no verdict.

    >>> too_few(1, 10), too_few(3, 3), too_few(4, 4)
    (True, True, False)
    """
    return smallest_p(seeds, other_seeds) > ALPHA


def verdict(p: float, sign: float) -> str:
    """One of BETTER, WORSE, NO_DIFFERENCE, and NO_VERDICT where there is no p.

    Args:
        p: of the test over seeds, after Holm's correction; NaN where there are too few.
        sign: above 0 where the curriculum does better than the other.
    """
    if math.isnan(p):
        return NO_VERDICT
    if p >= ALPHA:
        return NO_DIFFERENCE
    return BETTER if sign > 0 else WORSE

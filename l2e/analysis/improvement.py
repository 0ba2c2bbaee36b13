"""How probably a run of the one does better than a run of the other: P(X > Y), equal ones counting half.

This is the Mann-Whitney statistic U / (m · n), the probability of improvement of Agarwal et al. 2021. It asks how
often, not by how much: 0.5 says that neither is ahead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import optimize

from l2e.analysis.intervals import Estimate, FloatArray, ascending, stratified_bootstrap
from l2e.metrics import Z_95


def probability_of_improvement(first: Sequence[npt.ArrayLike], second: Sequence[npt.ArrayLike]) -> Estimate:
    """P(X > Y) in each stratum, the mean over strata, with a stratified bootstrap interval over runs.

    The definition of Agarwal et al. 2021, section 4.3. With one stratum of few runs take `improvement_in_cell`: where
    every run of the one is ahead of every run of the other, drawing again changes nothing, and this interval has no
    width.

    Args:
        first: the one's runs, a stratum [runs] each.
        second: the other's, in the same strata; it may have other numbers of runs.

    Raises:
        ValueError: the two differ in strata.
    """
    pairs = sorted(
        ((ascending(one), ascending(other)) for one, other in zip(first, second, strict=True)),
        key=lambda pair: [runs.tolist() for runs in pair],
    )
    samples = [runs for pair in pairs for runs in pair]
    interval = stratified_bootstrap(samples, _mean_improvement)
    return Estimate(float(_mean_improvement(*samples)), *interval, sum(runs.size for runs in samples))


def improvement_in_cell(first: npt.ArrayLike, second: npt.ArrayLike) -> Estimate:
    """P(X > Y) in one cell, with Newcombe's interval for few runs, which has a width at 0 and 1 too.

    The limits θ solve (θ̂ - θ)² = z² · V(θ) with V(θ) = θ (1 - θ) / (m n) · (1 + N ((1 - θ) / (2 - θ) + θ / (1 + θ))),
    N = (m + n) / 2 - 1: Newcombe 2006, "Confidence intervals for an effect size measure based on the Mann-Whitney
    statistic, part 2", method 5.

    Args:
        first: the one's runs [m].
        second: the other's [n].
    """
    one, other = ascending(first), ascending(second)
    value, pairs, weight = float(_mean_improvement(one, other)), one.size * other.size, (one.size + other.size) / 2 - 1

    def beyond(theta: float) -> float:
        variance = theta * (1 - theta) / pairs * (1 + weight * ((1 - theta) / (2 - theta) + theta / (1 + theta)))
        return (value - theta) ** 2 - Z_95**2 * variance

    # At the value itself nothing is beyond, at the far ends everything is; at 0 and 1 the near limit is the value.
    low = 0.0 if value == 0 else float(optimize.brentq(beyond, 0, value if value < 1 else 1 - 1e-12))
    high = 1.0 if value == 1 else float(optimize.brentq(beyond, value if value > 0 else 1e-12, 1))
    return Estimate(value, low, high, one.size + other.size)


def _mean_improvement(*samples: FloatArray, axis: int = -1) -> FloatArray:
    """Of arrays [..., runs], the one's and the other's of each stratum in turn."""
    strata = zip(samples[::2], samples[1::2], strict=True)
    wins = [0.5 + np.sign(one[..., :, None] - other[..., None, :]).mean((-2, -1)) / 2 for one, other in strata]
    mean: FloatArray = np.mean(wins, axis=0)
    return mean

"""What several runs say of all runs: means, interquartile means, shares of runs, each with a 95 % interval over seeds.

A *run* is one training with one seed; a *stratum* holds the runs of one cell, alike in all but the seed. Intervals say
what other seeds would change and are given as low and high, never as ±, as accuracies end at 0 and 1. One run says
nothing of other seeds: its interval is the whole range.

Sources: Agarwal et al. 2021, "Deep reinforcement learning at the edge of the statistical precipice", for interquartile
means, performance profiles and the stratified bootstrap; Newcombe 1998, "Interval estimation for the difference between
independent proportions" (method 10), for squaring and adding Wilson's limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from generators.samples import BoolArray
from generators.seeding import keyed_generator
from l2e.metrics import wilson

FloatArray = npt.NDArray[np.float64]

CONFIDENCE = 0.95
RESAMPLES = 10_000
UNIT = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over runs with its 95 % interval.

    Attributes:
        value: the figure.
        low: the interval's lower end.
        high: its upper end.
        n: runs that it was computed from.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Profile:
    """A performance profile.

    Attributes:
        thresholds: float64 [thresholds].
        share: of runs above each threshold, float64 [thresholds], falling.
        low: lower ends of the 95 % intervals of each share by itself, float64 [thresholds].
        high: upper ends.
    """

    thresholds: FloatArray
    share: FloatArray
    low: FloatArray
    high: FloatArray


def ascending(values: npt.ArrayLike) -> FloatArray:
    """The values of runs in ascending order, float64 [runs], so that nothing depends on the order of runs.

    Raises:
        ValueError: there is no value, one is not finite, or they do not have one dimension.
    """
    found = np.sort(np.asarray(values, np.float64))
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"values of runs are one finite number a run, at least one, not {values!r}")
    return found


def mean_over_seeds(values: npt.ArrayLike, bounds: tuple[float, float] = UNIT) -> Estimate:
    """The mean of runs with Student's interval, mean ± t(0.975; n - 1) · s / √n, cut off at the bounds.

    Args:
        values: [runs].
        bounds: between which values can lie.

    >>> mean_over_seeds([0.75, 0.875, 1.0])  # doctest: +ELLIPSIS
    Estimate(value=0.875, low=0.564..., high=1.0, n=3)
    """
    runs = ascending(values)
    mean = float(runs.mean())
    if runs.size == 1:
        return Estimate(mean, *bounds, 1)
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, runs.size - 1) * stats.sem(runs))
    return Estimate(mean, max(bounds[0], mean - half), min(bounds[1], mean + half), runs.size)


def interquartile_mean(strata: Sequence[npt.ArrayLike], bounds: tuple[float, float] = UNIT) -> Estimate:
    """The mean of the middle half of all runs, with a stratified bootstrap interval.

    The runs of all strata are put together, a quarter of them (rounded down) is cut off at either end, and the mean of
    the others is taken, as in Agarwal et al. 2021, section 4.3. The interval is `stratified_bootstrap`'s.

    Args:
        strata: each [runs]; those with more runs weigh more.
        bounds: between which values can lie.
    """
    samples = sorted(map(ascending, strata), key=lambda runs: runs.tolist())
    return Estimate(
        float(_trimmed(*samples)), *stratified_bootstrap(samples, _trimmed, bounds), sum(runs.size for runs in samples)
    )


def _trimmed(*samples: FloatArray, axis: int = -1) -> FloatArray:
    trimmed: FloatArray = stats.trim_mean(np.concatenate(samples, axis=axis), 0.25, axis=axis)
    return trimmed


def stratified_bootstrap(
    samples: Sequence[FloatArray], statistic: Callable[..., FloatArray], bounds: tuple[float, float] = UNIT
) -> tuple[float, float]:
    """The percentile bootstrap's 95 % interval of a statistic, runs being drawn again within each sample.

    What is drawn depends on the numbers of runs alone, so the interval is the same whenever it is computed. It has no
    width where no sample varies.

    Args:
        samples: each float64 [runs].
        statistic: of as many arrays [..., runs] as there are samples and a keyword `axis`; vectorised over `...`.
        bounds: between which the statistic lies; what is known if a sample is of one run.
    """
    sizes = [runs.size for runs in samples]
    if min(sizes) < 2:
        return bounds
    interval = stats.bootstrap(
        samples,
        statistic,
        n_resamples=RESAMPLES,
        confidence_level=CONFIDENCE,
        method="percentile",
        vectorized=True,
        axis=-1,
        rng=keyed_generator("stratified bootstrap", *sizes),
    ).confidence_interval
    return float(interval.low), float(interval.high)


def success_rate(reached: npt.ArrayLike) -> Estimate:
    """The share of runs that reached a threshold, with Wilson's interval.

    Args:
        reached: bool [runs], which did.
    """
    return _mean_share([_successes(reached)])


def performance_profile(strata: Sequence[npt.ArrayLike], thresholds: npt.ArrayLike) -> Profile:
    """The share of runs above each threshold, the mean of the strata's shares (Agarwal et al. 2021, section 4.2).

    The band is pointwise: the Wilson intervals of the strata's shares, squared and added as Newcombe does. A bootstrap
    would say that nothing is uncertain wherever the few runs of each stratum lie on one side of the threshold.

    Args:
        strata: each [runs].
        thresholds: [thresholds].
    """
    levels = np.asarray(thresholds, np.float64)
    above = [ascending(values)[:, None] > levels for values in strata]
    points = [_mean_share([runs[:, place] for runs in above]) for place in range(levels.size)]
    share, low, high = np.array([(point.value, point.low, point.high) for point in points]).reshape(-1, 3).T
    return Profile(levels, share, low, high)


def _successes(reached: npt.ArrayLike) -> BoolArray:
    runs = np.asarray(reached)
    if runs.ndim != 1 or not runs.size or runs.dtype != np.bool_:
        raise ValueError(f"successes are one truth value a run, at least one, not {reached!r}")
    return runs


def _mean_share(strata: Sequence[BoolArray]) -> Estimate:
    """The mean of several shares; limits of a mean of independent figures from theirs by squaring and adding."""
    shares = np.array([runs.mean() for runs in strata])
    low, high = np.array([wilson(int(runs.sum()), runs.size) for runs in strata]).T
    mean, count = float(shares.mean()), len(strata)
    return Estimate(
        mean,
        max(0.0, mean - float(np.linalg.norm(shares - low)) / count),
        min(1.0, mean + float(np.linalg.norm(high - shares)) / count),
        sum(runs.size for runs in strata),
    )

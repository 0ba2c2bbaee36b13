"""How long runs take to reach an accuracy at the target, counting those that never get there.

A run's time is known to the check, so times are those of checks. A run that does not get there before it ends is
*censored* at its last check: all that is known is that it would have taken longer. Kaplan & Meier 1958,
"Nonparametric estimation from incomplete observations", for the curve; Mantel 1966, "Evaluation of survival data and
two new rank order statistics arising in its consideration", for the log-rank test.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats

from generators.samples import BoolArray
from l2e.analysis.intervals import CONFIDENCE, Estimate, FloatArray
from l2e.analysis.sample_efficiency import validation_curve
from l2e.analysis.significance import ROUNDING, regroupings

THRESHOLDS = (0.5, 0.9, 0.99)


@dataclass(frozen=True, slots=True)
class Time:
    """When a run reached a threshold.

    Attributes:
        at: in the unit of the checks: when it did or, if it never did, its last check.
        reached: whether it did; if not, `at` is censored.
    """

    at: float
    reached: bool


@dataclass(frozen=True, slots=True)
class Times:
    """Times of several runs, in any order.

    Attributes:
        at: float64 [runs], 0 or later.
        reached: bool [runs]; the others are censored.
    """

    at: FloatArray
    reached: BoolArray

    def __post_init__(self) -> None:
        if self.at.shape != self.reached.shape or self.at.ndim != 1 or not self.at.size:
            raise ValueError(f"times are two arrays [runs], at least one, not {self.at.shape} and {self.reached.shape}")
        if not ((self.at >= 0) & np.isfinite(self.at)).all():
            raise ValueError(f"times are finite and 0 or later, not {self.at.tolist()}")

    @property
    def censored_data(self) -> stats.CensoredData:
        """As scipy takes them."""
        return stats.CensoredData(uncensored=self.at[self.reached], right=self.at[~self.reached])


@dataclass(frozen=True, slots=True)
class Curve:
    """A Kaplan-Meier curve: the share of runs still below the threshold; constant from each time to the next.

    Attributes:
        times: 0 and every time at which a run got there or was censored, rising, float64 [times].
        below: the share from each time on, falling from 1, float64 [times].
        low: lower ends of its pointwise 95 % interval.
        high: upper ends.
    """

    times: FloatArray
    below: FloatArray
    low: FloatArray
    high: FloatArray


@dataclass(frozen=True, slots=True)
class LogRank:
    """Two groups of times against one another.

    Attributes:
        z: Mantel's statistic, observed less expected in the first over its standard deviation; above 0 the first are
            faster.
        p_normal: two-sided, z taken as normal: of many runs.
        p: two-sided, of the permutation test of the same statistic: of few runs too.
    """

    z: float
    p_normal: float
    p: float


def time_to_target(at: npt.ArrayLike, accuracy: npt.ArrayLike, threshold: float) -> Time:
    """When validation at the target first stays at or above a threshold.

    It stays from the first check on that is at or above it and whose next check is so too; a run's last check, which
    has no next, stays if it is at or above it itself.

    Args:
        at: of the checks, updates or characters or seconds, rising, [checks].
        accuracy: at the target, in [0, 1], [checks].
        threshold: in [0, 1].

    Raises:
        ValueError: there are no checks, they do not rise, or an accuracy is not one.

    >>> time_to_target([100, 200, 300, 400], [0.2, 0.9, 0.4, 0.95], 0.9)
    Time(at=400.0, reached=True)
    """
    when, heights = validation_curve(at, accuracy)
    above = heights >= threshold
    stays = above & np.append(above[1:], True)
    return Time(float(when[stays.argmax()]), True) if stays.any() else Time(float(when[-1]), False)


def kaplan_meier(times: Times) -> Curve:
    """The Kaplan-Meier curve of several runs: at t, ∏ (1 - dᵢ / nᵢ) over the times tᵢ ≤ t, when dᵢ of nᵢ got there.

    The band is the "exponential Greenwood" one, of log(-log), which keeps within [0, 1]. That says nothing where no run
    or every run has got there. With none of n the interval is the one-sided exact one, from 0.05^(1/n) to 1; with
    all of them it goes from 0 to where it ended before.
    """
    survival = stats.ecdf(times.censored_data).sf
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # scipy's word for the ends that are filled in here
        band = survival.confidence_interval(CONFIDENCE, method="log-log")
    at, below = np.append(0.0, survival.quantiles), np.append(1.0, survival.probabilities)
    low, high = (np.append(np.nan, end.probabilities) for end in (band.low, band.high))
    running = times.at.size - np.searchsorted(np.sort(times.at), at)
    none, every = below == 1, below <= ROUNDING
    low[none], high[none] = (1 - CONFIDENCE) ** (1 / running[none]), 1.0
    low[every], high[every] = 0.0, high[~every][-1]
    if survival.quantiles[0] == 0:  # a check before the first update
        at, below, low, high = at[1:], below[1:], low[1:], high[1:]
    return Curve(at, below, low, high)


def median_time(times: Times) -> Estimate:
    """The median time with its 95 % interval, infinite where the curve does not come down to it.

    The median is the first time at which Kaplan and Meier's curve is 1/2 or less. The interval, Brookmeyer and
    Crowley's (1982), is of the times that the curve's pointwise band does not exclude: from the first at which its
    lower end is 1/2 or less, at the latest the last time, to the first from which its upper end stays below 1/2. Six
    runs or fewer have no upper end, four or fewer no lower end above 0.
    """
    curve = kaplan_meier(times)
    return Estimate(
        _first(curve.times, curve.below <= 0.5 + ROUNDING),
        min(_first(curve.times, curve.low <= 0.5), float(curve.times[-1])),
        _first(curve.times, np.logical_and.accumulate((curve.high < 0.5)[::-1])[::-1]),
        times.at.size,
    )


def _first(times: FloatArray, where: BoolArray) -> float:
    return float(times[where.argmax()]) if where.any() else math.inf


def log_rank(first: Times, second: Times) -> LogRank:
    """Mantel's log-rank test of whether two groups of runs take equally long.

    For few runs the normal distribution gives too small a p: five that all get there before any of another five have
    p_normal below 0.002 and can have no p below 2 / 252. So p is twice the share of regroupings of the runs that are as
    far to the observed side, at most 1. A run's share in the statistic is its event (0 or 1) less Nelson and Aalen's
    cumulative hazard of all runs at its time. The two groups must be censored alike, as by one budget. Where no event
    tells them apart, as no run got there, or all at once, or when one group had ended, z is 0 and p is 1.

    Args:
        first: the one's runs.
        second: the other's.
    """
    at, reached = np.append(first.at, second.at), np.append(first.reached, second.reached)
    unique, place = np.unique(at, return_inverse=True)
    events, leaving = (np.bincount(place, weights, len(unique)) for weights in (reached, np.ones_like(at)))
    running = at.size - np.append(0, np.cumsum(leaving)[:-1])
    shares = reached - np.cumsum(events / running)[place]
    sums = regroupings(first.at.size, second.at.size) @ shares
    extreme = min((sums >= sums[0] - ROUNDING).mean(), (sums <= sums[0] + ROUNDING).mean())
    p = min(1.0, 2 * float(extreme))
    running_first = (first.at[:, None] >= unique).sum(0)
    if not ((events > 0) & (events < running) & (running_first > 0) & (running_first < running)).any():
        return LogRank(0.0, 1.0, p)
    found = stats.logrank(first.censored_data, second.censored_data)
    return LogRank(float(found.statistic), float(found.pvalue), p)

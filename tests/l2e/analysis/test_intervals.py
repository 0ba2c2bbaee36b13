"""Means, shares and their intervals against published values, hand computations and simulations."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from l2e.analysis.intervals import (
    interquartile_mean,
    mean_over_seeds,
    performance_profile,
    success_rate,
)
from l2e.metrics import wilson

accuracies = st.lists(st.floats(0, 1), min_size=1, max_size=8)


def successes(count: int, n: int) -> list[bool]:
    return [place < count for place in range(n)]


def test_students_interval_by_hand() -> None:
    found = mean_over_seeds([0.4, 0.5, 0.6])
    half = 4.3027 * 0.1 / math.sqrt(3)
    assert (found.value, found.low, found.high) == pytest.approx((0.5, 0.5 - half, 0.5 + half), abs=1e-5)


@given(accuracies)
def test_a_means_interval_ends_where_accuracies_do(values: list[float]) -> None:
    found = mean_over_seeds(values)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    if len(values) == 1:
        assert (found.low, found.high) == (0.0, 1.0)


def test_other_values_have_other_bounds() -> None:
    assert mean_over_seeds([10, 20], (0, math.inf)).high == pytest.approx(15 + 12.7062 * 5, rel=1e-5)


@pytest.mark.parametrize(
    ("strata", "mean"),
    [
        ([[1, 2, 3, 4, 5, 6, 7, 8]], 4.5),  # 3 to 6 are left
        ([[0, 100], [1, 3]], 2),
        ([[1, 2, 6]], 3),  # a quarter of three runs is none
        ([[0, 0, 1, 1, 1, 1]], 0.75),  # a quarter of six runs is one: 0, 1, 1, 1 are left
    ],
)
def test_the_interquartile_mean_by_hand(strata: list[list[float]], mean: float) -> None:
    assert interquartile_mean(strata).value == pytest.approx(mean)


def test_the_interquartile_means_interval_is_that_of_a_slow_bootstrap() -> None:
    generator = random.Random(0)
    strata = [[0.1, 0.5, 0.2, 0.9, 0.4], [0.7, 0.8, 0.6]]
    means = []
    for _ in range(4000):
        drawn = sorted(value for runs in strata for value in generator.choices(runs, k=len(runs)))
        means.append(sum(drawn[2:6]) / 4)
    means.sort()
    found = interquartile_mean(strata)
    assert (found.low, found.high, found.n) == pytest.approx((means[100], means[3899], 8), abs=0.02)


def test_neither_the_order_of_runs_nor_of_strata_matters() -> None:
    strata = [[0.1, 0.5, 0.2], [0.7, 0.8, 0.6], [0.9, 0.3]]
    assert interquartile_mean(strata) == interquartile_mean([runs[::-1] for runs in reversed(strata)])


def test_a_stratum_of_one_run_leaves_everything_open() -> None:
    found = interquartile_mean([[0.5, 0.6], [0.7]])
    assert (found.low, found.high) == (0.0, 1.0)


def test_the_bootstrap_interval_covers() -> None:
    generator = np.random.default_rng(0)
    quarters = stats.beta(5, 2).ppf([0.25, 0.75])
    true = stats.beta(5, 2).expect(lambda value: value, lb=quarters[0], ub=quarters[1], conditional=True)
    found = [interquartile_mean(generator.beta(5, 2, (3, 10))) for _ in range(50)]
    assert np.mean([one.low <= true <= one.high for one in found]) >= 0.88


def test_a_success_rate_has_wilsons_interval() -> None:
    found = success_rate(successes(81, 263))
    assert (found.value, found.low, found.high) == (81 / 263, *wilson(81, 263))


def test_a_profile_is_the_mean_over_strata_of_shares_above() -> None:
    found = performance_profile([[0.2, 0.5, 0.5, 1.0], [0.6, 0.9]], [0.0, 0.5, 0.95, 1.0])
    assert found.share.tolist() == [1.0, (1 / 4 + 1) / 2, 1 / 8, 0.0]


def test_the_band_of_one_stratum_is_wilsons() -> None:
    found = performance_profile([[0.2, 0.5, 1.0]], [0.1, 0.3, 1.0])
    assert np.transpose([found.low, found.high]) == pytest.approx(np.array([wilson(count, 3) for count in (3, 2, 0)]))


@given(st.lists(accuracies, min_size=1, max_size=4))
def test_a_profile_falls_within_its_band(strata: list[list[float]]) -> None:
    found = performance_profile(strata, np.linspace(0, 1, 11))
    assert (np.diff(found.share) <= 1e-12).all()
    assert ((found.low >= 0) & (found.low <= found.share) & (found.share <= found.high) & (found.high <= 1)).all()
    assert (found.high - found.low > 0.01).all()


def test_a_band_covers_the_mean_of_shares() -> None:
    generator = np.random.default_rng(0)
    shares = np.array([0.9, 0.5, 0.2])
    drawn = generator.random((300, 3, 5)) < shares[:, None]
    found = [performance_profile([*one.astype(float)], [0.5]) for one in drawn]
    assert np.mean([one.low[0] <= shares.mean() <= one.high[0] for one in found]) >= 0.93


@pytest.mark.parametrize("reached", [[], [0, 1], [[True]]])
def test_what_are_no_successes_is_refused(reached: list[bool]) -> None:
    with pytest.raises(ValueError, match="one truth value a run"):
        success_rate(reached)

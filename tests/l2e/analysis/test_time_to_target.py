"""Times to the target: what reaching is, and survival statistics against textbooks and slow counts."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.analysis.time_to_target import (
    Time,
    Times,
    kaplan_meier,
    log_rank,
    median_time,
    time_to_target,
)


def times(reached: list[float], censored: list[float] | None = None) -> Times:
    at = [*reached, *(censored or [])]
    return Times(np.array(at, np.float64), np.arange(len(at)) < len(reached))


def shuffled(group: Times, seed: int) -> Times:
    order = np.random.default_rng(seed).permutation(group.at.size)
    return Times(group.at[order], group.reached[order])


some_times = st.lists(st.tuples(st.integers(1, 8), st.booleans()), min_size=1, max_size=6).map(
    lambda runs: Times(np.array([at for at, _ in runs], np.float64), np.array([reached for _, reached in runs]))
)

# Weeks in remission of Freireich et al. 1963, the example of most textbooks (Kleinbaum & Klein, chapter 2).
TREATED = times([6, 6, 6, 7, 10, 13, 16, 22, 23], [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
PLACEBO = times([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23])


@pytest.mark.parametrize(
    ("accuracy", "found"),
    [
        ([0.1, 0.9, 0.9, 0.1], Time(20, True)),  # it stays for a check, whatever comes later
        ([0.9, 0.1, 0.95, 1.0], Time(30, True)),  # one check above is not enough
        ([0.1, 0.9, 0.1, 0.9], Time(40, True)),  # but as the last it is
        ([0.9, 0.1, 0.9, 0.1], Time(40, False)),  # never twice in a row: censored at the last check
        ([0.9, 0.9, 0.9, 0.9], Time(10, True)),
        ([0.89, 0.89, 0.89, 0.89], Time(40, False)),
    ],
)
def test_a_threshold_is_reached_where_the_next_check_confirms_it(accuracy: list[float], found: Time) -> None:
    assert time_to_target([10, 20, 30, 40], accuracy, 0.9) == found


@pytest.mark.parametrize(("accuracy", "reached"), [(0.9, True), (0.8, False)])
def test_a_run_of_one_check(accuracy: float, reached: bool) -> None:
    assert time_to_target([10], [accuracy], 0.9) == Time(10, reached)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_is_never_reached_sooner(accuracy: list[float], one: float, other: float) -> None:
    sooner, later = (time_to_target(range(1, len(accuracy) + 1), accuracy, level) for level in sorted((one, other)))
    assert sooner.reached >= later.reached
    assert sooner.at <= later.at


def test_checks_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="rise"):
        time_to_target([20, 10], [0.1, 0.2], 0.5)


def test_the_curve_of_the_textbook() -> None:
    curve = kaplan_meier(TREATED)
    events = [6, 7, 10, 13, 16, 22, 23]
    below = [curve.below[curve.times == at][0] for at in events]
    assert below == pytest.approx([0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5)
    # Published with log(-log) limits, as of SAS's LIFETEST.
    ends = [(curve.low[curve.times == at][0], curve.high[curve.times == at][0]) for at in (6, 23)]
    assert np.array(ends) == pytest.approx(np.array([(0.6197, 0.9516), (0.1881, 0.6801)]), abs=5e-5)


def test_the_medians_of_the_textbook() -> None:
    treated, placebo = median_time(TREATED), median_time(PLACEBO)
    assert (treated.value, treated.low, treated.high, treated.n) == (23, 13, math.inf, 21)
    assert (placebo.value, placebo.low, placebo.high) == (8, 4, 11)


def test_the_log_rank_test_of_the_textbook() -> None:
    found = log_rank(TREATED, PLACEBO)
    assert found.z**2 == pytest.approx(16.793, abs=5e-4)
    assert found.z < 0  # relapses were fewer than expected
    assert found.p_normal == pytest.approx(4.17e-5, rel=1e-2)
    assert found.p < 0.001


@given(some_times)
def test_the_curve_is_a_product_over_events(group: Times) -> None:
    curve = kaplan_meier(group)
    for at, below in zip(curve.times, curve.below, strict=True):
        product = 1.0
        for event in {*group.at[group.reached & (group.at <= at)].tolist()}:
            product *= 1 - (group.at[group.reached] == event).sum() / (group.at >= event).sum()
        assert below == pytest.approx(product)


@given(some_times, st.integers(0, 5))
def test_curves_fall_within_their_bands_in_any_order_of_runs(group: Times, seed: int) -> None:
    curve, other = kaplan_meier(group), kaplan_meier(shuffled(group, seed))
    assert (curve.times[0], curve.below[0]) == (0.0, 1.0)
    assert (np.diff(curve.below) <= 0).all()
    assert ((curve.low >= 0) & (curve.low <= curve.below) & (curve.below <= curve.high) & (curve.high <= 1)).all()
    assert all(np.array_equal(getattr(curve, name), getattr(other, name)) for name in ("times", "below", "low", "high"))
    median = median_time(group)
    assert median.low <= median.value <= median.high


@pytest.mark.parametrize(
    ("group", "median", "low", "high"),
    [
        (times([3, 5, 7, 9, 11]), 7, 3, math.inf),
        (times([1, 2, 3, 4, 5, 6, 7]), 4, 1, 6),
        (times([5, 5, 5, 5, 5]), 5, 5, math.inf),  # ties, as between checks far apart
        (times([], [8, 8, 8, 8, 8]), math.inf, 8, math.inf),
        (times([3]), 3, 0, math.inf),
        (times([], [3]), math.inf, 0, math.inf),
        (times([0, 0], [4]), 0, 0, math.inf),  # a check before the first update
    ],
)
def test_medians_of_few_runs(group: Times, median: float, low: float, high: float) -> None:
    found = median_time(group)
    assert (found.value, found.low, found.high) == (median, low, high)


def test_the_bands_of_none_and_of_all() -> None:
    none, every = kaplan_meier(times([], [8] * 5)), kaplan_meier(times([1, 2]))
    assert none.low == pytest.approx(np.array([0.05**0.2] * 2))
    assert none.high.tolist() == [1.0, 1.0]
    assert (every.low[-1], every.high[-1]) == (0.0, every.high[-2])


def test_the_medians_interval_covers() -> None:
    generator, misses = np.random.default_rng(0), 0
    for _ in range(200):
        drawn = generator.exponential(1, 10)
        found = median_time(Times(drawn.clip(max=1.5), drawn < 1.5))
        misses += not found.low <= math.log(2) <= found.high
    assert misses / 200 <= 0.09


def excess(first: list[tuple[float, bool]], second: list[tuple[float, bool]]) -> float:
    """Events of the first less those to be expected, time by time."""
    found = 0.0
    for event in {at for at, reached in first + second if reached}:
        running = [sum(at >= event for at, _ in group) for group in (first, second)]
        events = [sum(at == event and reached for at, reached in group) for group in (first, second)]
        found += events[0] - sum(events) * running[0] / sum(running)
    return found


@given(some_times, some_times)
def test_log_ranks_p_is_that_of_all_regroupings(first: Times, second: Times) -> None:
    runs = [(at, reached) for group in (first, second) for at, reached in zip(group.at, group.reached, strict=True)]
    places = range(len(runs))
    found = [
        excess([runs[place] for place in chosen], [runs[place] for place in places if place not in chosen])
        for chosen in combinations(places, first.at.size)
    ]
    high, low = np.mean(np.array(found) >= found[0] - 1e-9), np.mean(np.array(found) <= found[0] + 1e-9)
    assert log_rank(first, second).p == pytest.approx(min(1, 2 * min(high, low)))


@given(some_times, some_times)
def test_the_log_rank_test_is_the_same_from_either_side(first: Times, second: Times) -> None:
    one, other = log_rank(first, second), log_rank(second, first)
    assert (one.z, one.p_normal, one.p) == pytest.approx((-other.z, other.p_normal, other.p))


def test_five_seeds_cannot_have_the_p_of_the_normal_distribution() -> None:
    found = log_rank(times([1, 2, 3, 4, 5]), times([6, 7, 8, 9, 10]))
    assert found.p_normal < 0.002
    assert found.p == pytest.approx(2 / 252)


@pytest.mark.parametrize(
    ("first", "second"),
    [(times([], [5, 5]), times([], [5, 4])), (times([5, 5]), times([5])), (times([], [1]), times([2], [2]))],
)
def test_groups_that_nothing_tells_apart(first: Times, second: Times) -> None:
    found = log_rank(first, second)
    assert (found.z, found.p_normal, found.p) == (0.0, 1.0, 1.0)


@pytest.mark.parametrize(
    ("at", "reached", "message"),
    [([], [], "at least one"), ([1.0], [True, False], "two arrays"), ([-1.0], [True], "0 or later"),
     ([math.inf], [False], "finite")],
)  # fmt: skip
def test_what_are_no_times_is_refused(at: list[float], reached: list[bool], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Times(np.array(at), np.array(reached, np.bool_))

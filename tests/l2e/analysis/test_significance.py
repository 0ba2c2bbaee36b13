"""Tests and intervals against hand computations, exact counts and what must hold of all of them."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from l2e.analysis.significance import (
    REGROUPINGS,
    holm,
    permutation_test,
    regroupings,
    smallest_p,
    stratified_permutation_test,
)


def test_holms_correction_by_hand() -> None:
    # In order: 4 · 0.01, 3 · 0.015, 2 · 0.02 raised to the one before, 1 · 0.9.
    assert holm([0.9, 0.02, 0.01, 0.015]) == pytest.approx([0.9, 0.045, 0.04, 0.045])


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holms_correction_keeps_the_order_and_only_raises(p: list[float]) -> None:
    corrected = holm(p)
    assert all(raw <= one <= 1 for raw, one in zip(p, corrected, strict=True))
    assert [one for _, one in sorted(zip(p, corrected, strict=True))] == sorted(corrected)
    assert all(one <= min(1, len(p) * raw) for raw, one in zip(p, corrected, strict=True))


def test_one_test_needs_no_correction() -> None:
    assert holm([0.03]) == [0.03]


runs = st.lists(st.integers(0, 20).map(lambda twentieths: twentieths / 20), min_size=2, max_size=5)


def slow_p(first: list[float], second: list[float]) -> float:
    """By regrouping the values themselves, in whole numbers of a millionth."""
    whole = [round(value * 1e6) for value in (*first, *second)]
    differences = []
    for chosen in combinations(range(len(whole)), len(first)):
        one = sum(whole[place] for place in chosen)
        differences.append(one * len(second) - (sum(whole) - one) * len(first))
    as_high = sum(one >= differences[0] for one in differences) / len(differences)
    as_low = sum(one <= differences[0] for one in differences) / len(differences)
    return min(1.0, 2 * min(as_high, as_low))


@given(runs, runs)
def test_p_is_that_of_all_regroupings(first: list[float], second: list[float]) -> None:
    assert permutation_test(first, second).p == pytest.approx(slow_p(first, second))


@given(runs, runs)
def test_the_interval_holds_the_difference_and_0_just_where_p_does_not_exclude_it(
    first: list[float], second: list[float]
) -> None:
    found = permutation_test(first, second)
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert (found.low <= 1e-9 and found.high >= -1e-9) == (found.p > 0.05)


@given(runs, runs, st.randoms(use_true_random=False))
def test_neither_the_order_of_runs_nor_the_side_matters(first: list[float], second: list[float], random) -> None:  # type: ignore[no-untyped-def]
    found = permutation_test(first, second)
    assert permutation_test(random.sample(first, len(first)), random.sample(second, len(second))) == found
    other = permutation_test(second, first)
    assert (other.p, other.low, other.high) == pytest.approx((found.p, -found.high, -found.low))


def test_the_interval_is_of_the_shifts_that_the_test_does_not_refute() -> None:
    first, second = [0.91, 0.42, 0.77, 0.63, 0.88], [0.52, 0.31, 0.66, 0.17, 0.43]
    found = permutation_test(first, second)
    for end, inwards in ((found.low, 1e-4), (found.high, -1e-4)):
        inside, outside = ([value - end - step for value in first] for step in (inwards, -inwards))
        assert slow_p(outside, second) <= 0.05 < slow_p(inside, second)


def test_over_cells_p_is_of_regroupings_within_each() -> None:
    firsts, seconds = [[0.9, 0.5], [0.8, 0.3, 0.4]], [[0.4, 0.6], [0.1, 0.35]]
    sums = []
    for one in combinations(range(4), 2):
        for other in combinations(range(5), 3):
            pooled = [np.array([*first, *second]) for first, second in zip(firsts, seconds, strict=True)]
            means = [
                runs[list(chosen)].mean() - np.delete(runs, chosen).mean()
                for runs, chosen in zip(pooled, (one, other), strict=True)
            ]
            sums.append(np.mean(means))
    exact = 2 * np.mean(np.array(sums) >= sums[0] - 1e-12)
    found = stratified_permutation_test(firsts, seconds)
    assert found.difference == pytest.approx(sums[0])
    assert found.p == pytest.approx(exact, abs=0.02)


def test_cells_that_agree_add_up_where_none_alone_could_be_sure() -> None:
    first, second = [0.8, 0.9, 0.85], [0.1, 0.2, 0.15]
    assert permutation_test(first, second).p > 0.05
    together = stratified_permutation_test([first] * 3, [second] * 3)
    assert together.p < 0.01
    assert 0 < together.low < 0.7 < together.high < 1


@given(st.lists(st.tuples(runs, runs), min_size=2, max_size=3))
def test_over_cells_too_the_interval_holds_0_just_where_p_does_not_exclude_it(
    cells: list[tuple[list[float], list[float]]],
) -> None:
    found = stratified_permutation_test([one for one, _ in cells], [other for _, other in cells])
    assert -1 <= found.low <= found.difference <= found.high <= 1
    assert (found.low <= 1e-9 and found.high >= -1e-9) == (found.p > 0.05)


def test_p_of_drawn_regroupings_is_near_that_of_scipy() -> None:
    generator = np.random.default_rng(0)
    first, second = generator.random(10) + 0.25, generator.random(10)
    theirs = stats.permutation_test(
        (first, second), lambda *groups: groups[0].mean() - groups[1].mean(), n_resamples=3000
    )
    assert permutation_test(first, second).p == pytest.approx(theirs.pvalue, abs=0.02)


def test_the_permutation_interval_of_five_seeds_covers_the_difference() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.normal(0.6, 0.1, (300, 5)), generator.normal(0.5, 0.1, (300, 5))
    found = [permutation_test(one, other) for one, other in zip(first, second, strict=True)]
    assert 0.92 <= np.mean([one.low <= 0.1 <= one.high for one in found]) <= 0.98


@pytest.mark.parametrize(("first", "second", "p"), [(1, 1, 1.0), (1, 9, 0.2), (3, 3, 0.1), (4, 4, 2 / 70)])
def test_groups_quite_apart_have_the_smallest_p_and_too_few_runs_exclude_nothing(
    first: int, second: int, p: float
) -> None:
    found = permutation_test([1.0] * first, [0.0] * second)
    assert found.p == pytest.approx(p) == smallest_p(first, second)
    assert (found.low, found.high) == ((1.0, 1.0) if p <= 0.05 else (-1.0, 1.0))


@pytest.mark.parametrize(("seeds", "ways"), [(2, 6), (8, 12870), (9, REGROUPINGS)])
def test_regroupings_are_all_or_so_many_and_begin_with_the_observed_one(seeds: int, ways: int) -> None:
    groups = regroupings(seeds, seeds)
    assert len(groups) == ways
    assert groups[0].tolist() == [True] * seeds + [False] * seeds
    assert (groups.sum(1) == seeds).all()


@pytest.mark.parametrize("values", [[], [0.5, math.nan], [[0.5]]])
def test_values_that_are_not_of_runs_are_refused(values: list[float]) -> None:
    with pytest.raises(ValueError, match="one finite number a run"):
        permutation_test(values, [0.5, 0.6])

"""Probabilities of improvement against counts by hand, and intervals against what must hold of them."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from l2e.analysis.improvement import improvement_in_cell, probability_of_improvement

runs = st.lists(st.integers(0, 10).map(lambda tenths: tenths / 10), min_size=2, max_size=6)


def test_by_hand() -> None:
    # 3 beats 1 and 2 and ties with 3; 2 beats 1 and ties with 2: (2.5 + 1.5) of 6.
    assert improvement_in_cell([3, 2], [1, 2, 3]).value == pytest.approx(4 / 6)


@given(runs, runs)
def test_it_is_the_mann_whitney_statistic(first: list[float], second: list[float]) -> None:
    u = stats.mannwhitneyu(first, second, method="asymptotic").statistic if {*first} | {*second} != {first[0]} else None
    expected = 0.5 if u is None else u / (len(first) * len(second))
    assert improvement_in_cell(first, second).value == pytest.approx(expected)


@given(runs, runs)
def test_a_cells_interval_mirrors_when_the_sides_change_and_has_a_width(
    first: list[float], second: list[float]
) -> None:
    one, other = improvement_in_cell(first, second), improvement_in_cell(second, first)
    assert (1 - one.value, 1 - one.high, 1 - one.low) == pytest.approx((other.value, other.low, other.high))
    assert 0 <= one.low <= one.value <= one.high <= 1
    assert one.high - one.low > 0.1


def test_a_cells_interval_solves_newcombes_equation() -> None:
    found = improvement_in_cell([3, 5, 6, 8, 9], [1, 2, 4, 7])
    grid = np.linspace(1e-6, 1 - 1e-6, 1_000_001)
    # N = (5 + 4) / 2 - 1
    spread = grid * (1 - grid) / 20 * (1 + 3.5 * ((1 - grid) / (2 - grid) + grid / (1 + grid)))
    inside = grid[(found.value - grid) ** 2 <= 1.959964**2 * spread]
    assert (found.low, found.high) == pytest.approx((inside[0], inside[-1]), abs=1e-5)


def test_strata_weigh_alike_whatever_their_runs() -> None:
    assert probability_of_improvement([[1, 1], [0] * 4], [[0, 0], [1] * 4]).value == 0.5


def test_neither_the_order_of_runs_nor_of_strata_matters() -> None:
    generator, shuffle = np.random.default_rng(0), random.Random(0)
    strata = [(generator.random(5).tolist(), generator.random(4).tolist()) for _ in range(3)]
    found = probability_of_improvement(*zip(*strata, strict=True))
    assert found.low < found.value < found.high
    moved = [tuple(shuffle.sample(side, len(side)) for side in stratum) for stratum in reversed(strata)]
    assert probability_of_improvement(*zip(*moved, strict=True)) == found


def test_one_run_a_side_leaves_everything_open() -> None:
    found = probability_of_improvement([[0.9]], [[0.1]])
    assert (found.value, found.low, found.high, found.n) == (1.0, 0.0, 1.0, 2)


def test_both_have_the_same_strata() -> None:
    with pytest.raises(ValueError, match="shorter"):
        probability_of_improvement([[1, 2], [1, 2]], [[1, 2]])


def test_newcombes_interval_covers_with_five_seeds() -> None:
    generator, true = np.random.default_rng(0), stats.norm.cdf(1 / np.sqrt(2))
    found = [improvement_in_cell(generator.normal(1, 1, 5), generator.normal(0, 1, 5)) for _ in range(300)]
    assert np.mean([one.low <= true <= one.high for one in found]) >= 0.92

"""Power against published tables, and what must hold of every difference and number of seeds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from l2e.analysis.power import minimum_detectable_difference, pooled_spread, power, seeds_needed


# Two-sided 5 %, 80 % power: runs of each group by the difference in standard deviations, as of Cohen 1988, section 2.4.
@pytest.mark.parametrize(("difference", "seeds"), [(0.2, 394), (0.5, 64), (0.8, 26), (1.0, 17)])
def test_so_many_seeds_are_needed_as_published(difference: float, seeds: int) -> None:
    assert seeds_needed(1.0, difference) == seeds == seeds_needed(0.1, -difference / 10)


@settings(max_examples=20)
@given(st.floats(0.01, 1), st.floats(0.2, 1))  # from a thousand seeds on they are not counted
def test_the_seeds_that_are_needed_are_the_fewest_that_do(spread: float, difference: float) -> None:
    seeds = seeds_needed(spread, difference)
    assert minimum_detectable_difference(spread, seeds, seeds) <= difference
    assert seeds == 4 or minimum_detectable_difference(spread, seeds - 1, seeds - 1) > difference


@settings(max_examples=20)
@given(st.integers(4, 40), st.integers(4, 40))
def test_more_seeds_see_smaller_differences(first: int, second: int) -> None:
    seen = minimum_detectable_difference(0.1, first, second)
    assert minimum_detectable_difference(0.1, first + 1, second) < seen
    assert power(seen, 0.1, first, second) == pytest.approx(0.8)


def test_power_is_the_share_of_simulated_tests_that_find_the_difference() -> None:
    generator = np.random.default_rng(0)
    first, second = generator.normal(1.5, 1, (4000, 6)), generator.normal(0, 1, (4000, 9))
    found = (stats.ttest_ind(first, second, axis=1).pvalue < 0.05).mean()
    assert power(1.5, 1.0, 6, 9) == pytest.approx(found, abs=0.025)


def test_three_seeds_a_side_see_nothing_and_a_stricter_test_sees_less() -> None:
    assert minimum_detectable_difference(0.1, 3, 3) == math.inf
    assert minimum_detectable_difference(0.1, 5, 5) < minimum_detectable_difference(0.1, 5, 5, alpha=0.01)
    assert minimum_detectable_difference(0.1, 5, 5, alpha=0.005) == math.inf


def test_where_nothing_varies_every_difference_is_seen() -> None:
    assert minimum_detectable_difference(0.0, 4, 4) == 0.0
    assert seeds_needed(0.0, 0.1) == 4


def test_no_number_of_seeds_sees_a_difference_of_0() -> None:
    assert seeds_needed(0.1, 0.0) == math.inf
    assert seeds_needed(1.0, 1e-6) > 1e12  # and one near it is not searched for


def test_the_pooled_spread_by_hand() -> None:
    # Sums of squares 2 about 2 and 8 about 3, of 3 - 1 and 2 - 1 degrees of freedom.
    assert pooled_spread([1, 2, 3], [1, 5]) == pytest.approx(math.sqrt(10 / 3))


def test_one_run_a_side_has_no_spread() -> None:
    with pytest.raises(ValueError, match="two runs"):
        pooled_spread([1], [2])

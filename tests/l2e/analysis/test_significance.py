"""Tests and intervals against hand computations, exact counts and what must hold of all of them."""

import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.analysis.significance import STUDENT_T, SWAPS, Pairs, holm, pool, randomization_test, student_half_width

Score = tuple[int, int]


def pairs_of(*samples: tuple[Score, Score]) -> Pairs:
    """Pairs of (right, counted) of the first and of the second, sample by sample."""
    first, second = np.array(samples, np.int64).transpose(1, 2, 0)
    return Pairs(first, second)


def exact(*samples: tuple[int, int]) -> Pairs:
    """Pairs of whole answers that were right, 1, or wrong, 0."""
    return pairs_of(*(((first, 1), (second, 1)) for first, second in samples))


scores = st.integers(1, 6).flatmap(lambda counted: st.tuples(st.integers(0, counted), st.just(counted)))
some_pairs = st.lists(st.tuples(scores, scores), min_size=1, max_size=8).map(lambda drawn: pairs_of(*drawn))


def test_the_difference_is_of_ratios_of_sums() -> None:
    # (1 + 4) / (2 + 8) less (1 + 1) / (2 + 6), where a mean of ratios would be 0.5 less 1/3.
    assert pairs_of(((1, 2), (1, 2)), ((4, 8), (1, 6))).difference == 0.5 - 0.25


def test_the_interval_over_samples_of_whole_answers_is_that_of_a_mean() -> None:
    pairs = exact((1, 0), (1, 1), (0, 0), (1, 0), (0, 1), (1, 1))
    gaps = [1, 0, 0, 1, -1, 0]
    assert pairs.half_width == pytest.approx(1.959964 * np.std(gaps, ddof=1) / math.sqrt(6), rel=1e-6)


def test_the_interval_of_a_ratio_is_that_of_its_linear_part() -> None:
    # The first has 3 of 4 characters: deviations (1 - 0.75 · 1) / 2 and (2 - 0.75 · 3) / 2; the second has 2 of 4,
    # with deviations (0.5 - 0.5) / 2 of nothing: 1 of 2 each.
    pairs = pairs_of(((1, 1), (1, 2)), ((2, 3), (1, 2)))
    assert pairs.half_width == pytest.approx(1.959964 * math.sqrt(2 * 0.125**2 / 2), rel=1e-6)


def test_nothing_is_known_of_one_sample() -> None:
    assert exact((1, 0)).half_width == math.inf


def test_pairs_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"not \(2, 3\) and \(2, 4\)"):
        Pairs(np.ones((2, 3), np.int64), np.ones((2, 4), np.int64))


def test_pooled_scores_are_added_up_sample_by_sample() -> None:
    pooled = pool([exact((1, 0), (1, 1)), exact((1, 1), (0, 1))])
    assert pooled.first.tolist() == [[2, 1], [2, 2]]
    assert pooled.second.tolist() == [[1, 2], [2, 2]]


@given(some_pairs)
def test_p_is_near_the_share_of_all_swaps(pairs: Pairs) -> None:
    differences = []
    for swapped in product([False, True], repeat=pairs.samples):
        first, second = np.where(swapped, pairs.second, pairs.first), np.where(swapped, pairs.first, pairs.second)
        differences.append(abs(Pairs(first, second).difference))
    share = np.mean(np.array(differences) >= abs(pairs.difference) - 1e-9)
    # Five standard deviations of a share of that many swaps.
    (p,) = randomization_test([pairs])
    assert p == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / SWAPS) + 1 / SWAPS)


@given(some_pairs)
def test_p_is_the_same_from_either_side(pairs: Pairs) -> None:
    assert randomization_test([pairs]) == randomization_test([Pairs(pairs.second, pairs.first)])


def test_p_does_not_depend_on_what_it_is_computed_beside() -> None:
    some = [exact((1, 0), (1, 0), (0, 1)), exact((1, 0), (1, 0), (1, 0)), exact((0, 1), (1, 1))]
    assert randomization_test(some) == [randomization_test([one])[0] for one in some]


def test_equal_predictors_have_a_p_of_1() -> None:
    assert randomization_test([exact((1, 1), (0, 0)), exact((1, 0), (0, 1))]) == [1.0, 1.0]


def test_p_is_never_0() -> None:
    assert randomization_test([exact(*[(1, 0)] * 100)]) == [1 / (SWAPS + 1)]


def test_nothing_to_test_has_no_p() -> None:
    assert randomization_test([]) == []


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


def test_students_interval_by_hand() -> None:
    # Standard deviation 0.1, t(2) = 4.3027.
    assert student_half_width([0.4, 0.5, 0.6]) == pytest.approx(4.3027 * 0.1 / math.sqrt(3))


def test_students_t_of_many_values_is_that_of_30_degrees_of_freedom() -> None:
    values = [0.0, 1.0] * 50
    assert student_half_width(values) == pytest.approx(STUDENT_T[-1] * np.std(values, ddof=1) / 10)


def test_students_interval_of_one_value_is_refused() -> None:
    with pytest.raises(ValueError, match="two values or more"):
        student_half_width([0.5])

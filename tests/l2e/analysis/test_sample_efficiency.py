"""Areas under validation curves against sums by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l2e.analysis.sample_efficiency import sample_efficiency


@pytest.mark.parametrize(
    ("updates", "accuracy", "budget", "area"),
    [
        ([100], [0.3], 100, 0.3),  # one check says what there is to know
        ([100, 200], [0.2, 0.6], 200, 0.3),  # 100 · 0.2 + 100 · 0.4
        ([10, 40, 50], [0.0, 0.6, 1.0], 50, 0.34),  # 30 · 0.3 + 10 · 0.8, unevenly spaced
        ([0, 50], [0.0, 1.0], 100, 0.75),  # ended early: 50 · 0.5 + 50 · 1
        ([50, 150], [0.0, 1.0], 100, 0.125),  # beyond the budget: 50 · 0.25
        ([200], [0.7], 100, 0.7),
    ],
)
def test_areas_by_hand(updates: list[int], accuracy: list[float], budget: int, area: float) -> None:
    assert sample_efficiency(updates, accuracy, budget) == pytest.approx(area)


curves = st.dictionaries(st.integers(0, 1000), st.floats(0, 1), min_size=1, max_size=8).map(
    lambda checks: (sorted(checks), [checks[at] for at in sorted(checks)])
)


@given(curves, st.integers(1, 1200), st.integers(1, 50))
def test_it_lies_between_the_accuracies_whatever_the_unit(
    curve: tuple[list[int], list[float]], budget: int, unit: int
) -> None:
    updates, accuracy = curve
    area = sample_efficiency(updates, accuracy, budget)
    assert min(accuracy) - 1e-9 <= area <= max(accuracy) + 1e-9
    assert sample_efficiency([unit * at for at in updates], accuracy, unit * budget) == pytest.approx(area)


@given(curves, st.integers(1, 1200), st.floats(0, 1))
def test_better_checks_never_make_it_smaller(curve: tuple[list[int], list[float]], budget: int, floor: float) -> None:
    updates, accuracy = curve
    better = [max(one, floor) for one in accuracy]
    assert sample_efficiency(updates, better, budget) >= sample_efficiency(updates, accuracy, budget) - 1e-9


@pytest.mark.parametrize(
    ("updates", "accuracy", "budget", "message"),
    [
        ([], [], 100, "at least one"),
        ([1, 2], [0.5], 100, "two arrays"),
        ([2, 1], [0.5, 0.5], 100, "rise"),
        ([-1, 1], [0.5, 0.5], 100, "rise"),
        ([1, 2], [0.5, 1.5], 100, r"in \[0, 1\]"),
        ([1, 2], [0.5, float("nan")], 100, r"in \[0, 1\]"),
        ([1, 2], [0.5, 0.5], 0, "positive"),
    ],
)
def test_what_is_no_curve_is_refused(updates: list[int], accuracy: list[float], budget: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sample_efficiency(updates, accuracy, budget)

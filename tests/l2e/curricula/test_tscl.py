"""Teacher-student curricula against values worked out by hand."""

import pytest

from generators.samples import Difficulty
from l2e.curricula import TSCLOnline, TSCLWindow
from tests.l2e.curricula.progress import accuracies


def test_online_smooths_the_change_of_accuracy_and_draws_by_its_size() -> None:
    curriculum = TSCLOnline(Difficulty(2), alpha=0.1, temperature=0.1)
    assert curriculum.probabilities() == pytest.approx([0.5, 0.5])
    curriculum.update(accuracies(_1=0.5))
    assert curriculum.q == pytest.approx([0.1 * 0.5, 0.0])
    assert curriculum.probabilities() == pytest.approx([0.622459, 0.377541], abs=1e-6)  # e^0.5 to 1
    curriculum.update(accuracies(_1=0.4, _2=0.2))
    assert curriculum.q == pytest.approx([0.05 + 0.1 * (-0.1 - 0.05), 0.1 * 0.2])
    curriculum.update(accuracies(_1=0.0))
    assert curriculum.q == pytest.approx([0.035 + 0.1 * (-0.4 - 0.035), 0.02])
    # -0.0085 counts as 0.0085: what is being forgotten is drawn too.
    assert curriculum.probabilities()[0] == pytest.approx(1 / (1 + 2.718281828 ** ((0.02 - 0.0085) / 0.1)))


def test_online_draws_the_level_that_changes_most_alone_at_the_published_temperature() -> None:
    curriculum = TSCLOnline(Difficulty(3))
    curriculum.update(accuracies(_1=0.1, _2=0.2, _3=0.15))
    assert curriculum.probabilities() == pytest.approx([0.0, 0.999996, 0.000004], abs=1e-6)


def test_window_tries_every_level_first_and_then_prefers_the_steepest_up_or_down() -> None:
    curriculum = TSCLWindow(Difficulty(3), epsilon=0.3)
    assert curriculum.probabilities() == pytest.approx([1 / 3] * 3)
    curriculum.update(accuracies(_1=0.2, _2=0.5))
    curriculum.update(accuracies(_1=0.4, _2=0.1))
    assert curriculum.slopes() == pytest.approx([0.2, -0.4, 1.0])
    assert curriculum.probabilities() == pytest.approx([0.1, 0.1, 0.8])
    curriculum.update(accuracies(_3=0.0))
    curriculum.update(accuracies(_3=0.1))
    assert curriculum.slopes() == pytest.approx([0.2, -0.4, 0.1])
    assert curriculum.probabilities() == pytest.approx([0.1, 0.8, 0.1])


def test_window_counts_the_checks_at_which_a_level_was_not_drawn() -> None:
    curriculum = TSCLWindow(Difficulty(2))
    for check in (accuracies(_1=0.1), accuracies(_2=0.9), accuracies(_2=0.9), accuracies(_1=0.4)):
        curriculum.update(check)
    assert curriculum.slopes()[0] == pytest.approx(0.1)


def test_window_forgets_what_is_older_than_its_window() -> None:
    curriculum = TSCLWindow(Difficulty(1), window=3)
    for accuracy in (0.9, 0.0, 0.1, 0.2):
        curriculum.update(accuracies(_1=accuracy))
    assert curriculum.slopes() == pytest.approx([0.1])

"""Exp3.S against values worked out by hand."""

from math import exp, log

import numpy as np
import pytest

from generators.samples import Difficulty
from l2e.curricula import Exp3S
from l2e.curricula.exp3s import RESERVOIR, shared
from l2e.progress import Tally
from tests.l2e.curricula.progress import accuracies, trained


def gained(gain: float, samples: int) -> Tally:
    """Ten characters whose losses fell by so much each."""
    return Tally(samples, 10, 5, 20.0, 20.0 - 10 * gain)


def test_two_checks_of_two_levels_by_hand() -> None:
    curriculum = Exp3S(Difficulty(2), eta=0.5, epsilon=0.2)
    assert curriculum.probabilities() == pytest.approx([0.5, 0.5])
    curriculum.update(trained({(1, 1): gained(1.0, 1), (2, 1): gained(0.0, 3)}, updates=1))
    # Mapped to 1 and -1; a quarter and three quarters of the samples; pi = 1/2; alpha = 1 exchanges the two.
    assert curriculum.weights == pytest.approx([0.5 * -0.75 / 0.5, 0.5 * 0.25 / 0.5])
    assert curriculum.probabilities() == pytest.approx([0.8 / (1 + exp(1)) + 0.1, 0.8 * exp(1) / (1 + exp(1)) + 0.1])
    second = curriculum.probabilities()[1]
    curriculum.update(trained({(2, 1): gained(0.65, 4)}, updates=3))
    # Of 0, 0.65 and 1 the quantiles are 0.26 and 0.86, so 0.65 is 0.3; two updates; alpha = 1/2 makes the two alike.
    moved = 0.25 + 0.5 * 2 * 0.3 / second
    assert curriculum.weights == pytest.approx([log((exp(-0.75) + exp(moved)) / 2)] * 2)


def test_with_one_level_in_a_batch_the_step_is_the_papers() -> None:
    curriculum = Exp3S(Difficulty(3), eta=0.1, beta=0.2, epsilon=0.3)
    curriculum.checks, curriculum.gains = 3, [0.0, 0.1, 0.2, 0.3]
    curriculum.update(trained({(2, 1): gained(5.0, 1)}, updates=1))
    reward = np.array([0.2, 1.2, 0.2]) / (1 / 3)
    x = 0.1 * reward
    expected = [log(0.75 * exp(x[i]) + 0.25 / 2 * sum(exp(x[j]) for j in range(3) if j != i)) for i in range(3)]
    assert curriculum.weights == pytest.approx(expected)


def test_levels_that_gain_come_to_be_drawn_more() -> None:
    curriculum = Exp3S(Difficulty(3), eta=0.01)
    for number in range(1, 40):
        tallies = {(1, 1): gained(0.0, 5), (2, 1): gained(0.5, 5), (3, 1): gained(0.1, 5)}
        curriculum.update(trained(tallies, updates=50 * number))
    easy, middle, hard = curriculum.probabilities()
    assert middle > hard > easy >= 0.05 / 3


def test_equal_gains_move_nothing() -> None:
    curriculum = Exp3S(Difficulty(2))
    curriculum.update(trained({(1, 1): gained(0.5, 1), (2, 1): gained(0.5, 3)}, updates=50))
    assert curriculum.probabilities() == pytest.approx([0.5, 0.5])


def test_a_single_level_is_always_drawn() -> None:
    curriculum = Exp3S(Difficulty(1))
    curriculum.update(trained({(1, 1): gained(0.5, 1)}, updates=50))
    assert curriculum.probabilities() == pytest.approx([1.0])


def test_so_many_gains_are_remembered_and_no_more() -> None:
    curriculum = Exp3S(Difficulty(1))
    for number in range(RESERVOIR + 20):
        curriculum.update(trained({(1, 1): gained(number, 1)}))
    assert curriculum.gains_seen == RESERVOIR + 20
    assert len(curriculum.gains) == RESERVOIR


def test_training_without_gains_is_told_what_is_missing() -> None:
    with pytest.raises(ValueError, match=r"measures = Measure\.GAIN"):
        Exp3S(Difficulty(2)).update(accuracies(_1=0.5))


def test_sharing_keeps_the_sum_of_exponentials_and_never_overflows() -> None:
    weights = np.array([0.3, -1.0, 2.0])
    assert np.exp(shared(weights, 0.3)).sum() == pytest.approx(np.exp(weights).sum())
    assert shared(weights + 5000, 0.3) == pytest.approx(shared(weights, 0.3) + 5000)

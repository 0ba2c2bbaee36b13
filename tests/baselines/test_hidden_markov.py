"""The hidden Markov model as a predictor of answers, and how much of an input it can keep."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest

from baselines.hidden_markov import SYMBOLS, HiddenMarkov
from generators.errors import InputError
from generators.memorization import Copy
from generators.samples import Samples
from l2e.learner import Predictor
from tests.toys import ThreeSamples, samples_of

COPY = Copy()


def all_strings(digits: int) -> Samples:
    """Every string of this many digits, to be copied."""
    return samples_of(*((text, text + ".") for text in map("".join, product("0123456789", repeat=digits))))


def made(training: Samples, **options: int) -> HiddenMarkov:
    return HiddenMarkov(training, COPY.answer, **options)


def test_meets_the_protocol() -> None:
    assert isinstance(made(all_strings(1)), Predictor)


def test_with_states_enough_it_copies_a_digit() -> None:
    samples = samples_of(*((digit, digit + ".") for digit in "0123"))
    learnt = made(samples, states=64)
    assert learnt.predict(samples.inputs, 5) == samples.targets
    assert learnt.predict_teacher_forced(samples) == samples.targets
    assert learnt.bits(samples).max() < 0.1


@pytest.mark.parametrize("digits", [1, 2])
@pytest.mark.parametrize("states", [1, 2, 4, 16, 32])
def test_n_states_keep_at_most_log2_n_bits_of_an_input(digits: int, states: int) -> None:
    samples = all_strings(digits)
    costs = made(samples, states=states, updates=60).bits(samples)
    assert digits * math.log2(10) - costs.mean() <= math.log2(states) + 1e-9
    assert (2.0**-costs).sum() <= states + 1e-9


def test_the_targets_of_an_input_have_probabilities_that_sum_to_one() -> None:
    learnt = made(samples_of(("12", "21."), ("3", "3.")), states=4)
    costs = learnt.bits(samples_of(*(("12", symbol) for symbol in SYMBOLS)))
    assert (2.0**-costs).sum() == pytest.approx(1)
    first, both = learnt.bits(samples_of(("12", "2"), ("12", "21")))
    assert both > first > 0


def test_rows_are_answered_apart_and_cut_at_max_characters() -> None:
    learnt = made(all_strings(2), states=8)
    inputs = ["1", "", "77", "123456789"]
    together = learnt.predict(inputs, 6)
    assert together == [learnt.predict([text], 6)[0] for text in inputs]
    assert [text[:2] for text in together] == learnt.predict(inputs, 2)
    assert learnt.predict([], 3) == [] == learnt.predict_teacher_forced(samples_of())
    targets = ["1.", "55.", "7.", "0."]
    forced = learnt.predict_teacher_forced(samples_of(*zip(inputs, targets, strict=True)))
    alone = [learnt.predict_teacher_forced(samples_of(pair))[0] for pair in zip(inputs, targets, strict=True)]
    assert forced == alone
    assert [len(text) for text in forced] == [2, 3, 2, 2]


def test_a_seed_fits_the_same_again() -> None:
    first, again, other = (made(all_strings(1), states=3, seed=seed).model for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first.start, other.start)


def test_characters_never_seen_are_possible() -> None:
    learnt = made(all_strings(1), states=4)
    assert np.isfinite(learnt.bits(samples_of(("print(x)", "y.")))).all()
    assert len(learnt.predict(["print(x)"], 4)[0]) > 0


def test_what_it_cannot_be_made_with_is_refused() -> None:
    with pytest.raises(ValueError, match="1 state or more, not 0"):
        made(all_strings(1), states=0)
    with pytest.raises(ValueError, match="no training samples"):
        HiddenMarkov(samples_of(), ThreeSamples().answer)
    with pytest.raises(InputError):
        made(all_strings(1), states=1).predict(["é"], 3)

"""Character n-grams: Witten and Bell's figures by hand, probabilities that sum to one, and what is likeliest."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.ngram import SYMBOLS, NGram
from generators.errors import InputError
from generators.memorization import Copy
from generators.samples import Samples
from l2e.learner import Predictor
from l2e.vocabulary import CHARACTERS, END_MARK, running_texts
from tests.toys import ThreeSamples, samples_of

TEXTS = st.text(st.sampled_from("ab1.\n"), max_size=12)


def made(*pairs: tuple[str, str], order: int = 5) -> NGram:
    return NGram(samples_of(*pairs), ThreeSamples().answer, order)


def digits(n: int, seed: int = 0) -> Samples:
    return Copy().sample(np.full(n, 3), np.ones(n, np.int64), np.random.default_rng(seed))


def test_the_running_text_is_input_mark_and_target() -> None:
    assert running_texts(samples_of(("a", "1."), ("b", "2."))) == [f"a{END_MARK}1.", f"b{END_MARK}2."]


# Probabilities


def test_a_unigram_is_witten_and_bells_figure() -> None:
    # The running text "aab<end>1." has 6 characters of 5 kinds.
    model = made(("aab", "1."), order=1)
    assert model.probabilities("anything", "ab1z") == pytest.approx(
        [(count + 5 / len(SYMBOLS)) / (6 + 5) for count in (2, 1, 1, 0)]
    )


def test_a_bigram_falls_back_on_the_unigram_by_the_kinds_that_followed() -> None:
    model = made(("aab", "1."), order=2)
    lower = made(("aab", "1."), order=1).probabilities("", "abz")
    # After a came a and b, once each: two kinds in two occurrences.
    assert model.probabilities("za", "abz") == pytest.approx(
        [(count + 2 * p) / (2 + 2) for count, p in zip((1, 1, 0), lower, strict=True)]
    )


def test_a_context_never_seen_is_shortened_until_it_was() -> None:
    model = made(("aab", "1."), order=3)
    assert model.probabilities("zza") == made(("aab", "1."), order=2).probabilities("a")
    assert model.probabilities("zzz") == made(("aab", "1."), order=1).probabilities("")


def test_only_the_last_characters_count() -> None:
    model = made(("aabab", "1."), order=3)
    assert model.probabilities("1111ab") == model.probabilities("222ab")


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), TEXTS, st.integers(1, 7))
def test_probabilities_sum_to_one_and_none_is_zero(pairs: list[tuple[str, str]], context: str, order: int) -> None:
    found = made(*pairs, order=order).probabilities(context)
    assert math.fsum(found) == pytest.approx(1)
    assert min(found) > 0
    assert len(found) == len(SYMBOLS) == len(CHARACTERS) + 1


# Bits per character


def test_bits_are_the_mean_logarithm_of_the_probabilities() -> None:
    model = made(("aab", "1."), ("ab", "2."), order=3)
    text = f"ab{END_MARK}1."
    costs = [-math.log2(model.probabilities(text[:i], text[i])[0]) for i in range(len(text))]
    assert model.bits_per_character([text]) == pytest.approx(sum(costs) / len(text))
    assert model.bits_per_character([text, text]) == pytest.approx(sum(costs) / len(text))


def test_characters_never_seen_cost_a_finite_number_of_bits() -> None:
    assert 6 < made(("aab", "1.")).bits_per_character(["~~~~"]) < 20


def test_uniform_digits_cost_their_entropy() -> None:
    model = NGram(digits(20_000), Copy().answer, 1)
    inputs = digits(2000, seed=1).inputs
    # A sample's 8 characters are 6 uniform digits, the mark and the full stop: a digit has probability 6/8 · 1/10.
    assert model.bits_per_character(inputs) == pytest.approx(-math.log2(6 / 8 / 10), abs=0.02)


def test_the_texts_it_knows_cost_less_with_every_order() -> None:
    samples = digits(300)
    costs = [NGram(samples, Copy().answer, n).bits_per_character(running_texts(samples)) for n in (1, 2, 3, 4, 5)]
    assert costs == sorted(costs, reverse=True)


def test_nothing_has_no_cost() -> None:
    assert math.isnan(made(("a", "1.")).bits_per_character([]))


def test_a_character_outside_the_alphabet_is_refused() -> None:
    with pytest.raises(InputError, match="not in the vocabulary"):
        made(("a", "1.")).bits_per_character(["aé"])
    with pytest.raises(InputError, match="not in the vocabulary"):
        made(("é", "1."))


# Answers


def test_meets_the_protocol() -> None:
    assert isinstance(made(("a", "1.")), Predictor)


def test_free_running_it_follows_the_likeliest_path_to_a_full_stop() -> None:
    model = made(("a", "12."), ("b", "345."), ("b", "345."))
    assert model.predict(["a", "b"], 9) == ["12.", "345."]
    assert model.predict(["b"], 2) == ["34"]


def test_an_input_never_seen_is_answered_by_the_characters_it_shares() -> None:
    model = made(("xa", "1."), ("xb", "2."), ("xc", "2."))
    assert model.predict(["za", "zz"], 9) == ["1.", "2."]


def test_under_teacher_forcing_it_continues_the_correct_characters() -> None:
    model = made(("a", "12."), ("b", "34."))
    assert model.predict_teacher_forced(samples_of(("a", "34."), ("b", "1"))) == ["14.", "3"]


def test_of_equally_likely_characters_the_first_of_the_alphabet_wins() -> None:
    assert made(("a", "2."), ("a", "1.")).predict(["a"], 1) == ["1"]


def test_an_answer_has_only_characters_of_answers() -> None:
    model = made(("xxxxxxx", "1."), ("xxxxxxx", "21."), order=1)
    assert set(model.predict(["xxx"], 20)[0]) <= set("12.")


def test_an_order_that_reaches_over_the_answer_copies_what_it_knows() -> None:
    samples = digits(50)
    assert NGram(samples, Copy().answer, 8).predict(samples.inputs, 9) == samples.targets


@pytest.mark.parametrize("order", [0, -1])
def test_an_order_below_one_is_refused(order: int) -> None:
    with pytest.raises(ValueError, match=f"1 character or more, not {order}"):
        made(("a", "1."), order=order)


def test_no_training_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="no training samples"):
        made()

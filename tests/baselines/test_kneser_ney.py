"""Kneser–Ney n-grams: the values of the definition, by hand and by a slow program."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines.kneser_ney import KneserNey

Grams = dict[int, Counter[tuple[int, ...]]]


def test_a_bigram_has_the_probabilities_that_one_computes_by_hand() -> None:
    # 0 1 0 1 0 2: bigrams (mark)0, 01, 10 are there 1, 2, 2 times, 02 once: D = 2 / (2 + 2·2) = 1/3.
    # 0 comes after the mark and after 1, 1 and 2 after 0 alone: counts 2, 1, 1, so D = 2 / (2 + 2·1) = 1/2.
    model = KneserNey(np.array([0, 1, 0, 1, 0, 2]), symbols=3, order=2)
    alone = [(number - 1 / 2 + 1 / 2 * 3 / 3) / 4 for number in (2, 1, 1)]
    after_0 = [(max(count - 1 / 3, 0) + 1 / 3 * 2 * p) / 3 for count, p in zip((0, 2, 1), alone, strict=True)]
    after_1 = [(max(count - 1 / 3, 0) + 1 / 3 * 1 * p) / 2 for count, p in zip((2, 0, 0), alone, strict=True)]
    for before, wanted in ((0, after_0), (1, after_1), (2, alone)):
        found = [2 ** -model.bits(np.array([before, symbol]))[1] for symbol in range(3)]
        assert found == pytest.approx(wanted)


def counts_of(training: list[int], order: int) -> Grams:
    text = [-1] * order + training
    places = range(order, len(text))
    grams: Grams = {order: Counter(tuple(text[i - order + 1 : i + 1]) for i in places)}
    for length in range(1, order):
        longer = {tuple(text[i - length : i + 1]) for i in places}
        grams[length] = Counter(gram[1:] for gram in longer)
    return grams


def probability(symbol: int, context: tuple[int, ...], grams: Grams, symbols: int) -> float:
    """The definition, read aloud."""
    followers = {gram[-1]: n for gram, n in grams[len(context) + 1].items() if gram[:-1] == context}
    shorter = probability(symbol, context[1:], grams, symbols) if context else 1 / symbols
    if not followers:
        return shorter
    counts = list(grams[len(context) + 1].values())
    once, twice = counts.count(1), counts.count(2)
    discount = once / (once + 2 * twice) if once else 0.5
    kept = max(followers.get(symbol, 0) - discount, 0) + discount * len(followers) * shorter
    return kept / sum(followers.values())


@given(st.lists(st.integers(0, 2), max_size=40), st.lists(st.integers(0, 3), max_size=12), st.integers(1, 4))
def test_every_symbol_has_the_probability_of_the_definition(training: list[int], text: list[int], order: int) -> None:
    model, grams = KneserNey(np.array(training, np.int64), 4, order), counts_of(training, order)
    begun = [-1] * (order - 1) + text
    wanted = [
        -math.log2(probability(begun[i], tuple(begun[i - order + 1 : i]), grams, 4))
        for i in range(order - 1, len(begun))
    ]
    assert model.bits(np.array(text, np.int64)).tolist() == pytest.approx(wanted)


@pytest.mark.parametrize("order", [1, 3, 6])
def test_probabilities_of_all_symbols_sum_to_one_after_any_context(order: int) -> None:
    rng = np.random.default_rng(0)
    model = KneserNey(rng.integers(0, 5, 300), 6, order)
    for context in rng.integers(0, 6, (10, 4)):
        costs = [model.bits(np.append(context, symbol))[-1] for symbol in range(6)]
        assert sum(2.0**-cost for cost in costs) == pytest.approx(1)


def test_a_symbol_known_from_one_phrase_is_less_likely_elsewhere_than_one_of_many_phrases() -> None:
    # 4 is there as often as 3, but always after 0; 3 comes after 0, 1 and 2.
    text = [0, 4, 0, 4, 0, 4, 0, 3, 1, 3, 2, 3] * 5
    model = KneserNey(np.array(text), 6, 2)
    assert model.bits(np.array([5, 3]))[1] < model.bits(np.array([5, 4]))[1]


def test_an_order_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="an n-gram has 1 symbol or more, not 0"):
        KneserNey(np.array([0]), 1, 0)

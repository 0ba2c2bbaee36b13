"""How much of a string a hidden Markov model and a network keep."""

from __future__ import annotations

import math

import pytest

from l2e.training import kept_bits as kept_bits_of
from l2e.training.kept_bits import kept_bits


def test_a_network_keeps_a_digit_and_two_states_at_most_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_bits_of, "UPDATES", 100)
    markov, network = kept_bits(1, [2], "gru", seed=0)
    assert (markov.predictor, network.predictor) == ("hmm[states=2]", "gru[cells=64]")
    assert markov.all_bits == network.all_bits == pytest.approx(math.log2(10))
    assert markov.kept_bits <= 1
    assert markov.copied <= 0.2
    assert network.kept_bits == pytest.approx(network.all_bits, abs=0.1)
    assert network.copied == 1


def test_who_has_learnt_nothing_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_bits_of, "UPDATES", 0)
    [_, untrained] = kept_bits(1, [1], "gru", seed=0)
    assert untrained.kept_bits < 0
    assert untrained.copied == 0

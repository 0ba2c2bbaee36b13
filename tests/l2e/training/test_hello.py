"""The lectures' smallest network: its 40 parameters, and what it writes as it learns."""

from __future__ import annotations

import math

import pytest

from l2e.training.hello import LETTERS, hello_network, learn_hello


def test_it_has_the_lectures_24_parameters_within_and_16_to_the_output() -> None:
    network = hello_network(0)
    within = {name: p.numel() for name, p in network.named_parameters() if not name.startswith("output.")}
    output = {name: p.numel() for name, p in network.named_parameters() if name.startswith("output.")}
    assert sorted(within.values()) == [3, 3 * 3, 3 * 4]
    assert (sum(within.values()), sum(output.values())) == (24, 16)
    assert LETTERS == "EHLO"


@pytest.mark.parametrize("seed", range(4))
def test_it_learns_to_write_hello_and_keeps_to_it(seed: int) -> None:
    looks = list(learn_hello(hello_network(seed), updates=100, every=10))
    assert [look.update for look in looks] == list(range(0, 101, 10))
    texts = [look.text for look in looks]
    assert texts[0] != "HELLO"
    assert set(texts[texts.index("HELLO") :]) == {"HELLO"}
    losses = [look.loss for look in looks]
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.25 < math.log(len(LETTERS)) - 0.5 < losses[0]


def test_a_seed_writes_the_same_again_and_looking_changes_nothing() -> None:
    often, seldom, other = (
        list(learn_hello(hello_network(seed), updates=20, every=every)) for seed, every in ((3, 5), (3, 20), (4, 20))
    )
    assert often[::4] == seldom != other

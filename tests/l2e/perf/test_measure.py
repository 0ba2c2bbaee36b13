"""Alternating measurements."""

import time

import torch

from l2e.perf.measure import compare, matrix_rate, seconds_of


def test_a_ratio_compares_amounts_a_second() -> None:
    order: list[str] = []

    def ours() -> None:
        order.append("A")
        time.sleep(0.002)

    def peer() -> None:
        order.append("B")
        time.sleep(0.008)

    line = compare("sleep", ours, peer, amount=10, unit="naps/s", target="more", repeats=3, peer_amount=5)
    assert "".join(order) == "ABABABAB"
    assert line.ratio is not None
    assert line.low is not None
    assert line.high is not None
    assert 3 < line.low <= line.ratio <= line.high
    assert line.ours < 10 / 0.002
    assert line.as_dict()["unit"] == "naps/s"


def test_seconds_are_those_of_the_work() -> None:
    assert 0.005 <= seconds_of(lambda: time.sleep(0.005)) < 1


def test_the_matrix_rate_counts_every_member() -> None:
    rate = matrix_rate(8, 16, 32, torch.float32, torch.device("cpu"), members=2)
    assert 1e6 < rate < 1e14

"""Alternating measurements."""

import pytest
import torch

from l2e.perf import measure
from l2e.perf.measure import compare, matrix_rate, seconds_of


class Clock:
    """A clock that only work moves on, so that no test depends on how busy the machine is."""

    now = 0.0

    def work_for(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(measure.time, "perf_counter", lambda: clock.now)
    return clock


def test_a_ratio_compares_amounts_a_second(clock: Clock) -> None:
    order: list[str] = []
    naps = iter([9.0, 2.0, 4.0, 2.0])

    def ours() -> None:
        order.append("A")
        clock.work_for(next(naps))

    def peer() -> None:
        order.append("B")
        clock.work_for(8.0)

    line = compare("naps", ours, peer, amount=16, unit="naps/s", target="more", repeats=3, peer_amount=4)
    assert "".join(order) == "ABABABAB"
    assert (line.ours, line.peer) == (8.0, 0.5), "medians, without the first turn"
    assert (line.low, line.ratio, line.high) == (8.0, 16.0, 16.0)
    assert line.as_dict()["unit"] == "naps/s"


def test_seconds_are_those_of_the_work(clock: Clock) -> None:
    clock.work_for(100)
    assert seconds_of(lambda: clock.work_for(0.5)) == 0.5


def test_the_matrix_rate_counts_every_member() -> None:
    rate = matrix_rate(8, 16, 32, torch.float32, torch.device("cpu"), members=2)
    assert 1e6 < rate < 1e14

"""Alternating measurements."""

from collections.abc import Callable

import pytest

from l2e.perf import measure
from l2e.perf.measure import Work, compare, seconds_of


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


def test_a_ratio_compares_amounts_a_second_with_the_fastest_peer(clock: Clock) -> None:
    order: list[str] = []
    naps = iter([9.0, 2.0, 4.0, 2.0])

    def work(name: str, seconds: float | None) -> Callable[[], None]:
        def do() -> None:
            order.append(name)
            clock.work_for(next(naps) if seconds is None else seconds)

        return do

    ours = Work(work("A", None), 16)
    peers = {"slow": Work(work("B", 8.0), 4), "fast": Work(work("C", 1.0), 2)}
    line = compare("naps", ours, peers, "naps/s", turns=3)
    assert "".join(order) == "ABC" * 4
    assert (line.ours, line.peer, line.peer_name) == (8.0, 2.0, "fast"), "medians, without the first turn"
    assert (line.low, line.ratio, line.high) == (2.0, 4.0, 4.0)
    assert line.as_dict()["unit"] == "naps/s"


def test_seconds_are_those_of_the_work(clock: Clock) -> None:
    clock.work_for(100)
    assert seconds_of(lambda: clock.work_for(0.5)) == 0.5

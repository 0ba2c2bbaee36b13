"""Alternating measurements of ours and of plain implementations (peers)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report.

    Attributes:
        what: the work.
        ours: our median, in `unit`; None if it was not reached.
        unit: of ours and peer; a rate, or seconds.
        peer: the best peer's median, in `unit`; None without a peer, or if it was not reached.
        peer_name: of the best peer.
        ratio: how many times as fast as the best peer; the median over turns. None without a peer.
        low: the smallest ratio of a turn.
        high: the greatest.
        note: further remarks.
    """

    what: str
    ours: float | None
    unit: str
    peer: float | None = None
    peer_name: str | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Work:
    """A callable to be timed.

    Attributes:
        do: one turn.
        amount: units of work per turn.
    """

    do: Callable[[], object]
    amount: float


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of one call, including pending work on a GPU."""
    _wait()
    begun = time.perf_counter()
    work()
    _wait()
    return time.perf_counter() - begun


def _wait() -> None:
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()


def compare(what: str, ours: Work, peers: Mapping[str, Work], unit: str, turns: int = 5, note: str = "") -> Line:
    """Time ours and all peers alternately after a warm-up turn of each, and compare with the fastest peer.

    Args:
        what: the work.
        ours: of ours.
        peers: by name; the same work.
        unit: of the amounts a second.
        turns: that count.
        note: what else is to be known.
    """
    everyone = {"": ours, **peers}
    for work in everyone.values():
        work.do()
    rates = [{name: work.amount / seconds_of(work.do) for name, work in everyone.items()} for _ in range(turns)]
    medians = {name: statistics.median(turn[name] for turn in rates) for name in everyone}
    best = max(peers, key=lambda name: medians[name])
    ratios = [turn[""] / turn[best] for turn in rates]
    return Line(
        what,
        ours=medians[""],
        unit=unit,
        peer=medians[best],
        peer_name=best,
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        note=note,
    )

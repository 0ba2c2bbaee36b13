"""Alternating measurements of ours and its plain peers."""

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
        ours: of ours, in `unit`; the median. None where it never got there.
        unit: of ours and peer; a rate, or seconds.
        peer: of the best peer, in `unit`; the median. None where a line has no peer, or the peer never got there.
        peer_name: which peer that is.
        ratio: how many times as fast as the best peer; the median over turns. None without a peer.
        low: the smallest ratio of a turn.
        high: the greatest.
        note: what else is to be known.
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
    """Something to be timed.

    Attributes:
        do: a turn of it.
        amount: of units that a turn gets done.
    """

    do: Callable[[], object]
    amount: float


def seconds_of(work: Callable[[], object]) -> float:
    """How long one call takes, until a GPU too has done its part."""
    _wait()
    begun = time.perf_counter()
    work()
    _wait()
    return time.perf_counter() - begun


def _wait() -> None:
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        torch.cuda.synchronize()


def compare(what: str, ours: Work, peers: Mapping[str, Work], unit: str, turns: int = 5, note: str = "") -> Line:
    """Time ours and all peers turn by turn, after a turn of each that does not count; the fastest peer is the peer.

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

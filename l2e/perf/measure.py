"""Alternating measurements, and the machine's own limit."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report.

    Attributes:
        what: the work.
        ours: of ours, in `unit`; the median.
        peer: of the peer, in `unit`; the median. None where a line has no peer.
        ratio: how many times better than the peer; the median over pairs A B. None without a peer.
        low: the smallest ratio of a pair.
        high: the greatest.
        unit: of ours and peer.
        target: what it should be, in words.
        limit: share of the machine's own limit, in [0, 1]; None where it has none.
    """

    what: str
    ours: float
    unit: str
    target: str
    peer: float | None = None
    ratio: float | None = None
    low: float | None = None
    high: float | None = None
    limit: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON."""
        return asdict(self)


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


def compare(
    what: str,
    ours: Callable[[], object],
    peer: Callable[[], object],
    amount: float,
    unit: str,
    target: str,
    repeats: int = 5,
    peer_amount: float | None = None,
) -> Line:
    """Time A B A B …, after a turn of each that does not count; rates are amounts a second."""
    ours()
    peer()
    pairs = [(amount / seconds_of(ours), (peer_amount or amount) / seconds_of(peer)) for _ in range(repeats)]
    ratios = [a / b for a, b in pairs]
    return Line(
        what,
        ours=statistics.median(a for a, _ in pairs),
        peer=statistics.median(b for _, b in pairs),
        ratio=statistics.median(ratios),
        low=min(ratios),
        high=max(ratios),
        unit=unit,
        target=target,
    )


def matrix_rate(
    rows: int, inner: int, columns: int, dtype: torch.dtype, device: torch.device, members: int = 1
) -> float:
    """Floating-point operations a second of a matrix product of this size and type, the best of some."""
    a = torch.randn(members, rows, inner, device=device).to(dtype)
    b = torch.randn(members, inner, columns, device=device).to(dtype)
    out = torch.empty(members, rows, columns, dtype=dtype, device=device)
    times = [seconds_of(lambda: [torch.bmm(a, b, out=out) for _ in range(20)]) / 20 for _ in range(8)]
    return 2 * members * rows * inner * columns / min(times)

"""Rows of different lengths that end together: padding at the end moved to the front, and back."""

from __future__ import annotations

import torch
from torch import Tensor


def aligned_at_end(x: Tensor, first: Tensor) -> Tensor:
    """Turn every row of [time, rows, ...] round until its padding is in front.

    Args:
        x: padded at the end.
        first: int64 [rows], where each row is to begin.

    >>> aligned_at_end(torch.tensor([[1, 4], [2, 0], [3, 0]]), torch.tensor([0, 2])).T
    tensor([[1, 2, 3],
            [0, 0, 4]])
    """
    return _turned(x, -first)


def aligned_at_start(x: Tensor, first: Tensor) -> Tensor:
    """Undo `aligned_at_end`."""
    return _turned(x, first)


def _turned(x: Tensor, by: Tensor) -> Tensor:
    times = (torch.arange(len(x), device=x.device)[:, None] + by) % len(x)
    return x.gather(0, times.reshape(*times.shape, *[1] * (x.dim() - 2)).expand(x.shape))

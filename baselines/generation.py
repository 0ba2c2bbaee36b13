"""Greedy generation with a network that keeps a state."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch
from torch import Tensor

from l2e.vocabulary import FULL_STOP

S = TypeVar("S")


def generate_greedily(
    step: Callable[[Tensor, S], tuple[Tensor, S]], first: Tensor, state: S, max_characters: int
) -> Tensor:
    """Write the likeliest symbol again and again, until every row has written a full stop.

    Args:
        step: takes symbols [rows] and a state; gives logits [rows, symbols] and the next state.
        first: int64 [rows], what the network reads before its first answer symbol.
        state: before that.
        max_characters: when to stop at the latest.

    Returns:
        int64 [rows, up to max_characters].
    """
    symbols, written = first, []
    stopped = torch.zeros_like(first, dtype=torch.bool)
    for _ in range(max_characters):
        logits, state = step(symbols, state)
        symbols = logits.argmax(1)
        written.append(symbols)
        stopped |= symbols == FULL_STOP
        if stopped.all():
            break
    return torch.stack(written, 1) if written else first.new_zeros(len(first), 0)

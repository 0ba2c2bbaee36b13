"""Logits at the answers alone, in products of few sizes.

A processor's bfloat16 products are compiled for each size they meet, and kept. The number of answers in a batch is
almost any, so rows are added up to a multiple, and what comes of them is left out.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor
from torch.nn.functional import pad

ANSWERS_TOGETHER = 64


def logits_at(positions: Tensor, vectors: Tensor, output: Callable[[Tensor], Tensor]) -> Tensor:
    """What the output layers make of the vectors at these positions.

    Args:
        positions: int64 [answers], in the flattened [rows, time].
        vectors: [rows, time, ...], what the output layers read.
        output: gives logits [n, symbols] of n vectors.

    Returns:
        [answers, symbols].
    """
    answers = len(positions)
    filled = pad(positions, (0, -answers % ANSWERS_TOGETHER))
    return output(vectors.flatten(0, 1)[filled])[:answers]

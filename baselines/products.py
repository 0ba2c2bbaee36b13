"""Products of a size that is almost any, as of all places of an input with all of an answer."""

from __future__ import annotations

import torch
from torch import Tensor


def product_of_any_size(a: Tensor, b: Tensor) -> Tensor:
    """The matrix products of [..., n, m] and [..., m, k], on a processor in float32 at least.

    A processor's bfloat16 product is compiled for each size that it meets, and kept: with sizes that hardly ever come
    again, memory would grow with every batch. These products are small.
    """
    if a.device.type != "cpu":
        return a @ b
    with torch.autocast("cpu", enabled=False):
        return wide(a) @ wide(b)


def wide(x: Tensor) -> Tensor:
    """The tensor in float32, or in its own type if that has more bits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))

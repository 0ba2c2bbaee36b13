"""Positional encodings, for networks that read all symbols at once.

Sinusoids are added to what stands there (Vaswani et al. 2017, section 3.5). For place p and pair i of width d,

    angle(p, i) = p / 10000^(2i/d)        PE(p, 2i) = sin angle(p, i)        PE(p, 2i + 1) = cos angle(p, i)

Rotary positions turn each pair of a query and of a key by its place's angle (Su et al. 2021, eq. 34), so that their
product depends on the distance of the two places alone.
"""

from __future__ import annotations

import torch
from torch import Tensor

POSITIONS = ("sinusoidal", "rotary")

LONGEST_WAVE = 10_000.0


def sinusoids(places: Tensor, width: int, dtype: torch.dtype) -> Tensor:
    """Waves of each place.

    Args:
        places: int64 [...].
        width: even.
        dtype: of the result.

    Returns:
        [..., width], sine and cosine by turns.
    """
    angles = _angles(places, width, torch.promote_types(dtype, torch.float32))
    return torch.stack([angles.sin(), angles.cos()], -1).flatten(-2).to(dtype)


def rotate(vectors: Tensor, places: Tensor) -> Tensor:
    """Turn each pair of neighbours in a vector by the angle of its place; in float32 at least.

    Args:
        vectors: [..., width], the width even.
        places: int64, to broadcast with [...].

    Returns:
        [..., width].
    """
    # A bfloat16 tells places apart only up to 256, and angles hardly at all.
    dtype = torch.promote_types(vectors.dtype, torch.float32)
    angles = _angles(places, vectors.shape[-1], dtype)
    sine, cosine = angles.sin(), angles.cos()
    even, odd = vectors[..., 0::2].to(dtype), vectors[..., 1::2].to(dtype)
    turned = torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], -1).flatten(-2)
    return turned.to(vectors.dtype)


def _angles(places: Tensor, width: int, dtype: torch.dtype) -> Tensor:
    """Radians [..., width / 2]."""
    pairs = torch.arange(0, width, 2, device=places.device, dtype=dtype)
    return places[..., None] * LONGEST_WAVE ** (-pairs / width)

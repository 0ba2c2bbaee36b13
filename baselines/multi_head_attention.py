"""Scaled dot-product attention, in heads side by side (Vaswani et al. 2017, sections 3.2.1 and 3.2.2).

Attention(Q, K, V) = softmax(Q Kᵀ / √d) V
MultiHead(x, y) = W_o [Attention(x W_q, y W_k, y W_v) of each head]        without biases, 4n² parameters
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from baselines.positions import rotate
from baselines.products import product_of_any_size

KeysValues = tuple[Tensor, Tensor]  # each [rows, heads, time, cells / heads]


def attend(queries: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention.

    Torch's fused kernel gives no weights, and on the processor it has no batching rule.

    Args:
        queries: [..., time, width].
        keys: [..., other time, width].
        values: [..., other time, any width].
        mask: bool, to broadcast with [..., time, other time]; True where a query may look, somewhere for each. None:
            everywhere.

    Returns:
        Mixed values [..., time, any width], and the weights [..., time, other time], exactly 0 where masked.
    """
    scores = product_of_any_size(queries, keys.transpose(-1, -2)) * queries.shape[-1] ** -0.5
    if mask is not None:
        scores = scores.masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return product_of_any_size(weights, values), weights


class MultiHeadAttention(nn.Module):
    """Attention in heads side by side.

    Rotary positions turn queries and keys in every attention, from decoder to encoder too: there, the place in the
    answer is compared with the place in the input.

    Args:
        cells: width of what looks and of what is looked at.
        heads: how many; they divide the cells.
        rotary: whether positions are.
    """

    def __init__(self, cells: int, heads: int, rotary: bool) -> None:
        super().__init__()
        self.heads, self.rotary = heads, rotary
        self.queries = nn.Linear(cells, cells, bias=False)
        self.keys = nn.Linear(cells, cells, bias=False)
        self.values = nn.Linear(cells, cells, bias=False)
        self.output = nn.Linear(cells, cells, bias=False)

    def keys_and_values(self, vectors: Tensor, places: Tensor) -> KeysValues:
        """What vectors [rows, time, cells] at places [rows or 1, time] offer to be looked at."""
        return self._turned(self.keys(vectors), places), self._split(self.values(vectors))

    def forward(self, vectors: Tensor, places: Tensor, known: KeysValues, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Look.

        Args:
            vectors: [rows, time, cells], the ones that look.
            places: int64 [rows or 1, time], theirs.
            known: what they look at.
            mask: bool [rows or 1, 1, time or 1, known time].

        Returns:
            What they found [rows, time, cells], and each head's weights [rows, heads, time, known time].
        """
        found, weights = attend(self._turned(self.queries(vectors), places), *known, mask)
        return self.output(found.transpose(1, 2).flatten(2)), weights

    def _split(self, vectors: Tensor) -> Tensor:
        rows, time, cells = vectors.shape
        return vectors.view(rows, time, self.heads, cells // self.heads).transpose(1, 2)

    def _turned(self, vectors: Tensor, places: Tensor) -> Tensor:
        split = self._split(vectors)
        return rotate(split, places[:, None]) if self.rotary else split


def after(past: KeysValues | None, known: KeysValues) -> KeysValues:
    """Keys and values of earlier characters followed by those of later ones."""
    if past is None:
        return known
    return torch.cat([past[0], known[0]], 2), torch.cat([past[1], known[1]], 2)

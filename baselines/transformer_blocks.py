"""What transformers are made of (Vaswani et al. 2017, section 3): attention, and a network at each position.

    FFN(x) = W₂ max(0, W₁ x + b₁) + b₂

Each sublayer reads its input normalised and adds to it, x + sublayer(LayerNorm(x)): the norm comes before (Xiong et al.
2020), not after as in the paper, so that training needs no warm-up. A stack ends with one more norm.
Parameters, for n cells and inner width m: an encoder's block 4n² + 2nm + m + 5n, a decoder's 8n² + 2nm + m + 7n.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, nn

from baselines.multi_head_attention import KeysValues, MultiHeadAttention, after
from baselines.options import check_at_least_one, check_heads, check_one_of, dropout_layer
from baselines.positions import POSITIONS, sinusoids


@dataclass(frozen=True)
class BlockShape:
    """What all blocks of a transformer share.

    Attributes:
        layers: blocks one above the other.
        cells: width of the model.
        heads: of each attention.
        dropout: share of each sublayer's output, and of the embedding, that is set to zero in training.
        positions: "sinusoidal" or "rotary".
        feed_forward: inner width.

    Raises:
        ValueError: no layer, cells that heads do not divide, an odd width, a dropout or positions that do not exist.
    """

    layers: int
    cells: int
    heads: int
    dropout: float
    positions: str
    feed_forward: int

    def __post_init__(self) -> None:
        check_at_least_one(layers=self.layers)
        check_heads(self.cells, self.heads)
        if self.cells % 2 or (self.positions == "rotary" and self.cells // self.heads % 2):
            raise ValueError("cells must be even, and with rotary positions the cells of one head too")
        check_one_of("positions", self.positions, POSITIONS)


class SymbolEmbedding(nn.Module):
    """Symbols as vectors of about unit size, with the waves of their places where positions are sinusoidal."""

    def __init__(self, symbols: int, shape: BlockShape) -> None:
        super().__init__()
        self.shape = shape
        self.table = nn.Embedding(symbols, shape.cells)
        self.dropout = dropout_layer(shape.dropout)
        nn.init.normal_(self.table.weight, std=shape.cells**-0.5)

    def forward(self, symbols: Tensor, places: Tensor) -> Tensor:
        """Vectors [rows, time, cells] of symbols [rows, time] at places that broadcast with them."""
        vectors = self.table(symbols) * self.shape.cells**0.5
        if self.shape.positions == "sinusoidal":
            vectors = vectors + sinusoids(places, self.shape.cells, vectors.dtype)
        dropped: Tensor = self.dropout(vectors)
        return dropped


class EncoderBlock(nn.Module):
    """Self-attention, then the feed-forward network."""

    def __init__(self, shape: BlockShape) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(shape.cells)
        self.attention = MultiHeadAttention(shape.cells, shape.heads, shape.positions == "rotary")
        self.feed_forward_norm = nn.LayerNorm(shape.cells)
        self.feed_forward = _feed_forward(shape)
        self.dropout = dropout_layer(shape.dropout)

    def forward(
        self, vectors: Tensor, places: Tensor, mask: Tensor, past: KeysValues | None = None
    ) -> tuple[Tensor, KeysValues]:
        """Vectors [rows, time, cells] after the block, and the keys and values of all until now, the past's first."""
        normed = self.attention_norm(vectors)
        known = after(past, self.attention.keys_and_values(normed, places))
        vectors = vectors + self.dropout(self.attention(normed, places, known, mask)[0])
        return vectors + self.dropout(self.feed_forward(self.feed_forward_norm(vectors))), known


class DecoderBlock(nn.Module):
    """Self-attention, attention to what was read, then the feed-forward network."""

    def __init__(self, shape: BlockShape) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(shape.cells)
        self.attention = MultiHeadAttention(shape.cells, shape.heads, shape.positions == "rotary")
        self.cross_norm = nn.LayerNorm(shape.cells)
        self.cross = MultiHeadAttention(shape.cells, shape.heads, shape.positions == "rotary")
        self.feed_forward_norm = nn.LayerNorm(shape.cells)
        self.feed_forward = _feed_forward(shape)
        self.dropout = dropout_layer(shape.dropout)

    def forward(
        self,
        vectors: Tensor,
        places: Tensor,
        mask: Tensor,
        past: KeysValues | None,
        read: KeysValues,
        read_mask: Tensor,
    ) -> tuple[Tensor, KeysValues, Tensor]:
        """Vectors after the block, keys and values of all until now, and the heads' mean weights on what was read."""
        normed = self.attention_norm(vectors)
        known = after(past, self.attention.keys_and_values(normed, places))
        vectors = vectors + self.dropout(self.attention(normed, places, known, mask)[0])
        found, weights = self.cross(self.cross_norm(vectors), places, read, read_mask)
        vectors = vectors + self.dropout(found)
        return vectors + self.dropout(self.feed_forward(self.feed_forward_norm(vectors))), known, weights.mean(1)


def _feed_forward(shape: BlockShape) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(shape.cells, shape.feed_forward), nn.ReLU(), nn.Linear(shape.feed_forward, shape.cells)
    )

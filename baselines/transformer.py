"""The transformer (Vaswani et al. 2017): an encoder that reads all at once, a decoder that writes from left to right.

Its blocks, and where they depart from the paper, are in `transformer_blocks`. Encoder and decoder share the embedding;
the output has weights of its own. Parameters, for n cells, L layers, inner width m and s symbols:
s·n + L·(12n² + 4nm + 2m + 12n) + 4n + s·(n + 1).
"""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn

from baselines.encoder_decoder import EncoderDecoder, Past, Reading
from baselines.transformer_blocks import BlockShape, DecoderBlock, EncoderBlock, SymbolEmbedding


class Transformer(EncoderDecoder):
    """Attention in place of recurrence.

    Args:
        symbols: how many there are.
        cells: width of the model.
        layers: of the encoder, and of the decoder.
        heads: of each attention.
        dropout: of the embedding and of each sublayer's output.
        positions: "sinusoidal", or "rotary" (Su et al. 2021).
        feed_forward: inner width; None is four times the cells.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 2,
        heads: int = 4,
        dropout: float = 0.0,
        positions: str = "sinusoidal",
        feed_forward: int | None = None,
    ) -> None:
        super().__init__()
        shape = BlockShape(
            layers, cells, heads, dropout, positions, 4 * cells if feed_forward is None else feed_forward
        )
        self.embedding = SymbolEmbedding(symbols, shape)
        self.encoder = nn.ModuleList(EncoderBlock(shape) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(cells)
        self.decoder = nn.ModuleList(DecoderBlock(shape) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(cells)
        self.output = nn.Linear(cells, symbols)

    def read(self, inputs: Tensor, places: Tensor, mask: Tensor) -> Reading:
        """Read inputs [rows, time]."""
        vectors = self.embedding(inputs, places)
        for block in self.encoder:
            vectors, _ = block(vectors, places, mask)
        encoded = self.encoder_norm(vectors)
        return Reading(
            [cast(DecoderBlock, block).cross.keys_and_values(encoded, places) for block in self.decoder], mask
        )

    def write(
        self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None, reading: Reading
    ) -> tuple[Tensor, Past, Tensor]:
        """Predict what follows symbols [rows, time]; the weights are the last layer's."""
        vectors = self.embedding(symbols, places)
        extended: Past = []
        for number, block in enumerate(self.decoder):
            earlier = None if past is None else past[number]
            vectors, known, weights = block(vectors, places, mask, earlier, reading.known[number], reading.mask)
            extended.append(known)
        return self.output(self.decoder_norm(vectors)), extended, weights

"""One stack that reads and writes one sequence from left to right (Radford et al. 2018, as GPT).

A row is its input, the end of input, and its target. Inputs are padded before the end of input; padding is looked at by
none, and places count within a row as if it were not there. Blocks are the transformer's encoder blocks behind a causal
mask. Parameters, for n cells, L layers, inner width m and s symbols: s·n + L·(4n² + 2nm + m + 5n) + 2n + s·(n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.answers import logits_at
from baselines.generation import generate_greedily
from baselines.multi_head_attention import KeysValues
from baselines.transformer_blocks import BlockShape, EncoderBlock, SymbolEmbedding
from l2e.batches import Layout, PairBatch
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT

Past = list[KeysValues]


class DecoderOnly(Learner):
    """One transformer reads and writes.

    Args:
        symbols: how many there are.
        cells: width of the model.
        layers: one above the other.
        heads: of each attention.
        dropout: of the embedding and of each sublayer's output.
        positions: "sinusoidal", or "rotary" (Su et al. 2021).
        feed_forward: inner width; None is four times the cells.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

    layout: ClassVar[Layout] = Layout.PAIRS

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
        self.blocks = nn.ModuleList(EncoderBlock(shape) for _ in range(layers))
        self.norm = nn.LayerNorm(cells)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read inputs and targets as one sequence; predict each character of the targets from all before it."""
        input_time, lengths = batch.inputs.shape[1], batch.input_lengths.to(batch.inputs.device)[:, None]
        end = torch.full_like(batch.targets[:, :1], END_OF_INPUT)
        rows = torch.cat([batch.inputs, end, batch.targets[:, :-1]], 1)
        columns = torch.arange(rows.shape[1], device=rows.device)
        padding = (columns >= lengths) & (columns < input_time)
        written = columns >= input_time
        places = torch.where(written, columns - input_time + lengths, columns)
        # Padding looks at itself, else an empty input's would have nothing to look at.
        mask = (columns <= columns[:, None]) & ~padding[:, None] | (columns == columns[:, None])
        vectors, _ = self._extend(rows, places, mask[:, None], None)
        return logits_at(batch.positions, self.norm(vectors[:, input_time:]), self.output), None

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily; keys and values of what was read and written are kept."""
        columns = torch.arange(inputs.shape[1], device=inputs.device)
        ends = lengths.to(inputs.device)[:, None]
        known = columns < ends
        mask = (columns <= columns[:, None]) & known[:, None] | (columns == columns[:, None])
        _, past = self._extend(inputs, columns[None], mask[:, None], None)

        def step(symbols: Tensor, state: tuple[Past, int]) -> tuple[Tensor, tuple[Past, int]]:
            past, place = state
            written = known.new_ones(len(inputs), place + 1)
            mask = torch.cat([known, written], 1)[:, None, None]
            vectors, past = self._extend(symbols[:, None], ends + place, mask, past)
            return self.output(self.norm(vectors[:, 0])), (past, place + 1)

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        return generate_greedily(step, first, (past, 0), max_characters)

    def _extend(self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None) -> tuple[Tensor, Past]:
        """Vectors [rows, time, cells] of symbols [rows, time] that follow the past, and the past with them."""
        vectors = self.embedding(symbols, places)
        extended: Past = []
        for number, block in enumerate(self.blocks):
            vectors, known = block(vectors, places, mask, None if past is None else past[number])
            extended.append(known)
        return vectors, extended

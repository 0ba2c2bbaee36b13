"""One stack that reads and writes one sequence from left to right (Radford et al. 2018, as GPT).

A row is its input, the end of input, and its target. Inputs are padded before the end of input; padding is looked at by
none, and places count within a row as if it were not there. Blocks are the transformer's encoder blocks behind a causal
mask. Parameters, for n cells, L layers, inner width m and s symbols: s·n + L·(4n² + 2nm + m + 5n) + 2n + s·(n + 1).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from baselines.multi_head_attention import KeysValues
from baselines.transformer_blocks import BlockShape, EncoderBlock, SymbolEmbedding
from baselines.watched_steps import after_columns, heads_noted, looks_of, steps, written_from
from l2e.batches import PairBatch
from l2e.learner import PairLearner, decoder_inputs, logits_at
from l2e.watching import Watched

Past = list[KeysValues]


class Writing(NamedTuple):
    """Between two characters.

    Attributes:
        past: keys and values of what was read and written, of each block.
        known: bool [rows, time], where the past is no padding.
        ends: int64 [rows, 1], the place of the next character.
    """

    past: Past
    known: Tensor
    ends: Tensor


class DecoderOnly(PairLearner):
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
        rows = torch.cat([batch.inputs, decoder_inputs(batch.targets)], 1)
        columns = torch.arange(rows.shape[1], device=rows.device)
        padding = (columns >= lengths) & (columns < input_time)
        written = columns >= input_time
        places = torch.where(written, columns - input_time + lengths, columns)
        # Padding looks at itself, else an empty input's would have nothing to look at.
        mask = (columns <= columns[:, None]) & ~padding[:, None] | (columns == columns[:, None])
        vectors, _ = self._extend(rows, places, mask[:, None], None)
        return logits_at(batch.positions, self.norm(vectors[:, input_time:]), self.logits), None

    def encode(self, inputs: Tensor, lengths: Tensor) -> Writing:
        """Read the inputs; keys and values are kept."""
        columns = torch.arange(inputs.shape[1], device=inputs.device)
        ends = lengths.to(inputs.device)[:, None]
        known = columns < ends
        mask = (columns <= columns[:, None]) & known[:, None] | (columns == columns[:, None])
        return Writing(self._extend(inputs, columns[None], mask[:, None], None)[1], known, ends)

    def decode(self, symbols: Tensor, state: Writing) -> tuple[Tensor, Writing]:
        """Vectors [rows, time, cells] after each symbol; keys and values are kept."""
        past, known, ends = state
        written, columns = known.shape[1], torch.arange(symbols.shape[1], device=symbols.device)
        known = torch.cat([known, known.new_ones(symbols.shape)], 1)
        causal = torch.arange(known.shape[1], device=symbols.device) <= written + columns[:, None]
        places = ends + columns
        vectors, past = self._extend(symbols, places, (known[:, None] & causal)[:, None], past)
        return self.norm(vectors), Writing(past, known, ends + symbols.shape[1])

    @torch.no_grad()
    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read an input, then write this answer; see `Watchable`."""
        self.eval()
        length = int(lengths)
        with heads_noted(self) as calls:
            state = self.encode(inputs[:, :length], lengths)
            probabilities = [one for one, _ in steps(self, written_from(answer), state)]
        looks = [
            look
            for number, weights in enumerate(calls.values(), 1)
            for look in looks_of(weights, f"layer {number}", 0, 0)
        ]
        return Watched(after_columns(length, probabilities), [], looks)

    def _extend(self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None) -> tuple[Tensor, Past]:
        """Vectors [rows, time, cells] of symbols [rows, time] that follow the past, and the past with them."""
        vectors = self.embedding(symbols, places)
        extended: Past = []
        for number, block in enumerate(self.blocks):
            vectors, known = block(vectors, places, mask, None if past is None else past[number])
            extended.append(known)
        return vectors, extended

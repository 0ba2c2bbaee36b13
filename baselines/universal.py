"""The universal transformer (Dehghani et al. 2018): the same block again and again, recurrent in depth.

Before each step t every position i is given its coordinates (section 2.1; sinusoids as in `positions`):

    H_t = Block(H_(t-1) + P_t)        P_t[i, 2j] = sin(i / 10000^(2j/d)) + sin(t / 10000^(2j/d)), cosine at 2j + 1

One block reads, another writes and looks at what was read, each with weights that all steps share. The number of steps
is learnt for each position (`halting`; without a ponder cost, and with Graves' weighted sum of states as the result).
The blocks are those of `transformer_blocks`, so layers are normalised before each sublayer and not, as in the paper,
after it; the transition is the feed-forward network of two layers.
Parameters, for n cells, L blocks, inner width m and s symbols, however many the steps:
s·n + L·(12n² + 4nm + 2m + 12n) + 4n + s·(n + 1), and with halting 2·(n + 1) more.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from baselines.encoder_decoder import EncoderDecoder, Past, Reading
from baselines.halting import AllSteps, Halting, take_steps
from baselines.options import check_at_least_one, dropout_layer
from baselines.positions import sinusoids
from baselines.transformer_blocks import BlockShape, DecoderBlock, EncoderBlock


class Universal(EncoderDecoder):
    """A transformer that is recurrent in depth.

    Args:
        symbols: how many there are.
        cells: width of the model.
        layers: different blocks that follow each other within a step; the paper's 1.
        heads: of each attention.
        dropout: of the embedding and of each sublayer's output.
        feed_forward: inner width; None is four times the cells.
        steps: at most.
        halting: whether each position decides when to halt; else all take all steps.
        threshold: at which a position halts.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 1,
        heads: int = 4,
        dropout: float = 0.0,
        feed_forward: int | None = None,
        steps: int = 4,
        halting: bool = True,
        threshold: float = 0.99,
    ) -> None:
        super().__init__()
        check_at_least_one(steps=steps)
        shape = BlockShape(
            layers, cells, heads, dropout, "sinusoidal", 4 * cells if feed_forward is None else feed_forward
        )
        self.cells, self.steps = cells, steps
        self.embedding = nn.Embedding(symbols, cells)
        self.dropout = dropout_layer(dropout)
        self.encoder = nn.ModuleList(EncoderBlock(shape) for _ in range(layers))
        self.encoder_norm = nn.LayerNorm(cells)
        self.encoder_halting = Halting(cells, threshold) if halting else AllSteps()
        self.decoder = nn.ModuleList(DecoderBlock(shape) for _ in range(layers))
        self.decoder_norm = nn.LayerNorm(cells)
        self.decoder_halting = Halting(cells, threshold) if halting else AllSteps()
        self.output = nn.Linear(cells, symbols)

    def read(self, inputs: Tensor, places: Tensor, mask: Tensor) -> Reading:
        """Read inputs [rows, time]."""
        encoded = self.encoder_norm(self.ponder_input(inputs, places, mask)[0])
        return Reading(
            [cast(DecoderBlock, block).cross.keys_and_values(encoded, places) for block in self.decoder], mask
        )

    def ponder_input(self, inputs: Tensor, places: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """States of inputs [rows, time, cells] after all steps, and the weights of each [steps, rows, time, 1]."""

        def step(number: int, state: Tensor) -> Tensor:
            state = state + self._coordinates(places, number, state.dtype)
            for block in self.encoder:
                state, _ = block(state, places, mask)
            return state

        return take_steps(step, self.dropout(self.embedding(inputs)), self.steps, self.encoder_halting)

    def write(
        self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None, reading: Reading
    ) -> tuple[Tensor, Past, Tensor]:
        """Predict what follows symbols [rows, time].

        The weights on the input are the last block's, each step's by the share that it has in the result.
        """
        extended: Past = []
        looked: list[Tensor] = []

        def step(number: int, state: Tensor) -> Tensor:
            state = state + self._coordinates(places, number, state.dtype)
            for block, known in zip(self.decoder, reading.known, strict=True):
                earlier = None if past is None else past[len(extended)]
                state, kept, weights = block(state, places, mask, earlier, known, reading.mask)
                extended.append(kept)
            looked.append(weights)
            return state

        states, shares = take_steps(step, self.dropout(self.embedding(symbols)), self.steps, self.decoder_halting)
        return self.output(self.decoder_norm(states)), extended, (shares * torch.stack(looked)).sum(0)

    def _coordinates(self, places: Tensor, number: int, dtype: torch.dtype) -> Tensor:
        """P_t [1, time, cells]; steps count from 1 as in the paper."""
        step = torch.full_like(places[:, :1], number + 1)
        return sinusoids(places, self.cells, dtype) + sinusoids(step, self.cells, dtype)

"""Encoder and decoder LSTMs with different weights (Cho et al. 2014; Sutskever, Vinyals & Le 2014).

The encoder's last state is the decoder's first. Parameters, for n cells, L layers and s symbols:
2·(s·n + L·(8n² + 8n)) + s·(n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.generation import generate_greedily
from baselines.stacked_lstm import StackedLSTM
from baselines.stacked_lstm import State as LSTMState
from l2e.alphabet import END_OF_INPUT
from l2e.batches import Layout, PairBatch
from l2e.learner import Learner


class Seq2Seq(Learner):
    """One network reads, another writes.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: of the encoder, and of the decoder.
        reverse: read the input backwards.
        forget_bias: of the forget gates at first.
    """

    layout: ClassVar[Layout] = Layout.PAIRS

    def __init__(
        self, symbols: int, cells: int = 128, layers: int = 1, reverse: bool = False, forget_bias: float = 1.0
    ) -> None:
        super().__init__()
        self.reverse = reverse
        self.encoder = StackedLSTM(symbols, cells, layers, forget_bias)
        self.decoder = StackedLSTM(symbols, cells, layers, forget_bias)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        encoded = self._encode(batch.inputs, batch.input_lengths)
        shifted = torch.cat([torch.full_like(batch.targets[:, :1], END_OF_INPUT), batch.targets[:, :-1]], 1)
        outputs, _ = self.decoder(shifted.T, encoded)
        return self.output(outputs.transpose(0, 1).flatten(0, 1)[batch.positions]), None

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily."""

        def step(symbols: Tensor, state: LSTMState) -> tuple[Tensor, LSTMState]:
            outputs, state = self.decoder(symbols[None], state)
            return self.output(outputs[0]), state

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        return generate_greedily(step, first, self._encode(inputs, lengths), max_characters)

    def _encode(self, inputs: Tensor, lengths: Tensor) -> LSTMState:
        if self.reverse:
            places = torch.arange(inputs.shape[1], device=inputs.device)
            inputs = inputs.gather(1, (lengths[:, None] - 1 - places).clamp(min=0))
        state: LSTMState = self.encoder(inputs.T, None, lengths)[1]
        return state

"""The paper's network: LSTM layers that read and write one running text (Zaremba & Sutskever 2014, section 4).

At every character the network predicts the next one; only those of targets count. Parameters, for n cells, L layers
and s symbols: embedding s·n, layers L·(8n² + 8n), output s·(n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.generation import generate_greedily
from baselines.stacked_lstm import StackedLSTM
from baselines.stacked_lstm import State as LSTMState
from l2e.alphabet import END_OF_INPUT, FULL_STOP
from l2e.batches import Layout, StreamBatch
from l2e.learner import Learner


class LSTM(Learner):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer; the paper's 400.
        layers: the paper's 2.
        forget_bias: of the forget gates at first, where the recipe does not draw all parameters itself.
    """

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(self, symbols: int, cells: int = 400, layers: int = 2, forget_bias: float = 1.0) -> None:
        super().__init__()
        self.stack = StackedLSTM(symbols, cells, layers, forget_bias)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: StreamBatch, state: LSTMState | None = None) -> tuple[Tensor, LSTMState]:
        """Predict the answers' characters within running text."""
        outputs, state = self.stack(batch.symbols.T, state)
        return self.output(outputs.transpose(0, 1).flatten(0, 1)[batch.positions]), state

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers as if each input came after a full stop, as every sample of a stream but the first does."""
        first = inputs.new_full((len(inputs), 1), FULL_STOP)
        _, state = self.stack(torch.cat([first, inputs], 1).T, None, lengths + 1)

        def step(symbols: Tensor, state: LSTMState) -> tuple[Tensor, LSTMState]:
            outputs, state = self.stack(symbols[None], state)
            return self.output(outputs[0]), state

        return generate_greedily(step, inputs.new_full((len(inputs),), END_OF_INPUT), state, max_characters)

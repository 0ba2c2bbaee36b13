"""The paper's network: LSTM layers that read and write one running text (Zaremba & Sutskever 2014).

The cell is Hochreiter & Schmidhuber's (1997, "Long short-term memory"); its equations stand in
`baselines.stacked_lstm`. Parameters, for n cells, L layers and s symbols: embedding s·n, layers L·(8n² + 8n), output
s·(n + 1); with skip connections layers L·(8n² + 8n) + (L - 1)·4n², output s·(L·n + 1).
"""

from __future__ import annotations

import torch
from torch import nn

from baselines.lstm_engines import engine_for
from baselines.running_text import RunningText
from baselines.stacked_lstm import StackedLSTM


class LSTM(RunningText):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer; the paper's 400.
        layers: the paper's 2.
        forget_bias: of the forget gates at first, where the recipe does not draw all parameters itself.
        dropout: of each layer's outputs in training, as a fraction.
        skip: the embedded symbol reaches every layer, and every layer reaches the output.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 400,
        layers: int = 2,
        forget_bias: float = 1.0,
        dropout: float = 0.0,
        skip: bool = False,
    ) -> None:
        stack = StackedLSTM(symbols, cells, layers, forget_bias, dropout, skip)
        super().__init__(stack, nn.Linear(stack.width, symbols))

    def engine(self, dtype: torch.dtype) -> str:
        """What the LSTM's layers run on."""
        return engine_for(dtype, self.device)

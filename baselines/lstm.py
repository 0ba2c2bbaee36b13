"""The paper's network: LSTM layers that read and write one running text (Zaremba & Sutskever 2014).

    i, f, g, o = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh      sigmoid of i, f, o; tanh of g
    c_t = f * c_(t-1) + i * g        h_t = o * tanh(c_t)

The cell is Hochreiter & Schmidhuber's (1997, "Long short-term memory") with the forget gate of Gers, Schmidhuber &
Cummins (2000), in the gate order and with the two biases of torch's `nn.LSTM`. Parameters, for n cells, L layers and s
symbols: embedding s·n, layers L·(8n² + 8n), output s·(n + 1); with skip connections layers L·(8n² + 8n) + (L - 1)·4n²,
output s·(L·n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.lstm_engines import engine_for, products_of_step, run_lstm_layer
from baselines.recurrent import Inputs, Note, RecurrentStack, State, gates_of_zero_and_one
from baselines.running_text import RunningText


class StackedLSTM(RecurrentStack):
    """Reads symbols, keeps hidden and cell states, each [layers, rows, cells].

    Options as of `LSTM`.
    """

    products: ClassVar[int] = 4
    parts: ClassVar[int] = 2
    recurrent_bias: ClassVar[bool] = True

    def __init__(
        self,
        symbols: int,
        cells: int,
        layers: int,
        forget_bias: float = 1.0,
        dropout: float = 0.0,
        skip: bool = False,
    ) -> None:
        super().__init__(symbols, cells, layers, dropout, skip)
        for bias in self.bias_ih:
            nn.init.constant_(bias.detach()[cells : 2 * cells], forget_bias)

    def _input_bias(self, layer: int) -> Tensor:
        return torch.add(self.bias_ih[layer], self.bias_hh[layer])

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        outputs, *last = run_lstm_layer(inputs, self.weight_hh[layer], *before)
        return outputs, tuple(last)

    def _gates_and_cells(self, layer: int, inputs: Inputs, before: State, after: State) -> Note:
        i, f, g, o = products_of_step(inputs, self.weight_hh[layer], before[0]).chunk(4, -1)
        gates = {"input gate": i.sigmoid(), "forget gate": f.sigmoid(), "candidate": g.tanh()}
        return {**gates, "cell": after[1], "output gate": o.sigmoid()}

    def _still_products(self) -> Tensor:
        return gates_of_zero_and_one(self.weight_hh[0])


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

    state_parts: ClassVar[tuple[str, ...]] = ("hidden", "cell")

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

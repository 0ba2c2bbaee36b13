"""A stack of LSTM layers over symbols, in the gate order and with the two biases of torch's `nn.LSTM`.

    i, f, g, o = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh      sigmoid of i, f, o; tanh of g
    c_t = f * c_(t-1) + i * g        h_t = o * tanh(c_t)

The cell is Hochreiter & Schmidhuber's (1997) with the forget gate of Gers, Schmidhuber & Cummins (2000). A layer with n
cells and m inputs has 4n(m + n) + 8n parameters.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.lstm_engines import run_lstm_layer
from baselines.recurrent import CERTAIN, Inputs, RecurrentStack, State


class StackedLSTM(RecurrentStack):
    """Reads symbols, keeps hidden and cell states, each [layers, rows, cells].

    Args:
        symbols: how many there are.
        cells: per layer; also the width of the embedding, as in the paper.
        layers: one above the other.
        forget_bias: of the forget gate at first; the greater it is, the longer states last before anything is learnt.
        dropout: of each layer's outputs, as a fraction.
        skip: symbols reach every layer, and every layer the outputs.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    products: ClassVar[int] = 4
    parts: ClassVar[int] = 2

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
        self.forget_bias = forget_bias
        self.bias_hh = nn.ParameterList(nn.Parameter(torch.empty(4 * cells)) for _ in range(layers))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Orthogonal recurrent weights gate by gate, Glorot input weights, all biases 0 but the forget gate's."""
        super().reset_parameters()
        for layer in range(self.layers):
            nn.init.zeros_(self.bias_hh[layer])
            nn.init.constant_(self.bias_ih[layer].detach()[self.cells : 2 * self.cells], self.forget_bias)

    def _input_bias(self, layer: int) -> Tensor:
        return torch.add(self.bias_ih[layer], self.bias_hh[layer])

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        outputs, *last = run_lstm_layer(inputs, self.weight_hh[layer], *before)
        return outputs, tuple(last)

    def _still_products(self) -> Tensor:
        return gates_of_zero_and_one(self.weight_hh[0])


def gates_of_zero_and_one(weight: Tensor) -> Tensor:
    """Input products [1, 4 · cells] of an LSTM with which its cells stay as they are, and show 0 if they are 0.

    Args:
        weight: [4 · cells, cells], recurrent.
    """
    cells = weight.shape[1]
    products = weight.new_zeros(1, 4 * cells)
    products[:, :cells], products[:, cells : 2 * cells] = -CERTAIN, CERTAIN
    return products

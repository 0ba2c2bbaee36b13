"""A stack of LSTM layers over symbols, in the gate order and with the two biases of torch's `nn.LSTM`.

    i, f, g, o = W_ih x_t + b_ih + W_hh h_(t-1) + b_hh      sigmoid of i, f, o; tanh of g
    c_t = f * c_(t-1) + i * g        h_t = o * tanh(c_t)

The first layer's input product is a look-up: embedding and input weights are multiplied once an update, not once a
character.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from baselines.kernels import embed_gates, lstm_layer

State = tuple[Tensor, Tensor]


class StackedLSTM(nn.Module):
    """Reads symbols, keeps hidden and cell states.

    Args:
        symbols: how many there are.
        cells: per layer; also the width of the embedding, as in the paper.
        layers: one above the other.
        forget_bias: of the forget gate at first; the greater it is, the longer states last before anything is learnt.
    """

    def __init__(self, symbols: int, cells: int, layers: int, forget_bias: float = 1.0) -> None:
        super().__init__()
        self.cells, self.layers, self.forget_bias = cells, layers, forget_bias
        self.embedding = nn.Parameter(torch.empty(symbols, cells))
        self.weight_ih = nn.ParameterList(nn.Parameter(torch.empty(4 * cells, cells)) for _ in range(layers))
        self.weight_hh = nn.ParameterList(nn.Parameter(torch.empty(4 * cells, cells)) for _ in range(layers))
        self.bias_ih = nn.ParameterList(nn.Parameter(torch.empty(4 * cells)) for _ in range(layers))
        self.bias_hh = nn.ParameterList(nn.Parameter(torch.empty(4 * cells)) for _ in range(layers))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Orthogonal recurrent weights gate by gate, Glorot input weights, all biases 0 but the forget gate's."""
        nn.init.normal_(self.embedding)
        for layer in range(self.layers):
            nn.init.xavier_uniform_(self.weight_ih[layer])
            for gate in self.weight_hh[layer].detach().chunk(4):
                nn.init.orthogonal_(gate)
            nn.init.zeros_(self.bias_hh[layer])
            nn.init.zeros_(self.bias_ih[layer])
            nn.init.constant_(self.bias_ih[layer].detach()[self.cells : 2 * self.cells], self.forget_bias)

    def zero_state(self, rows: int) -> State:
        """The state before any symbol: hidden and cell, each [layers, rows, cells]."""
        zeros = self.embedding.new_zeros(self.layers, rows, self.cells)
        return zeros, zeros

    def forward(
        self, symbols: Tensor, state: State | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, State]:
        """Read.

        Args:
            symbols: int64 [time, rows].
            state: hidden and cell, each [layers, rows, cells]; None is zero.
            lengths: int64 [rows], descending; a row's state stands still after its length. None: all are full.

        Returns:
            The top layer's outputs [time, rows, cells], and the state afterwards.
        """
        hidden, cell = state or self.zero_state(symbols.shape[1])
        outputs = symbols
        last_hidden, last_cell = [], []
        for layer in range(self.layers):
            gates = self._input_product(layer, outputs)
            outputs, h, c = lstm_layer(gates, self.weight_hh[layer], hidden[layer], cell[layer], lengths)
            last_hidden.append(h)
            last_cell.append(c)
        return outputs, (torch.stack(last_hidden), torch.stack(last_cell))

    def _input_product(self, layer: int, inputs: Tensor) -> Tensor:
        weight, bias = self.weight_ih[layer], self.bias_ih[layer] + self.bias_hh[layer]
        if layer == 0:
            return embed_gates(torch.addmm(bias, self.embedding, weight.T), inputs)
        return nn.functional.linear(inputs, weight, bias)

"""The Jordan network: the last output comes back as input (Jordan 1986, "Serial order", report 8604 of UC San Diego).

    h_t = f(W x_t + U y_(t-1) + b)        y_t = softmax(V h_t + c)        y_0 = 0

What comes back is the network's own prediction, a distribution over symbols, in training as in use; all that it
remembers must pass through it. Jordan's state units also keep a decaying trace of older outputs; here, as in most
later accounts, they hold the last alone. The layers below the top one, if any, are Elman's. Parameters, for n cells,
L layers and s symbols: embedding s·n, Elman layers (L - 1)·(2n² + n), Jordan layer n² + n·s + n, output s·(n + 1).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from baselines.elman import StackedElman
from baselines.recurrent import Inputs, State
from baselines.running_text import RunningText


class StackedJordan(StackedElman):
    """Elman layers with a Jordan layer on top, and the output layer, since that lies within its loop.

    A state is one tensor a layer: hidden states [rows, cells], and last the distribution [rows, symbols]. The outputs
    are logits [time, rows, symbols]; after a row's length they mean nothing.

    Options as of `Jordan`; the predictions that come back are made without dropout.
    """

    def __init__(self, symbols: int, cells: int, layers: int, activation: str = "tanh", dropout: float = 0.0) -> None:
        super().__init__(symbols, cells, layers, activation, dropout)
        self.output = nn.Linear(cells, symbols)

    def _fed_back(self) -> list[int]:
        return [self.cells] * (self.layers - 1) + [self.symbols]

    def reset_parameters(self) -> None:
        """As Elman layers; but weights of predictions, which are around 1 / symbols, are greater by as much."""
        super().reset_parameters()
        self.weight_hh[-1].detach().mul_(self.symbols)

    def zero_state(self, rows: int) -> State:
        """The state before any symbol: as if nothing at all had been predicted."""
        return tuple(weight.new_zeros(rows, weight.shape[1]) for weight in self.weight_hh)

    def forward(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read symbols int64 [time, rows]; logits [time, rows, symbols] and the state afterwards."""
        outputs, state = super().forward(symbols, state)
        return self.output(outputs), state

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        if layer < self.layers - 1:
            return super()._run_layer(layer, inputs, before, padding)
        [predicted] = before
        recurrent, outputs, dtype = self.weight_hh[layer].T, [], predicted.dtype
        for step, product in enumerate(inputs.products().to(dtype).unbind(0)):
            h = self.activate(product + (predicted @ recurrent).to(dtype))
            predicted = self.output(h).to(dtype).softmax(-1)
            if padding is not None:
                predicted = predicted.masked_fill(padding[step][:, None], 0.0)
            outputs.append(h)
        return torch.stack(outputs), (predicted,)

    def _by_layer(self, state: State) -> list[State]:
        return [(part,) for part in state]

    def _by_part(self, states: list[State]) -> State:
        return tuple(part for (part,) in states)


class Jordan(RunningText):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: one above the other, the last of them Jordan's, those below it Elman's.
        activation: as of `Elman`.
        dropout: of each layer's outputs in training, as a fraction.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction; an unknown activation.
    """

    def __init__(
        self, symbols: int, cells: int = 256, layers: int = 1, activation: str = "tanh", dropout: float = 0.0
    ) -> None:
        super().__init__(StackedJordan(symbols, cells, layers, activation, dropout), nn.Identity())

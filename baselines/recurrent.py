"""A stack of recurrent layers over symbols: what is the same whatever the cell.

    a_t = W_ih x_t + b_ih           the input product, of all steps at once
    s_t = cell(a_t, s_(t-1))        written by each kind of cell

The first layer's input product is a look-up: embedding and input weights are multiplied once an update, not once a
character. The layers step in plain products and sums, or in a kernel of ours, so that stacked models train under
`torch.func.vmap`, for which torch's own recurrent functions have no rule.

Dropout is applied to every layer's outputs on their way up and never to what a layer remembers (Zaremba, Sutskever &
Vinyals 2014, "Recurrent neural network regularization"; there the embedding is dropped too, here it stays
whole, and its look-up with it). Skip connections are those of Graves 2013, "Generating sequences with recurrent neural
networks", section 2: the embedded symbol reaches every layer, and every layer reaches the output.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.kernels import embed_gates

State = tuple[Tensor, ...]


class RecurrentStack(nn.Module, ABC):
    """Reads symbols, keeps a state.

    Args:
        symbols: how many there are.
        cells: per layer; also the width of the embedding.
        layers: one above the other.
        dropout: how many of each layer's outputs are set to zero in training, as a fraction.
        skip: the embedded symbol is given to every layer, beside the outputs of the layer below; and the outputs are
            those of all layers, side by side.
        embedded: symbols have an embedding; else they go in one-hot.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    products: ClassVar[int]  # numbers that each cell computes from its inputs
    parts: ClassVar[int] = 1  # tensors that the state is made of

    def __init__(
        self,
        symbols: int,
        cells: int,
        layers: int,
        dropout: float = 0.0,
        skip: bool = False,
        embedded: bool = True,
    ) -> None:
        super().__init__()
        if cells < 1 or layers < 1:
            raise ValueError(f"cells and layers must be at least 1, not {cells} and {layers}")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, not {dropout}")
        self.symbols, self.cells, self.layers, self.skip = symbols, cells, layers, skip
        self.width = layers * cells if skip else cells  # of the outputs
        self.dropout = nn.Dropout(dropout) if dropout else nn.Identity()
        self.embedding = nn.Parameter(torch.empty(symbols, cells)) if embedded else None
        size, read = self.products * cells, cells if embedded else symbols
        inputs = [read, *[cells + read if skip else cells] * (layers - 1)]
        self.weight_ih = nn.ParameterList(nn.Parameter(torch.empty(size, width)) for width in inputs)
        self.weight_hh = nn.ParameterList(nn.Parameter(torch.empty(size, width)) for width in self._fed_back())
        self.bias_ih = nn.ParameterList(nn.Parameter(torch.empty(size)) for _ in range(layers))

    def _fed_back(self) -> list[int]:
        """How many numbers each layer is given from the step before."""
        return [self.cells] * self.layers

    def reset_parameters(self) -> None:
        """Orthogonal recurrent weights product by product, Glorot input weights, biases 0."""
        if self.embedding is not None:
            nn.init.normal_(self.embedding)
        for layer in range(self.layers):
            nn.init.xavier_uniform_(self.weight_ih[layer])
            for block in self.weight_hh[layer].detach().chunk(self.products):
                nn.init.orthogonal_(block)
            nn.init.zeros_(self.bias_ih[layer])

    def zero_state(self, rows: int) -> State:
        """The state before any symbol: every part [layers, rows, cells]."""
        return (self.weight_ih[0].new_zeros(self.layers, rows, self.cells),) * self.parts

    def forward(
        self, symbols: Tensor, state: State | None = None, lengths: Tensor | None = None
    ) -> tuple[Tensor, State]:
        """Read.

        Args:
            symbols: int64 [time, rows].
            state: every part [layers, rows, cells]; None is zero.
            lengths: int64 [rows] on the CPU, descending; a row's state stands still after its length. None: all are
                full.

        Returns:
            The top layer's outputs [time, rows, cells], with skip connections those of all layers
            [time, rows, layers * cells]; and the state afterwards.
        """
        before = self._by_layer(state or self.zero_state(symbols.shape[1]))
        outputs: list[Tensor] = []
        after = []
        for layer in range(self.layers):
            products = self._input_products(layer, symbols, outputs[-1] if layer else None)
            given, last = self._run_layer(layer, products, before[layer], lengths)
            outputs.append(self.dropout(given))
            after.append(last)
        return torch.cat(outputs, -1) if self.skip else outputs[-1], self._by_part(after)

    @abstractmethod
    def _run_layer(self, layer: int, products: Tensor, before: State, lengths: Tensor | None) -> tuple[Tensor, State]:
        """Step one layer through input products [time, rows, products * cells] from its state, parts [rows, cells].

        Returns outputs [time, rows, cells], zero after a row's length, and its state afterwards.
        """

    def _by_layer(self, state: State) -> list[State]:
        return list(zip(*[part.unbind(0) for part in state], strict=True))

    def _by_part(self, states: list[State]) -> State:
        return tuple(torch.stack(part) for part in zip(*states, strict=True))

    def _input_bias(self, layer: int) -> Tensor:
        bias: Tensor = self.bias_ih[layer]
        return bias

    def _input_products(self, layer: int, symbols: Tensor, below: Tensor | None) -> Tensor:
        weight, bias = self.weight_ih[layer], self._input_bias(layer)
        if below is None:
            table = weight.T + bias if self.embedding is None else torch.addmm(bias, self.embedding, weight.T)
            return embed_gates(table, symbols)
        if not self.skip:
            return nn.functional.linear(below, weight, bias)
        of_below, of_symbol = weight[:, : self.cells], weight[:, self.cells :]
        table = of_symbol.T if self.embedding is None else self.embedding @ of_symbol.T
        return nn.functional.linear(below, of_below, bias) + embed_gates(table, symbols)


def stand_still(outputs: Tensor, before: Tensor, lengths: Tensor | None) -> tuple[Tensor, Tensor]:
    """Undo what rows did after their lengths.

    Args:
        outputs: [time, rows, width], what a layer remembers after each step.
        before: [rows, width], before the first step.
        lengths: int64 [rows], on any device; None: all rows run for all steps.

    Returns:
        The outputs, zero after a row's length; and the last within its length [rows, width], or `before`.
    """
    if lengths is None:
        return outputs, outputs[-1]
    lengths = lengths.to(outputs.device)
    runs = torch.arange(len(outputs), device=outputs.device)[:, None] < lengths
    outputs = torch.where(runs[..., None], outputs, 0.0)
    ends = (lengths - 1).clamp(min=0)[None, :, None].expand(1, -1, outputs.shape[-1])
    return outputs, torch.where((lengths > 0)[:, None], outputs.gather(0, ends)[0], before)

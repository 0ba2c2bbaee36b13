"""The Elman network: hidden units whose last values come back as inputs (Elman 1990, "Finding structure in time").

    h_t = f(W x_t + U h_(t-1) + b)        y_t = softmax(V h_t + c)

f is one of `baselines.activations`. The first step may have biases b_1 of its own in place of b, as nothing comes
before it. Layers stand one above the other, each fed with the h_t of the one below. There is one bias a layer, where
torch's `nn.RNN` has two that are only ever added up. Parameters, for n cells, L layers and s symbols: embedding s·n,
layers L·(2n² + n), output s·(n + 1). Without an embedding the symbols go in one-hot, and the first layer has
n·(s + n + 1). Skip connections add n·r to each layer above the first, where r is what the first layer reads (n, or s
one-hot), and make the output s·(L·n + 1). With crelu a layer has half of that, and biases of the first step are n more.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.activations import ACTIVATIONS
from baselines.options import check_one_of
from baselines.recurrent import Inputs, RecurrentStack, State, Text
from baselines.running_text import RunningText


class StackedElman(RecurrentStack):
    """Reads symbols, keeps hidden states [layers, rows, cells].

    Options as of `Elman`; `embedded` is its `embedding`.
    """

    products: ClassVar[int] = 1

    def __init__(
        self,
        symbols: int,
        cells: int,
        layers: int,
        activation: str = "tanh",
        dropout: float = 0.0,
        skip: bool = False,
        embedded: bool = True,
        first_biases: bool = False,
    ) -> None:
        check_one_of("activation", activation, ACTIVATIONS)
        self.activate, self.cells_of_one, self.still = ACTIVATIONS[activation]
        if cells % self.cells_of_one:
            raise ValueError(f"{activation} makes {self.cells_of_one} cells of a number, so not {cells} in all")
        super().__init__(symbols, cells, layers, dropout, skip, embedded)
        first = torch.zeros(layers, self._computed()) if first_biases else None
        self.bias_first = None if first is None else nn.Parameter(first)

    def _computed(self) -> int:
        return self.cells // self.cells_of_one

    def _inputs(self, layer: int, text: Text, below: Tensor | None) -> Inputs:
        inputs = super()._inputs(layer, text, below)
        if self.bias_first is None or not text.begins:
            return inputs
        first = torch.zeros_like(text.codes, dtype=torch.bool)
        if text.padding is None:
            first[0] = True
        else:
            first[:1], first[1:] = ~text.padding[:1], text.padding[:-1] & ~text.padding[1:]
        return inputs._replace(added=first[..., None] * (self.bias_first[layer] - self.bias_ih[layer]))

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        [h] = before
        recurrent, steps = self.weight_hh[layer].T, []
        for product in inputs.products().to(h.dtype).unbind(0):
            h = self.activate(product + (h @ recurrent).to(h.dtype))
            steps.append(h)
        return torch.stack(steps), (h,)

    def _still_products(self) -> Tensor:
        still: Tensor = self.weight_ih[0].new_full((1, self._computed()), self.still)
        return still


class Elman(RunningText):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: one above the other.
        activation: tanh, softsign, softplus, or one of relu, relu6, crelu and elu.
        dropout: of each layer's outputs in training, as a fraction.
        skip: the embedded symbol reaches every layer, and every layer reaches the output.
        embedding: symbols have an embedding; else they go in one-hot.
        first_biases: the first step that is read has biases of its own.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction; an unknown activation; an odd number
            of cells with crelu.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 256,
        layers: int = 1,
        activation: str = "tanh",
        dropout: float = 0.0,
        skip: bool = False,
        embedding: bool = True,
        first_biases: bool = False,
    ) -> None:
        stack = StackedElman(symbols, cells, layers, activation, dropout, skip, embedding, first_biases)
        super().__init__(stack, nn.Linear(stack.width, symbols))

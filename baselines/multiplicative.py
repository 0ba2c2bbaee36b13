"""The multiplicative RNN (Sutskever, Martens & Hinton 2011, "Generating text with recurrent neural networks").

Each character chooses the recurrent weights with which it is read, as a product through factors f:

    f_t = (W_fx x_t + b_f) * (W_fh h_(t-1))
    h_t = tanh(W_hf f_t + W_hx x_t + b_h)        y_t = softmax(W_yh h_t + b_y)

as in section 3 of it, with as many factors as cells. The paper has no b_f, which changes nothing where x is one-hot
(`embedding=false`), as every column of W_fx may hold it; here it begins at 1, so that the first network is not far from
an Elman network.
`weight_ih` holds the rows of W_hx and W_fx in this order, `weight_hh` those of W_hf and W_fh.

Parameters, for n cells, L layers and s symbols: embedding s·n, layers L·(4n² + 2n), output s·(n + 1). Without an
embedding the first layer has 2n·(s + n + 1); skip connections add as in `baselines.elman`, twice as much to a layer.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.recurrent import Inputs, RecurrentStack, State
from baselines.running_text import RunningText


class StackedMultiplicative(RecurrentStack):
    """Reads symbols, keeps hidden states [layers, rows, cells].

    Options as of `Multiplicative`; `embedded` is its `embedding`.
    """

    products: ClassVar[int] = 2

    def reset_parameters(self) -> None:
        """As other stacks; biases of factors 1."""
        super().reset_parameters()
        for bias in self.bias_ih:
            bias.detach()[self.cells :] = 1

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        [h] = before
        from_factors, from_hidden = (weight.T for weight in self.weight_hh[layer].chunk(2))
        steps = []
        for product in inputs.products().to(h.dtype).unbind(0):
            of_hidden, of_factors = product.chunk(2, -1)
            factors = of_factors * (h @ from_hidden)
            h = (of_hidden + factors @ from_factors).tanh()
            steps.append(h)
        return torch.stack(steps), (h,)

    def _still_products(self) -> Tensor:
        still: Tensor = self.weight_ih[0].new_zeros(1, 2 * self.cells)  # no factor is left, and tanh of 0 is 0
        return still


class Multiplicative(RunningText):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer; also how many factors it has.
        layers: one above the other; the paper's 1.
        dropout: of each layer's outputs in training, as a fraction.
        skip: the embedded symbol reaches every layer, and every layer reaches the output.
        embedding: symbols have an embedding; else they go in one-hot, as in the paper.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 256,
        layers: int = 1,
        dropout: float = 0.0,
        skip: bool = False,
        embedding: bool = True,
    ) -> None:
        stack = StackedMultiplicative(symbols, cells, layers, dropout, skip, embedding)
        super().__init__(stack, nn.Linear(stack.width, symbols))

"""Gated recurrent units (Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder", section 2.3).

As they were published, with a bias each and the reset gate before the recurrent product (reset="before"):

    r_t = sigmoid(W_r x_t + U_r h_(t-1) + b_r)               reset
    z_t = sigmoid(W_z x_t + U_z h_(t-1) + b_z)               update
    g_t = tanh(W_g x_t + U_g (r_t * h_(t-1)) + b_g)          candidate
    h_t = z_t * h_(t-1) + (1 - z_t) * g_t

As torch's `nn.GRU` has them, with two biases each and the reset gate after that product, so that one product serves all
three (reset="after"):

    g_t = tanh(W_g x_t + b_g + r_t * (U_g h_(t-1) + d_g))

`weight_ih`, `weight_hh` and the biases hold the rows of r, z and g in this order. Lectures write W_xr, W_hr for W_r,
U_r, W_xz, W_hz for W_z, U_z, and W_xh, W_hh, b_h for W_g, U_g, b_g. Chung et al. 2014 ("Empirical evaluation of gated
recurrent neural networks on sequence modeling") let their update gate u multiply the candidate: u_t = 1 - z_t, so W_u,
U_u, b_u are W_z, U_z, b_z with the other sign.

Parameters, for n cells, L layers and s symbols: embedding s·n, layers L·(6n² + 6n), reset before L·(6n² + 3n), output
s·(n + 1); with skip connections (L - 1)·3n² more in the layers, and output s·(L·n + 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.options import check_one_of
from baselines.recurrent import Inputs, Note, RecurrentStack, State, update_gate_of_one
from baselines.running_text import RunningText

Gates = Callable[[Tensor, Tensor], tuple[Tensor, Tensor, Tensor]]


class StackedGRUResetBefore(RecurrentStack):
    """Reads symbols, keeps hidden states [layers, rows, cells]; the candidate waits for the reset gate.

    Options as of `GRU`.
    """

    products: ClassVar[int] = 3

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        [h], gates, steps = before, self._gates(layer), []
        for product in inputs.products().to(h.dtype).unbind(0):
            _, update, candidate = gates(product, h)
            h = torch.lerp(candidate, h, update)
            steps.append(h)
        return torch.stack(steps), (h,)

    def _gates(self, layer: int) -> Gates:
        """Reset, update and candidate [rows, cells] of input products [rows, 3 · cells] and a state [rows, cells]."""
        sizes = [2 * self.cells, self.cells]
        of_gates, of_candidate = torch.split_with_sizes(self.weight_hh[layer].T, sizes, -1)

        def gates(product: Tensor, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            both, candidate = torch.split_with_sizes(product, sizes, -1)
            reset, update = (both + h @ of_gates).sigmoid().chunk(2, -1)
            return reset, update, (candidate + (reset * h) @ of_candidate).tanh()

        return gates

    def _gates_and_cells(self, layer: int, inputs: Inputs, before: State, after: State) -> Note:
        [h] = before
        gates = self._gates(layer)(inputs.products().to(h.dtype)[0], h)
        return dict(zip(("reset gate", "update gate", "candidate"), gates, strict=True))

    def _still_products(self) -> Tensor:
        return update_gate_of_one(self.weight_hh[0])


class StackedGRU(StackedGRUResetBefore):
    """As torch's layers; steps faster, as a step has one recurrent product."""

    recurrent_bias: ClassVar[bool] = True

    def _gates(self, layer: int) -> Gates:
        weight, bias, sizes = self.weight_hh[layer].T, self.bias_hh[layer], [2 * self.cells, self.cells]

        def gates(product: Tensor, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
            both, candidate = torch.split_with_sizes(product, sizes, -1)
            recurrent_both, recurrent_candidate = torch.split_with_sizes(torch.addmm(bias, h, weight), sizes, -1)
            reset, update = (both + recurrent_both).sigmoid().chunk(2, -1)
            return reset, update, torch.addcmul(candidate, reset, recurrent_candidate).tanh()

        return gates


RESETS = {"after": StackedGRU, "before": StackedGRUResetBefore}


class GRU(RunningText):
    """One network reads and writes.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: one above the other.
        dropout: of each layer's outputs in training, as a fraction.
        skip: the embedded symbol reaches every layer, and every layer reaches the output.
        reset: the reset gate is applied "after" the recurrent product, as in torch, or "before" it, as published.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction; an unknown reset.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 256,
        layers: int = 1,
        dropout: float = 0.0,
        skip: bool = False,
        reset: str = "after",
    ) -> None:
        check_one_of("reset", reset, RESETS)
        stack = RESETS[reset](symbols, cells, layers, dropout, skip)
        super().__init__(stack, nn.Linear(stack.width, symbols))

"""Gated recurrent units as they were published, with the reset gate before the recurrent product.

    r_t = sigmoid(W_r x_t + U_r h_(t-1) + b_r)               reset
    z_t = sigmoid(W_z x_t + U_z h_(t-1) + b_z)               update
    g_t = tanh(W_g x_t + U_g (r_t * h_(t-1)) + b_g)          candidate
    h_t = z_t * h_(t-1) + (1 - z_t) * g_t

These are the equations of Cho et al. 2014 ("Learning phrase representations using RNN encoder-decoder", section 2.3)
with a bias each, as lectures show them. There W_xr, W_hr, b_r are W_r, U_r, b_r here; W_xz, W_hz, b_z are W_z, U_z,
b_z; W_xh, W_hh, b_h are W_g, U_g, b_g; z multiplies what was remembered in both. Chung et al. 2014 ("Empirical
evaluation of gated recurrent neural networks on sequence modeling"), and lectures after them, let their update gate u
multiply the candidate: u_t = 1 - z_t, so W_u, U_u, b_u are W_z, U_z, b_z with the other sign.

`weight_ih`, `weight_hh` and `bias_ih` hold the rows of r, z and g in this order. The candidate waits for the reset
gate, so a step has two recurrent products where `baselines.gru` has one. Parameters of a layer with n cells that reads
m numbers: 3n·(m + n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from baselines.recurrent import Inputs, RecurrentStack, State, update_gate_of_one


class StackedGRUResetBefore(RecurrentStack):
    """Reads symbols, keeps hidden states [layers, rows, cells].

    Args:
        symbols: how many there are.
        cells: per layer; also the width of the embedding.
        layers: one above the other.
        dropout: of each layer's outputs, as a fraction.
        skip: symbols reach every layer, and every layer the outputs.

    Raises:
        ValueError: fewer than one cell or layer; a dropout that is not a fraction.
    """

    products: ClassVar[int] = 3

    def __init__(self, symbols: int, cells: int, layers: int, dropout: float = 0.0, skip: bool = False) -> None:
        super().__init__(symbols, cells, layers, dropout, skip)
        self.reset_parameters()

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        [h] = before
        sizes = [2 * self.cells, self.cells]
        of_gates, of_candidate = torch.split_with_sizes(self.weight_hh[layer].T, sizes, -1)
        steps = []
        for product in inputs.products().to(h.dtype).unbind(0):
            gates, candidate = torch.split_with_sizes(product, sizes, -1)
            reset, update = (gates + h @ of_gates).sigmoid().chunk(2, -1)
            h = torch.lerp((candidate + (reset * h) @ of_candidate).tanh(), h, update)
            steps.append(h)
        return torch.stack(steps), (h,)

    def _still_products(self) -> Tensor:
        return update_gate_of_one(self.weight_hh[0])

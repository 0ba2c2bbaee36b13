"""Gated recurrent units (Cho et al. 2014, "Learning phrase representations using RNN encoder-decoder", section 2.3).

    r_t = sigmoid(W_r x_t + b_r + U_r h_(t-1) + d_r)               reset
    z_t = sigmoid(W_z x_t + b_z + U_z h_(t-1) + d_z)               update
    g_t = tanh(W_g x_t + b_g + r_t * (U_g h_(t-1) + d_g))          candidate
    h_t = z_t * h_(t-1) + (1 - z_t) * g_t

In the paper the reset gate is applied before the recurrent product, U_g (r_t * h_(t-1)), and there are no biases; here
it comes after, with the gate order and the two biases of torch's `nn.GRU`, so that one product serves all three.
`baselines.gru_reset_before` has the other form, with one bias.
Parameters, for n cells, L layers and s symbols: embedding s·n, layers L·(6n² + 6n), reset before L·(6n² + 3n), output
s·(n + 1); with skip connections (L - 1)·3n² more in the layers, and output s·(L·n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.gru_reset_before import StackedGRUResetBefore
from baselines.recurrent import Inputs, RecurrentStack, State, update_gate_of_one
from baselines.running_text import RunningText


class StackedGRU(RecurrentStack):
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
        self.bias_hh = nn.ParameterList(nn.Parameter(torch.empty(3 * cells)) for _ in range(layers))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Orthogonal recurrent weights gate by gate, Glorot input weights, biases 0."""
        super().reset_parameters()
        for bias in self.bias_hh:
            nn.init.zeros_(bias)

    def _run_layer(self, layer: int, inputs: Inputs, before: State, padding: Tensor | None) -> tuple[Tensor, State]:
        [h] = before
        weight, bias, sizes = self.weight_hh[layer].T, self.bias_hh[layer], [2 * self.cells, self.cells]
        steps = []
        for product in inputs.products().to(h.dtype).unbind(0):
            gates, candidate = torch.split_with_sizes(product, sizes, -1)
            recurrent_gates, recurrent_candidate = torch.split_with_sizes(torch.addmm(bias, h, weight), sizes, -1)
            reset, update = (gates + recurrent_gates).sigmoid().chunk(2, -1)
            h = torch.lerp(torch.addcmul(candidate, reset, recurrent_candidate).tanh(), h, update)
            steps.append(h)
        return torch.stack(steps), (h,)

    def _still_products(self) -> Tensor:
        return update_gate_of_one(self.weight_hh[0])


RESETS: dict[str, type[StackedGRU] | type[StackedGRUResetBefore]] = {
    "after": StackedGRU,
    "before": StackedGRUResetBefore,
}


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
        if reset not in RESETS:
            raise ValueError(f"reset must be one of {', '.join(RESETS)}, not {reset!r}")
        stack = RESETS[reset](symbols, cells, layers, dropout, skip)
        super().__init__(stack, nn.Linear(stack.width, symbols))

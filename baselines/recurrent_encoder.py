"""An encoder of torch's own LSTM or GRU layers over rows of different lengths, without packing them.

Packed rows take a slow path on a processor. Here rows end together, with their padding in front, and an input of its
own tells the layer what is padding, and makes it keep its state: i = 0 and f = 1 in an LSTM, z = 1 in a GRU.
A layer that reads forwards then begins each row from zero; one that reads backwards keeps what the row ended in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from baselines.lstm_engines import run_lstm_layer
from baselines.recurrent import Inputs, gates_of_zero_and_one, in_type_of_products, update_gate_of_one

Weights = Sequence[Tensor]  # input, recurrent, input bias, recurrent bias, as torch's layers have them
LayerState = tuple[Tensor, ...]  # LSTM: hidden and cell; GRU: hidden; each [rows, cells]


def read_rows(
    encoder: nn.LSTM | nn.GRU, embedded: Tensor, first: Tensor, dropout: Callable[[Tensor], Tensor]
) -> tuple[Tensor, list[LayerState]]:
    """Read rows that end together.

    Args:
        encoder: whose weights are used, in one direction or two.
        embedded: [time, rows, width].
        first: int64 [rows], where each row begins.
        dropout: of the outputs between layers.

    Returns:
        The top layer's outputs [time, rows, directions · cells], which mean nothing where padding is; and each layer's
        last state, with both directions side by side.
    """
    time = torch.arange(len(embedded), device=embedded.device)[:, None]
    padding = (time < first).long()
    below, states = embedded, []
    for layer in range(encoder.num_layers):
        below = dropout(below) if layer else below
        outputs, last = run_layer(_weights(encoder, f"l{layer}"), below, padding)
        if encoder.bidirectional:
            backwards, other = run_layer(_weights(encoder, f"l{layer}_reverse"), below.flip(0), padding.flip(0))
            # An LSTM's outputs go on moving while its cells stand still, so the last within the row is looked up.
            other = (_at(backwards, len(embedded) - 1 - first).to(other[0].dtype), *other[1:])
            outputs = torch.cat([outputs, backwards.flip(0)], 2)
            last = tuple(torch.cat(directions, 1) for directions in zip(last, other, strict=True))
        below = outputs
        states.append(last)
    return below, states


def run_layer(
    weights: Weights, inputs: Tensor, padding: Tensor | None = None, state: LayerState | None = None
) -> tuple[Tensor, LayerState]:
    """Run one layer in one direction; four products a cell are an LSTM's, three a GRU's.

    Args:
        weights: of the layer.
        inputs: [time, rows, width].
        padding: int64 [time, rows], 1 where the state is to be kept; None: nowhere.
        state: before the first step; None is zero.

    Returns:
        Outputs [time, rows, cells] and the state after the last step.
    """
    of_input, recurrent, input_bias, recurrent_bias = weights
    products, cells = recurrent.shape
    is_lstm = products == 4 * cells
    zero = inputs.new_zeros(inputs.shape[1], cells, dtype=recurrent.dtype)
    hidden, *cell = state or (zero,) * (2 if is_lstm else 1)
    if is_lstm:
        bias = (input_bias + recurrent_bias)[None]
        table = bias if padding is None else torch.cat([bias, gates_of_zero_and_one(recurrent)])
        read = Inputs(inputs, of_input, padding, in_type_of_products(table))
        outputs, *last = run_lstm_layer(read, recurrent, hidden, *cell)
        return outputs, tuple(last)
    if padding is not None:
        inputs = torch.cat([inputs, padding[..., None].to(inputs.dtype)], 2)
        of_input = torch.cat([of_input, update_gate_of_one(recurrent).T], 1)
    fused: Any = torch._VF
    outputs, last_hidden = fused.gru(
        inputs,
        hidden[None],
        (of_input, recurrent, input_bias, recurrent_bias),
        True,
        1,
        0.0,
        torch.is_grad_enabled(),
        False,
        False,
    )
    return outputs, (last_hidden[0].to(hidden.dtype),)


def _weights(encoder: nn.LSTM | nn.GRU, layer: str) -> Weights:
    return [getattr(encoder, f"{kind}_{layer}") for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]


def _at(x: Tensor, time: Tensor) -> Tensor:
    """What [time, rows, width] is at one time a row."""
    return x[time, torch.arange(x.shape[1], device=x.device)]

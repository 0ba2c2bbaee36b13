"""One LSTM layer over a whole sequence, forward and backward, as a single autograd function.

    i, f, g, o = gates_t + W h_(t-1)      sigmoid of i, f, o; tanh of g
    c_t = f * c_(t-1) + i * g             h_t = o * tanh(c_t)

What makes it fast: the recurrent product is one call a step, a batch of four, so that threads share it by gate and
each gate lies in one piece; tanh(x) is 2 sigmoid(2x) - 1, since torch's sigmoid is three times as fast as its tanh;
every derivative that needs no gradient is multiplied out in the forward pass while its factors are in the cache, which
leaves four small products and one matrix product for a step backwards; the weights' gradient is one product over all
steps. Inside, everything has an axis of members: one for a single model, all models of a stack under `torch.func.vmap`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.autograd import Function

_SAVED = 6  # what a step keeps: d gates i, f, g / d cell, d gate o / d hidden, d cell / d hidden, d cell / d previous cell


def embed_gates(table: Tensor, symbols: Tensor) -> Tensor:
    """Look up the first layer's input product: every symbol's row is known before the sequence is.

    Args:
        table: [symbols, 4 * cells], embedding times input weights plus bias.
        symbols: int64 [time, rows].

    Returns:
        [time, rows, 4 * cells].
    """
    return torch.nn.functional.embedding(symbols, table)


def lstm_layer(
    gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor, lengths: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Run one layer. First derivatives only.

    Args:
        gates: [time, rows, 4 * cells], input product plus biases, in the order i, f, g, o.
        weight: [4 * cells, cells], recurrent.
        hidden: [rows, cells], before the first step.
        cell: [rows, cells], before the first step.
        lengths: int64 [rows] on the CPU, descending: row r runs for its first lengths[r] steps, then its state stands
            still and its outputs are zero. None: all rows run for all steps.

    Returns:
        Outputs [time, rows, cells], and the hidden and cell state after each row's last step, each [rows, cells].
    """
    # Gradients can be asked for later only if they are enabled now, also inside torch.func.grad.
    outputs, last_hidden, last_cell, _ = _Layer.apply(gates, weight, hidden, cell, lengths, torch.is_grad_enabled())  # type: ignore[no-untyped-call]
    return outputs, last_hidden, last_cell


class _Layer(Function):
    """The forward pass; a fourth output, [6, rows of all steps, cells], carries the saved derivatives."""

    @staticmethod
    def forward(
        gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor, lengths: Tensor | None, keep: bool
    ) -> tuple[Tensor, ...]:
        """Give the single model its axis of members, and take it away again."""
        if gates.dim() == 4:
            return _forward(gates, weight, hidden, cell, lengths, keep)
        members = None if lengths is None else lengths[None]
        results = _forward(gates.unsqueeze(1), weight[None], hidden[None], cell[None], members, keep)
        return tuple(x.squeeze(axis) for x, axis in zip(results, (1, 0, 0, 1), strict=True))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        """Keep what the backward pass reads."""
        _, weight, hidden, _, lengths, keep = inputs
        outputs, _, _, saved = output
        ctx.mark_non_differentiable(saved)
        ctx.set_materialize_grads(False)  # else a zero gradient as large as all that is saved
        ctx.keep = keep
        ctx.save_for_backward(weight, hidden, outputs, saved, lengths)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        """Differentiate; see `_backward`."""
        if not ctx.keep:
            raise RuntimeError("lstm_layer ran with gradients disabled; there is nothing to differentiate")
        weight, hidden, outputs, saved, lengths = ctx.saved_tensors
        d_outputs, d_hidden, d_cell = (
            torch.zeros_like(like) if given is None else given
            for given, like in zip(gradients[:3], (outputs, hidden, hidden), strict=True)
        )
        results = _LayerBackward.apply(weight, hidden, outputs, saved, lengths, d_outputs, d_hidden, d_cell)  # type: ignore[no-untyped-call]
        return (*results, None, None)

    @staticmethod
    def vmap(
        info: Any, in_dims: tuple[int | None, ...], *inputs: Any
    ) -> tuple[tuple[Tensor, ...], tuple[int | None, ...]]:
        """Run all members in the same products."""
        *tensors, keep = inputs
        stacked = _stack_members(info.batch_size, in_dims[:5], tensors, (1, 0, 0, 0, 0), single=3)
        return _Layer.apply(*stacked, keep), (1, 0, 0, 1)  # type: ignore[no-untyped-call]


class _LayerBackward(Function):
    """The backward pass, a function of its own so that it too has a batching rule."""

    @staticmethod
    def forward(
        weight: Tensor,
        hidden: Tensor,
        outputs: Tensor,
        saved: Tensor,
        lengths: Tensor | None,
        d_outputs: Tensor,
        d_last_hidden: Tensor,
        d_last_cell: Tensor,
    ) -> tuple[Tensor, ...]:
        """Give the single model its axis of members, and take it away again."""
        if outputs.dim() == 4:
            return _backward(weight, hidden, outputs, saved, lengths, d_outputs, d_last_hidden, d_last_cell)
        results = _backward(
            weight[None],
            hidden[None],
            outputs.unsqueeze(1),
            saved.unsqueeze(1),
            None if lengths is None else lengths[None],
            d_outputs.unsqueeze(1),
            d_last_hidden[None],
            d_last_cell[None],
        )
        return tuple(x.squeeze(axis) for x, axis in zip(results, (1, 0, 0, 0), strict=True))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        """Keep nothing."""

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, ...]:
        """Refuse."""
        raise NotImplementedError("lstm_layer has first derivatives only; use torch.nn.LSTM for second ones")

    @staticmethod
    def vmap(
        info: Any, in_dims: tuple[int | None, ...], *inputs: Any
    ) -> tuple[tuple[Tensor, ...], tuple[int | None, ...]]:
        """Run all members in the same products."""
        stacked = _stack_members(info.batch_size, in_dims, inputs, (0, 0, 1, 1, 0, 1, 0, 0), single=3, like=2)
        return _LayerBackward.apply(*stacked), (1, 0, 0, 0)  # type: ignore[no-untyped-call]


def _stack_members(
    members: int, in_dims: Sequence[int | None], tensors: Sequence[Tensor | None], axes: Sequence[int], single: int, like: int = 0
) -> list[Tensor | None]:
    raise NotImplementedError

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

from baselines.kernels import recurrence


def embed_gates(table: Tensor, symbols: Tensor) -> Tensor:
    """Look up the first layer's input product: every symbol's row is known before the sequence is.

    The gradients of a row are summed in float32 at least, also where the table has fewer bits.

    Args:
        table: [symbols, 4 * cells], embedding times input weights plus bias.
        symbols: int64 [time, rows].

    Returns:
        [time, rows, 4 * cells].
    """
    wide = table.to(torch.promote_types(table.dtype, torch.float32))
    return torch.nn.functional.embedding(symbols, wide).to(table.dtype)


def lstm_layer(gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Run one layer. First derivatives only.

    The type of the gates is that of all products: with bfloat16 gates, and float32 for the rest, a processor that has
    bfloat16 multiplies in it, while cell states and the gradients carried from step to step stay in float32. Hidden
    states are rounded to the type of the gates, as the products that alone read them would round them.

    Args:
        gates: [time, rows, 4 * cells], input product plus biases, in the order i, f, g, o.
        weight: [4 * cells, cells], recurrent.
        hidden: [rows, cells], before the first step.
        cell: [rows, cells], before the first step.

    Returns:
        Outputs [time, rows, cells] in the type of the gates, and the hidden and cell state after the last step, each
        [rows, cells] in the type of the first ones.
    """
    if not len(gates):
        raise ValueError("lstm_layer needs at least one step; gates have none")
    # Gradients can be asked for later only if they are enabled now, also inside torch.func.grad.
    outputs, last_hidden, last_cell, _ = _Layer.apply(gates, weight, hidden, cell, torch.is_grad_enabled())  # type: ignore[no-untyped-call]
    return outputs, last_hidden, last_cell


class _Layer(Function):
    """The forward pass; a fourth output, [time, 6, rows, cells], carries the saved derivatives."""

    AXES = (1, 0, 0, 0)  # where gates, weight, hidden and cell have their members
    RESULT_AXES = (1, 0, 0, 2)

    @staticmethod
    def forward(*inputs: Any) -> tuple[Tensor, ...]:
        """Run; a single model is given an axis of one member for as long as that takes."""
        *tensors, keep = inputs
        if tensors[0].dim() == 4:
            return recurrence.forward(keep, *tensors)
        results = recurrence.forward(keep, *_with_members(1, tensors, (None,) * 4, _Layer.AXES))
        return tuple(x.squeeze(axis) for x, axis in zip(results, _Layer.RESULT_AXES, strict=True))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        """Keep what the backward pass reads."""
        _, weight, hidden, _, keep = inputs
        outputs, _, _, saved = output
        ctx.mark_non_differentiable(saved)
        ctx.set_materialize_grads(False)  # else zeros as large as all that is saved are made for `saved`
        ctx.keep = keep
        ctx.save_for_backward(weight, hidden, outputs, saved)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Tensor | None, ...]:
        """Differentiate."""
        if not ctx.keep:
            raise RuntimeError("lstm_layer ran with gradients disabled, so there is nothing to differentiate")
        weight, hidden, outputs, saved = ctx.saved_tensors
        given = [
            torch.zeros_like(like) if gradient is None else gradient
            for gradient, like in zip(gradients[:3], (outputs, hidden, hidden), strict=True)
        ]
        results = _LayerBackward.apply(weight, hidden, outputs, saved, *given)  # type: ignore[no-untyped-call]
        return (*results, None)

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[tuple[Tensor, ...], tuple[int, ...]]:
        """Run all members in the same products."""
        *tensors, keep = inputs
        stacked = _with_members(info.batch_size, tensors, in_dims[:4], _Layer.AXES)
        if stacked[0].dim() > 4:
            raise NotImplementedError("lstm_layer can be batched by one torch.func.vmap, not by vmap inside vmap")
        return _Layer.apply(*stacked, keep), _Layer.RESULT_AXES  # type: ignore[no-untyped-call]


class _LayerBackward(Function):
    """The backward pass, a function of its own so that it too has a batching rule."""

    AXES = (0, 0, 1, 2, 1, 0, 0)  # where the arguments of the backward pass have their members

    @staticmethod
    def forward(*inputs: Any) -> tuple[Tensor, ...]:
        """Run; a single model is given an axis of one member for as long as that takes."""
        if inputs[2].dim() == 4:
            return recurrence.backward(*inputs)
        results = recurrence.backward(*_with_members(1, inputs, (None,) * 7, _LayerBackward.AXES))
        return tuple(x.squeeze(axis) for x, axis in zip(results, (1, 0, 0, 0), strict=True))

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        """Keep nothing."""

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, ...]:
        """Refuse."""
        raise NotImplementedError("lstm_layer has first derivatives only")

    @staticmethod
    def vmap(info: Any, in_dims: tuple[int | None, ...], *inputs: Any) -> tuple[tuple[Tensor, ...], tuple[int, ...]]:
        """Run all members in the same products."""
        stacked = _with_members(info.batch_size, inputs, in_dims, _LayerBackward.AXES)
        return _LayerBackward.apply(*stacked), (1, 0, 0, 0)  # type: ignore[no-untyped-call]


def _with_members(
    members: int, tensors: Sequence[Tensor], in_dims: Sequence[int | None], axes: Sequence[int]
) -> list[Tensor]:
    """Move or add the axis of members of each tensor to where the kernel has it."""
    return [
        tensor.unsqueeze(axis).expand(*tensor.shape[:axis], members, *tensor.shape[axis:])
        if dim is None
        else tensor.movedim(dim, axis)
        for tensor, dim, axis in zip(tensors, in_dims, axes, strict=True)
    ]

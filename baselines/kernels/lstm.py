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

# What a step keeps of its derivatives: gates i, f, g by cell; gate o by hidden; cell by hidden; cell before by cell.
_SAVED = 6


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
        stacked = _with_members(info.batch_size, tensors, in_dims, (1, 0, 0, 0, 0))
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
        stacked = _with_members(info.batch_size, inputs, in_dims, (0, 0, 1, 1, 0, 1, 0, 0))
        return _LayerBackward.apply(*stacked), (1, 0, 0, 0)  # type: ignore[no-untyped-call]


def _with_members(
    members: int, tensors: Sequence[Tensor | None], in_dims: Sequence[int | None], axes: Sequence[int]
) -> list[Tensor | None]:
    """Move or add the axis of members of each tensor to where the kernel has it."""
    stacked: list[Tensor | None] = []
    for tensor, dim, axis in zip(tensors, in_dims, axes, strict=False):
        if tensor is None:
            stacked.append(None)
        elif dim is None:
            stacked.append(tensor.unsqueeze(axis).expand(*tensor.shape[:axis], members, *tensor.shape[axis:]))
        else:
            stacked.append(tensor.movedim(dim, axis))
    weight = next(x for x, axis in zip(stacked[:2], axes, strict=False) if x is not None and axis == 0)
    if weight.dim() > 3:
        raise NotImplementedError("lstm_layer can be batched by one torch.func.vmap, not by vmap inside vmap")
    return stacked


def _rows_by_step(lengths: Tensor | None, time: int, rows: int) -> list[int]:
    """How many rows, from the first, still run at each step in at least one member."""
    if lengths is None:
        return [rows] * time
    if lengths.shape[-1] != rows or bool((lengths.diff(dim=-1) > 0).any()):
        raise ValueError(f"lengths must be {rows} numbers in descending order, not {lengths.tolist()}")
    if lengths.numel() and not 0 <= int(lengths.min()) <= int(lengths.max()) <= time:
        raise ValueError(f"lengths must lie between 0 and the {time} steps of the gates, not {lengths.tolist()}")
    return (lengths[..., None] > torch.arange(time)).sum(-2).amax(0).tolist()  # type: ignore[no-any-return]


def _standstill(lengths: Tensor | None, gates: Tensor) -> Tensor | None:
    """What to add to the gates where one member has ended and another has not, [time, 4, members, rows, 1].

    With the input and output gates at minus infinity and the forget gate at plus infinity the cell stays as it is, the
    output is zero and every derivative vanishes, all exactly.
    """
    if lengths is None or len(lengths) == 1:
        return None
    ended = (lengths <= torch.arange(len(gates))[:, None, None]).to(gates.device)
    infinity = gates.new_tensor([-torch.inf, torch.inf, 0, -torch.inf]).view(4, 1, 1)
    return torch.where(ended[:, None], infinity, 0.0)[..., None]


def _forward(
    gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor, lengths: Tensor | None, keep: bool
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return outputs, last hidden, last cell and saved derivatives, where gates are [time, members, rows, 4 * cells]."""
    time, members, rows, _ = gates.shape
    cells = weight.shape[-1]
    counts = _rows_by_step(lengths, time, rows)
    standstill = _standstill(lengths, gates)
    scale = gates.new_tensor([1, 1, 2, 1]).view(4, 1, 1, 1)  # tanh(x) = 2 sigmoid(2x) - 1
    recurrent = (weight.unflatten(-2, (4, cells)).permute(1, 0, 3, 2) * scale).contiguous().flatten(0, 1)
    inputs = gates.unflatten(-1, (4, cells)).permute(0, 3, 1, 2, 4).unbind(0)
    outputs = (gates.new_empty if min(counts, default=0) == rows else gates.new_zeros)((time, members, rows, cells))
    saved = gates.new_empty(_SAVED, members, sum(counts) if keep else 0, cells)
    blocks = saved.split(counts, dim=-2) if keep else [None] * time
    scratch = gates.new_empty(6 * members * rows * cells)
    last_cell = cell.clone(memory_format=torch.contiguous_format)
    before, running = hidden, 0
    for step, (count, block, output) in enumerate(zip(counts, blocks, outputs.unbind(0), strict=True)):
        if count == 0:
            break
        if count != running:  # these views serve for as long as the number of rows is the same
            running = count
            work = scratch[: 6 * members * count * cells].view(6, members, count, cells)
            planes, products, c = work[:4], work[:4].flatten(0, 1), last_cell[:, :count]
        torch.mul(inputs[step][..., :count, :], scale, out=planes)
        products.baddbmm_(before[:, :count].expand(4, -1, -1, -1).reshape(-1, count, cells), recurrent)
        if standstill is not None:
            planes.add_(standstill[step, ..., :count, :])
        _advance(work, c, output[:, :count], block)
        before = output
    return outputs, _last_hidden(outputs, hidden, lengths), last_cell, saved


def _advance(work: Tensor, c: Tensor, h: Tensor, saved: Tensor | None) -> None:
    """From pre-activations in the first four planes of `work`: the cell in place, the hidden state, and derivatives."""
    i, f, g, o, written, squashed = work.unbind(0)
    work[:4].sigmoid_()
    g.mul_(2).sub_(1)
    torch.mul(i, g, out=written)
    c.mul_(f)
    if saved is not None:
        by_i, by_f, by_g, by_o, by_h, by_c = saved.unbind(0)
        torch.addcmul(written, written, i, value=-1, out=by_i)
        torch.addcmul(c, c, f, value=-1, out=by_f)
        torch.addcmul(i, written, g, value=-1, out=by_g)
        by_c.copy_(f)
    c.add_(written)
    torch.mul(c, 2, out=squashed)
    squashed.sigmoid_().mul_(2).sub_(1)
    torch.mul(o, squashed, out=h)
    if saved is not None:
        torch.addcmul(h, h, o, value=-1, out=by_o)
        torch.addcmul(o, h, squashed, value=-1, out=by_h)


def _last_hidden(outputs: Tensor, hidden: Tensor, lengths: Tensor | None) -> Tensor:
    """Each row's output at its last step, and where it has none the state it began with."""
    if lengths is None:
        return (outputs[-1] if len(outputs) else hidden).clone()
    if not len(outputs):
        return hidden.clone()
    lengths = lengths.to(outputs.device)
    return torch.where((lengths > 0)[..., None], outputs[_at((lengths - 1).clamp(min=0))], hidden)


def _at(steps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Index [time, members, rows] at one step of each member's each row."""
    members, rows = steps.shape
    return (
        steps,
        torch.arange(members, device=steps.device)[:, None].expand(members, rows),
        torch.arange(rows, device=steps.device).expand(members, rows),
    )


def _backward(
    weight: Tensor,
    hidden: Tensor,
    outputs: Tensor,
    saved: Tensor,
    lengths: Tensor | None,
    d_outputs: Tensor,
    d_last_hidden: Tensor,
    d_last_cell: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the gradients of gates, weight, hidden and cell, where outputs are [time, members, rows, cells]."""
    time, members, rows, cells = outputs.shape
    counts = _rows_by_step(lengths, time, rows)
    full = min(counts, default=0) == rows
    d_hidden = torch.cat([d_outputs.new_zeros(1, members, rows, cells), d_outputs])  # by step, from before the first
    at = -1 if lengths is None else _at(lengths.to(outputs.device))
    d_hidden[at] += d_last_hidden
    d_cell = d_last_cell.clone(memory_format=torch.contiguous_format)
    d_gates = (outputs.new_empty if full else outputs.new_zeros)((time, members, rows, 4 * cells))
    by_gate = d_gates.unflatten(-1, (4, cells)).permute(0, 3, 1, 2, 4)
    into_ifg, into_o = by_gate[:, :3].unbind(0), by_gate[:, 3].unbind(0)
    products, d_h = d_gates.unbind(0), d_hidden.unbind(0)
    blocks = saved.split(counts, dim=-2)
    for step in reversed(range(time)):
        count = counts[step]
        by_ifg, (by_o, by_h, by_c) = blocks[step][:3], blocks[step][3:].unbind(0)
        dh, dc = d_h[step + 1][:, :count], d_cell[:, :count]
        dc.addcmul_(dh, by_h)
        torch.mul(dh, by_o, out=into_o[step][:, :count])
        torch.mul(dc, by_ifg, out=into_ifg[step][..., :count, :])
        dc.mul_(by_c)
        d_h[step][:, :count].baddbmm_(products[step][:, :count], weight)
    previous = torch.cat([hidden[:, : counts[0]], *(h[:, :n] for h, n in zip(outputs, counts[1:], strict=False))], dim=1)
    if full and members == 1:
        flat = d_gates.view(1, time * rows, 4 * cells)
    else:
        flat = torch.cat([d[:, :n] for d, n in zip(products, counts, strict=True)], dim=1)
    return d_gates, flat.transpose(1, 2) @ previous, d_hidden[0], d_cell

"""The arithmetic of `baselines.kernels.lstm`: an LSTM layer's steps forward and backward, for stacked members.

Everything here works on plain tensors with an axis of members, in place on what it has made itself, and knows nothing
of autograd. Products and outputs have the type of the gates; states, and all that is done element by element, the
type of the cell.
"""

from __future__ import annotations

import torch
from torch import Tensor

# What a step keeps of its derivatives: gates i, f, g by cell; gate o by hidden; cell by hidden; cell before by cell.
_SAVED = 6


def forward(
    keep: bool, gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return outputs, last hidden, last cell and, if they are to be kept, derivatives.

    Gates are [time, members, rows, 4 * cells].
    """
    time, members, rows, _ = gates.shape
    cells = weight.shape[-1]
    scale = cell.new_tensor([1, 1, 2, 1]).view(4, 1, 1, 1)  # tanh(x) = 2 sigmoid(2x) - 1
    minus_one = cell.new_full((), -1)  # torch takes microseconds longer over a Python number
    recurrent = (weight.reshape(members, 4, cells, cells).permute(1, 0, 3, 2) * scale).contiguous().flatten(0, 1)
    recurrent = recurrent.to(gates.dtype)
    inputs = gates.reshape(time, members, rows, 4, cells).permute(0, 3, 1, 2, 4)
    outputs = gates.new_empty(time, members, rows, cells)
    saved = cell.new_empty(time if keep else 0, _SAVED, members, rows, cells)
    last_cell = cell.clone(memory_format=torch.contiguous_format)
    work = cell.new_empty(6, members, rows, cells)
    planes, products, parts = work[:4], work[:4].flatten(0, 1), (work[:4], *work.unbind(0))
    before = hidden
    for step, (read, output) in enumerate(zip(inputs.unbind(0), outputs.unbind(0), strict=True)):
        torch.mul(read, scale, out=planes)
        _add_product_(products, before.expand(4, -1, -1, -1).reshape(-1, rows, cells), recurrent)
        _advance(parts, last_cell, output, saved[step] if keep else None, minus_one)
        before = output
    return outputs, outputs[-1].to(hidden.dtype, copy=True), last_cell, saved


def _advance(parts: tuple[Tensor, ...], c: Tensor, h: Tensor, saved: Tensor | None, minus_one: Tensor) -> None:
    """From the four pre-activations, and room for two more: the cell in place, the hidden state, the derivatives."""
    planes, i, f, g, o, written, squashed = parts
    planes.sigmoid_()
    torch.add(minus_one, g, alpha=2, out=g)
    torch.mul(i, g, out=written)
    c.mul_(f)
    if saved is not None:
        by_i, by_f, by_g, by_o, by_h, by_c = saved.unbind(0)
        torch.addcmul(written, written, i, value=-1, out=by_i)
        torch.addcmul(c, c, f, value=-1, out=by_f)
        torch.addcmul(i, written, g, value=-1, out=by_g)
        by_c.copy_(f)
    c.add_(written)
    torch.add(c, c, out=squashed).sigmoid_()
    torch.add(minus_one, squashed, alpha=2, out=squashed)
    torch.mul(o, squashed, out=h)
    if saved is not None:
        torch.addcmul(h, h, o, value=-1, out=by_o)
        torch.addcmul(o, h, squashed, value=-1, out=by_h)


def _add_product_(sums: Tensor, a: Tensor, b: Tensor) -> None:
    """Add the products a b, computed in the type of b, to the sums."""
    if b.dtype == sums.dtype:
        sums.baddbmm_(a.to(b.dtype), b)
    else:
        sums += torch.bmm(a.to(b.dtype), b)


def backward(
    weight: Tensor,
    hidden: Tensor,
    outputs: Tensor,
    saved: Tensor,
    d_outputs: Tensor,
    d_last_hidden: Tensor,
    d_last_cell: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the gradients of gates, weight, hidden and cell, where outputs are [time, members, rows, cells]."""
    time, members, rows, cells = outputs.shape
    # By step, from before the first; sums over many steps, so they have the type of the states.
    d_hidden = torch.cat([saved.new_zeros(1, members, rows, cells), d_outputs.to(saved.dtype)])
    d_hidden[-1] += d_last_hidden
    d_cell = d_last_cell.clone(memory_format=torch.contiguous_format)
    d_gates = outputs.new_empty(time, members, rows, 4 * cells)
    by_gate = d_gates.view(time, members, rows, 4, cells).permute(0, 3, 1, 2, 4)
    into_ifg, into_o = by_gate[:, :3].unbind(0), by_gate[:, 3].unbind(0)
    products, d_h = d_gates.unbind(0), d_hidden.unbind(0)
    recurrent = weight.to(outputs.dtype)
    for step in reversed(range(time)):
        by_ifg, (by_o, by_h, by_c) = saved[step, :3], saved[step, 3:].unbind(0)
        dh = d_h[step + 1]
        d_cell.addcmul_(dh, by_h)
        torch.mul(dh, by_o, out=into_o[step])
        torch.mul(d_cell, by_ifg, out=into_ifg[step])
        d_cell.mul_(by_c)
        _add_product_(d_h[step], products[step], recurrent)
    befores = torch.cat([hidden[None].to(outputs.dtype), outputs[:-1]])
    d_weight = _by_member(d_gates).transpose(1, 2) @ _by_member(befores)
    return d_gates, d_weight.to(weight.dtype), d_hidden[0].clone(), d_cell


def _by_member(x: Tensor) -> Tensor:
    """[members, time * rows, ...] of [time, members, rows, ...]; of one member without a copy."""
    return x.transpose(0, 1).flatten(1, 2)

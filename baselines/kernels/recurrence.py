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


def _rows_by_step(lengths: Tensor | None, time: int, rows: int) -> list[int]:
    """How many rows, from the first, still run at each step in at least one member."""
    if lengths is None:
        return [rows] * time
    if lengths.shape[-1] != rows or bool((lengths.diff(dim=-1) > 0).any()):
        raise ValueError(f"lengths must be {rows} numbers in descending order, not {lengths.tolist()}")
    if lengths.numel() and not 0 <= int(lengths.min()) <= int(lengths.max()) <= time:
        raise ValueError(f"lengths must lie between 0 and the {time} steps of the gates, not {lengths.tolist()}")
    return (lengths[..., None] > torch.arange(time)).sum(-2).amax(0).tolist()


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


def forward(
    keep: bool, gates: Tensor, weight: Tensor, hidden: Tensor, cell: Tensor, lengths: Tensor | None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return outputs, last hidden, last cell and, if they are to be kept, derivatives.

    Gates are [time, members, rows, 4 * cells].
    """
    time, members, rows, _ = gates.shape
    cells = weight.shape[-1]
    counts = _rows_by_step(lengths, time, rows)
    standstill = _standstill(lengths, gates)
    scale = cell.new_tensor([1, 1, 2, 1]).view(4, 1, 1, 1)  # tanh(x) = 2 sigmoid(2x) - 1
    minus_one = cell.new_full((), -1)  # torch takes microseconds longer over a Python number
    recurrent = (weight.reshape(members, 4, cells, cells).permute(1, 0, 3, 2) * scale).contiguous().flatten(0, 1)
    recurrent = recurrent.to(gates.dtype)
    inputs = gates.reshape(time, members, rows, 4, cells).permute(0, 3, 1, 2, 4).unbind(0)
    outputs = (gates.new_empty if min(counts) == rows else gates.new_zeros)((time, members, rows, cells))
    saved = cell.new_empty(_SAVED, members, sum(counts) if keep else 0, cells)
    blocks = torch.split_with_sizes(saved, counts, dim=-2) if keep else [None] * time
    scratch = cell.new_empty(6 * members * rows * cells)
    last_cell = cell.clone(memory_format=torch.contiguous_format)
    before, running = hidden, 0
    for step, (count, block, output) in enumerate(zip(counts, blocks, outputs.unbind(0), strict=True)):
        if count == 0:
            break
        if count != running:  # these views serve for as long as the number of rows is the same
            running = count
            work = scratch[: 6 * members * count * cells].view(6, members, count, cells)
            planes, products, c = work[:4], work[:4].flatten(0, 1), _first(last_cell, count)
            parts = (planes, *work.unbind(0))
        torch.mul(_first(inputs[step], count), scale, out=planes)
        _add_product_(products, _first(before, count).expand(4, -1, -1, -1).reshape(-1, count, cells), recurrent)
        if standstill is not None:
            planes.add_(_first(standstill[step], count))
        _advance(parts, c, _first(output, count), block, minus_one)
        before = output
    return outputs, _last_hidden(outputs, hidden, lengths), last_cell, saved


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


def _first(x: Tensor, count: int) -> Tensor:
    """The first rows of [..., rows, cells]; without a view, which costs as much as a small product, if it is all."""
    return x if x.shape[-2] == count else x.narrow(-2, 0, count)


def _last_hidden(outputs: Tensor, hidden: Tensor, lengths: Tensor | None) -> Tensor:
    """Each row's output at its last step, and where it has none the state it began with."""
    if lengths is None:
        return outputs[-1].to(hidden.dtype, copy=True)
    lengths = lengths.to(outputs.device)
    return torch.where((lengths > 0)[..., None], outputs[_at((lengths - 1).clamp(min=0))].to(hidden.dtype), hidden)


def _at(steps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Index [time, members, rows] at one step of each member's each row."""
    members, rows = steps.shape
    return (
        steps,
        torch.arange(members, device=steps.device)[:, None].expand(members, rows),
        torch.arange(rows, device=steps.device).expand(members, rows),
    )


def backward(
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
    full = min(counts) == rows
    # By step, from before the first; sums over many steps, so they have the type of the states.
    d_hidden = torch.cat([saved.new_zeros(1, members, rows, cells), d_outputs.to(saved.dtype)])
    at = -1 if lengths is None else _at(lengths.to(outputs.device))
    d_hidden[at] += d_last_hidden
    d_cell = d_last_cell.clone(memory_format=torch.contiguous_format)
    d_gates = (outputs.new_empty if full else outputs.new_zeros)((time, members, rows, 4 * cells))
    by_gate = d_gates.view(time, members, rows, 4, cells).permute(0, 3, 1, 2, 4)
    into_ifg, into_o = by_gate[:, :3].unbind(0), by_gate[:, 3].unbind(0)
    products, d_h = d_gates.unbind(0), d_hidden.unbind(0)
    recurrent = weight.to(outputs.dtype)
    blocks = torch.split_with_sizes(saved, counts, dim=-2)
    for step in reversed(range(time)):
        count = counts[step]
        by_ifg, (by_o, by_h, by_c) = blocks[step][:3], blocks[step][3:].unbind(0)
        dh, dc = _first(d_h[step + 1], count), _first(d_cell, count)
        dc.addcmul_(dh, by_h)
        torch.mul(dh, by_o, out=_first(into_o[step], count))
        torch.mul(dc, by_ifg, out=_first(into_ifg[step], count))
        dc.mul_(by_c)
        _add_product_(_first(d_h[step], count), _first(products[step], count), recurrent)
    befores = [_first(x, n) for x, n in zip((hidden.to(outputs.dtype), *outputs.unbind(0)), counts, strict=False)]
    if full and members == 1:  # nothing to leave out or to move: no copy
        flat = d_gates.view(1, time * rows, 4 * cells)
    else:
        flat = torch.cat([_first(d, n) for d, n in zip(products, counts, strict=True)], dim=1)
    d_weight = flat.transpose(1, 2) @ torch.cat(befores, dim=1)
    return d_gates, d_weight.to(weight.dtype), d_hidden[0].clone(), d_cell

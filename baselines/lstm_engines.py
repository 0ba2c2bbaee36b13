"""What an LSTM layer runs on: torch's own fused layer, or plain products step by step.

The choice is a rule of what the machine can do, never a race, so a run that goes on ends in the same bits.

    a stack of models        step by step: torch's layer cannot be batched
    a GPU                    torch's, which is cuDNN's; never run on one
    a processor, float32     torch's, which is oneDNN's
    a processor, bfloat16    torch's where oneDNN has it (x86-64 with AVX-512), else step by step, products emulated
"""

from __future__ import annotations

from typing import Any, Literal

import torch
from torch import Tensor

from baselines.products import wide
from baselines.recurrent import Inputs
from l2e.learner import models_are_stacked

Engine = Literal["oneDNN", "cuDNN", "torch", "steps"]

BFLOAT16_LAYER = ("avx512_bw", "avx512_vl", "avx512_dq")  # what torch itself asks for before it calls oneDNN


def engine_for(dtype: torch.dtype, device: torch.device) -> Engine:
    """What layers with products of a type run on; all but "steps" are torch's layer, by what torch calls there."""
    if models_are_stacked():
        return "steps"
    if device.type == "cpu" and dtype == torch.bfloat16:
        capabilities = torch.cpu.get_capabilities()
        return "oneDNN" if all(capabilities.get(feature) for feature in BFLOAT16_LAYER) else "steps"
    if device.type == "cpu" and dtype == torch.float32 and torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return "oneDNN"
    return "cuDNN" if device.type == "cuda" else "torch"


def run_lstm_layer(inputs: Inputs, weight: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Run one layer on what suits the machine.

    Args:
        inputs: what it reads; the type of their table is that of all products.
        weight: [4 * cells, cells], recurrent, in the order i, f, g, o.
        hidden: [rows, cells], before the first step.
        cell: [rows, cells], before the first step.

    Returns:
        Outputs [time, rows, cells] in the type of products, and the hidden and cell state after the last step, each
        [rows, cells] in the type of the first ones.
    """
    run = step_by_step if engine_for(inputs.table.dtype, weight.device) == "steps" else fused
    outputs, last_hidden, last_cell = run(inputs, weight, hidden, cell)
    return outputs.to(inputs.table.dtype), last_hidden.to(hidden.dtype), last_cell.to(cell.dtype)


def fused(inputs: Inputs, weight: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Torch's layer, which multiplies what it reads itself: a table's row is read as a one-hot vector.

    Where a batch has fewer symbols than the layer has cells, that is a smaller product than with their embeddings.
    """
    read, weights, dtype = [], [], inputs.table.dtype
    if inputs.below is not None and inputs.weight is not None:
        read.append(inputs.below.to(dtype))
        weights.append(inputs.weight.to(dtype))
    recurrent = weight.to(dtype)
    if inputs.codes is None:
        bias = inputs.table[0]
        parameters = [weights[0], recurrent, bias, torch.zeros_like(bias)]
    else:
        read.append(one_hot(inputs.codes, len(inputs.table), dtype))
        parameters = [torch.cat([*weights, inputs.table.T], 1), recurrent]
    state = (hidden[None].to(dtype), cell[None].to(dtype))
    layers: Any = torch._VF
    outputs, last_hidden, last_cell = layers.lstm(
        torch.cat(read, 2), state, parameters, len(parameters) == 4, 1, 0.0, torch.is_grad_enabled(), False, False
    )
    return outputs, last_hidden[0], last_cell[0]


def step_by_step(inputs: Inputs, weight: Tensor, hidden: Tensor, cell: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Plain products and sums, which `torch.vmap` can batch; what is carried is rounded to the type of products.

    So does torch's layer: whatever it runs on, a network is the same up to the order in which numbers are added.
    """
    recurrent, steps = weight.to(inputs.table.dtype).T, []
    hidden, cell = hidden.to(recurrent.dtype), cell.to(recurrent.dtype)
    for products in wide(inputs.products()).unbind(0):
        gates = products + wide(hidden @ recurrent)
        i, f, g, o = gates.chunk(4, -1)
        wide_cell = torch.addcmul(f.sigmoid() * wide(cell), i.sigmoid(), g.tanh())
        hidden, cell = (o.sigmoid() * wide_cell.tanh()).to(recurrent.dtype), wide_cell.to(recurrent.dtype)
        steps.append(hidden)
    return torch.stack(steps), hidden, cell


def products_of_step(inputs: Inputs, weight: Tensor, hidden: Tensor) -> Tensor:
    """What the gates of a single step are computed from [rows, 4 * cells], rounded as `run_lstm_layer` does."""
    recurrent = weight.to(inputs.table.dtype).T
    return wide(inputs.products()[0]) + wide(hidden.to(recurrent.dtype) @ recurrent)


def one_hot(codes: Tensor, n: int, dtype: torch.dtype) -> Tensor:
    """Vectors [..., n] with a 1 at each code's place; torch's own looks at all codes first, and has integers."""
    return torch.zeros(*codes.shape, n, dtype=dtype, device=codes.device).scatter_(-1, codes[..., None], 1)

"""The precision of matrix products: float32, or bfloat16 where the processor supports it.

Parameters, losses and states between batches are float32. Within a batch torch's fused layers round states as they
round products; see `baselines.lstm_engines`.
"""

from __future__ import annotations

import os
from contextlib import suppress

import torch

from l2e.experiments.recipes import Precision, Recipe, ResolvedPrecision

VARIABLE = "L2E_PRECISION"


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 faster than float32."""
    if device.type == "cuda":
        return torch.cuda.is_available() and bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def device_named(name: str) -> torch.device:
    """The device of a name such as cpu or cuda:1, whether or not this machine has it.

    Raises:
        ValueError: there is no such device.
    """
    with suppress(RuntimeError):
        device = torch.device(name)
        if device.type != "meta" and not (device.type == "cpu" and device.index):  # neither of which torch refuses
            return device
    raise ValueError(f"there is no device {name!r}; legal: cpu, cuda, or cuda:0 and so on")


def resolved(precision: Precision, device: torch.device) -> ResolvedPrecision:
    """What a precision means on a device: `auto` is bfloat16 where the device supports it, unless L2E_PRECISION is set.

    Raises:
        ValueError: the environment variable is neither.
    """
    if precision != "auto":
        return precision
    said = os.environ.get(VARIABLE)
    if not said:
        return "bfloat16" if has_bfloat16(device) else "float32"
    if said == "float32":
        return "float32"
    if said == "bfloat16":
        return "bfloat16"
    raise ValueError(f"the environment's {VARIABLE} is {said!r}; legal: float32, bfloat16")


def resolved_for(recipe: Recipe, device: torch.device) -> Recipe:
    """The recipe with its precision resolved for a device."""
    return recipe.model_copy(update={"precision": resolved(recipe.precision, device)})


def product_type(precision: Precision, device: torch.device) -> torch.dtype:
    """The dtype of matrix products."""
    return torch.bfloat16 if resolved(precision, device) == "bfloat16" else torch.float32


def products_in(precision: Precision, device: torch.device) -> torch.autocast:
    """A context in which linear layers, products and recurrent layers compute in the precision."""
    dtype = product_type(precision, device)
    # A float32 product needs no casting; CUDA's TF32 is left as the user has set it.
    return torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16)


def wide(x: torch.Tensor) -> torch.Tensor:
    """The tensor in float32, or in its own type if that has more bits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))

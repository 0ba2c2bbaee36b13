"""The type in which products are computed: float32, or bfloat16 where the processor has it.

Parameters, losses and what networks carry from step to step stay in float32; an LSTM's hidden state, which is read by
products alone, is rounded as they round it.
"""

from __future__ import annotations

import torch

from l2e.recipes import Precision


def has_bfloat16(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 faster than float32."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    return False


def product_type(precision: Precision, device: torch.device) -> torch.dtype:
    """What a precision means on a device: `auto` is bfloat16 where the device has it."""
    if precision == "auto":
        return torch.bfloat16 if has_bfloat16(device) else torch.float32
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


def name_of(dtype: torch.dtype) -> str:
    """A type as recipes call it.

    >>> name_of(torch.bfloat16)
    'bfloat16'
    """
    return str(dtype).removeprefix("torch.")


def products_in(precision: Precision, device: torch.device) -> torch.autocast:
    """A context in which linear layers, products and our kernels multiply in the precision's type."""
    dtype = product_type(precision, device)
    # A float32 product needs no casting; CUDA's TF32 is left as the user has set it.
    return torch.autocast(device.type, torch.bfloat16, enabled=dtype == torch.bfloat16)


def wide(x: torch.Tensor) -> torch.Tensor:
    """The tensor in float32, or in its own type if that has more bits."""
    return x.to(torch.promote_types(x.dtype, torch.float32))

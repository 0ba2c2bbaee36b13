"""Activation functions of hidden units, by name.

relu6      min(max(x, 0), 6)                                  (Krizhevsky 2010)
crelu      max(x, 0) and max(-x, 0) side by side: two cells for one number (Shang et al. 2016)
elu        x above zero, exp(x) - 1 below                     (Clevert et al. 2015)
softplus   ln(1 + exp(x))                                     (Dugas et al. 2001)
softsign   x / (1 + |x|)                                      (Bergstra et al. 2009)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

VANISHES = -1e4  # the softplus of it is 0, to the bit in every type


class Activation(NamedTuple):
    """A function of hidden units.

    Attributes:
        apply: it, to numbers [..., n]; gives [..., n·cells].
        cells: how many come of one number.
        still: what it makes 0 of, exactly.
    """

    apply: Callable[[Tensor], Tensor]
    cells: int = 1
    still: float = 0.0


def crelu(x: Tensor) -> Tensor:
    """What is above zero, then what is below.

    >>> crelu(torch.tensor([2.0, -3.0]))
    tensor([2., 0., 0., 3.])
    """
    return torch.cat([x.relu(), (-x).relu()], -1)


ACTIVATIONS = {
    "crelu": Activation(crelu, cells=2),
    "elu": Activation(functional.elu),
    "relu": Activation(torch.relu),
    "relu6": Activation(functional.relu6),
    "softplus": Activation(functional.softplus, still=VANISHES),
    "softsign": Activation(functional.softsign),
    "tanh": Activation(torch.tanh),
}

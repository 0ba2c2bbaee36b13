"""How many steps each position of a recurrent stack takes: adaptive computation time (Graves 2016, section 2).

After each step n a unit gives the probability that a position halts there. It halts at the first step N at which the
probabilities, added up, pass a threshold, or at the last step allowed; what is left of 1 then is the remainder:

    p_n = sigmoid(w s_n + b)     N = min {n : p_1 + ... + p_n > threshold}
    weight_n = p_n for n < N,    weight_N = 1 - (p_1 + ... + p_(N-1)),    0 for n > N
    result = weight_1 s_1 + weight_2 s_2 + ...

As in the universal transformer (Dehghani et al. 2018, section 2.2), the state of a position that has halted is copied
from step to step, so that others still see it. Gradients flow through the weights. There is no ponder cost: nothing
makes a position halt early but the answers. All steps are computed for all positions, so halting saves no time here.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn


class Halting(nn.Module):
    """Halts each position by itself.

    Args:
        cells: width of a state.
        threshold: of the probabilities' sum; Graves' 1 - ε.

    Raises:
        ValueError: a threshold that is not above 0 and at most 1.
    """

    def __init__(self, cells: int, threshold: float) -> None:
        super().__init__()
        if not 0 < threshold <= 1:
            raise ValueError(f"threshold must be above 0 and at most 1, not {threshold}")
        self.threshold = threshold
        self.unit = nn.Linear(cells, 1)
        nn.init.ones_(self.unit.bias)  # Graves': few steps at first

    def forward(self, state: Tensor, total: Tensor, last: bool) -> tuple[Tensor, Tensor]:
        """Weigh a state.

        Args:
            state: [rows, time, cells] after a step.
            total: [rows, time, 1], the weights of the steps before.
            last: no step follows.

        Returns:
            The step's weights and whether it is the last, each [rows, time, 1], where the position still runs.
        """
        chance = self.unit(state).sigmoid()
        halts = (total + chance > self.threshold) | last
        return torch.where(halts, 1 - total, chance), halts


class AllSteps(nn.Module):
    """Every position takes all steps, and the last state is the result."""

    def forward(self, state: Tensor, total: Tensor, last: bool) -> tuple[Tensor, Tensor]:
        """All weight on the last state, as `Halting.forward`."""
        halts = torch.full_like(state[..., :1], last)
        return halts, halts.bool()


def take_steps(
    step: Callable[[int, Tensor], Tensor], first: Tensor, steps: int, halting: Halting | AllSteps
) -> tuple[Tensor, Tensor]:
    """Step again and again.

    Args:
        step: takes the number of the step, from 0, and states [rows, time, cells]; gives the next.
        first: the states before.
        steps: at most.
        halting: weighs the states.

    Returns:
        The mixed states [rows, time, cells], and the weights [steps, rows, time, 1], which add up to 1.
    """
    state, total = first, torch.zeros_like(first[..., :1])
    runs = torch.ones_like(total, dtype=torch.bool)
    states, weights = [], []
    for number in range(steps):
        state = torch.where(runs, step(number, state), state)
        weight, halts = halting(state, total, number == steps - 1)
        weight = torch.where(runs, weight, 0)
        total, runs = total + weight, runs & ~halts
        states.append(state)
        weights.append(weight)
    mixed = torch.stack(weights)
    return (mixed * torch.stack(states)).sum(0), mixed

"""Adaptive computation time, position by position as Graves writes it."""

import pytest
import torch
from torch import Tensor, nn

from baselines.halting import AllSteps, Halting, take_steps

STEPS, CELLS = 6, 4


def made(threshold: float = 0.9) -> Halting:
    torch.manual_seed(0)
    halting = Halting(CELLS, threshold).double()
    nn.init.normal_(halting.unit.weight)
    nn.init.constant_(halting.unit.bias, -2.0)
    return halting


def step(number: int, state: Tensor) -> Tensor:
    return (1.7 * state + number).sin()


def states(rows: int = 7, time: int = 5) -> Tensor:
    return torch.randn(rows, time, CELLS, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def one_position(halting: Halting, state: Tensor) -> tuple[Tensor, list[float]]:
    """The mixed state of one position [cells], and its weights up to the halt."""
    mixed, weights = torch.zeros(CELLS).double(), list[float]()
    for number in range(STEPS):
        state = step(number, state)
        chance = float(halting.unit(state).sigmoid())
        if sum(weights) + chance > halting.threshold or number == STEPS - 1:
            remainder = 1 - sum(weights)
            return mixed + remainder * state, [*weights, remainder]
        mixed = mixed + chance * state
        weights.append(chance)
    raise AssertionError


@torch.no_grad()
def test_every_position_halts_by_itself_as_the_equations_have_it() -> None:
    halting, first = made(), states()
    mixed, weights = take_steps(step, first, STEPS, halting)
    taken = set()
    for row in range(7):
        for place in range(5):
            expected, shares = one_position(halting, first[row, place])
            torch.testing.assert_close(mixed[row, place], expected)
            padded = shares + [0.0] * (STEPS - len(shares))
            assert weights[:, row, place, 0].tolist() == pytest.approx(padded)
            taken.add(len(shares))
    assert len(taken) > 2
    assert STEPS in taken


def test_weights_add_up_to_one_and_none_is_negative() -> None:
    for halting in (made(0.5), made(1.0), AllSteps()):
        _, weights = take_steps(step, states(), STEPS, halting)
        torch.testing.assert_close(weights.sum(0), torch.ones(7, 5, 1).double())
        assert (weights >= 0).all()


def test_a_halted_state_stands_still_for_those_who_look_at_it() -> None:
    seen: list[Tensor] = []

    def noting(number: int, state: Tensor) -> Tensor:
        seen.append(state)
        return step(number, state)

    _, weights = take_steps(noting, states(), STEPS, made())
    halted = weights[4, ..., 0] == 0  # no weight on the fifth step: halted before it
    assert halted.any()
    assert not halted.all()
    assert seen[5][halted].equal(seen[4][halted])
    assert not seen[5][~halted].equal(seen[4][~halted])


def test_without_halting_the_last_state_is_the_result() -> None:
    state = states()
    for number in range(STEPS):
        state = step(number, state)
    assert take_steps(step, states(), STEPS, AllSteps())[0].equal(state)


def test_gradients_reach_the_unit_through_weights() -> None:
    halting = made()
    take_steps(step, states(), STEPS, halting)[0].square().sum().backward()
    assert halting.unit.weight.grad.abs().min() > 0

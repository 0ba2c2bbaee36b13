"""The Elman network's activations and the biases of its first step, against its equation one row and step at a time."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from baselines.activations import ACTIVATIONS
from baselines.elman import StackedElman

SYMBOLS, CELLS = 7, 6
FORMULAS: dict[str, Callable[[float], list[float]]] = {
    "relu": lambda x: [max(x, 0)],
    "relu6": lambda x: [min(max(x, 0), 6)],
    "crelu": lambda x: [max(x, 0), max(-x, 0)],
    "elu": lambda x: [x if x > 0 else math.exp(x) - 1],
    "softplus": lambda x: [math.log(1 + math.exp(x))],
    "softsign": lambda x: [x / (1 + abs(x))],
    "tanh": lambda x: [math.tanh(x)],
}
each_activation = pytest.mark.parametrize("activation", ACTIVATIONS)


def drawn(activation: str = "tanh", layers: int = 2, first_biases: bool = False) -> StackedElman:
    torch.manual_seed(0)
    stack = StackedElman(SYMBOLS, CELLS, layers, activation, first_biases=first_biases).double()
    for parameter in stack.parameters():
        parameter.detach().normal_(std=0.5)
    return stack


def by_the_equation(stack: StackedElman, symbols: list[int]) -> Tensor:
    """The top layer's h_t [time, cells]."""
    assert stack.embedding is not None
    below = [stack.embedding[symbol] for symbol in symbols]
    for layer in range(stack.layers):
        h, above = torch.zeros(CELLS).double(), []
        for t, x in enumerate(below):
            first = t == 0 and stack.bias_first is not None
            bias = stack.bias_first[layer] if first and stack.bias_first is not None else stack.bias_ih[layer]
            h = stack.activate(stack.weight_ih[layer] @ x + stack.weight_hh[layer] @ h + bias)
            above.append(h)
        below = above
    return torch.stack(below)


@each_activation
@pytest.mark.parametrize("x", [-7.0, -0.5, 0.0, 0.5, 7.0])
def test_an_activation_is_its_formula(activation: str, x: float) -> None:
    assert ACTIVATIONS[activation].apply(torch.tensor([x]).double()).tolist() == pytest.approx(FORMULAS[activation](x))


@each_activation
def test_what_leaves_a_state_at_zero_does_so_to_the_bit(activation: str) -> None:
    apply, cells, still = ACTIVATIONS[activation]
    for dtype in (torch.float32, torch.float64, torch.bfloat16):
        assert apply(torch.full((3,), still, dtype=dtype)).tolist() == [0.0] * 3 * cells


@each_activation
@pytest.mark.parametrize("first_biases", [False, True])
@torch.no_grad()
def test_the_stack_computes_the_equation_and_rows_of_other_lengths_leave_no_trace(
    activation: str, first_biases: bool
) -> None:
    stack = drawn(activation, first_biases=first_biases)
    rows = [[3, 1, 4, 1, 5], [2, 6], [5]]
    for row in rows:
        torch.testing.assert_close(stack(torch.tensor([row]).T)[0][:, 0], by_the_equation(stack, row))
    padded = torch.tensor([row + [0] * (5 - len(row)) for row in rows])
    [state] = stack.read(padded.T, torch.tensor([5, 2, 1]))
    for row, symbols in enumerate(rows):
        torch.testing.assert_close(state[-1, row], by_the_equation(stack, symbols)[-1])


@torch.no_grad()
def test_text_that_goes_on_has_no_first_step() -> None:
    stack = drawn(first_biases=True)
    symbols = torch.tensor([[3, 1, 4, 1, 5]]).T
    _, state = stack(symbols[:2])
    torch.testing.assert_close(stack(symbols[2:], state)[0], stack(symbols)[0][2:])


def test_at_first_the_first_step_is_like_any_other() -> None:
    torch.manual_seed(0)
    plain = StackedElman(SYMBOLS, CELLS, 2)
    torch.manual_seed(0)
    own = StackedElman(SYMBOLS, CELLS, 2, first_biases=True)
    symbols = torch.tensor([[3, 1, 4]]).T
    assert plain(symbols)[0].equal(own(symbols)[0])

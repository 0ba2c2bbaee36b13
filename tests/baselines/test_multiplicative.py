"""The multiplicative RNN against its equations, written out one row and one step at a time."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from baselines.multiplicative import Multiplicative, StackedMultiplicative

SYMBOLS, CELLS = 7, 5


def drawn(layers: int, embedded: bool) -> StackedMultiplicative:
    torch.manual_seed(0)
    stack = StackedMultiplicative(SYMBOLS, CELLS, layers, embedded=embedded).double()
    for parameter in stack.parameters():
        parameter.detach().normal_()
    return stack


def by_the_equations(stack: StackedMultiplicative, symbols: list[int]) -> Tensor:
    """The top layer's h_t [time, cells]."""
    embedded = torch.eye(SYMBOLS).double() if stack.embedding is None else stack.embedding
    below = [embedded[symbol] for symbol in symbols]
    for layer in range(stack.layers):
        w_hx, w_fx = stack.weight_ih[layer][:CELLS], stack.weight_ih[layer][CELLS:]
        w_hf, w_fh = stack.weight_hh[layer][:CELLS], stack.weight_hh[layer][CELLS:]
        b_h, b_f = stack.bias_ih[layer][:CELLS], stack.bias_ih[layer][CELLS:]
        h, above = torch.zeros(CELLS).double(), []
        for x in below:
            f = torch.diag(w_fx @ x + b_f) @ w_fh @ h
            h = torch.tanh(w_hf @ f + w_hx @ x + b_h)
            above.append(h)
        below = above
    return torch.stack(below)


@pytest.mark.parametrize("embedded", [True, False])
@pytest.mark.parametrize("layers", [1, 2])
@torch.no_grad()
def test_the_stack_computes_the_papers_equations(layers: int, embedded: bool) -> None:
    stack = drawn(layers, embedded)
    rows = [[3, 1, 4, 1, 5], [2, 6, 5, 3, 0]]
    outputs, _ = stack(torch.tensor(rows).T)
    for row, symbols in enumerate(rows):
        torch.testing.assert_close(outputs[:, row], by_the_equations(stack, symbols))


@torch.no_grad()
def test_a_character_chooses_the_recurrent_weights() -> None:
    stack = drawn(1, embedded=False)
    stack.weight_ih[0][:CELLS] = 0  # so that the character has no say but by the factors
    first, second = (stack(torch.tensor([[1], [symbol]]))[0][-1] for symbol in (2, 3))
    assert not first.allclose(second)
    stack.weight_ih[0][CELLS:] = 0  # one and the same weights for every character
    first, second = (stack(torch.tensor([[1], [symbol]]))[0][-1] for symbol in (2, 3))
    torch.testing.assert_close(first, second)


def test_factors_begin_near_one() -> None:
    stack = Multiplicative(SYMBOLS, cells=CELLS, layers=2).stack
    assert [bias.tolist() for bias in stack.bias_ih] == [[0.0] * CELLS + [1.0] * CELLS] * 2

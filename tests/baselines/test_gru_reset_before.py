"""The gated recurrent units are those of the published equations, as lectures show them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from baselines.gru import GRU, StackedGRU
from baselines.gru_reset_before import StackedGRUResetBefore
from l2e.vocabulary import SYMBOLS as ALL_SYMBOLS

SYMBOLS, CELLS = 7, 5
KINDS = ("weight_ih", "weight_hh", "bias_ih")


def made(layers: int = 1, skip: bool = False) -> StackedGRUResetBefore:
    torch.manual_seed(0)
    stack = StackedGRUResetBefore(SYMBOLS, CELLS, layers, skip=skip).double()
    for parameter in stack.parameters():
        nn.init.normal_(parameter)
    return stack


def one_layer(stack: StackedGRUResetBefore, layer: int, inputs: Tensor, h: Tensor) -> Tensor:
    """Outputs [time, rows, cells] by the equations of a lecture, in its letters, on inputs [time, rows, width]."""
    (w_xr, w_xz, w_xh), (w_hr, w_hz, w_hh), (b_r, b_z, b_h) = (getattr(stack, kind)[layer].chunk(3) for kind in KINDS)
    outputs = []
    for x in inputs:
        r = torch.sigmoid(x @ w_xr.T + h @ w_hr.T + b_r)
        z = torch.sigmoid(x @ w_xz.T + h @ w_hz.T + b_z)
        candidate = torch.tanh(x @ w_xh.T + (r * h) @ w_hh.T + b_h)
        h = z * h + (1 - z) * candidate
        outputs.append(h)
    return torch.stack(outputs)


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9))
def test_outputs_and_state_are_those_of_the_equations(layers: int, rows: int, time: int) -> None:
    stack = made(layers)
    symbols, state = torch.randint(SYMBOLS, (time, rows)), torch.randn(layers, rows, CELLS).double()
    outputs, (after,) = stack(symbols, (state,))
    expected = stack.embedding[symbols]
    for layer in range(layers):
        expected = one_layer(stack, layer, expected, state[layer])
        torch.testing.assert_close(after[layer], expected[-1])
    torch.testing.assert_close(outputs, expected)


def test_gradients_are_those_of_the_equations() -> None:
    stack = made()
    symbols, weights = torch.randint(SYMBOLS, (6, 3)), torch.randn(6, 3, CELLS).double()
    expected = one_layer(stack, 0, stack.embedding[symbols], torch.zeros(3, CELLS).double())
    parameters = list(stack.parameters())
    ours, theirs = (
        torch.autograd.grad((outputs * weights).sum(), parameters) for outputs in (stack(symbols)[0], expected)
    )
    torch.testing.assert_close(ours, theirs)


def test_an_update_gate_that_multiplies_the_candidate_is_the_same_with_the_other_sign() -> None:
    """As Chung et al. 2014 and the lectures after them write it: u = 1 - z."""
    stack = made()
    symbols = torch.randint(SYMBOLS, (6, 3))
    (w_r, w_u, w), (u_r, u_u, u), (b_r, b_u, b) = (getattr(stack, kind)[0].chunk(3) for kind in KINDS)
    h, expected = torch.zeros(3, CELLS).double(), []
    for x in stack.embedding[symbols]:
        reset = torch.sigmoid(x @ w_r.T + h @ u_r.T + b_r)
        update = torch.sigmoid(-(x @ w_u.T + h @ u_u.T + b_u))
        h = update * torch.tanh(x @ w.T + (reset * h) @ u.T + b) + (1 - update) * h
        expected.append(h)
    torch.testing.assert_close(stack(symbols)[0], torch.stack(expected))


def test_with_skip_connections_the_second_layer_reads_the_first_and_the_symbol() -> None:
    stack = made(2, skip=True)
    symbols, zero = torch.randint(SYMBOLS, (6, 3)), torch.zeros(3, CELLS).double()
    first = one_layer(stack, 0, embedded := stack.embedding[symbols], zero)
    second = one_layer(stack, 1, torch.cat([first, embedded], 2), zero)
    torch.testing.assert_close(stack(symbols)[0], torch.cat([first, second], 2))


def test_it_matters_where_the_reset_gate_is_applied() -> None:
    before = made()
    after = StackedGRU(SYMBOLS, CELLS, 1).double()
    after.load_state_dict({**before.state_dict(), "bias_hh.0": torch.zeros(3 * CELLS)})
    symbols = torch.randint(SYMBOLS, (6, 3))
    torch.testing.assert_close(after(symbols)[0][0], before(symbols)[0][0])  # nothing is remembered yet
    assert not after(symbols)[0][-1].allclose(before(symbols)[0][-1])


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
def test_the_number_of_parameters_is_the_documented_one(layers: int, skip: bool) -> None:
    with torch.device("meta"):
        learner = GRU(ALL_SYMBOLS, n := 64, layers, skip=skip, reset="before")
    documented = ALL_SYMBOLS * n + layers * (6 * n**2 + 3 * n) + skip * (layers - 1) * 3 * n**2
    documented += ALL_SYMBOLS * ((layers if skip else 1) * n + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented

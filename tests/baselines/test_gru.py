"""The two forms of gated recurrent units, and the sign of their update gate."""

from __future__ import annotations

import torch
from torch import nn

from baselines.gru import StackedGRU, StackedGRUResetBefore

SYMBOLS, CELLS = 7, 5


def made() -> StackedGRUResetBefore:
    torch.manual_seed(0)
    stack = StackedGRUResetBefore(SYMBOLS, CELLS, 1).double()
    for parameter in stack.parameters():
        nn.init.normal_(parameter)
    return stack


def test_an_update_gate_that_multiplies_the_candidate_is_the_same_with_the_other_sign() -> None:
    """As Chung et al. 2014 and the lectures after them write it: u = 1 - z."""
    stack = made()
    symbols = torch.randint(SYMBOLS, (6, 3))
    (w_r, w_u, w), (u_r, u_u, u), (b_r, b_u, b) = (
        part[0].chunk(3) for part in (stack.weight_ih, stack.weight_hh, stack.bias_ih)
    )
    h, expected = torch.zeros(3, CELLS).double(), []
    for x in stack.embedding[symbols]:
        reset = torch.sigmoid(x @ w_r.T + h @ u_r.T + b_r)
        update = torch.sigmoid(-(x @ w_u.T + h @ u_u.T + b_u))
        h = update * torch.tanh(x @ w.T + (reset * h) @ u.T + b) + (1 - update) * h
        expected.append(h)
    torch.testing.assert_close(stack(symbols)[0], torch.stack(expected))


def test_it_matters_where_the_reset_gate_is_applied() -> None:
    before = made()
    after = StackedGRU(SYMBOLS, CELLS, 1).double()
    after.load_state_dict({**before.state_dict(), "bias_hh.0": torch.zeros(3 * CELLS)})
    symbols = torch.randint(SYMBOLS, (6, 3))
    torch.testing.assert_close(after(symbols)[0][0], before(symbols)[0][0])  # nothing is remembered yet
    assert not after(symbols)[0][-1].allclose(before(symbols)[0][-1])

"""The gated recurrent units are torch's; the stream learner is as large as documented."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from baselines.gru import GRU, StackedGRU
from l2e.vocabulary import SYMBOLS as ALL_SYMBOLS

SYMBOLS = 7
KINDS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def made(layers: int, skip: bool = False) -> StackedGRU:
    torch.manual_seed(0)
    stack = StackedGRU(SYMBOLS, 5, layers, skip=skip).double()
    for parameter in stack.parameters():
        nn.init.normal_(parameter)
    return stack


def peer(stack: StackedGRU) -> nn.GRU:
    """Torch's with the same parameters."""
    gru = nn.GRU(stack.cells, stack.cells, stack.layers).double()
    own = {f"{kind}_l{i}": getattr(stack, kind)[i].detach() for kind in KINDS for i in range(stack.layers)}
    gru.load_state_dict(own)
    return gru


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9))
def test_outputs_and_state_are_those_of_torchs_gru(layers: int, rows: int, time: int) -> None:
    stack = made(layers)
    symbols, state = torch.randint(SYMBOLS, (time, rows)), torch.randn(layers, rows, 5).double()
    outputs, (after,) = stack(symbols, (state,))
    expected, expected_after = peer(stack)(stack.embedding[symbols], state)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(after, expected_after)


def test_gradients_are_those_of_torchs_gru() -> None:
    stack = made(2)
    other, embedding = peer(stack), stack.embedding.detach().clone().requires_grad_()
    symbols, weights = torch.randint(SYMBOLS, (6, 3)), torch.randn(6, 3, 5).double()
    (stack(symbols)[0] * weights).sum().backward()
    (other(embedding[symbols])[0] * weights).sum().backward()
    torch.testing.assert_close(stack.embedding.grad, embedding.grad)
    for kind in KINDS:
        for layer in range(2):
            torch.testing.assert_close(getattr(stack, kind)[layer].grad, getattr(other, f"{kind}_l{layer}").grad)


def test_with_skip_connections_the_second_layer_reads_the_first_and_the_symbol() -> None:
    stack = made(2, skip=True)
    symbols = torch.randint(SYMBOLS, (6, 3))
    embedded = stack.embedding[symbols]
    below = embedded
    expected = []
    for layer in range(2):
        gru = nn.GRU(below.shape[2], 5).double()
        gru.load_state_dict({f"{kind}_l0": getattr(stack, kind)[layer].detach() for kind in KINDS})
        expected.append(gru(below)[0])
        below = torch.cat([expected[-1], embedded], 2)
    torch.testing.assert_close(stack(symbols)[0], torch.cat(expected, 2))


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_the_number_of_parameters_is_the_documented_one(layers: int, skip: bool) -> None:
    with torch.device("meta"):
        learner = GRU(ALL_SYMBOLS, n := 64, layers, skip=skip)
    documented = ALL_SYMBOLS * n + layers * (6 * n**2 + 6 * n) + skip * (layers - 1) * 3 * n**2
    documented += ALL_SYMBOLS * ((layers if skip else 1) * n + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented

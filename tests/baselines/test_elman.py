"""The Elman layers are torch's `nn.RNN` with one bias; symbols go in embedded or one-hot."""

from __future__ import annotations

from typing import Literal

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import one_hot

from baselines.elman import Elman, StackedElman
from l2e.vocabulary import SYMBOLS as ALL_SYMBOLS

SYMBOLS = 7
Activation = Literal["relu", "tanh"]


def made(layers: int, activation: Activation, embedded: bool = True) -> StackedElman:
    torch.manual_seed(0)
    stack = StackedElman(SYMBOLS, 5, layers, activation, embedded=embedded).double()
    for parameter in stack.parameters():
        nn.init.normal_(parameter, std=0.3)
    return stack


def peer(stack: StackedElman, activation: Activation) -> nn.RNN:
    """Torch's with the same parameters, and nothing for its second bias."""
    rnn = nn.RNN(stack.weight_ih[0].shape[1], stack.cells, stack.layers, activation).double()
    own = {}
    for layer in range(stack.layers):
        own[f"weight_ih_l{layer}"] = stack.weight_ih[layer].detach()
        own[f"weight_hh_l{layer}"] = stack.weight_hh[layer].detach()
        own[f"bias_ih_l{layer}"] = stack.bias_ih[layer].detach()
        own[f"bias_hh_l{layer}"] = torch.zeros(stack.cells)
    rnn.load_state_dict(own)
    return rnn


def read_by(stack: StackedElman, symbols: Tensor) -> Tensor:
    """What goes into the first layer."""
    return one_hot(symbols, SYMBOLS).double() if stack.embedding is None else stack.embedding[symbols]


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9), st.sampled_from(["relu", "tanh"]), st.booleans())
def test_outputs_and_state_are_those_of_torchs_rnn(
    layers: int, rows: int, time: int, activation: Activation, embedded: bool
) -> None:
    stack = made(layers, activation, embedded)
    symbols, state = torch.randint(SYMBOLS, (time, rows)), torch.randn(layers, rows, 5).double()
    outputs, (after,) = stack(symbols, (state,))
    expected, expected_after = peer(stack, activation)(read_by(stack, symbols), state)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(after, expected_after)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_gradients_are_those_of_torchs_rnn(activation: Activation) -> None:
    stack = made(2, activation, embedded=False)
    other = peer(stack, activation)
    symbols, weights = torch.randint(SYMBOLS, (6, 3)), torch.randn(6, 3, 5).double()
    (stack(symbols)[0] * weights).sum().backward()
    (other(read_by(stack, symbols))[0] * weights).sum().backward()
    for kind in ("weight_ih", "weight_hh", "bias_ih"):
        for layer in range(2):
            torch.testing.assert_close(getattr(stack, kind)[layer].grad, getattr(other, f"{kind}_l{layer}").grad)


@pytest.mark.parametrize("embedding", [False, True])
@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_the_number_of_parameters_is_the_documented_one(layers: int, skip: bool, embedding: bool) -> None:
    with torch.device("meta"):
        learner = Elman(s := ALL_SYMBOLS, n := 64, layers, skip=skip, embedding=embedding)
    documented = s * n + layers * (2 * n**2 + n) if embedding else n * (s + n + 1) + (layers - 1) * (2 * n**2 + n)
    documented += skip * (layers - 1) * n * (n if embedding else s) + s * ((layers if skip else 1) * n + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


def test_an_unknown_activation_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="activation must be one of relu, tanh, not 'step'"):
        Elman(SYMBOLS, 4, activation="step")

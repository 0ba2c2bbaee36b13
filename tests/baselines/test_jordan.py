"""The Jordan network feeds back what it predicts, in training too."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from baselines.jordan import StackedJordan

SYMBOLS = 7


def made(layers: int, activation: str = "tanh") -> StackedJordan:
    torch.manual_seed(0)
    stack = StackedJordan(SYMBOLS, 5, layers, activation).double()
    for parameter in stack.parameters():
        nn.init.normal_(parameter)
    return stack


def distributions(stack: StackedJordan, symbols: Tensor) -> Tensor:
    """Equation by equation, of one row [time]: y [time, symbols]."""
    assert stack.embedding is not None
    hidden = [torch.zeros(5).double() for _ in range(stack.layers - 1)]
    y, found = torch.zeros(SYMBOLS).double(), []
    for symbol in symbols:
        x = stack.embedding[symbol]
        for layer in range(stack.layers - 1):
            before = stack.weight_hh[layer] @ hidden[layer]
            x = hidden[layer] = torch.tanh(stack.weight_ih[layer] @ x + before + stack.bias_ih[layer])
        h = torch.tanh(stack.weight_ih[-1] @ x + stack.weight_hh[-1] @ y + stack.bias_ih[-1])
        y = torch.softmax(stack.output.weight @ h + stack.output.bias, 0)
        found.append(y)
    return torch.stack(found)


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("training", [False, True])
def test_outputs_are_those_of_the_equations(layers: int, training: bool) -> None:
    stack = made(layers).train(training)
    symbols = torch.randint(SYMBOLS, (6, 3))
    outputs, state = stack(symbols)
    for row in range(3):
        expected = distributions(stack, symbols[:, row])
        torch.testing.assert_close(outputs[:, row].softmax(-1), expected)
        torch.testing.assert_close(state[-1][row], expected[-1])


def test_all_that_the_top_layer_remembers_is_its_last_prediction() -> None:
    stack = made(1)
    symbols = torch.randint(SYMBOLS, (4, 2))
    prediction = torch.rand(2, SYMBOLS).double().softmax(-1)
    outputs, after = stack(symbols, (prediction,))
    assert [part.shape for part in after] == [(2, SYMBOLS)]
    assert not outputs.allclose(stack(symbols)[0])


def test_gradients_go_back_through_the_predictions() -> None:
    stack = made(1)
    first = torch.zeros(1, SYMBOLS, dtype=torch.double, requires_grad=True)
    stack(torch.randint(SYMBOLS, (4, 1)), (first,))[0][-1, 0, 0].backward()
    assert first.grad is not None
    assert first.grad.any()


def test_the_activation_is_an_option() -> None:
    symbols = torch.randint(SYMBOLS, (4, 2))
    assert not made(1, "relu")(symbols)[0].allclose(made(1)(symbols)[0])

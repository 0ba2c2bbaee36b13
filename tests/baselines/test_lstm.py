"""The paper's network: its size, its parameters' names, and what they are at first."""

import torch

from baselines.lstm import LSTM, StackedLSTM
from l2e.vocabulary import SYMBOLS


def test_parameters_keep_the_names_and_the_order_under_which_runs_are_saved() -> None:
    with torch.device("meta"):
        names = [name for name, _ in LSTM(SYMBOLS, 8, 2).named_parameters()]
    layered = [f"stack.{kind}.{i}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh") for i in range(2)]
    assert names == ["stack.embedding", *layered, "output.weight", "output.bias"]


def test_the_papers_network_is_the_default_and_has_about_2_6_million_parameters() -> None:
    with torch.device("meta"):
        size = sum(parameter.numel() for parameter in LSTM(SYMBOLS).parameters())
    assert round(size / 1e6, 1) == 2.6


def test_at_first_forget_biases_are_one_and_other_biases_zero() -> None:
    stack = StackedLSTM(7, 4, 2)
    for layer in range(2):
        bias = (stack.bias_ih[layer] + stack.bias_hh[layer]).tolist()
        assert bias == [0] * 4 + [1] * 4 + [0] * 8


def test_at_first_the_recurrent_weights_of_every_gate_are_orthogonal() -> None:
    stack = StackedLSTM(7, 6, 1)
    for gate in stack.weight_hh[0].detach().chunk(4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(6))

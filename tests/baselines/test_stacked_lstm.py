"""The stack computes what torch's own LSTM computes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from baselines.stacked_lstm import StackedLSTM

SYMBOLS = 7


def made(cells: int, layers: int) -> StackedLSTM:
    torch.manual_seed(0)
    stack = StackedLSTM(SYMBOLS, cells, layers).double()
    for parameter in stack.parameters():  # biases too
        nn.init.normal_(parameter)
    return stack


def peer(stack: StackedLSTM) -> nn.LSTM:
    """Torch's LSTM with the same parameters."""
    lstm = nn.LSTM(stack.cells, stack.cells, stack.layers).double()
    own = {
        f"{kind}_l{layer}": getattr(stack, kind)[layer].detach()
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        for layer in range(stack.layers)
    }
    lstm.load_state_dict(own)
    return lstm


def random_state(stack: StackedLSTM, rows: int) -> tuple[Tensor, Tensor]:
    shape = (stack.layers, rows, stack.cells)
    return torch.randn(shape).double(), torch.randn(shape).double()


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9), st.booleans())
def test_outputs_and_state_are_those_of_torchs_lstm(layers: int, rows: int, time: int, carried: bool) -> None:
    stack = made(5, layers)
    symbols = torch.randint(SYMBOLS, (time, rows))
    state = random_state(stack, rows) if carried else None
    outputs, after = stack(symbols, state)
    expected, expected_after = peer(stack)(stack.embedding[symbols], state)
    torch.testing.assert_close(outputs, expected)
    torch.testing.assert_close(after, expected_after)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=5), st.integers(1, 2))
def test_of_rows_of_different_lengths_it_has_the_state_of_torchs_lstm_on_packed_rows(
    lengths: list[int], layers: int
) -> None:
    stack = made(5, layers)
    symbols = torch.randint(SYMBOLS, (max(lengths), len(lengths)))
    after = stack.read(symbols, torch.tensor(lengths))
    packed = pack_padded_sequence(stack.embedding[symbols], torch.tensor(lengths), enforce_sorted=False)
    torch.testing.assert_close(after, peer(stack)(packed)[1])


def test_gradients_are_those_of_torchs_lstm() -> None:
    stack = made(5, 2)
    other, embedding = peer(stack), stack.embedding.detach().clone().requires_grad_()
    symbols = torch.randint(SYMBOLS, (6, 3))
    weights = torch.randn(6, 3, 5).double()
    (stack(symbols)[0] * weights).sum().backward()
    (other(embedding[symbols])[0] * weights).sum().backward()
    torch.testing.assert_close(stack.embedding.grad, embedding.grad)
    for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        for layer in range(2):
            torch.testing.assert_close(getattr(stack, kind)[layer].grad, getattr(other, f"{kind}_l{layer}").grad)


def test_reading_in_two_parts_is_reading_at_once() -> None:
    stack = made(5, 2)
    symbols = torch.randint(SYMBOLS, (8, 3))
    outputs, after = stack(symbols)
    first, state = stack(symbols[:3])
    second, last = stack(symbols[3:], state)
    torch.testing.assert_close(torch.cat([first, second]), outputs)
    torch.testing.assert_close(last, after)


def test_with_skip_connections_the_second_layer_reads_the_first_and_the_symbol() -> None:
    torch.manual_seed(0)
    stack = StackedLSTM(SYMBOLS, 5, 2, skip=True).double()
    symbols = torch.randint(SYMBOLS, (6, 3))
    embedded = stack.embedding[symbols]
    below = embedded
    expected = []
    for layer in range(2):
        lstm = nn.LSTM(below.shape[2], 5).double()
        kinds = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        lstm.load_state_dict({f"{kind}_l0": getattr(stack, kind)[layer].detach() for kind in kinds})
        expected.append(lstm(below)[0])
        below = torch.cat([expected[-1], embedded], 2)
    torch.testing.assert_close(stack(symbols)[0], torch.cat(expected, 2))


def test_at_first_forget_biases_are_one_and_other_biases_zero() -> None:
    stack = StackedLSTM(SYMBOLS, 4, 2)
    for layer in range(2):
        bias = (stack.bias_ih[layer] + stack.bias_hh[layer]).tolist()
        assert bias == [0] * 4 + [1] * 4 + [0] * 8


def test_at_first_the_recurrent_weights_of_every_gate_are_orthogonal() -> None:
    stack = StackedLSTM(SYMBOLS, 6, 1)
    for gate in stack.weight_hh[0].detach().chunk(4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(6))


@pytest.mark.parametrize("layers", [1, 3])
def test_the_state_before_any_symbol_is_zero(layers: int) -> None:
    hidden, cell = StackedLSTM(SYMBOLS, 4, layers).zero_state(2)
    assert hidden.shape == cell.shape == (layers, 2, 4)
    assert not hidden.any()
    assert not cell.any()

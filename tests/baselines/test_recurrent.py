"""What every stack of recurrent layers does: carry states, stand still, drop outputs, skip layers, be stacked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import pad

from baselines.elman import StackedElman
from baselines.gru import StackedGRU, StackedGRUResetBefore
from baselines.jordan import StackedJordan
from baselines.lstm import StackedLSTM
from baselines.recurrent import RecurrentStack, State
from tests.baselines.references import stacked_layers

SYMBOLS, CELLS = 7, 5

STACKS: dict[str, Callable[..., RecurrentStack]] = {
    "lstm": StackedLSTM,
    "lstm, skip": lambda *sizes, **options: StackedLSTM(*sizes, skip=True, **options),
    "gru": StackedGRU,
    "gru_reset_before": StackedGRUResetBefore,
    "gru, skip": lambda *sizes, **options: StackedGRU(*sizes, skip=True, **options),
    "elman": StackedElman,
    "elman, relu": lambda *sizes, **options: StackedElman(*sizes, activation="relu", **options),
    "elman, skip, one-hot": lambda *sizes, **options: StackedElman(*sizes, skip=True, embedded=False, **options),
    "jordan": StackedJordan,
}

each_stack = pytest.mark.parametrize("kind", STACKS)


def made(kind: str, layers: int = 2, seed: int = 0, **options: float) -> RecurrentStack:
    torch.manual_seed(seed)
    stack = STACKS[kind](SYMBOLS, CELLS, layers, **options).double()
    for parameter in stack.parameters():  # biases too
        nn.init.normal_(parameter, std=0.5)
    return stack


def random_state(stack: RecurrentStack, rows: int) -> State:
    return tuple(torch.rand_like(part) for part in stack.zero_state(rows))


def rows_of(stack: RecurrentStack, state: State, rows: slice) -> State:
    """The part of a state that belongs to some rows: they are the last axis but one."""
    return tuple(part[..., rows, :] for part in state)


def text(time: int, rows: int) -> Tensor:
    return torch.randint(SYMBOLS, (time, rows))


@pytest.mark.parametrize("kind", [kind for kind in STACKS if kind != "jordan"])
@given(layers=st.integers(1, 3), rows=st.integers(1, 4), time=st.integers(1, 9), carried=st.booleans())
def test_outputs_state_and_gradients_are_those_of_torchs_layers_or_of_the_equations(
    kind: str, layers: int, rows: int, time: int, carried: bool
) -> None:
    stack = made(kind, layers)
    symbols, state = text(time, rows), stack.zero_state(rows)
    state = random_state(stack, rows) if carried else state
    reference = kind if kind == "elman, relu" else kind.split(",")[0]
    found = []
    for outputs, after in (stack(symbols, state), stacked_layers(reference, stack, symbols, state)):
        total = sum(part.sin().sum() for part in (outputs, *after))
        found.append([outputs, *after, *torch.autograd.grad(total, list(stack.parameters()))])
    torch.testing.assert_close(*found)


@each_stack
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_reading_in_two_parts_is_reading_at_once(kind: str, layers: int) -> None:
    stack = made(kind, layers)
    symbols = text(8, 3)
    outputs, after = stack(symbols)
    first, state = stack(symbols[:3])
    second, last = stack(symbols[3:], state)
    torch.testing.assert_close(torch.cat([first, second]), outputs)
    torch.testing.assert_close(last, after)


@each_stack
@given(lengths=st.lists(st.integers(0, 6), min_size=1, max_size=4), layers=st.integers(1, 3))
def test_a_row_is_read_as_if_it_were_alone(kind: str, lengths: list[int], layers: int) -> None:
    stack = made(kind, layers)
    symbols = text(6, len(lengths))
    after = stack.read(symbols, torch.tensor(lengths))
    for row, length in enumerate(lengths):
        mine = slice(row, row + 1)
        alone = stack(symbols[:length, mine])[1] if length else stack.zero_state(1)
        torch.testing.assert_close(rows_of(stack, after, mine), alone)


@each_stack
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_more_padding_leaves_no_trace(kind: str, dtype: torch.dtype) -> None:
    """States and the gradients of all weights are those without the padding, in both types of products."""
    stack = made(kind).float()
    symbols, found = text(5, 3), []
    for padding in (0, 4):
        stack.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
            after = stack.read(pad(symbols, (0, 0, 0, padding)), torch.full((3,), 5))
        sum((part.float() * torch.arange(part.numel()).view_as(part)).sum() for part in after).backward()
        found.append([*after, *[p.grad for p in stack.parameters() if p.grad is not None]])
    assert len(found[0]) > len(list(stack.parameters())) // 2
    for without, padded in zip(*found, strict=True):
        torch.testing.assert_close(padded, without, rtol=1e-6 if dtype == torch.float32 else 1e-2, atol=1e-6)


@each_stack
def test_what_comes_after_a_rows_length_has_no_gradient(kind: str) -> None:
    stack = made(kind)
    lengths, symbols = torch.tensor([5, 2]), text(5, 2)
    other = torch.where(torch.arange(5)[:, None] < lengths, symbols, (symbols + 1) % SYMBOLS)
    gradients = []
    for rows in (symbols, other):
        after = stack.read(rows, lengths)
        gradients.append(torch.autograd.grad(sum(part.sum() for part in after), list(stack.weight_hh)))
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-12, atol=1e-12)


@each_stack
def test_in_use_nothing_is_dropped(kind: str) -> None:
    symbols = text(6, 3)
    plain, dropping = made(kind).eval(), made(kind, dropout=0.5).eval()
    assert dropping(symbols)[0].equal(plain(symbols)[0])


@pytest.mark.parametrize("kind", ["lstm", "gru", "elman"])
def test_outputs_are_dropped_and_what_a_layer_remembers_is_not(kind: str) -> None:
    symbols = text(20, 8)
    whole, state = made(kind, layers=1)(symbols)
    dropped, dropped_state = made(kind, layers=1, dropout=0.25)(symbols)
    kept = dropped != 0
    torch.testing.assert_close(dropped[kept], whole[kept] / 0.75)
    assert 0.7 < kept.double().mean() < 0.8
    torch.testing.assert_close(dropped_state, state)


def test_a_jordan_layer_drops_what_it_shows_and_not_what_it_feeds_back() -> None:
    symbols = text(20, 8)
    whole, state = made("jordan", layers=1)(symbols)
    dropped, dropped_state = made("jordan", layers=1, dropout=0.25)(symbols)
    torch.testing.assert_close(dropped_state, state)
    assert not dropped.allclose(whole)


@each_stack
def test_layers_above_the_first_read_what_was_not_dropped(kind: str) -> None:
    symbols = text(6, 3)
    stack = made(kind, dropout=0.5)
    assert not stack(symbols)[1][-1].allclose(stack(symbols)[1][-1])


def test_outputs_with_skip_connections_are_those_of_all_layers() -> None:
    stack = made("gru, skip", layers=3)
    outputs, (hidden,) = stack(text(6, 2))
    assert stack.width == 3 * CELLS
    torch.testing.assert_close(outputs[-1], hidden.transpose(0, 1).flatten(1))

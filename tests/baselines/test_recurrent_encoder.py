"""Rows that end together are read as torch reads packed ones."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from baselines.leading_padding import aligned_at_end, aligned_at_start
from baselines.recurrent_encoder import read_rows, run_layer


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@given(
    lengths=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    layers=st.integers(1, 2),
    bidirectional=st.booleans(),
)
def test_outputs_and_states_are_those_of_packed_rows(
    kind: type[nn.LSTM] | type[nn.GRU], lengths: list[int], layers: int, bidirectional: bool
) -> None:
    torch.manual_seed(0)
    encoder = kind(5, 4, layers, bidirectional=bidirectional).double()
    time, rows = max(lengths), len(lengths)
    embedded = torch.randn(time, rows, 5, dtype=torch.float64, requires_grad=True)
    first = time - torch.tensor(lengths)
    outputs, states = read_rows(encoder, aligned_at_end(embedded, first), first, nn.Identity())
    packed, last = encoder(pack_padded_sequence(embedded, torch.tensor(lengths), enforce_sorted=False))
    expected = pad_packed_sequence(packed)[0]
    inside = torch.arange(time)[:, None, None] < torch.tensor(lengths)[:, None]
    torch.testing.assert_close(aligned_at_start(outputs, first) * inside, expected)
    for part, theirs in enumerate(last if isinstance(last, tuple) else (last,)):
        ours = torch.stack([layer[part] for layer in states])  # both directions side by side
        torch.testing.assert_close(ours, theirs.view(layers, -1, rows, 4).transpose(1, 2).flatten(2))
    weights = list(encoder.parameters())
    ours, theirs = (
        torch.autograd.grad((x * torch.arange(x.numel()).view_as(x)).sum(), [embedded, *weights])
        for x in (aligned_at_start(outputs, first) * inside, expected)
    )
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_a_layer_goes_on_from_a_state_in_either_type_of_products(
    kind: type[nn.LSTM] | type[nn.GRU], dtype: torch.dtype
) -> None:
    torch.manual_seed(0)
    layer = kind(8, 8)
    inputs, weights = torch.randn(6, 3, 8), list(layer.parameters())
    with torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
        whole, last = run_layer(weights, inputs)
        half, between = run_layer(weights, inputs[:3])
        rest, end = run_layer(weights, inputs[3:], None, between)
    tolerance = 1e-6 if dtype == torch.float32 else 0.02
    assert all(part.dtype == torch.float32 for part in (*last, *between))
    torch.testing.assert_close(torch.cat([half, rest]), whole, atol=tolerance, rtol=tolerance)
    torch.testing.assert_close(end, last, atol=tolerance, rtol=tolerance)

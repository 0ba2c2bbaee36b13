"""Padding moved to the front and back again."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from baselines.leading_padding import aligned_at_end, aligned_at_start


@given(st.lists(st.integers(0, 6), min_size=1, max_size=5), st.sampled_from([(), (3,)]))
def test_rows_end_together_and_are_restored(lengths: list[int], width: tuple[int, ...]) -> None:
    time = max(1, *lengths)
    x = torch.randn(time, len(lengths), *width)
    first = time - torch.tensor(lengths)
    turned = aligned_at_end(x, first)
    for row, length in enumerate(lengths):
        assert turned[time - length :, row].equal(x[:length, row])
    assert aligned_at_start(turned, first).equal(x)

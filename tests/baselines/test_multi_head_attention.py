"""Attention weight by weight; heads side by side are compared with torch's in the blocks' tests."""

import torch

from baselines.multi_head_attention import MultiHeadAttention, attend


def test_attention_is_a_mean_weighted_by_the_exponentials_of_scaled_products() -> None:
    queries, keys, values = torch.randn(2, 4).double(), torch.randn(3, 4).double(), torch.randn(3, 6).double()
    found, weights = attend(queries, keys, values, torch.tensor([[True, True, False], [True, True, True]]))
    for row, seen in enumerate([2, 3]):
        shares = [float((queries[row] @ keys[k] / 2).exp()) for k in range(seen)]
        expected = sum(share * values[k] for k, share in enumerate(shares)) / sum(shares)
        torch.testing.assert_close(found[row], expected)
    assert weights[0, 2] == 0


def test_rotary_attention_sees_distances_alone() -> None:
    torch.manual_seed(0)
    attention = MultiHeadAttention(8, 2, rotary=True).double()
    looking, offered = torch.randn(1, 3, 8).double(), torch.randn(1, 5, 8).double()
    mask = torch.ones(1, 1, 1, 5, dtype=torch.bool)

    def weights(looking_from: int, offered_from: int) -> torch.Tensor:
        known = attention.keys_and_values(offered, torch.arange(5)[None] + offered_from)
        found: torch.Tensor = attention(looking, torch.arange(3)[None] + looking_from, known, mask)[1]
        return found

    torch.testing.assert_close(weights(2, 0), weights(42, 40))
    assert not torch.allclose(weights(2, 0), weights(3, 0))

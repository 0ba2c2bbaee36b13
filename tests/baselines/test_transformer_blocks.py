"""Blocks compute what torch's own layers compute."""

import pytest
import torch
from torch import Tensor, nn

from baselines.transformer_blocks import BlockShape, DecoderBlock, EncoderBlock, SymbolEmbedding
from tests.baselines.references import torch_decoder, torch_encoder

CELLS, HEADS = 8, 2
SHAPE = BlockShape(layers=1, cells=CELLS, heads=HEADS, dropout=0.0, positions="sinusoidal", feed_forward=12)
PLACES = torch.arange(5)[None]
CAUSAL = (PLACES <= PLACES.T)[None, None]


def randomized(module: nn.Module) -> nn.Module:
    torch.manual_seed(0)
    for parameter in module.parameters():
        nn.init.normal_(parameter)
    return module.double()


def vectors(time: int = 5) -> Tensor:
    return torch.randn(3, time, CELLS, dtype=torch.float64)


def padding() -> Tensor:
    """True where three rows may be looked at."""
    return torch.arange(5) < torch.tensor([5, 3, 1])[:, None]


def test_an_encoder_block_is_torchs_layer_with_the_norm_first() -> None:
    block, read, mask = randomized(EncoderBlock(SHAPE)), vectors(), padding()
    expected = torch_encoder(block)(read, src_key_padding_mask=~mask)
    torch.testing.assert_close(block(read, PLACES, mask[:, None, None])[0], expected)


def test_a_decoder_block_is_torchs_layer_with_the_norm_first() -> None:
    block, read, written, mask = randomized(DecoderBlock(SHAPE)), vectors(), vectors(), padding()
    found, _, weights = block(
        written, PLACES, CAUSAL, None, block.cross.keys_and_values(read, PLACES), mask[:, None, None]
    )
    expected = torch_decoder(block)(written, read, tgt_mask=~CAUSAL[0, 0], memory_key_padding_mask=~mask)
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(weights.sum(2), torch.ones(3, 5).double())
    assert not weights.transpose(1, 2)[~mask].any()


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_one_by_one_with_a_past_is_all_at_once(positions: str) -> None:
    block = randomized(EncoderBlock(BlockShape(1, CELLS, HEADS, 0.0, positions, 12)))
    read, past = vectors(), None
    found = []
    for time in range(5):
        mask = torch.ones(1, 1, 1, time + 1, dtype=torch.bool)
        one, past = block(read[:, time : time + 1], PLACES[:, time : time + 1], mask, past)
        found.append(one)
    torch.testing.assert_close(torch.cat(found, 1), block(read, PLACES, CAUSAL)[0])


def test_rotary_blocks_see_distances_alone() -> None:
    block = randomized(EncoderBlock(BlockShape(1, CELLS, HEADS, 0.0, "rotary", 12)))
    read = vectors()
    torch.testing.assert_close(block(read, PLACES, CAUSAL)[0], block(read, PLACES + 100, CAUSAL)[0])
    assert not torch.allclose(block(read, PLACES, CAUSAL)[0], block(read, 2 * PLACES, CAUSAL)[0])


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_only_sinusoidal_embeddings_know_their_place(positions: str) -> None:
    embedding = SymbolEmbedding(5, BlockShape(1, CELLS, HEADS, 0.0, positions, 12))
    first, second = embedding(torch.tensor([[3, 3]]), torch.tensor([[0, 1]])).unbind(1)
    assert torch.equal(first, second) == (positions == "rotary")

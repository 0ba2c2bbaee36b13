"""One stack for both: one sample at a time without padding, by torch's own layers."""

import pytest
import torch
from torch import Tensor, nn

from baselines.decoder_only import DecoderOnly
from baselines.positions import sinusoids
from l2e.vocabulary import SYMBOLS
from tests.baselines.references import Read, check_pairs, symbols_of, torch_encoder


def made(positions: str = "sinusoidal") -> DecoderOnly:
    torch.manual_seed(2)
    learner = DecoderOnly(SYMBOLS, cells=8, layers=2, heads=2, positions=positions, feed_forward=12).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter, std=0.7)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


@torch.no_grad()
def logits_of(learner: DecoderOnly, symbols: list[int]) -> Tensor:
    """After each symbol of one sequence, nothing kept."""
    places = torch.arange(len(symbols))
    causal = torch.ones(len(symbols), len(symbols), dtype=torch.bool).triu(1)
    if learner.embedding.shape.positions == "rotary":
        vectors = learner.embedding(torch.tensor([symbols]), places)
        for block in learner.blocks:
            vectors, _ = block(vectors, places[None], ~causal)
    else:
        vectors = learner.embedding.table(torch.tensor([symbols])) * 8**0.5 + sinusoids(places, 8, torch.float64)
        for block in learner.blocks:
            vectors = torch_encoder(block)(vectors, src_mask=causal)
    return learner.output(learner.norm(vectors))[0]


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_logits_and_answers_are_those_of_one_sequence_at_a_time(positions: str) -> None:
    learner = made(positions)

    def network(text: str) -> Read:
        seen = symbols_of(text)

        def read(symbol: int) -> Tensor:
            seen.append(symbol)
            return logits_of(learner, seen)[-1]

        return read

    check_pairs(learner, network)

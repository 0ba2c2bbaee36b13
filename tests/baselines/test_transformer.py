"""The transformer: one sample at a time by torch's own layers, and writing without what is kept."""

import torch
from torch import Tensor, nn

from baselines.positions import sinusoids
from baselines.transformer import Transformer
from l2e.vocabulary import SYMBOLS, encode
from tests.baselines.references import Read, check_pairs, torch_decoder, torch_encoder


def made(positions: str = "sinusoidal") -> Transformer:
    torch.manual_seed(1)
    learner = Transformer(SYMBOLS, cells=8, layers=2, heads=2, positions=positions, feed_forward=12).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


def embedded(learner: Transformer, symbols: list[int]) -> Tensor:
    places = torch.arange(len(symbols))
    return learner.embedding.table(torch.tensor(symbols)) * 8**0.5 + sinusoids(places, 8, torch.float64)


@torch.no_grad()
def by_torch(learner: Transformer, text: str, written: list[int]) -> Tensor:
    """Logits after each of the written symbols."""
    vectors = embedded(learner, encode([text])[0].tolist() or [0])[None]
    for block in learner.encoder:
        vectors = torch_encoder(block)(vectors)
    read, vectors = learner.encoder_norm(vectors), embedded(learner, written)[None]
    causal = torch.ones(len(written), len(written), dtype=torch.bool).triu(1)
    for block in learner.decoder:
        vectors = torch_decoder(block)(vectors, read, tgt_mask=causal)
    return learner.output(learner.decoder_norm(vectors))[0]


def test_logits_and_answers_are_those_of_torchs_layers_one_sample_at_a_time() -> None:
    learner = made()

    def network(text: str) -> Read:
        seen: list[int] = []

        def read(symbol: int) -> Tensor:
            seen.append(symbol)
            return by_torch(learner, text, seen)[-1]

        return read

    check_pairs(learner, network)

"""One stack for both: one sample at a time without padding, by torch's own layers."""

import pytest
import torch
from torch import Tensor, nn

from baselines.decoder_only import DecoderOnly
from baselines.positions import sinusoids
from l2e.batches import Layout, pair_batches
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.baselines.torch_layers import torch_encoder
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))


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
def test_logits_are_those_of_one_sequence_at_a_time(positions: str) -> None:
    learner = made(positions)
    [batch] = pair_batches(SAMPLES, 9)
    expected = []
    for row in batch.owners[batch.positions % batch.targets.shape[1] == 0]:
        text, target = (encode([part])[0].tolist() for part in (SAMPLES.inputs[row], SAMPLES.targets[row]))
        expected.append(logits_of(learner, [*text, END_OF_INPUT, *target[:-1]])[len(text) :])
    torch.testing.assert_close(learner(batch)[0], torch.cat(expected))


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_what_is_kept_while_writing_changes_nothing(positions: str) -> None:
    learner = made(positions)
    expected = []
    for text in SAMPLES.inputs:
        symbols = [*encode([text])[0].tolist(), END_OF_INPUT]
        while len(symbols) < len(text) + 13 and symbols[-1] != FULL_STOP:
            symbols.append(int(logits_of(learner, symbols)[-1].argmax()))
        expected.append(decode(torch.tensor(symbols[len(text) + 1 :]).numpy()))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


def test_it_reads_pairs() -> None:
    assert DecoderOnly.layout is Layout.PAIRS

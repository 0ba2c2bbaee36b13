"""The transformer: one sample at a time by torch's own layers, and writing without what is kept."""

import pytest
import torch
from torch import Tensor, nn

from baselines.positions import sinusoids
from baselines.transformer import Transformer
from l2e.batches import Layout, PairBatch, pair_batches
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.baselines.torch_layers import torch_decoder, torch_encoder
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))


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


def test_logits_are_those_of_torchs_layers_one_sample_at_a_time() -> None:
    learner = made()
    [batch] = pair_batches(SAMPLES, 9)
    expected = []
    for row in batch.owners[batch.positions % batch.targets.shape[1] == 0]:
        text, target = SAMPLES.inputs[row], SAMPLES.targets[row]
        expected.append(by_torch(learner, text, [END_OF_INPUT, *encode([target])[0].tolist()[:-1]]))
    torch.testing.assert_close(learner(batch)[0], torch.cat(expected))


@torch.no_grad()
def uncached(learner: Transformer, text: str, most: int) -> str:
    """Written by reading all again for each character."""
    inputs, written = torch.from_numpy(encode([text])[0])[None], torch.zeros(1, 1, dtype=torch.int64)
    lengths = torch.tensor([len(text)])
    inputs = inputs if len(text) else torch.zeros(1, 1, dtype=torch.int64)
    for time in range(most):
        batch = PairBatch(inputs, lengths, written, torch.tensor([time]), written[0], written[0].numpy(), 0)
        symbol = learner(batch)[0].argmax(1)
        written[0, -1] = symbol
        if symbol == FULL_STOP:
            break
        written = torch.cat([written, torch.zeros_like(written[:, :1])], 1)
    return decode(written[0, : time + 1].numpy())


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_what_is_kept_while_writing_changes_nothing(positions: str) -> None:
    learner = made(positions)
    expected = [uncached(learner, text, 12) for text in SAMPLES.inputs]
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


def test_no_prediction_knows_the_characters_to_come() -> None:
    learner = made("rotary")
    [first], [second] = (pair_batches(samples_of(("12+3", target)), 1) for target in ("15.", "19."))
    torch.testing.assert_close(learner(first)[0][:2], learner(second)[0][:2], rtol=0, atol=0)
    assert not learner(first)[0][2].equal(learner(second)[0][2])


def test_the_order_of_reading_makes_a_difference() -> None:
    for positions in ("sinusoidal", "rotary"):
        [first], [second] = (pair_batches(samples_of((text, "1.")), 1) for text in ("123", "321"))
        assert not torch.allclose(made(positions)(first)[0], made(positions)(second)[0])


def test_it_reads_pairs() -> None:
    assert Transformer.layout is Layout.PAIRS

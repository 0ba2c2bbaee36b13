"""Recurrence in depth: the same blocks by torch's own layers, one sample at a time."""

import math

import pytest
import torch
from torch import Tensor, nn

from baselines.halting import Halting
from baselines.universal import Universal
from l2e.batches import Layout, pad, pair_batches
from l2e.vocabulary import END_OF_INPUT, SYMBOLS, encode
from tests.baselines.torch_layers import torch_decoder, torch_encoder
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))
STEPS = 3


def made(halting: bool = True) -> Universal:
    torch.manual_seed(2)
    learner = Universal(SYMBOLS, cells=8, heads=2, feed_forward=12, steps=STEPS, halting=halting).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter, std=0.7)
    nn.init.normal_(learner.embedding.weight, std=2.0)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    for unit in learner.modules():
        if isinstance(unit, Halting):
            nn.init.normal_(unit.unit.weight, std=0.5)  # so that some halt early, some late
            nn.init.zeros_(unit.unit.bias)
    return learner.eval()


def coordinates(time: int, step: int) -> Tensor:
    """Equations 4 and 5, number by number."""
    table = torch.zeros(time, 8).double()
    for place in range(time):
        for pair in range(4):
            wave = 10000 ** (2 * pair / 8)
            table[place, 2 * pair] = math.sin(place / wave) + math.sin(step / wave)
            table[place, 2 * pair + 1] = math.cos(place / wave) + math.cos(step / wave)
    return table


@torch.no_grad()
def logits_of(learner: Universal, text: str, written: list[int]) -> Tensor:
    """Without halting: after each of the written symbols."""
    symbols = encode([text])[0].tolist() or [0]
    read, vectors = learner.embedding.weight[symbols][None], learner.embedding.weight[written][None]
    causal = torch.ones(len(written), len(written), dtype=torch.bool).triu(1)
    encoder, decoder = torch_encoder(learner.encoder[0]), torch_decoder(learner.decoder[0])
    for step in range(1, STEPS + 1):
        read = encoder(read + coordinates(len(symbols), step))
    for step in range(1, STEPS + 1):
        vectors = decoder(vectors + coordinates(len(written), step), learner.encoder_norm(read), tgt_mask=causal)
    return learner.output(learner.decoder_norm(vectors))[0]


def test_without_halting_logits_are_those_of_torchs_layers_again_and_again() -> None:
    learner = made(halting=False)
    [batch] = pair_batches(SAMPLES, 9)
    expected = []
    for row in batch.owners[batch.positions % batch.targets.shape[1] == 0]:
        known = [END_OF_INPUT, *encode([SAMPLES.targets[row]])[0].tolist()[:-1]]
        expected.append(logits_of(learner, SAMPLES.inputs[row], known))
    torch.testing.assert_close(learner(batch)[0], torch.cat(expected))


@pytest.mark.parametrize("halting", [True, False])
def test_what_is_kept_while_writing_changes_nothing(halting: bool) -> None:
    learner = made(halting)
    answers = learner.predict(SAMPLES.inputs, 8)
    forced = learner.predict_teacher_forced(samples_of(*zip(SAMPLES.inputs, answers, strict=True)))
    assert forced == answers
    assert len(set(answers)) > 1


@torch.no_grad()
def test_positions_halt_at_steps_of_their_own_and_their_weights_add_up_to_one() -> None:
    learner = made()
    nn.init.constant_(learner.encoder_halting.unit.bias, 10.0)  # amid the likelihoods of the first step
    symbols, lengths = pad(["print((12+3)*45-678)"])
    mask = torch.ones(1, 1, 1, int(lengths), dtype=torch.bool)
    _, weights = learner.ponder_input(symbols, torch.arange(int(lengths))[None], mask)
    torch.testing.assert_close(weights.sum(0), torch.ones(1, 20, 1).double())
    assert len(set((weights > 0).sum(0).ravel().tolist())) > 1


def test_halting_changes_the_answers_and_steps_do_not_change_the_size() -> None:
    assert made(True).predict(SAMPLES.inputs, 8) != made(False).predict(SAMPLES.inputs, 8)
    sizes = {sum(p.numel() for p in Universal(SYMBOLS, cells=8, steps=steps).parameters()) for steps in (1, 2, 9)}
    assert len(sizes) == 1


def test_it_reads_pairs() -> None:
    assert Universal.layout is Layout.PAIRS

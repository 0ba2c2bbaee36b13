"""Recurrence in depth: the same blocks by torch's own layers, one sample at a time."""

import math

import torch
from torch import Tensor, nn

from baselines.halting import Halting
from baselines.universal import Universal
from l2e.batches import pad
from l2e.vocabulary import SYMBOLS, encode
from tests.baselines.references import SAMPLES, Read, check_pairs, torch_decoder, torch_encoder

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


def test_without_halting_it_predicts_what_torchs_layers_do_again_and_again() -> None:
    learner = made(halting=False)

    def network(text: str) -> Read:
        seen: list[int] = []

        def read(symbol: int) -> Tensor:
            seen.append(symbol)
            return logits_of(learner, text, seen)[-1]

        return read

    check_pairs(learner, network)


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

"""The encoder and decoder: one sample read and answered at a time, forwards, backwards or both."""

import pytest
import torch
from torch import Tensor, nn

from baselines.seq2seq import Seq2Seq, backwards
from l2e.vocabulary import SYMBOLS
from tests.baselines.references import OneByOne, Read, check_pairs, symbols_of


@pytest.mark.parametrize("cell", ["lstm", "gru", "gru_reset_before", "elman"])
@pytest.mark.parametrize(("reverse", "bidirectional"), [(False, False), (True, False), (False, True)])
def test_logits_and_answers_are_those_of_torchs_layers_one_symbol_at_a_time(
    cell: str, reverse: bool, bidirectional: bool
) -> None:
    torch.manual_seed(1)
    learner = Seq2Seq(SYMBOLS, 16, 2, reverse=reverse, cell=cell, bidirectional=bidirectional).double().eval()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides

    def network(text: str) -> Read:
        encoders = [(OneByOne(cell, learner.encoder), text[::-1] if reverse else text)]
        if learner.backward_encoder is not None:
            encoders.append((OneByOne(cell, learner.backward_encoder), text[::-1]))
        for encoder, order in encoders:
            for symbol in symbols_of(order):
                encoder(symbol)
        states = [encoder.state for encoder, _ in encoders]
        decoder = OneByOne(cell, learner.decoder, tuple(torch.cat(parts, -1) for parts in zip(*states, strict=True)))

        def read(symbol: int) -> Tensor:
            return learner.logits(decoder(symbol))

        return read

    check_pairs(learner, network)


def test_parameters_keep_the_names_and_the_order_under_which_runs_are_saved() -> None:
    with torch.device("meta"):
        names = [name for name, _ in Seq2Seq(SYMBOLS, 8).named_parameters()]
    parts = ["embedding", *[f"{kind}.0" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]]
    stacks = [f"{stack}.{part}" for stack in ("encoder", "decoder") for part in parts]
    assert names == [*stacks, "output.weight", "output.bias"]


def test_rows_are_read_backwards_each_from_its_own_end() -> None:
    rows = torch.tensor([[5, 6, 7], [8, 9, 0], [0, 0, 0]])
    turned = backwards(rows, torch.tensor([3, 2, 0]))
    assert turned[0].tolist() == [7, 6, 5]
    assert turned[1, :2].tolist() == [9, 8]

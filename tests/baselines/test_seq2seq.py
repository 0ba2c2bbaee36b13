"""The encoder and decoder: their size, and one sample read and answered at a time."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from baselines.recurrent import RecurrentStack
from baselines.seq2seq import Seq2Seq, backwards
from l2e.batches import Layout
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
@pytest.mark.parametrize("cells", [64, 128, 1024])
def test_the_number_of_parameters_is_the_documented_one(cells: int, layers: int) -> None:
    with torch.device("meta"):
        learner = Seq2Seq(SYMBOLS, cells, layers)
    documented = 2 * (SYMBOLS * cells + layers * (8 * cells**2 + 8 * cells)) + SYMBOLS * (cells + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


@pytest.mark.parametrize(
    ("cell", "products", "biases"), [("lstm", 4, 2), ("gru", 3, 2), ("gru_reset_before", 3, 1), ("elman", 1, 1)]
)
@pytest.mark.parametrize("bidirectional", [False, True])
def test_the_number_of_parameters_of_each_cell_is_the_documented_one(
    cell: str, products: int, biases: int, bidirectional: bool
) -> None:
    def stack(n: int) -> int:
        return SYMBOLS * n + 3 * products * (2 * n**2 + biases * n)

    with torch.device("meta"):
        learner = Seq2Seq(SYMBOLS, 64, 3, cell=cell, bidirectional=bidirectional)
    documented = (2 * stack(32) if bidirectional else stack(64)) + stack(64) + SYMBOLS * 65
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


def made(reverse: bool = False, cell: str = "lstm", bidirectional: bool = False) -> Seq2Seq:
    torch.manual_seed(1)
    learner = Seq2Seq(SYMBOLS, cells=16, layers=2, reverse=reverse, cell=cell, bidirectional=bidirectional).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


PEERS = {"lstm": nn.LSTM, "gru": nn.GRU, "elman": nn.RNN}


class Plain:
    """Torch's own layers with the parameters of a stack; reads one symbol at a time."""

    def __init__(self, cell: str, stack: RecurrentStack) -> None:
        self.embedding = stack.embedding
        self.state: Any = None
        self.layers = PEERS[cell](stack.cells, stack.cells, stack.layers).double()
        zeros = [torch.zeros(len(bias)) for bias in stack.bias_ih]  # an Elman layer has one bias
        own = {}
        for layer in range(stack.layers):
            own[f"weight_ih_l{layer}"] = stack.weight_ih[layer].detach()
            own[f"weight_hh_l{layer}"] = stack.weight_hh[layer].detach()
            own[f"bias_ih_l{layer}"] = stack.bias_ih[layer].detach()
            own[f"bias_hh_l{layer}"] = getattr(stack, "bias_hh", zeros)[layer].detach()
        self.layers.load_state_dict(own)

    @torch.no_grad()
    def read(self, symbol: int) -> Tensor:
        output, self.state = self.layers(self.embedding[symbol][None], self.state)
        return output


class OneByOne:
    """The same networks by torch's own layers: one sample, one symbol at a time."""

    def __init__(self, learner: Seq2Seq, text: str, cell: str = "lstm") -> None:
        self.learner = learner
        self.decoder = Plain(cell, learner.decoder)
        encoders = [Plain(cell, learner.encoder)]
        texts = [text[::-1] if learner.reverse else text]
        if learner.backward_encoder is not None:
            encoders.append(Plain(cell, learner.backward_encoder))
            texts.append(text[::-1])
        for encoder, order in zip(encoders, texts, strict=True):
            for symbol in encode([order])[0].tolist():
                encoder.read(symbol)
        if text:
            self.decoder.state = joined([encoder.state for encoder in encoders])

    @torch.no_grad()
    def read(self, symbol: int) -> int:
        """The symbol that it writes next."""
        return int(self.learner.output(self.decoder.read(symbol)).argmax())


def joined(states: list[Any]) -> Any:
    """The states of both directions side by side, the forward one's first; each a tensor or, of an LSTM, two."""
    if isinstance(states[0], tuple):
        return tuple(torch.cat(parts, -1) for parts in zip(*states, strict=True))
    return torch.cat(states, -1)


def text_of(found: list[int]) -> str:
    return decode(torch.tensor(found, dtype=torch.int64).numpy())


@pytest.mark.parametrize("reverse", [False, True])
def test_teacher_forced_predictions_are_those_of_one_sample_at_a_time(reverse: bool) -> None:
    learner = made(reverse)
    expected = []
    for text, target in SAMPLES:
        network = OneByOne(learner, text)
        known = [END_OF_INPUT, *encode([target])[0].tolist()[:-1]]
        expected.append(text_of([network.read(symbol) for symbol in known]))
    assert learner.predict_teacher_forced(SAMPLES) == expected
    assert len(set("".join(expected))) > 3


@pytest.mark.parametrize("reverse", [False, True])
def test_an_answer_feeds_on_itself_up_to_the_full_stop(reverse: bool) -> None:
    learner = made(reverse)
    expected = []
    for text in SAMPLES.inputs:
        network = OneByOne(learner, text)
        written = [network.read(END_OF_INPUT)]
        while len(written) < 12 and written[-1] != FULL_STOP:
            written.append(network.read(written[-1]))
        expected.append(text_of(written))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


@pytest.mark.parametrize("cell", ["lstm", "gru", "elman"])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_every_cell_and_both_directions_answer_as_torchs_layers_do(cell: str, bidirectional: bool) -> None:
    learner = made(cell=cell, bidirectional=bidirectional)
    expected = []
    for text in SAMPLES.inputs:
        network = OneByOne(learner, text, cell)
        written = [network.read(END_OF_INPUT)]
        while len(written) < 12 and written[-1] != FULL_STOP:
            written.append(network.read(written[-1]))
        expected.append(text_of(written))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cell": "jordan"}, "cell must be one of elman, gru, gru_reset_before, lstm, not 'jordan'"),
        ({"cell": "gru", "forget_bias": 1.0}, "forget_bias is for the cell lstm"),
        ({"bidirectional": True, "reverse": True}, "no reverse"),
        ({"bidirectional": True, "cells": 7}, "an even number of cells"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Seq2Seq(SYMBOLS, **options)


def test_the_order_of_reading_makes_a_difference() -> None:
    assert made(reverse=True).predict(["123"], 9) == made().predict(["321"], 9)
    assert made(reverse=True).predict(["123"], 9) != made().predict(["123"], 9)


def test_it_reads_pairs() -> None:
    assert Seq2Seq.layout is Layout.PAIRS

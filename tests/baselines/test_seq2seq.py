"""The encoder and decoder: their size, and one sample read and answered at a time."""

import pytest
import torch
from torch import Tensor, nn

from baselines.seq2seq import Seq2Seq
from baselines.stacked_lstm import StackedLSTM
from l2e.alphabet import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from l2e.batches import Layout
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
@pytest.mark.parametrize("cells", [64, 128, 1024])
def test_the_number_of_parameters_is_the_documented_one(cells: int, layers: int) -> None:
    with torch.device("meta"):
        learner = Seq2Seq(SYMBOLS, cells, layers)
    documented = 2 * (SYMBOLS * cells + layers * (8 * cells**2 + 8 * cells)) + SYMBOLS * (cells + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


def made(reverse: bool = False) -> Seq2Seq:
    torch.manual_seed(1)
    learner = Seq2Seq(SYMBOLS, cells=16, layers=2, reverse=reverse).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


def plain(stack: StackedLSTM) -> nn.LSTM:
    """Torch's LSTM with the same parameters."""
    lstm = nn.LSTM(stack.cells, stack.cells, stack.layers).double()
    lstm.load_state_dict(
        {
            f"{kind}_l{layer}": getattr(stack, kind)[layer].detach()
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
            for layer in range(stack.layers)
        }
    )
    return lstm


class OneByOne:
    """The same networks by torch's own LSTM: one sample, one symbol at a time."""

    @torch.no_grad()
    def __init__(self, learner: Seq2Seq, text: str) -> None:
        self.learner = learner
        self.decoder = plain(learner.decoder)
        self.state: tuple[Tensor, Tensor] | None = None
        encoder = plain(learner.encoder)
        for symbol in encode([text[::-1] if learner.reverse else text])[0].tolist():
            _, self.state = encoder(learner.encoder.embedding[symbol][None], self.state)

    @torch.no_grad()
    def read(self, symbol: int) -> int:
        """The symbol that it writes next."""
        output, self.state = self.decoder(self.learner.decoder.embedding[symbol][None], self.state)
        return int(self.learner.output(output).argmax())


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


def test_the_order_of_reading_makes_a_difference() -> None:
    assert made(reverse=True).predict(["123"], 9) == made().predict(["321"], 9)
    assert made(reverse=True).predict(["123"], 9) != made().predict(["123"], 9)


def test_it_reads_pairs() -> None:
    assert Seq2Seq.layout is Layout.PAIRS

"""The stream learner: its size, and one running text read character by character."""

import pytest
import torch
from torch import Tensor, nn

import l2e.learner
from baselines.lstm import LSTM
from l2e.batches import Layout
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."))


@pytest.mark.parametrize("layers", [1, 2, 3, 4])
@pytest.mark.parametrize("cells", [64, 400, 1024])
def test_the_number_of_parameters_is_the_documented_one(cells: int, layers: int) -> None:
    with torch.device("meta"):
        learner = LSTM(SYMBOLS, cells, layers)
    documented = SYMBOLS * cells + layers * (8 * cells**2 + 8 * cells) + SYMBOLS * (cells + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


@pytest.mark.parametrize("layers", [1, 2, 4])
def test_skip_connections_add_the_documented_number(layers: int) -> None:
    with torch.device("meta"):
        learner = LSTM(SYMBOLS, n := 64, layers, skip=True)
    documented = SYMBOLS * n + layers * (8 * n**2 + 8 * n) + (layers - 1) * 4 * n**2 + SYMBOLS * (layers * n + 1)
    assert sum(parameter.numel() for parameter in learner.parameters()) == documented


def test_parameters_keep_the_names_and_the_order_under_which_runs_are_saved() -> None:
    with torch.device("meta"):
        names = [name for name, _ in LSTM(SYMBOLS, 8, 2).named_parameters()]
    layered = [f"stack.{kind}.{i}" for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh") for i in range(2)]
    assert names == ["stack.embedding", *layered, "output.weight", "output.bias"]


def test_the_papers_network_is_the_default_and_has_about_2_6_million_parameters() -> None:
    with torch.device("meta"):
        size = sum(parameter.numel() for parameter in LSTM(SYMBOLS).parameters())
    assert round(size / 1e6, 1) == 2.6


def made() -> LSTM:
    torch.manual_seed(1)
    learner = LSTM(SYMBOLS, cells=16, layers=2).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


class OneByOne:
    """The same network by torch's own LSTM, fed one symbol at a time."""

    def __init__(self, learner: LSTM) -> None:
        self.learner = learner
        stack = learner.stack
        self.lstm = nn.LSTM(stack.cells, stack.cells, stack.layers).double()
        self.lstm.load_state_dict(
            {
                f"{kind}_l{layer}": getattr(stack, kind)[layer].detach()
                for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
                for layer in range(stack.layers)
            }
        )
        self.state: tuple[Tensor, Tensor] | None = None

    @torch.no_grad()
    def read(self, symbol: int) -> int:
        """The symbol that it expects next."""
        output, self.state = self.lstm(self.learner.stack.embedding[symbol][None], self.state)
        return int(self.learner.output(output).argmax())


def symbols(text: str) -> list[int]:
    found: list[int] = encode([text])[0].tolist()
    return found


def text_of(found: list[int]) -> str:
    return decode(torch.tensor(found, dtype=torch.int64).numpy())


def test_teacher_forced_predictions_are_those_of_one_running_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(l2e.learner, "EVALUATION_ROWS", 2)  # one lane
    monkeypatch.setattr(l2e.learner, "EVALUATION_WINDOW", 3)  # state goes from window to window
    learner = made()
    network = OneByOne(learner)
    expected = []
    for sample in SAMPLES:
        for symbol in symbols(sample.input):
            network.read(symbol)
        predicted = [network.read(END_OF_INPUT)]
        for symbol in symbols(sample.target):
            predicted.append(network.read(symbol))
        expected.append(text_of(predicted[:-1]))  # after the full stop comes the next sample
    assert learner.predict_teacher_forced(SAMPLES) == expected
    assert len(set("".join(expected))) > 3


def test_an_answer_is_written_as_if_the_input_came_after_a_full_stop() -> None:
    learner = made()
    expected = []
    for text in SAMPLES.inputs:
        network = OneByOne(learner)
        for symbol in [FULL_STOP, *symbols(text)]:
            network.read(symbol)
        written = [network.read(END_OF_INPUT)]
        while len(written) < 12 and written[-1] != FULL_STOP:
            written.append(network.read(written[-1]))
        expected.append(text_of(written))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


def test_it_reads_streams() -> None:
    assert LSTM.layout is Layout.STREAM

"""The Markov model: exactly the last characters, and no other."""

import pytest
import torch
from torch import Tensor, nn

import l2e.learner
from baselines.memoryless import Memoryless
from l2e.batches import Layout, StreamBatch
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, SYMBOLS, decode, encode
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))


def made(order: int = 4, layers: int = 1) -> Memoryless:
    torch.manual_seed(1)
    learner = Memoryless(SYMBOLS, cells=16, layers=layers, order=order, embedding=6).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


@torch.no_grad()
def expected_next(learner: Memoryless, text: list[int]) -> int:
    """What follows a text, by matrices."""
    last = ([PADDING] * learner.order + text)[-learner.order :]
    weight, bias = learner.network[0].weight, learner.network[0].bias
    hidden = torch.tanh(weight @ torch.cat([learner.embedding.weight[symbol] for symbol in last]) + bias)
    return int((learner.output.weight @ hidden + learner.output.bias).argmax())


def symbols(text: str) -> list[int]:
    found: list[int] = encode([text])[0].tolist()
    return found


def text_of(found: list[int]) -> str:
    return decode(torch.tensor(found, dtype=torch.int64).numpy())


@pytest.mark.parametrize("order", [1, 2, 4, 9])
def test_teacher_forced_predictions_are_those_of_one_running_text(order: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(l2e.learner, "EVALUATION_ROWS", 2)  # one lane
    monkeypatch.setattr(l2e.learner, "EVALUATION_WINDOW", 3)  # the state goes from window to window
    learner = made(order)
    text, expected = list[int](), []
    for sample in SAMPLES:
        text += [*symbols(sample.input), END_OF_INPUT]
        predicted = []
        for symbol in symbols(sample.target):
            predicted.append(expected_next(learner, text))
            text.append(symbol)
        expected.append(text_of(predicted))
    assert learner.predict_teacher_forced(SAMPLES) == expected
    assert len(set("".join(expected))) > 3


@pytest.mark.parametrize("order", [1, 2, 4, 9])
def test_an_answer_is_written_as_if_the_input_came_after_a_full_stop(order: int) -> None:
    learner = made(order)
    expected = []
    for question in SAMPLES.inputs:
        text = [FULL_STOP, *symbols(question), END_OF_INPUT]
        start = len(text)
        while len(text) < start + 12 and (len(text) == start or text[-1] != FULL_STOP):
            text.append(expected_next(learner, text))
        expected.append(text_of(text[start:]))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > (order > 1)


def last_logits(learner: Memoryless, text: Tensor, windows: list[int]) -> Tensor:
    """Logits after the text's last character, read in windows of these lengths."""
    state = None
    for window in text.split(windows, 1):
        nothing = torch.zeros(1, dtype=torch.int64)
        last = torch.tensor([window.shape[1] - 1])
        logits, state = learner(StreamBatch(window, last, nothing, nothing.numpy(), 0), state)
    assert state[0].shape == (1, learner.order - 1)
    return logits


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("windows", [[9], [4, 5], [7, 1, 1]], ids=str)
def test_exactly_the_last_characters_count(windows: list[int], layers: int) -> None:
    learner, text = made(order=4, layers=layers), torch.arange(10, 19)[None]
    expected = last_logits(learner, text, windows)
    for place in range(9):
        changed = text.clone()
        changed[0, place] = 50
        same = last_logits(learner, changed, windows).equal(expected)
        assert same == (place < 5)


def test_a_state_of_zeros_is_the_state_before_any_text() -> None:
    learner, text = made(), torch.arange(10, 13)[None]
    zeros = (torch.full((1, 3), PADDING),)
    batch = StreamBatch(text, torch.arange(3), text[0], text[0].numpy(), 3)
    assert learner(batch)[0].equal(learner(batch, zeros)[0])


def test_it_reads_streams() -> None:
    assert Memoryless.layout is Layout.STREAM

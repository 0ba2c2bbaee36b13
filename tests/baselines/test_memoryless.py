"""The Markov model: exactly the last characters, and no other."""

import pytest
import torch
from torch import Tensor, nn

from baselines.memoryless import Memoryless
from l2e.batches import StreamBatch
from l2e.vocabulary import PADDING, SYMBOLS
from tests.baselines.references import Read, check_stream


def made(order: int = 4, layers: int = 1) -> Memoryless:
    torch.manual_seed(1)
    learner = Memoryless(SYMBOLS, cells=16, layers=layers, order=order, embedding=6).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


@pytest.mark.parametrize("order", [2, 4, 9])
def test_it_predicts_what_matrices_make_of_the_last_characters(order: int) -> None:
    learner = made(order)

    def network() -> Read:
        seen = [PADDING] * order

        def read(symbol: int) -> Tensor:
            seen.append(symbol)
            embedded = torch.cat([learner.embedding.weight[symbol] for symbol in seen[-order:]])
            hidden = torch.tanh(learner.network[0].weight @ embedded + learner.network[0].bias)
            return learner.output.weight @ hidden + learner.output.bias

        return read

    check_stream(learner, network)


def last_logits(learner: Memoryless, text: Tensor, windows: list[int]) -> Tensor:
    """Logits after the text's last character, read in windows of these lengths."""
    state = None
    for window in text.split(windows, 1):
        nothing = torch.zeros(1, dtype=torch.int64)
        last = torch.tensor([window.shape[1] - 1])
        logits, state = learner(StreamBatch(window, last, nothing, nothing.numpy(), 0), state)
    assert state[0].shape == (1, learner.order - 1)
    return logits


@pytest.mark.parametrize(("order", "layers"), [(1, 1), (4, 1), (4, 2)])
@pytest.mark.parametrize("windows", [[9], [4, 5], [7, 1, 1]], ids=str)
def test_exactly_the_last_characters_count(windows: list[int], order: int, layers: int) -> None:
    learner, text = made(order, layers), torch.arange(10, 19)[None]
    expected = last_logits(learner, text, windows)
    for place in range(9):
        changed = text.clone()
        changed[0, place] = 50
        same = last_logits(learner, changed, windows).equal(expected)
        assert same == (place < 9 - order)


def test_a_state_of_zeros_is_the_state_before_any_text() -> None:
    learner, text = made(), torch.arange(10, 13)[None]
    zeros = (torch.full((1, 3), PADDING),)
    batch = StreamBatch(text, torch.arange(3), text[0], text[0].numpy(), 3)
    assert learner(batch)[0].equal(learner(batch, zeros)[0])

"""The relational memory: slot by slot, head by head, and text in windows."""

import pytest
import torch
from torch import Tensor, nn

import l2e.learner
from baselines.memory import Memory
from l2e.batches import Layout
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."), ("321", "321."))

each_gate = pytest.mark.parametrize("gate", ["unit", "memory"])


def made(gate: str = "unit") -> Memory:
    torch.manual_seed(3)
    learner = Memory(SYMBOLS, cells=8, layers=2, slots=3, heads=2, gate=gate).double()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.normal_(learner.embedding.weight, std=2.0)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides
    return learner.eval()


class SlotBySlot:
    """The same memory, one symbol, slot and head at a time."""

    def __init__(self, learner: Memory) -> None:
        self.learner = learner
        self.slots = [torch.eye(8).double()[slot] for slot in range(learner.slots)]

    def found(self, slot: Tensor, rows: list[Tensor]) -> Tensor:
        queries, (keys, values) = self.learner.queries.weight, self.learner.keys_values.weight.split(8)
        heads = []
        for part in (slice(0, 4), slice(4, 8)):
            shares = [((queries[part] @ slot) @ (keys[part] @ row) / 2).exp() for row in rows]
            heads.append(
                sum(share * (values[part] @ row) for share, row in zip(shares, rows, strict=True)) / sum(shares)
            )
        return torch.cat(heads)

    def after(self, slot: Tensor, read: Tensor) -> Tensor:
        learner = self.learner
        seen = learner.attention_norm(slot + self.found(slot, [*self.slots, read]))
        inner = (learner.network[0].weight @ seen + learner.network[0].bias).relu()
        thought = learner.network_norm(seen + learner.network[2].weight @ inner + learner.network[2].bias)
        gates = learner.gates_of_input(read) + learner.gates_of_memory.weight @ slot.tanh()
        forget, take = gates.sigmoid().split(len(gates) // 2)
        return forget * slot + take * thought.tanh()

    @torch.no_grad()
    def read(self, symbol: int) -> int:
        """The symbol that it expects next."""
        read = self.learner.embedding.weight[symbol]
        self.slots = [self.after(slot, read) for slot in self.slots]
        return int(self.learner.output(torch.cat(self.slots)).argmax())


def symbols(text: str) -> list[int]:
    found: list[int] = encode([text])[0].tolist()
    return found


def text_of(found: list[int]) -> str:
    return decode(torch.tensor(found, dtype=torch.int64).numpy())


@each_gate
def test_teacher_forced_predictions_are_those_of_one_running_text(gate: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(l2e.learner, "EVALUATION_ROWS", 2)  # one lane
    monkeypatch.setattr(l2e.learner, "EVALUATION_WINDOW", 3)  # the memory goes from window to window
    learner = made(gate)
    network = SlotBySlot(learner)
    expected = []
    for sample in SAMPLES:
        for symbol in symbols(sample.input):
            network.read(symbol)
        predicted = [network.read(END_OF_INPUT)]
        for symbol in symbols(sample.target):
            predicted.append(network.read(symbol))
        expected.append(text_of(predicted[:-1]))  # after the full stop comes the next sample
    assert learner.predict_teacher_forced(SAMPLES) == expected
    assert len(set("".join(expected))) > 1


@each_gate
def test_an_answer_is_written_as_if_the_input_came_after_a_full_stop(gate: str) -> None:
    learner = made(gate)
    expected = []
    for text in SAMPLES.inputs:
        network = SlotBySlot(learner)
        for symbol in [FULL_STOP, *symbols(text)]:
            network.read(symbol)
        written = [network.read(END_OF_INPUT)]
        while len(written) < 12 and written[-1] != FULL_STOP:
            written.append(network.read(written[-1]))
        expected.append(text_of(written))
    assert learner.predict(SAMPLES.inputs, 12) == expected
    assert len(set(expected)) > 1


@torch.no_grad()
def test_reading_in_windows_is_reading_at_once() -> None:
    learner = made()
    text = torch.randint(2, SYMBOLS, (4, 9))
    at_once, last = learner.read(text, None)
    first, state = learner.read(text[:, :4], None)
    second, after = learner.read(text[:, 4:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), at_once)
    torch.testing.assert_close(after, last)


@torch.no_grad()
def test_a_state_of_zeros_is_the_state_before_any_text() -> None:
    learner, text = made(), torch.randint(2, SYMBOLS, (4, 5))
    zeros = (torch.zeros(4, 3, 8).double(),)
    assert learner.read(text, zeros)[0].equal(learner.read(text, None)[0])


def test_at_first_a_memory_forgets_little() -> None:
    bias = Memory(SYMBOLS, cells=8, gate="unit").gates_of_input.bias
    assert bias.tolist() == [1] * 8 + [0] * 8
    assert Memory(SYMBOLS, cells=8, gate="memory").gates_of_input.bias.tolist() == [1, 0]


def test_it_reads_streams() -> None:
    assert Memory.layout is Layout.STREAM

"""The relational memory: slot by slot, head by head, and text in windows."""

import pytest
import torch
from torch import Tensor, nn

from baselines.memory import Memory
from l2e.vocabulary import SYMBOLS
from tests.baselines.references import check_stream


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

    def read(self, symbol: int) -> Tensor:
        """The logits of the next symbol."""
        read = self.learner.embedding.weight[symbol]
        self.slots = [self.after(slot, read) for slot in self.slots]
        return self.learner.output(torch.cat(self.slots))


@pytest.mark.parametrize("gate", ["unit", "memory"])
def test_it_predicts_what_one_slot_at_a_time_does(gate: str) -> None:
    learner = made(gate)
    check_stream(learner, lambda: SlotBySlot(learner).read)


@torch.no_grad()
def test_a_state_of_zeros_is_the_state_before_any_text() -> None:
    learner, text = made(), torch.randint(2, SYMBOLS, (4, 5))
    zeros = (torch.zeros(4, 3, 8).double(),)
    assert learner.read(text, zeros)[0].equal(learner.read(text, None)[0])


def test_at_first_a_memory_forgets_little() -> None:
    bias = Memory(SYMBOLS, cells=8, gate="unit").gates_of_input.bias
    assert bias.tolist() == [1] * 8 + [0] * 8
    assert Memory(SYMBOLS, cells=8, gate="memory").gates_of_input.bias.tolist() == [1, 0]

"""The relational memory core (Santoro et al. 2018, section 3): slots that look at one another and at what is read.

A memory M of k slots, n wide, meets the embedded character x at each step:

    M' = LayerNorm(M + MultiHead(M W_q, [M; x] W_k, [M; x] W_v))        heads side by side, no output product
    M'' = LayerNorm(M' + MLP(M'))                                       the same for each slot
    f, i = W x + U tanh(M) + b                                          of each slot; b is 1 for f at first
    M ← sigmoid(f) * M + sigmoid(i) * tanh(M'')

Gates are as wide as a slot ("unit") or one a slot ("memory"). There is no output gate, no bias in the products of the
attention and no normalisation within it. At first slot j is the unit vector j, so that no two are alike; the state that
is carried is the memory less that, so that zero is the state before any text. The next character is predicted from all
slots side by side.
Parameters, for n cells, k slots, L layers, s symbols and gates g = n or 1:
s·n + 3n² + 4n + L·(n² + n) + 2g·(2n + 1) + s·(k·n + 1).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from baselines.multi_head_attention import attend
from baselines.options import check_at_least_one, check_heads, check_one_of, dropout_layer
from l2e.learner import StreamLearner

State = tuple[Tensor]  # [rows, slots, cells]

GATES = ("unit", "memory")
FORGET_BIAS, INPUT_BIAS = 1.0, 0.0


class Memory(StreamLearner):
    """One memory reads and writes.

    Args:
        symbols: how many there are.
        cells: width of a slot.
        layers: of the network that each slot goes through.
        slots: how many.
        heads: of the attention; each has cells / heads.
        gate: "unit" or "memory".
        dropout: of what the next character is predicted from, as a fraction.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 2,
        slots: int = 4,
        heads: int = 4,
        gate: str = "unit",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_at_least_one(layers=layers)
        check_heads(cells, heads)
        if not 1 <= slots <= cells:
            raise ValueError(f"slots must be from 1 to {cells}, as many as cells, not {slots}")
        check_one_of("gate", gate, GATES)
        self.cells, self.slots, self.heads = cells, slots, heads
        self.dropout = dropout_layer(dropout)
        width = cells if gate == "unit" else 1
        self.embedding = nn.Embedding(symbols, cells)
        self.queries = nn.Linear(cells, cells, bias=False)
        self.keys_values = nn.Linear(cells, 2 * cells, bias=False)
        self.attention_norm = nn.LayerNorm(cells)
        self.network = nn.Sequential(nn.Linear(cells, cells))
        for _ in range(layers - 1):
            self.network.extend([nn.ReLU(), nn.Linear(cells, cells)])
        self.network_norm = nn.LayerNorm(cells)
        self.gates_of_input = nn.Linear(cells, 2 * width)
        self.gates_of_memory = nn.Linear(cells, 2 * width, bias=False)
        self.output = nn.Linear(slots * cells, symbols)
        nn.init.constant_(self.gates_of_input.bias.detach()[:width], FORGET_BIAS)
        nn.init.constant_(self.gates_of_input.bias.detach()[width:], INPUT_BIAS)

    def logits(self, vectors: Tensor) -> Tensor:
        """Logits [n, symbols] of memories [n, slots · cells]."""
        return super().logits(self.dropout(vectors))

    def states_after(self, texts: Tensor, lengths: Tensor) -> Iterable[tuple[int, State]]:
        """All rows at once; a row's memory stands still after its length."""
        return [(len(texts), self._read(texts, None, lengths.to(texts.device)[:, None, None])[1])]

    def read(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """The memory after each symbol [rows, time, slots · cells], and the state afterwards."""
        return self._read(symbols, state, None)

    def _read(self, symbols: Tensor, state: State | None, ends: Tensor | None) -> tuple[Tensor, State]:
        embedded = self.embedding(symbols)
        keys_values, gates = self.keys_values(embedded), self.gates_of_input(embedded)
        identity = torch.eye(self.slots, self.cells, dtype=embedded.dtype, device=embedded.device)
        memory = identity.expand(len(symbols), -1, -1) if state is None else state[0] + identity
        memories = []
        for time in range(symbols.shape[1]):
            new = self._step(memory, keys_values[:, time : time + 1], gates[:, time : time + 1])
            memory = new if ends is None else torch.where(time < ends, new, memory)
            memories.append(memory.flatten(1))
        return torch.stack(memories, 1), (memory - identity,)

    def _step(self, memory: Tensor, keys_values: Tensor, gates: Tensor) -> Tensor:
        """The memory [rows, slots, cells] after a character whose keys and values, and gates are [rows, 1, ...]."""
        keys, values = torch.cat([self.keys_values(memory), keys_values], 1).chunk(2, 2)
        found, _ = attend(self._split(self.queries(memory)), self._split(keys), self._split(values))
        attended = self.attention_norm(memory + found.transpose(1, 2).flatten(2))
        candidate = self.network_norm(attended + self.network(attended))
        forget, take = (gates + self.gates_of_memory(memory.tanh())).sigmoid().chunk(2, 2)
        after: Tensor = forget * memory + take * candidate.tanh()
        return after

    def _split(self, vectors: Tensor) -> Tensor:
        """[rows, heads, slots, cells / heads] of [rows, slots, cells]."""
        rows, slots, cells = vectors.shape
        return vectors.reshape(rows, slots, self.heads, cells // self.heads).transpose(1, 2)

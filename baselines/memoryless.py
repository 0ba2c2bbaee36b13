"""A Markov model by a neural network (Bengio et al. 2003): the next character from the last k, and nothing else.

    h = tanh(H [e(x_(t-k+1)); ...; e(x_t)] + d)        logits = U h + b

without the paper's direct connections from embeddings to output. The state carried from window to window is the last
k - 1 characters; before the text there is padding.
Parameters, for order k, embedding width e, n cells, L hidden layers and s symbols:
s·e + n·(k·e + 1) + (L - 1)·(n² + n) + s·(n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.answers import logits_at
from baselines.generation import generate_greedily
from l2e.batches import Layout, StreamBatch
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING

State = tuple[Tensor]  # int64 [rows, order - 1]


class Memoryless(Learner):
    """Knows the last characters and forgets all others.

    Args:
        symbols: how many there are.
        cells: of a hidden layer.
        layers: hidden; the paper's 1.
        order: how many characters the next is told from.
        embedding: width.
        dropout: of each hidden layer's outputs, as a fraction.

    Raises:
        ValueError: an order below 1, no hidden layer, or a dropout that is not a fraction.
    """

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 1,
        order: int = 8,
        embedding: int = 32,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, not {dropout}")
        if order < 1 or layers < 1:
            raise ValueError(f"order and layers must be at least 1, not {order} and {layers}")
        self.order = order
        self.embedding = nn.Embedding(symbols, embedding)
        self.network = nn.Sequential()
        for inputs in (order * embedding, *[cells] * (layers - 1)):
            self.network.extend([nn.Linear(inputs, cells), nn.Tanh(), nn.Dropout(dropout)])
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        """Predict the answers' characters within running text."""
        before = self._nothing(batch.symbols) if state is None else state[0]
        text = torch.cat([before, batch.symbols], 1)
        time = batch.symbols.shape[1]
        last = torch.stack([text[:, start : start + time] for start in range(self.order)], 2)
        return logits_at(batch.positions, last, self._logits), (text[:, time:],)

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers as if each input came after a full stop, as every sample of a stream but the first does."""
        full_stop = inputs.new_full((len(inputs), 1), FULL_STOP)
        text = torch.cat([self._nothing(inputs), full_stop, inputs], 1)
        places = torch.arange(1, self.order, device=inputs.device)
        before = text.gather(1, lengths.to(inputs.device)[:, None] + places)

        def step(symbols: Tensor, before: Tensor) -> tuple[Tensor, Tensor]:
            last = torch.cat([before, symbols[:, None]], 1)
            return self._logits(last), last[:, 1:]

        return generate_greedily(step, inputs.new_full((len(inputs),), END_OF_INPUT), before, max_characters)

    def _nothing(self, symbols: Tensor) -> Tensor:
        """What stands before the text [rows, order - 1]."""
        return torch.full_like(symbols[:, :1], PADDING).expand(-1, self.order - 1)

    def _logits(self, last: Tensor) -> Tensor:
        """What follows the last characters int64 [n, order]: [n, symbols]."""
        logits: Tensor = self.output(self.network(self.embedding(last).flatten(1)))
        return logits

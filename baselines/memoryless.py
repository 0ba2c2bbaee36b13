"""A Markov model by a neural network (Bengio et al. 2003): the next character from the last k, and nothing else.

    h = tanh(H [e(x_(t-k+1)); ...; e(x_t)] + d)        logits = U h + b

without the paper's direct connections from embeddings to output. The state carried from window to window is the last
k - 1 characters; before the text there is padding.
Parameters, for order k, embedding width e, n cells, L hidden layers and s symbols:
s·e + n·(k·e + 1) + (L - 1)·(n² + n) + s·(n + 1).
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from baselines.options import check_at_least_one, dropout_layer
from l2e.learner import StreamLearner
from l2e.vocabulary import PADDING

State = tuple[Tensor]  # int64 [rows, order - 1]


class Memoryless(StreamLearner):
    """Predicts the next character from the last ones alone.

    Args:
        symbols: how many there are.
        cells: of a hidden layer.
        layers: hidden; the paper's 1.
        order: how many characters the next is predicted from.
        embedding: width.
        dropout: of each hidden layer's outputs, as a fraction.

    Raises:
        ValueError: an order below 1, no hidden layer, or a dropout that is not a fraction.
    """

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
        check_at_least_one(order=order, layers=layers)
        self.order = order
        self.embedding = nn.Embedding(symbols, embedding)
        self.network = nn.Sequential()
        for inputs in (order * embedding, *[cells] * (layers - 1)):
            self.network.extend([nn.Linear(inputs, cells), nn.Tanh(), dropout_layer(dropout)])
        self.output = nn.Linear(cells, symbols)

    def read(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """The last characters before and with each [rows, time, order], and the state afterwards."""
        text = torch.cat([self._padding(symbols) if state is None else state[0], symbols], 1)
        time = symbols.shape[1]
        return torch.stack([text[:, start : start + time] for start in range(self.order)], 2), (text[:, time:],)

    def logits(self, vectors: Tensor) -> Tensor:
        """What follows the last characters int64 [n, order]: [n, symbols]."""
        return super().logits(self.network(self.embedding(vectors).flatten(1)))

    def states_after(self, texts: Tensor, lengths: Tensor) -> Iterable[tuple[int, State]]:
        """The last characters of all rows at once."""
        text = torch.cat([self._padding(texts), texts], 1)
        places = torch.arange(self.order - 1, device=texts.device)
        return [(len(texts), (text.gather(1, lengths.to(texts.device)[:, None] + places),))]

    def _padding(self, symbols: Tensor) -> Tensor:
        """What stands before the text [rows, order - 1]."""
        return torch.full_like(symbols[:, :1], PADDING).expand(-1, self.order - 1)

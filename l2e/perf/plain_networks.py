"""Plain implementations of some of our learners with torch's own layers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor]


class PlainLSTM(nn.Module):
    """An embedding, torch's LSTM and a linear layer.

    Args:
        symbols: how many there are.
        cells: hidden size, and that of the embedding.
        layers: their number.
    """

    def __init__(self, symbols: int, cells: int, layers: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, cells)
        self.lstm = nn.LSTM(cells, cells, layers)
        self.output = nn.Linear(cells, symbols)
        for layer in range(layers):
            for gate in getattr(self.lstm, f"weight_hh_l{layer}").detach().chunk(4):
                nn.init.orthogonal_(gate)
            getattr(self.lstm, f"bias_ih_l{layer}").detach()[cells : 2 * cells] = 1

    def read(self, symbols: Tensor) -> State:
        """The state after symbols [time, rows]."""
        state: State = self.lstm(self.embedding(symbols))[1]
        return state

    def forward(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Logits [time, rows, symbols] for symbols [time, rows], and the state."""
        outputs, state = self.lstm(self.embedding(symbols), state)
        return self.output(outputs), state


class PlainSeq2Seq(nn.Module):
    """One LSTM reads, another writes."""

    def __init__(self, symbols: int, cells: int, forget_bias: float = 1.0) -> None:
        super().__init__()
        self.encoder, self.decoder = PlainLSTM(symbols, cells, 1), PlainLSTM(symbols, cells, 1)
        for part in (self.encoder, self.decoder):
            bias: Tensor = getattr(part.lstm, "bias_ih_l0")  # noqa: B009
            bias.detach()[cells : 2 * cells] = forget_bias

    def forward(self, inputs: Tensor, before: Tensor) -> Tensor:
        """Logits [time, rows, symbols] from padded inputs [time, rows] and the characters before the targets'."""
        logits: Tensor = self.decoder(before, self.encoder.read(inputs))[0]
        return logits


class PlainAttention(nn.Module):
    """A bidirectional LSTM encoder and an LSTM decoder with attention (Bahdanau et al. 2014)."""

    def __init__(self, symbols: int, cells: int) -> None:
        super().__init__()
        self.input_embedding, self.target_embedding = nn.Embedding(symbols, cells), nn.Embedding(symbols, cells)
        self.encoder = nn.LSTM(cells, cells // 2, bidirectional=True)
        self.cell = nn.LSTMCell(2 * cells, cells)
        self.of_state, self.of_place = nn.Linear(cells, cells, bias=False), nn.Linear(cells, cells, bias=False)
        self.score = nn.Linear(cells, 1, bias=False)
        self.combine = nn.Linear(2 * cells, cells, bias=False)
        self.output = nn.Linear(cells, symbols)

    def forward(self, inputs: Tensor, before: Tensor) -> Tensor:
        """Logits [time, rows, symbols] from padded inputs [time, rows] and the characters before the targets'."""
        read, (hidden, cell) = self.encoder(self.input_embedding(inputs))
        read = read.transpose(0, 1)
        keys, mask = self.of_place(read), (inputs == 0).T[..., None]
        hidden, cell = torch.cat([*hidden], 1), torch.cat([*cell], 1)
        found = []
        for embedded in self.target_embedding(before):
            scores = self.score(torch.tanh(self.of_state(hidden)[:, None] + keys)).masked_fill(mask, -torch.inf)
            context = (scores.softmax(1) * read).sum(1)
            hidden, cell = self.cell(torch.cat([embedded, context], 1), (hidden, cell))
            found.append(torch.tanh(self.combine(torch.cat([context, hidden], 1))))
        logits: Tensor = self.output(torch.stack(found))
        return logits

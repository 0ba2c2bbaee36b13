"""A recurrent encoder, and a decoder that looks at all of its outputs (Bahdanau et al. 2014; Luong et al. 2015).

The encoder is torch's own LSTM or GRU, and its last states are the decoder's first. In two directions each has half of
the cells, so that both together are as wide as the decoder and every score applies. The scores and the two orders of
looking and stepping are in `attention_scores` and `attention_decoders`.

Parameters, for n cells, L layers, s symbols and g gates (LSTM 4, GRU 3): embeddings 2·s·n; encoder L·g·(2n² + 2n), in
two directions L·g·(3n²/2 + 2n); decoder g·n² + L·g·(2n² + 2n); score 2n² + n, n² or none; W 2n²; output s·(n + 1).
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from baselines.attention_decoders import DecoderState, Encoded, make_decoder
from baselines.attentive import AttentiveLearner, input_mask, stack_weights
from baselines.generation import generate_greedily
from l2e.alphabet import END_OF_INPUT
from l2e.batches import Layout, PairBatch

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


class Attention(AttentiveLearner):
    """One network reads, another writes and looks back.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: of the encoder, and of the decoder.
        score: "additive" (Bahdanau), "concat", "dot" or "general" (Luong).
        cell: "lstm" or "gru".
        bidirectional: read from both ends.
        dropout: of the embeddings, between layers and of what the next character is told from.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

    layout: ClassVar[Layout] = Layout.PAIRS

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 1,
        score: str = "additive",
        cell: str = "lstm",
        bidirectional: bool = True,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if layers < 1:
            raise ValueError(f"layers must be at least 1, not {layers}")
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be at least 0 and less than 1, not {dropout}")
        if cell not in CELLS:
            raise ValueError(f"unknown cell {cell!r} (legal: {', '.join(CELLS)})")
        if bidirectional and cells % 2:
            raise ValueError(f"a bidirectional encoder needs an even number of cells, not {cells}")
        self.input_embedding = nn.Embedding(symbols, cells)
        self.target_embedding = nn.Embedding(symbols, cells)
        self.encoder = CELLS[cell](
            cells,
            cells // 2 if bidirectional else cells,
            layers,
            batch_first=True,
            bidirectional=bidirectional,
            dropout=dropout if layers > 1 else 0.0,
        )
        self.decoder = make_decoder(score, cells, layers, cell, dropout)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        encoded, before = self._encode(batch.inputs, batch.input_lengths)
        shifted = torch.cat([torch.full_like(batch.targets[:, :1], END_OF_INPUT), batch.targets[:, :-1]], 1)
        attentional = []
        for embedded in self.dropout(self.target_embedding(shifted)).unbind(1):
            before, _ = self.decoder(embedded, before, encoded)
            attentional.append(before.attentional)
        outputs = torch.stack(attentional, 1).flatten(0, 1)[batch.positions]
        return self.output(self.dropout(outputs)), None

    def generate_attentively(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> tuple[Tensor, Tensor]:
        """Write answers greedily."""
        encoded, state = self._encode(inputs, lengths)
        looked: list[Tensor] = []

        def step(symbols: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
            state, weights = self.decoder(self.target_embedding(symbols), state, encoded)
            looked.append(weights)
            return self.output(state.attentional), state

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        written = generate_greedily(step, first, state, max_characters)
        return written, stack_weights(looked, inputs)

    def _encode(self, inputs: Tensor, lengths: Tensor) -> tuple[Encoded, DecoderState]:
        embedded = self.dropout(self.input_embedding(inputs))
        packed = pack_padded_sequence(embedded, lengths.clamp(min=1).cpu(), batch_first=True)
        with _own_type(inputs.device):
            read, last = self.encoder(packed)
        outputs, _ = pad_packed_sequence(read, batch_first=True, total_length=inputs.shape[1])
        parts = [self._joined(part) for part in (last if isinstance(last, tuple) else (last,))]
        state = DecoderState(tuple(zip(*parts, strict=True)), torch.zeros_like(outputs[:, 0]))
        return Encoded(outputs, self.decoder.score.keys(outputs), input_mask(inputs, lengths)), state

    def _joined(self, last: Tensor) -> list[Tensor]:
        """Each layer's last state [rows, cells], both directions side by side, of [layers · directions, rows, ...]."""
        layers = last.view(self.encoder.num_layers, -1, *last.shape[1:])
        return [torch.cat(list(layer), 1) for layer in layers]


def _own_type(device: torch.device) -> AbstractContextManager[object]:
    """Keep products in the parameters' type: on some processors torch's LSTM has no bfloat16 for rows of one length."""
    if torch.amp.is_autocast_available(device.type):
        return torch.autocast(device.type, enabled=False)
    return nullcontext()

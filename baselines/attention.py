"""A recurrent encoder, and a decoder that looks at all of its outputs (Bahdanau et al. 2014; Luong et al. 2015).

The encoder is torch's own LSTM or GRU, and its last states are the decoder's first. In two directions each has half of
the cells, so that both together are as wide as the decoder and every score applies. The scores and the orders of
looking and stepping are in `attention_scores` and `attention_decoders`.

Parameters, for n cells, L layers, s symbols and g gates (LSTM 4, GRU 3): embeddings 2·s·n; encoder L·g·(2n² + 2n), in
two directions L·g·(3n²/2 + 2n); decoder g·n² (none without input feeding) + L·g·(2n² + 2n); score 2n² + n, n² or none;
W 2n²; output s·(n + 1).
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.answers import logits_at
from baselines.attention_decoders import DecoderState, Encoded, make_decoder
from baselines.attentive import AttentiveLearner, stack_weights
from baselines.generation import generate_greedily
from baselines.leading_padding import aligned_at_end, aligned_at_start
from baselines.lstm_engines import engine_for
from baselines.recurrent_encoder import read_rows
from l2e.batches import Layout, PairBatch
from l2e.vocabulary import END_OF_INPUT

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
        input_feeding: what was found enters the next step; without it (Luong's scores only) training is faster.

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
        input_feeding: bool = True,
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
            bidirectional=bidirectional,
        )
        self.decoder = make_decoder(score, cells, layers, cell, dropout, input_feeding)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        encoded, before, _ = self._encode(batch.inputs, batch.input_lengths)
        shifted = torch.cat([torch.full_like(batch.targets[:, :1], END_OF_INPUT), batch.targets[:, :-1]], 1)
        attentional = self.decoder.run(self.dropout(self.target_embedding(shifted.T)), before, encoded)
        return logits_at(batch.positions, attentional.transpose(0, 1), lambda x: self.output(self.dropout(x))), None

    def generate_attentively(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> tuple[Tensor, Tensor]:
        """Write answers greedily."""
        encoded, state, first = self._encode(inputs, lengths)
        looked: list[Tensor] = []

        def step(symbols: Tensor, state: DecoderState) -> tuple[Tensor, DecoderState]:
            state, weights = self.decoder.step(self.target_embedding(symbols), state, encoded)
            looked.append(weights)
            return self.output(state.attentional), state

        end_of_input = inputs.new_full((len(inputs),), END_OF_INPUT)
        written = generate_greedily(step, end_of_input, state, max_characters)
        weights = stack_weights(looked, inputs)
        return written, aligned_at_start(weights.permute(2, 0, 1), first).permute(1, 2, 0)

    def engine(self, dtype: torch.dtype) -> str:
        """What an LSTM's layers run on."""
        return engine_for(dtype, self.device) if isinstance(self.encoder, nn.LSTM) else super().engine(dtype)

    def _encode(self, inputs: Tensor, lengths: Tensor) -> tuple[Encoded, DecoderState, Tensor]:
        """What was read, with padding in front; the decoder's first state; and where each row begins.

        An empty input is read as one padding symbol, so that there is something to look at.
        """
        time = inputs.shape[1]
        first = time - lengths.to(inputs.device).clamp(min=1)
        embedded = self.dropout(self.input_embedding(aligned_at_end(inputs.T, first)))
        read, last = read_rows(self.encoder, embedded, first, self.dropout)
        outputs = read.transpose(0, 1).contiguous()
        mask = torch.arange(time, device=inputs.device) >= first[:, None]
        state = DecoderState(tuple(last), outputs.new_zeros(len(inputs), outputs.shape[2]))
        return Encoded(outputs, self.decoder.score.keys(outputs), mask), state, first

"""A recurrent encoder, and a decoder that looks at all of its outputs (Bahdanau et al. 2014; Luong et al. 2015).

The encoder is torch's own LSTM or GRU, and its last states are the decoder's first. In two directions each has half of
the cells, so that both together are as wide as the decoder and every score applies. The scores and the orders of
looking and stepping are in `attention_scores` and `attention_decoders`.

Parameters, for n cells, L layers, s symbols and g gates (LSTM 4, GRU 3): embeddings 2·s·n; encoder L·g·(2n² + 2n), in
two directions L·g·(3n²/2 + 2n); decoder g·n² (none without input feeding) + L·g·(2n² + 2n); score 2n² + n, n² or none;
W 2n²; output s·(n + 1).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn

from baselines.attention_decoders import DecoderState, Encoded, make_decoder
from baselines.attentive import AttentiveLearner
from baselines.leading_padding import aligned_at_end, aligned_at_start
from baselines.lstm_engines import engine_for
from baselines.options import check_at_least_one, check_both_directions, check_one_of, dropout_layer
from baselines.recurrent_encoder import read_rows
from baselines.watched_steps import after_columns, steps, written_from
from l2e.watching import HIDDEN, Look, Trace, Watched

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


class Writing(NamedTuple):
    """Between two characters.

    Attributes:
        encoded: what was read, with padding in front.
        first: int64 [rows], where each row begins.
        decoder: the decoder's state.
        weights: [rows, input time] of the last character; None at first.
    """

    encoded: Encoded
    first: Tensor
    decoder: DecoderState
    weights: Tensor | None = None


class Attention(AttentiveLearner):
    """One network reads, another writes and looks back.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: of the encoder, and of the decoder.
        score: "additive" (Bahdanau), "concat", "dot" or "general" (Luong).
        cell: "lstm" or "gru".
        bidirectional: read from both ends.
        dropout: of the embeddings, between layers and of a_t.
        input_feeding: a_t enters the next step; without it (Luong's scores only) training is faster.

    Raises:
        ValueError: an option that is not legal; the message says what is.
    """

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
        check_at_least_one(layers=layers)
        check_one_of("cell", cell, CELLS)
        if bidirectional:
            check_both_directions(cells)
        self.input_embedding = nn.Embedding(symbols, cells)
        self.target_embedding = nn.Embedding(symbols, cells)
        self.encoder = CELLS[cell](cells, cells // 2 if bidirectional else cells, layers, bidirectional=bidirectional)
        self.decoder = make_decoder(score, cells, layers, cell, dropout, input_feeding)
        self.dropout = dropout_layer(dropout)
        self.output = nn.Linear(cells, symbols)

    def encode(self, inputs: Tensor, lengths: Tensor) -> Writing:
        """Read the inputs; an empty one as one padding symbol, so that there is something to look at."""
        time = inputs.shape[1]
        first = time - lengths.to(inputs.device).clamp(min=1)
        embedded = self.dropout(self.input_embedding(aligned_at_end(inputs.T, first)))
        read, last = read_rows(self.encoder, embedded, first, self.dropout)
        outputs = read.transpose(0, 1).contiguous()
        mask = torch.arange(time, device=inputs.device) >= first[:, None]
        state = DecoderState(tuple(last), outputs.new_zeros(len(inputs), outputs.shape[2]))
        return Writing(Encoded(outputs, self.decoder.score.keys(outputs), mask), first, state)

    def decode(self, symbols: Tensor, state: Writing) -> tuple[Tensor, Writing]:
        """All a_t [rows, time, cells], and the state afterwards."""
        embedded = self.dropout(self.target_embedding(symbols.T))
        attentional, after, weights = self.decoder.run(embedded, state.decoder, state.encoded)
        return attentional.transpose(0, 1), state._replace(decoder=after, weights=weights)

    def step(self, symbols: Tensor, state: Writing) -> tuple[Tensor, Writing]:
        """Write one symbol a row [rows]; the logits of the next [rows, symbols], and the state afterwards."""
        embedded = self.dropout(self.target_embedding(symbols))
        attentional, after, weights = self.decoder.step(embedded, state.decoder, state.encoded)
        return self.logits(attentional), state._replace(decoder=after, weights=weights)

    def logits(self, vectors: Tensor) -> Tensor:
        """Logits [n, symbols] of a_t [n, cells]."""
        return super().logits(self.dropout(vectors))

    def looked_at(self, state: Writing) -> Tensor:
        """The weights [rows, input time] of the last character."""
        assert state.weights is not None
        return aligned_at_start(state.weights.T, state.first).T

    @torch.no_grad()
    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read an input, then write this answer; see `Watchable`."""
        self.eval()
        length = int(lengths)
        state = self.encode(inputs, lengths)
        traces = [Trace("encoder", HIDDEN, 0, state.encoded.outputs[0, :length])]
        probabilities, states = zip(*steps(self, written_from(answer), state), strict=True)
        kinds = (HIDDEN, "cell") if isinstance(self.encoder, nn.LSTM) else (HIDDEN,)
        for number, layers in enumerate(zip(*[one.decoder.layers for one in states], strict=True), 1):
            for kind, values in zip(kinds, zip(*layers, strict=True), strict=True):
                traces.append(Trace(f"decoder layer {number}", kind, length, torch.cat(values)))
        weights = torch.cat([self.looked_at(one)[:, :length] for one in states])
        looks = [Look("decoder to the input", 1, length, 0, weights)]
        return Watched(after_columns(length, probabilities), traces, looks)

    def engine(self, dtype: torch.dtype) -> str:
        """What an LSTM's layers run on."""
        return engine_for(dtype, self.device) if isinstance(self.encoder, nn.LSTM) else super().engine(dtype)

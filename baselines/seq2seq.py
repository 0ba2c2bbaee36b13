"""Encoder and decoder with different weights (Cho et al. 2014; Sutskever, Vinyals & Le 2014).

The encoder's last state is the decoder's first. A bidirectional encoder (Schuster & Paliwal 1997) is two stacks of half
as many cells, one for each direction; their last states, side by side, are the decoder's first.

Parameters, for n cells, L layers and s symbols: an encoder and a decoder of P(n) = s·n + L·k·(2n² + b·n) each, where k
is 4, 3, 3, 1 and b is 2, 2, 1, 1 for the cells lstm, gru, gru_reset_before, elman; and the output's s·(n + 1). A
bidirectional encoder has 2·P(n / 2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from baselines.elman import StackedElman
from baselines.gru import StackedGRU, StackedGRUResetBefore
from baselines.lstm import StackedLSTM
from baselines.lstm_engines import engine_for
from baselines.options import check_both_directions, check_one_of
from baselines.recurrent import RecurrentStack, State
from baselines.watched_steps import (
    after_columns,
    backwards_read,
    noted_reading,
    noting,
    steps,
    traces_of,
    written_from,
)
from l2e.learner import PairLearner
from l2e.watching import Watched

CELLS: dict[str, Callable[..., RecurrentStack]] = {
    "elman": StackedElman,
    "gru": StackedGRU,
    "gru_reset_before": StackedGRUResetBefore,
    "lstm": StackedLSTM,
}


class Seq2Seq(PairLearner):
    """One network reads, another writes.

    Args:
        symbols: how many there are.
        cells: per layer; an even number if the encoder is bidirectional.
        layers: of the encoder, and of the decoder.
        reverse: read the input backwards.
        forget_bias: of the forget gates at first; lstm only.
        cell: lstm, gru, gru_reset_before or elman.
        dropout: of each layer's outputs in training, as a fraction.
        bidirectional: read the input forwards and backwards.

    Raises:
        ValueError: an unknown cell; a forget bias for a cell without forget gates; a bidirectional encoder that is to
            be reversed too, or has an odd number of cells; fewer than one cell or layer; a dropout that is no fraction.
    """

    def __init__(
        self,
        symbols: int,
        cells: int = 128,
        layers: int = 1,
        reverse: bool = False,
        forget_bias: float | None = None,
        cell: str = "lstm",
        dropout: float = 0.0,
        bidirectional: bool = False,
    ) -> None:
        super().__init__()
        check_one_of("cell", cell, CELLS)
        if forget_bias is not None and cell != "lstm":
            raise ValueError(f"forget_bias is for the cell lstm; {cell} has no forget gate")
        if bidirectional:
            check_both_directions(cells)
            if reverse:
                raise ValueError("a bidirectional encoder reads both ways: no reverse")
        options: dict[str, Any] = {"dropout": dropout}
        if forget_bias is not None:
            options["forget_bias"] = forget_bias
        self.reverse = reverse
        self.encoder = CELLS[cell](symbols, cells // 2 if bidirectional else cells, layers, **options)
        self.backward_encoder = CELLS[cell](symbols, cells // 2, layers, **options) if bidirectional else None
        self.decoder = CELLS[cell](symbols, cells, layers, **options)
        self.output = nn.Linear(cells, symbols)

    def engine(self, dtype: torch.dtype) -> str:
        """What an LSTM's layers run on."""
        return engine_for(dtype, self.device) if isinstance(self.encoder, StackedLSTM) else super().engine(dtype)

    def encode(self, inputs: Tensor, lengths: Tensor) -> State:
        """The encoder's last state; of two directions side by side."""
        state: State = self.encoder.read((backwards(inputs, lengths) if self.reverse else inputs).T, lengths)
        if self.backward_encoder is None:
            return state
        other: State = self.backward_encoder.read(backwards(inputs, lengths).T, lengths)
        return tuple(torch.cat(directions, -1) for directions in zip(state, other, strict=True))

    def decode(self, symbols: Tensor, state: State) -> tuple[Tensor, State]:
        """The decoder's outputs [rows, time, cells], and its state afterwards."""
        outputs, state = self.decoder(symbols.T, state)
        return outputs.transpose(0, 1), state

    @torch.no_grad()
    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read an input, then write this answer; see `Watchable`."""
        self.eval()
        length, layers = int(lengths), self.encoder.layers
        forwards, turned = inputs[0, :length], backwards(inputs, lengths)[0, :length]
        read = traces_of(noted_reading(self.encoder, turned if self.reverse else forwards), layers, "encoder ")
        traces = backwards_read(read) if self.reverse else read
        if self.backward_encoder is not None:
            traces += backwards_read(
                traces_of(noted_reading(self.backward_encoder, turned), layers, "backward encoder ")
            )
        with noting(self.decoder) as notes:
            written = steps(self, written_from(answer), self.encode(inputs, lengths))
            probabilities = [one for one, _ in written]
        traces += traces_of(notes, layers, "decoder ", length)
        return Watched(after_columns(length, probabilities), traces, [])


def backwards(inputs: Tensor, lengths: Tensor) -> Tensor:
    """Rows [rows, time], each from its own last symbol to its first; what comes after a row's length means nothing."""
    places = torch.arange(inputs.shape[1], device=inputs.device)
    return inputs.gather(1, (lengths.to(inputs.device)[:, None] - 1 - places).clamp(min=0))

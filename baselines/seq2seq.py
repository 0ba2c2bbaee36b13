"""Encoder and decoder with different weights (Cho et al. 2014; Sutskever, Vinyals & Le 2014).

The encoder's last state is the decoder's first. A bidirectional encoder (Schuster & Paliwal 1997) is two stacks of half
as many cells, one for each direction; their last states, side by side, are the decoder's first.

Parameters, for n cells, L layers and s symbols: an encoder and a decoder of P(n) = s·n + L·k·(2n² + b·n) each, where k
is 4, 3, 3, 1 and b is 2, 2, 1, 1 for the cells lstm, gru, gru_reset_before, elman; and the output's s·(n + 1). A
bidirectional encoder has 2·P(n / 2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from baselines.answers import logits_at
from baselines.elman import StackedElman
from baselines.generation import generate_greedily
from baselines.gru import StackedGRU
from baselines.gru_reset_before import StackedGRUResetBefore
from baselines.lstm_engines import engine_for
from baselines.recurrent import RecurrentStack, State
from baselines.stacked_lstm import StackedLSTM
from l2e.batches import Layout, PairBatch
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT

CELLS: dict[str, Callable[..., RecurrentStack]] = {
    "elman": StackedElman,
    "gru": StackedGRU,
    "gru_reset_before": StackedGRUResetBefore,
    "lstm": StackedLSTM,
}


class Seq2Seq(Learner):
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

    layout: ClassVar[Layout] = Layout.PAIRS

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
        if cell not in CELLS:
            raise ValueError(f"cell must be one of {', '.join(CELLS)}, not {cell!r}")
        if forget_bias is not None and cell != "lstm":
            raise ValueError(f"forget_bias is for the cell lstm; {cell} has no forget gate")
        if bidirectional and (reverse or cells % 2):
            raise ValueError("a bidirectional encoder needs an even number of cells, and reads both ways: no reverse")
        options: dict[str, Any] = {"dropout": dropout}
        if forget_bias is not None:
            options["forget_bias"] = forget_bias
        self.reverse = reverse
        self.encoder = CELLS[cell](symbols, cells // 2 if bidirectional else cells, layers, **options)
        self.backward_encoder = CELLS[cell](symbols, cells // 2, layers, **options) if bidirectional else None
        self.decoder = CELLS[cell](symbols, cells, layers, **options)
        self.output = nn.Linear(cells, symbols)

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        encoded = self._encode(batch.inputs, batch.input_lengths)
        shifted = torch.cat([torch.full_like(batch.targets[:, :1], END_OF_INPUT), batch.targets[:, :-1]], 1)
        outputs, _ = self.decoder(shifted.T, encoded)
        return logits_at(batch.positions, outputs.transpose(0, 1), self.output), None

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily."""

        def step(symbols: Tensor, state: State) -> tuple[Tensor, State]:
            outputs, state = self.decoder(symbols[None], state)
            return self.output(outputs[0]), state

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        return generate_greedily(step, first, self._encode(inputs, lengths), max_characters)

    def engine(self, dtype: torch.dtype) -> str:
        """What an LSTM's layers run on."""
        return engine_for(dtype, self.device) if isinstance(self.encoder, StackedLSTM) else super().engine(dtype)

    def _encode(self, inputs: Tensor, lengths: Tensor) -> State:
        state: State = self.encoder.read((backwards(inputs, lengths) if self.reverse else inputs).T, lengths)
        if self.backward_encoder is None:
            return state
        other: State = self.backward_encoder.read(backwards(inputs, lengths).T, lengths)
        return tuple(torch.cat(directions, -1) for directions in zip(state, other, strict=True))


def backwards(inputs: Tensor, lengths: Tensor) -> Tensor:
    """Rows [rows, time], each from its own last symbol to its first; what comes after a row's length means nothing."""
    places = torch.arange(inputs.shape[1], device=inputs.device)
    return inputs.gather(1, (lengths.to(inputs.device)[:, None] - 1 - places).clamp(min=0))

"""Recurrent decoders that look at what was read; x_t is the embedding of the character before.

Bahdanau et al. 2014 (eq. 4-6) look from the state before the step, and what they find enters it:

    c_t = look(s_(t-1))        s_t = cells([x_t; c_t], s_(t-1))

Luong et al. 2015 (sections 3 and 3.3) look from the state after it, and feed the outcome into the next step:

    s_t = cells([x_t; a_(t-1)], s_(t-1))        c_t = look(s_t)

Either way a_t = tanh(W [c_t; s_t]) is what the next character is told from; Bahdanau's deep output layer is left out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor, nn

from baselines.attention_scores import Additive, Dot, General, Score

CellState = tuple[Tensor, ...]  # LSTM: hidden and cell; GRU: hidden; each [rows, cells]


class Encoded(NamedTuple):
    """What was read.

    Attributes:
        outputs: [rows, time, cells].
        keys: the same as scores want it.
        mask: bool [rows, time], where it may be looked at.
    """

    outputs: Tensor
    keys: Tensor
    mask: Tensor


class DecoderState(NamedTuple):
    """Between two characters.

    Attributes:
        layers: of each layer's cells, the lowest first.
        attentional: a_t [rows, cells].
    """

    layers: tuple[CellState, ...]
    attentional: Tensor


class CellStack(nn.Module):
    """Torch's own cells, one layer above the other.

    Args:
        inputs: width of the lowest layer's input.
        cells: per layer.
        layers: how many.
        kind: "lstm" or "gru".
        dropout: between layers.
    """

    def __init__(self, inputs: int, cells: int, layers: int, kind: str, dropout: float) -> None:
        super().__init__()
        make = nn.LSTMCell if kind == "lstm" else nn.GRUCell
        self.layers = nn.ModuleList(make(inputs if layer == 0 else cells, cells) for layer in range(layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, inputs: Tensor, states: tuple[CellState, ...]) -> tuple[CellState, ...]:
        """States after inputs [rows, inputs]."""
        after: list[CellState] = []
        for layer, state in zip(self.layers, states, strict=True):
            below = self.dropout(after[-1][0]) if after else inputs
            after.append(layer(below, state) if len(state) == 2 else (layer(below, state[0]),))
        return tuple(after)


class AttentiveDecoder(nn.Module, ABC):
    """Looks and steps, in an order that is the decoder's own."""

    def __init__(self, cells: int, layers: int, kind: str, dropout: float, score: Score) -> None:
        super().__init__()
        self.score = score
        self.cells = CellStack(2 * cells, cells, layers, kind, dropout)
        self.combine = nn.Linear(2 * cells, cells, bias=False)

    @abstractmethod
    def forward(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[DecoderState, Tensor]:
        """Step.

        Args:
            embedded: [rows, cells], the character before.
            state: before the step.
            encoded: what was read.

        Returns:
            The state after the step, and the weights [rows, time].
        """

    def look(self, state: Tensor, encoded: Encoded) -> tuple[Tensor, Tensor]:
        """What a state [rows, cells] finds [rows, cells], and its weights [rows, time], exactly 0 where masked."""
        weights = self.score(state, encoded.keys).masked_fill(~encoded.mask, -torch.inf).softmax(1)
        return torch.einsum("rt,rtc->rc", weights, encoded.outputs), weights

    def attentional(self, context: Tensor, state: Tensor) -> Tensor:
        """a_t [rows, cells]."""
        combined: Tensor = self.combine(torch.cat([context, state], 1))
        return combined.tanh()


class LooksBefore(AttentiveDecoder):
    """Bahdanau's order."""

    def forward(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[DecoderState, Tensor]:
        """Look, then step."""
        context, weights = self.look(state.layers[-1][0], encoded)
        layers = self.cells(torch.cat([embedded, context], 1), state.layers)
        return DecoderState(layers, self.attentional(context, layers[-1][0])), weights


class LooksAfter(AttentiveDecoder):
    """Luong's order, with input feeding."""

    def forward(self, embedded: Tensor, state: DecoderState, encoded: Encoded) -> tuple[DecoderState, Tensor]:
        """Step, then look."""
        layers = self.cells(torch.cat([embedded, state.attentional], 1), state.layers)
        context, weights = self.look(layers[-1][0], encoded)
        return DecoderState(layers, self.attentional(context, layers[-1][0])), weights


SCORES: dict[str, tuple[type[AttentiveDecoder], type[Additive] | type[Dot]]] = {
    "additive": (LooksBefore, Additive),
    "concat": (LooksAfter, Additive),
    "dot": (LooksAfter, Dot),
    "general": (LooksAfter, General),
}


def make_decoder(score: str, cells: int, layers: int, kind: str, dropout: float) -> AttentiveDecoder:
    """The decoder that goes with a score.

    Raises:
        ValueError: no such score.
    """
    if score not in SCORES:
        raise ValueError(f"unknown score {score!r} (legal: {', '.join(SCORES)})")
    order, compare = SCORES[score]
    return order(cells, layers, kind, dropout, compare(cells))

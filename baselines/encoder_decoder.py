"""Transformers that read with one stack and write with another; how they read and write is theirs."""

from __future__ import annotations

from abc import abstractmethod
from typing import NamedTuple

import torch
from torch import Tensor

from baselines.attentive import AttentiveLearner, input_mask
from baselines.multi_head_attention import KeysValues

Past = list[KeysValues]  # of each block, or of each block in each step


class Reading(NamedTuple):
    """What was read.

    Attributes:
        known: what each of the decoder's blocks looks at.
        mask: bool [rows, 1, 1, input time].
    """

    known: list[KeysValues]
    mask: Tensor


class Writing(NamedTuple):
    """Between two characters.

    Attributes:
        reading: of the input.
        past: keys and values of what was written; None at first.
        weights: [rows, time, input time] of the last characters; None at first.
    """

    reading: Reading
    past: Past | None = None
    weights: Tensor | None = None


class EncoderDecoder(AttentiveLearner):
    """Reads all of the input at once, then writes; a learner of this kind writes `read` and `write`."""

    @abstractmethod
    def read(self, inputs: Tensor, places: Tensor, mask: Tensor) -> Reading:
        """Read inputs [rows, time] at places [1, time] that may look at one another by the mask [rows, 1, 1, time]."""

    @abstractmethod
    def write(
        self, symbols: Tensor, places: Tensor, mask: Tensor, past: Past | None, reading: Reading
    ) -> tuple[Tensor, Past, Tensor]:
        """Predict what follows symbols.

        Args:
            symbols: int64 [rows, time].
            places: int64 [1, time], theirs in the answer.
            mask: bool [1, 1, time, past and present time], which earlier ones each may look at.
            past: keys and values of earlier symbols.
            reading: of the input.

        Returns:
            logits [rows, time, symbols]; the past with these symbols; and the weights [rows, time, input time].
        """

    def encode(self, inputs: Tensor, lengths: Tensor) -> Writing:
        """Read the inputs."""
        places = torch.arange(inputs.shape[1], device=inputs.device)
        return Writing(self.read(inputs, places[None], input_mask(inputs, lengths)[:, None, None]))

    def decode(self, symbols: Tensor, state: Writing) -> tuple[Tensor, Writing]:
        """Logits [rows, time, symbols]; keys and values of the symbols are kept in the state."""
        written = 0 if state.past is None else state.past[0][0].shape[2]
        places = torch.arange(written + symbols.shape[1], device=symbols.device)
        mask = places <= places[written:, None]
        logits, past, weights = self.write(symbols, places[None, written:], mask[None, None], state.past, state.reading)
        return logits, Writing(state.reading, past, weights)

    def logits(self, vectors: Tensor) -> Tensor:
        """What `decode` gives are logits."""
        return vectors

    def looked_at(self, state: Writing) -> Tensor:
        """The weights [rows, input time] of the last character."""
        assert state.weights is not None
        return state.weights[:, -1]

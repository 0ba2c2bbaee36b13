"""Transformers that read with one stack and write with another; how they read and write is theirs."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, NamedTuple

import torch
from torch import Tensor

from baselines.attentive import AttentiveLearner, input_mask, stack_weights
from baselines.generation import generate_greedily
from baselines.multi_head_attention import KeysValues
from l2e.batches import Layout, PairBatch
from l2e.vocabulary import END_OF_INPUT

Past = list[KeysValues]  # of each block, or of each block in each step


class Reading(NamedTuple):
    """What was read.

    Attributes:
        known: what each of the decoder's blocks looks at.
        mask: bool [rows, 1, 1, input time].
    """

    known: list[KeysValues]
    mask: Tensor


class EncoderDecoder(AttentiveLearner):
    """Reads all of the input at once, then writes; a learner of this kind writes `read` and `write`."""

    layout: ClassVar[Layout] = Layout.PAIRS

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

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        shifted = torch.cat([torch.full_like(batch.targets[:, :1], END_OF_INPUT), batch.targets[:, :-1]], 1)
        places = torch.arange(shifted.shape[1], device=shifted.device)
        mask = places <= places[:, None]
        logits, _, _ = self.write(
            shifted, places[None], mask[None, None], None, self._read(batch.inputs, batch.input_lengths)
        )
        return logits.flatten(0, 1)[batch.positions], None

    def generate_attentively(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> tuple[Tensor, Tensor]:
        """Write answers greedily; keys and values of what is written are kept."""
        reading = self._read(inputs, lengths)
        looked: list[Tensor] = []

        def step(symbols: Tensor, past: Past | None) -> tuple[Tensor, Past | None]:
            place = torch.full((1, 1), len(looked), device=inputs.device)
            everything = torch.ones(1, 1, 1, len(looked) + 1, dtype=torch.bool, device=inputs.device)
            logits, past, weights = self.write(symbols[:, None], place, everything, past, reading)
            looked.append(weights[:, 0])
            return logits[:, 0], past

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        written = generate_greedily(step, first, None, max_characters)
        return written, stack_weights(looked, inputs)

    def _read(self, inputs: Tensor, lengths: Tensor) -> Reading:
        places = torch.arange(inputs.shape[1], device=inputs.device)
        return self.read(inputs, places[None], input_mask(inputs, lengths)[:, None, None])

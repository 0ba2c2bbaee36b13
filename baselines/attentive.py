"""Learners that tell where in the input they looked for each character of an answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from baselines.products import wide
from l2e.learner import PairLearner, State, generate_greedily, input_batches, up_to_full_stop
from l2e.vocabulary import END_OF_INPUT


class AttentiveLearner(PairLearner):
    """An encoder and a decoder with attention; the decoder's state tells where it looked last."""

    @abstractmethod
    def looked_at(self, state: State) -> Tensor:
        """The weights [rows, input time] of the last step, each row's sum 1, exactly 0 on padding."""

    def generate_attentively(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> tuple[Tensor, Tensor]:
        """Write answers greedily, as `generate`, and tell where each character looked.

        Returns:
            Answers int64 [rows, up to max_characters], and weights [rows, as many, time].
        """
        looked: list[Tensor] = []

        def step(symbols: Tensor, state: State) -> tuple[Tensor, State]:
            logits, state = self.step(symbols, state)
            looked.append(wide(self.looked_at(state)))
            return logits, state

        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        written = generate_greedily(step, first, self.encode(inputs, lengths), max_characters)
        nowhere = torch.zeros(len(inputs), 0, inputs.shape[1], device=inputs.device)
        return written, torch.stack(looked, 1) if looked else nowhere

    @torch.no_grad()
    def attention_weights(
        self, inputs: Sequence[str], max_characters: int
    ) -> list[tuple[str, npt.NDArray[np.floating]]]:
        """The answers as `predict` gives them, and where each of their characters looked.

        Returns:
            Each answer with its weights [answer characters, input characters]; each row of weights sums to 1, if the
            input is not empty.
        """
        self.eval()
        found: dict[int, tuple[str, npt.NDArray[np.floating]]] = {}
        for rows, symbols, lengths in input_batches(inputs):
            written, weights = self.generate_attentively(symbols.to(self.device), lengths, max_characters)
            for row, symbols_of_row, looked in zip(rows, written.cpu().numpy(), weights.cpu().numpy(), strict=True):
                answer = up_to_full_stop(symbols_of_row)
                found[row] = answer, looked[: len(answer), : len(inputs[row])]
        return [found[i] for i in range(len(inputs))]


def input_mask(inputs: Tensor, lengths: Tensor) -> Tensor:
    """Where inputs of these lengths may be looked at.

    An empty input is read as one padding symbol, so that there is something to look at.

    Args:
        inputs: int64 [rows, time].
        lengths: int64 [rows], on any device.

    Returns:
        bool [rows, time], where the inputs are.
    """
    places = torch.arange(inputs.shape[1], device=inputs.device)
    return places < lengths.to(inputs.device).clamp(min=1)[:, None]

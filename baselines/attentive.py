"""Learners that show where they look while they write."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from l2e.batches import pad
from l2e.learner import EVALUATION_ROWS, Learner
from l2e.vocabulary import FULL_STOP, decode


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


def stack_weights(looked: Sequence[Tensor], inputs: Tensor) -> Tensor:
    """Weights [rows, characters, time] of the weights [rows, time] of so many characters, perhaps none."""
    return (
        torch.stack(list(looked), 1) if looked else torch.zeros(len(inputs), 0, inputs.shape[1], device=inputs.device)
    )


class AttentiveLearner(Learner):
    """An encoder and a decoder with attention; a learner of this kind writes `generate_attentively`."""

    @abstractmethod
    def generate_attentively(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> tuple[Tensor, Tensor]:
        """Write answers greedily, as `generate`, and tell where each character looked.

        Returns:
            Answers int64 [rows, up to max_characters], and weights [rows, as many, time], each row's sum 1, exactly 0
            on padding.
        """

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily."""
        return self.generate_attentively(inputs, lengths, max_characters)[0]

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
        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i]))
        for start in range(0, len(order), EVALUATION_ROWS):
            rows = order[start : start + EVALUATION_ROWS]
            symbols, lengths = pad([inputs[i] for i in rows])
            written, weights = self.generate_attentively(symbols.to(self.device), lengths, max_characters)
            for row, answer, looked in zip(rows, written.cpu().numpy(), weights.cpu().numpy(), strict=True):
                stops = np.flatnonzero(answer == FULL_STOP)
                end = stops[0] + 1 if stops.size else len(answer)
                found[row] = decode(answer[:end]), looked[:end, : len(inputs[row])]
        return [found[i] for i in range(len(inputs))]

"""Counts and losses of each difficulty trained on since the last check, kept on the device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from generators.samples import Difficulties, Difficulty, IntArray
from l2e.batches import Batch
from l2e.experiments.precision import wide
from l2e.progress import Tally
from l2e.vocabulary import FULL_STOP

COLUMNS = len(Tally._fields)


class Tallies:
    """Sums counts and losses of each difficulty over batches; saving and restoring does not change a bit.

    Args:
        device: where the logits are.
        gain: whether batches have logits after the update too.
    """

    def __init__(self, device: torch.device, gain: bool) -> None:
        self.device = device
        self.gain = gain
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._rows: dict[Difficulty, int] = {}
        self._sums = torch.zeros(0, COLUMNS, dtype=torch.float64, device=self.device)
        self._present: Difficulties | None = None
        self._row_of_sample: IntArray = np.zeros(0, np.int64)

    def add(self, difficulties: Difficulties, batch: Batch, logits: Tensor, after: Tensor | None) -> None:
        """Add a batch.

        Args:
            difficulties: of the samples, by index.
            batch: trained on; characters outside targets are ignored.
            logits: [answers, symbols], before the update.
            after: the same after it, or None.
        """
        if difficulties is not self._present:
            self._begin(difficulties)
        rows = torch.from_numpy(np.where(batch.owners >= 0, self._row_of_sample[batch.owners], -1)).to(self.device)
        of_row = rows == torch.arange(len(self._rows), device=self.device)[:, None]
        loss = _losses(logits, batch.answers)
        columns = (
            batch.answers == FULL_STOP,
            torch.ones_like(loss),
            logits.argmax(1) == batch.answers,
            loss,
            torch.zeros_like(loss) if after is None else _losses(after, batch.answers),
        )
        # A product, as index_add is not deterministic on a GPU.
        self._sums += of_row.double() @ torch.stack([column.double() for column in columns], 1)

    def _begin(self, difficulties: Difficulties) -> None:
        """Assign a row to every difficulty of a load."""
        pairs = np.stack([difficulties.lengths, difficulties.nestings], 1)
        distinct, number = np.unique(pairs, axis=0, return_inverse=True)
        places = [self._rows.setdefault(Difficulty(*map(int, pair)), len(self._rows)) for pair in distinct]
        new = len(self._rows) - len(self._sums)
        self._sums = torch.cat([self._sums, self._sums.new_zeros(new, COLUMNS)])
        self._present, self._row_of_sample = difficulties, np.array(places, np.int64)[number.ravel()]

    def read(self) -> dict[Difficulty, Tally]:
        """The sums of every difficulty with predicted characters."""
        sums = self._sums.tolist()
        return {at: self._tally(sums[row]) for at, row in self._rows.items() if sums[row][1]}

    def _tally(self, sums: Sequence[float]) -> Tally:
        samples, characters, correct, loss, after = sums
        return Tally(int(samples), int(characters), int(correct), loss, after if self.gain else None)

    def state_dict(self) -> dict[str, Any]:
        """The sums so far, as JSON."""
        return {"difficulties": [list(difficulty) for difficulty in self._rows], "sums": self._sums.tolist()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore them exactly."""
        self.clear()
        self._rows = {Difficulty(*difficulty): row for row, difficulty in enumerate(state["difficulties"])}
        sums = torch.tensor(state["sums"], dtype=torch.float64, device=self.device)
        self._sums = sums.reshape(len(self._rows), COLUMNS)


def _losses(logits: Tensor, answers: Tensor) -> Tensor:
    """The cross-entropy of each answer character, [answers]."""
    return cross_entropy(wide(logits), answers, reduction="none")

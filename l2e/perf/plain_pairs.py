"""A plain training script over pairs: one LSTM layer to read, one to write, Adam at a constant rate, padded rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from generators.samples import Samples
from l2e.alphabet import END_OF_INPUT, FULL_STOP, PADDING, SYMBOLS, decode, encode
from l2e.perf.peers import PlainLSTM, clip_and_step

LOOKED_AT_TOGETHER = 500


class PlainPairs:
    """What a user would write for pairs of texts; a predictor too.

    Args:
        batch: rows of an update.
        rate: Adam's.
        seed: of the first parameters, and of the rows of each update.
        cells: of either layer.
        reverse: read the input backwards.
    """

    def __init__(self, batch: int, rate: float, seed: int, cells: int = 128, reverse: bool = True) -> None:
        self.batch, self.seed, self.reverse = batch, seed, reverse
        torch.manual_seed(seed)
        self.model = nn.ModuleDict({"encoder": PlainLSTM(SYMBOLS, cells, 1), "decoder": PlainLSTM(SYMBOLS, cells, 1)})
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=rate)

    def train(self, pool: Samples) -> Iterator[None]:
        """One update on rows drawn from the pool at every step of the iterator, without end."""
        rng = np.random.default_rng(self.seed)
        while True:
            rows = pool.take(rng.integers(0, len(pool), self.batch).tolist())
            targets = _right_padded(rows.targets)
            logits = self._answers(rows.inputs, targets)
            clip_and_step(
                self.model,
                self.optimizer,
                cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=PADDING),
                1.0,
            )
            yield

    @torch.no_grad()
    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The character predicted at each position of each target, given the correct earlier ones."""
        found = []
        for start in range(0, len(samples), LOOKED_AT_TOGETHER):
            part = samples[start : start + LOOKED_AT_TOGETHER]
            predicted = self._answers(part.inputs, _right_padded(part.targets)).argmax(2)
            found += [decode(row[: len(target)].numpy()) for row, target in zip(predicted.T, part.targets, strict=True)]
        return found

    @torch.no_grad()
    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Answers without help."""
        found = []
        for start in range(0, len(inputs), LOOKED_AT_TOGETHER):
            state = self._read(inputs[start : start + LOOKED_AT_TOGETHER])
            symbols = torch.full((1, state[0].shape[1]), END_OF_INPUT)
            written = []
            for _ in range(max_characters):
                logits, state = self.model["decoder"](symbols, state)
                symbols = logits.argmax(2)
                written.append(symbols)
            for row in torch.cat(written).T.numpy():
                stops = np.flatnonzero(row == FULL_STOP)
                found.append(decode(row[: stops[0] + 1] if stops.size else row))
        return found

    def _read(self, inputs: Sequence[str]) -> tuple[Tensor, Tensor]:
        texts = [text[::-1] if self.reverse else text for text in inputs]
        longest = max(map(len, texts))
        padded = torch.full((longest, len(texts)), PADDING)
        for row, text in enumerate(texts):
            padded[longest - len(text) :, row] = torch.from_numpy(encode([text])[0])
        state: tuple[Tensor, Tensor] = self.model["encoder"](padded)[1]
        return state

    def _answers(self, inputs: Sequence[str], targets: Tensor) -> Tensor:
        """Logits [time, rows, symbols] for targets [time, rows]."""
        shifted = torch.cat([torch.full_like(targets[:1], END_OF_INPUT), targets[:-1]])
        logits: Tensor = self.model["decoder"](shifted, self._read(inputs))[0]
        return logits


def _right_padded(texts: Sequence[str]) -> Tensor:
    padded = torch.full((max(map(len, texts)), len(texts)), PADDING)
    for row, text in enumerate(texts):
        padded[: len(text), row] = torch.from_numpy(encode([text])[0])
    return padded

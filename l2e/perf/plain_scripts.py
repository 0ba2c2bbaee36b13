"""Plain training scripts: samples one by one, left padding, torch's own layers, Adam at a constant rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from generators.samples import Samples
from l2e.batches import Batch, StreamBatch
from l2e.perf.plain_networks import PlainAttention, PlainLSTM, PlainSeq2Seq
from l2e.perf.plain_samples import Pair, to_ids
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, SYMBOLS, decode

TYPES = {"float32": torch.float32, "bfloat16 autocast": torch.bfloat16}
LOOKED_AT_TOGETHER = 500


class PlainScript:
    """A plain training script for pairs of texts; also a predictor.

    Args:
        network: to be trained.
        write: generates some samples of the training split.
        batch: batch size.
        rate: Adam's learning rate.
        reverse: read the input backwards.
        dtype: of products; bfloat16 under autocast.
    """

    def __init__(
        self,
        network: PlainSeq2Seq | PlainAttention,
        write: Callable[[], list[Pair]],
        batch: int,
        rate: float,
        reverse: bool,
        dtype: torch.dtype,
    ) -> None:
        self.network, self.write, self.batch, self.reverse, self.dtype = network, write, batch, reverse, dtype
        self.optimizer = torch.optim.Adam(network.parameters(), lr=rate, fused=True)
        self.pool: list[Pair] = []

    def train(self) -> Iterator[None]:
        """An endless iterator that does one update per step."""
        while True:
            while len(self.pool) < self.batch:
                self.pool += self.write()
            rows, self.pool = self.pool[: self.batch], self.pool[self.batch :]
            targets = _padded_at_end([target for _, target in rows])
            with self._products():
                logits = self.network(self._inputs([text for text, _ in rows]), _before(targets))
            loss = cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), ignore_index=PADDING)
            clip_and_step(self.network, self.optimizer, loss, 1.0)
            yield

    @torch.no_grad()
    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The character predicted at each position of each target, given the correct earlier ones."""
        found = []
        for start in range(0, len(samples), LOOKED_AT_TOGETHER):
            part = samples[start : start + LOOKED_AT_TOGETHER]
            predicted = self.network(self._inputs(part.inputs), _before(_padded_at_end(part.targets))).argmax(2)
            found += [decode(row[: len(target)].numpy()) for row, target in zip(predicted.T, part.targets, strict=True)]
        return found

    @torch.no_grad()
    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Free-running answers; only for the network without attention."""
        assert isinstance(self.network, PlainSeq2Seq)
        found = []
        for start in range(0, len(inputs), LOOKED_AT_TOGETHER):
            state = self.network.encoder.read(self._inputs(inputs[start : start + LOOKED_AT_TOGETHER]))
            symbols = torch.full((1, state[0].shape[1]), END_OF_INPUT)
            written = []
            for _ in range(max_characters):
                logits, state = self.network.decoder(symbols, state)
                symbols = logits.argmax(2)
                written.append(symbols)
            for row in torch.cat(written).T.numpy():
                stops = np.flatnonzero(row == FULL_STOP)
                found.append(decode(row[: stops[0] + 1] if stops.size else row))
        return found

    def _products(self) -> torch.autocast:
        return torch.autocast("cpu", torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    def _inputs(self, texts: Sequence[str]) -> Tensor:
        """Symbols [time, rows], padded on the left."""
        ids = to_ids([text[::-1] if self.reverse else text for text in texts])
        longest = max(map(len, ids))
        return torch.tensor([[PADDING] * (longest - len(row)) + row for row in ids]).T


def _padded_at_end(texts: Sequence[str]) -> Tensor:
    ids = to_ids(texts)
    longest = max(map(len, ids))
    return torch.tensor([row + [PADDING] * (longest - len(row)) for row in ids]).T


def _before(targets: Tensor) -> Tensor:
    return torch.cat([torch.full_like(targets[:1], END_OF_INPUT), targets[:-1]])


def clip_and_step(model: nn.Module, optimizer: torch.optim.Optimizer, loss: Tensor, norm: float) -> None:
    """One plain update."""
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), norm)
    optimizer.step()


class PlainStream:
    """A plain training of `PlainLSTM` over running text, by gradient descent.

    Args:
        device: where.
        cells: hidden size.
        layers: their number.
        clip_norm: greatest norm of the gradient.
        dtype: of products; bfloat16 under autocast.
    """

    def __init__(self, device: torch.device, cells: int, layers: int, clip_norm: float, dtype: torch.dtype) -> None:
        self.model = PlainLSTM(SYMBOLS, cells, layers).to(device)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.5)
        self.clip_norm, self.dtype, self.device = clip_norm, dtype, device

    def train(self, batches: Sequence[Batch]) -> None:
        """One update per batch, with the state carried over."""
        state = None
        for batch in batches:
            assert isinstance(batch, StreamBatch)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16):
                logits, (h, c) = self.model(batch.symbols.T, state)
            state = h.detach(), c.detach()
            chosen = logits.transpose(0, 1).reshape(-1, SYMBOLS)[batch.positions]
            loss = cross_entropy(chosen.float(), batch.answers, reduction="sum") / batch.rows
            clip_and_step(self.model, self.optimizer, loss, self.clip_norm)

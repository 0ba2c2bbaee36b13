"""The protocol that a learner meets, and what all learners share: predicting texts batch by batch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from generators.samples import Samples
from l2e.batches import Batch, Layout, pad, pair_batches, stream_batches
from l2e.vocabulary import FULL_STOP, decode

State = Any  # a tensor, or tuples of tensors; None stands for the zero state

_STACKED = ContextVar("stacked", default=False)


def models_are_stacked() -> bool:
    """Whether a learner is run as many models at once, under `torch.vmap`, which torch's fused layers cannot be."""
    return _STACKED.get()


@contextmanager
def stacked_models() -> Iterator[None]:
    """Say so for the time of a call."""
    token = _STACKED.set(True)
    try:
        yield
    finally:
        _STACKED.reset(token)


EVALUATION_ROWS = 256
EVALUATION_WINDOW = 50


@runtime_checkable
class Predictor(Protocol):
    """Anything that answers inputs, trained or not."""

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Answers without help, up to and with the full stop, or `max_characters` without one."""
        ...

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The character predicted at each position of each target, given the correct earlier ones."""
        ...


@runtime_checkable
class Attentive(Protocol):
    """Tells, with its answers, where in the input it looked."""

    def attention_weights(
        self, inputs: Sequence[str], max_characters: int
    ) -> list[tuple[str, npt.NDArray[np.floating]]]:
        """Each answer as predicted, with weights [answer characters, input characters] whose rows sum to 1."""
        ...


class Learner(nn.Module, ABC):
    """A trainable model.

    A learner of your own sets `layout` and writes `forward` and `generate`; its constructor takes the number of
    symbols and options of its own.
    """

    layout: ClassVar[Layout]

    @abstractmethod
    def forward(self, batch: Any, state: State = None) -> tuple[Tensor, State]:
        """Read a batch under teacher forcing.

        Args:
            batch: of the learner's layout.
            state: what the batch before left, STREAM only.

        Returns:
            logits [answers, symbols] at the batch's answers alone, in their order; and the state afterwards.
        """

    @abstractmethod
    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily.

        Args:
            inputs: int64 [rows, time], padded at the end, the longest first.
            lengths: int64 [rows], descending; on the CPU.
            max_characters: when to stop at the latest.

        Returns:
            int64 [rows, up to max_characters]; what comes after a full stop means nothing.
        """

    def engine(self, dtype: torch.dtype) -> str:
        """What the layers run on with products of a type, for a run's record; torch, unless a learner says more."""
        return "torch"

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return next(self.parameters()).device

    @torch.no_grad()
    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Answers without help, up to and with the full stop, or `max_characters` without one."""
        self.eval()
        answers = [""] * len(inputs)
        order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i]))
        for start in range(0, len(order), EVALUATION_ROWS):
            rows = order[start : start + EVALUATION_ROWS]
            symbols, lengths = pad([inputs[i] for i in rows])
            written = self.generate(symbols.to(self.device), lengths, max_characters)
            for row, answer in zip(rows, written.cpu().numpy(), strict=True):
                stops = np.flatnonzero(answer == FULL_STOP)
                answers[row] = decode(answer[: stops[0] + 1] if stops.size else answer)
        return answers

    @torch.no_grad()
    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The character predicted at each position of each target, given the correct earlier ones."""
        self.eval()
        predicted, owners, state = [], [], None
        for batch in evaluation_batches(self.layout, samples):
            logits, state = self(batch.to(self.device), state)
            predicted.append(logits.argmax(1).cpu().numpy())
            owners.append(batch.owners)
        # Within a sample the batches keep the characters' order, so a stable sort by sample restores the texts.
        order = np.argsort(np.concatenate(owners), kind="stable")
        text = decode(np.concatenate(predicted)[order])
        ends = np.cumsum([len(target) for target in samples.targets])
        return [text[end - len(target) : end] for target, end in zip(samples.targets, ends, strict=True)]


def evaluation_batches(layout: Layout, samples: Samples) -> Sequence[Batch]:
    """Every one of the samples once, in the layout."""
    if layout is Layout.PAIRS:
        return pair_batches(samples, EVALUATION_ROWS)
    return stream_batches(samples, EVALUATION_ROWS // 2, EVALUATION_WINDOW)

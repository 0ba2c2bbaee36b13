"""Base classes of learners.

    StreamLearner   reads and writes one running text; subclasses implement `read`
    PairLearner     reads an input, then writes an answer; subclasses implement `encode` and `decode`
    Learner         any other; subclasses set `layout` and implement `forward` and `generate`

The first two also set `output`, the layer of logits, and inherit teacher forcing and generation. All inherit `predict`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import pad as pad_end

from generators.samples import Samples
from l2e.batches import Batch, Layout, PairBatch, StreamBatch, pad, pair_batches, stream_batches
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, decode

State = Any  # a tensor, or tuples of tensors; None stands for the zero state
S = TypeVar("S")

_STACKED = ContextVar("stacked", default=False)


def models_are_stacked() -> bool:
    """Whether models are stacked under `torch.vmap`, for which torch's fused layers have no batching rule."""
    return _STACKED.get()


@contextmanager
def stacked_models() -> Iterator[None]:
    """Within this context, `models_are_stacked`."""
    token = _STACKED.set(True)
    try:
        yield
    finally:
        _STACKED.reset(token)


EVALUATION_ROWS = 256
EVALUATION_WINDOW = 50
ANSWERS_TOGETHER = 64


@runtime_checkable
class Predictor(Protocol):
    """Anything that answers inputs, trained or not."""

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Free-running answers, up to and including the full stop, or `max_characters` without one."""
        ...

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The character predicted at each position of each target, given the correct earlier ones."""
        ...


@runtime_checkable
class Attentive(Protocol):
    """A predictor with attention, which returns the weights on the input with its answers."""

    def attention_weights(
        self, inputs: Sequence[str], max_characters: int
    ) -> list[tuple[str, npt.NDArray[np.floating]]]:
        """Each answer as predicted, with weights [answer characters, input characters] whose rows sum to 1."""
        ...


class Learner(nn.Module, ABC):
    """A trainable model; its constructor takes the size of the vocabulary, and its options."""

    layout: ClassVar[Layout]

    @abstractmethod
    def forward(self, batch: Any, state: State = None) -> tuple[Tensor, State]:
        """Read a batch under teacher forcing.

        Args:
            batch: of the learner's layout.
            state: after the previous batch, STREAM only.

        Returns:
            logits [answers, symbols] at the batch's answers, in order; and the state afterwards.
        """

    @abstractmethod
    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily.

        Args:
            inputs: int64 [rows, time], padded at the end, the longest first.
            lengths: int64 [rows], descending; on the CPU.
            max_characters: greatest length of an answer.

        Returns:
            int64 [rows, up to max_characters]; anything after a full stop is to be ignored.
        """

    def engine(self, dtype: torch.dtype) -> str:
        """The library whose kernels run the layers in this precision, as recorded with a run."""
        return "torch"

    @property
    def device(self) -> torch.device:
        """The device of the parameters."""
        return next(self.parameters()).device

    @torch.no_grad()
    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Free-running answers, up to and including the full stop, or `max_characters` without one."""
        self.eval()
        answers = [""] * len(inputs)
        for rows, symbols, lengths in input_batches(inputs):
            written = self.generate(symbols.to(self.device), lengths, max_characters).cpu().numpy()
            for row, answer in zip(rows, written, strict=True):
                answers[row] = up_to_full_stop(answer)
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


class StreamLearner(Learner):
    """One network that reads and writes running text, predicting the next character at each.

    Attributes:
        state_parts: names of a state's tensors, where they reach the next step by different paths, as in an LSTM.
        output: maps what `read` returns [n, ...] to logits [n, symbols].

    >>> class Recurrent(StreamLearner):
    ...     def __init__(self, symbols, cells=64):
    ...         super().__init__()
    ...         self.embedding, self.gru = nn.Embedding(symbols, cells), nn.GRU(cells, cells, batch_first=True)
    ...         self.output = nn.Linear(cells, symbols)
    ...
    ...     def read(self, symbols, state=None):
    ...         return self.gru(self.embedding(symbols), state)
    >>> len(Recurrent(97).predict(["1+2", ""], max_characters=3))
    2
    """

    layout: ClassVar[Layout] = Layout.STREAM
    state_parts: ClassVar[tuple[str, ...]] = ()
    output: nn.Module

    @abstractmethod
    def read(self, symbols: Tensor, state: State = None) -> tuple[Tensor, State]:
        """Map symbols int64 [rows, time] to vectors [rows, time, ...], and return the state afterwards."""

    def logits(self, vectors: Tensor) -> Tensor:
        """Logits [n, symbols] of vectors [n, ...]."""
        logits: Tensor = self.output(vectors)
        return logits

    def forward(self, batch: StreamBatch, state: State = None) -> tuple[Tensor, State]:
        """Predict the answers' characters within running text."""
        vectors, state = self.read(batch.symbols, state)
        return logits_at(batch.positions, vectors, self.logits), state

    def step(self, symbols: Tensor, state: State) -> tuple[Tensor, State]:
        """Read one symbol a row [rows]; the logits of the next [rows, symbols], and the state afterwards."""
        vectors, state = self.read(symbols[:, None], state)
        return self.logits(vectors[:, 0]), state

    def states_after(self, texts: Tensor, lengths: Tensor) -> Iterable[tuple[int, State]]:
        """Read rows of different lengths, each from the zero state.

        Rows of one length are read together, without padding. Override it if all rows can be read at once.

        Args:
            texts: int64 [rows, time], padded at the end.
            lengths: int64 [rows], descending; on the CPU.

        Returns:
            Pairs of a number of rows and their state, in the rows' order.
        """
        start = 0
        for length, alike in groupby(lengths.tolist()):
            rows = texts[start : start + len(list(alike))]
            yield len(rows), self.read(rows[:, :length])[1]
            start += len(rows)

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers as if each input came after a full stop, as in a stream."""
        texts = torch.cat([inputs.new_full((len(inputs), 1), FULL_STOP), inputs], 1)
        written = [
            generate_greedily(self.step, inputs.new_full((rows,), END_OF_INPUT), state, max_characters)
            for rows, state in self.states_after(texts, lengths + 1)
        ]
        longest = max(answers.shape[1] for answers in written)
        return torch.cat([pad_end(answers, (0, longest - answers.shape[1]), value=PADDING) for answers in written])


class PairLearner(Learner):
    """Reads all of an input, then writes the answer, each character from those before it.

    Attributes:
        output: maps what `decode` returns [n, ...] to logits [n, symbols].
    """

    layout: ClassVar[Layout] = Layout.PAIRS
    output: nn.Module

    @abstractmethod
    def encode(self, inputs: Tensor, lengths: Tensor) -> State:
        """The state from which an answer is written.

        Args:
            inputs: int64 [rows, time], padded at the end, the longest first.
            lengths: int64 [rows], descending; on the CPU.
        """

    @abstractmethod
    def decode(self, symbols: Tensor, state: State) -> tuple[Tensor, State]:
        """Vectors [rows, time, ...] that predict what follows symbols int64 [rows, time], and the state afterwards.

        Symbols are those of the answer, the end of input before the first.
        """

    def logits(self, vectors: Tensor) -> Tensor:
        """Logits [n, symbols] of vectors [n, ...]."""
        logits: Tensor = self.output(vectors)
        return logits

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        """Read the inputs, then predict each character of the targets from those before it."""
        vectors, _ = self.decode(decoder_inputs(batch.targets), self.encode(batch.inputs, batch.input_lengths))
        return logits_at(batch.positions, vectors, self.logits), None

    def step(self, symbols: Tensor, state: State) -> tuple[Tensor, State]:
        """Write one symbol a row [rows]; the logits of the next [rows, symbols], and the state afterwards."""
        vectors, state = self.decode(symbols[:, None], state)
        return self.logits(vectors[:, 0]), state

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers greedily."""
        first = inputs.new_full((len(inputs),), END_OF_INPUT)
        return generate_greedily(self.step, first, self.encode(inputs, lengths), max_characters)


def decoder_inputs(targets: Tensor) -> Tensor:
    """What a decoder reads under teacher forcing: targets [rows, time] shifted right by one, after the end of input.

    >>> decoder_inputs(torch.tensor([[14, 15, 16]]))
    tensor([[ 1, 14, 15]])
    """
    return torch.cat([torch.full_like(targets[:, :1], END_OF_INPUT), targets[:, :-1]], 1)


def logits_at(positions: Tensor, vectors: Tensor, output: Callable[[Tensor], Tensor]) -> Tensor:
    """Logits of the vectors at these positions.

    On a CPU, bfloat16 products are compiled for every new shape, so rows are padded to a multiple of a fixed number.

    Args:
        positions: int64 [answers], in the flattened [rows, time].
        vectors: [rows, time, ...], what the output layers read.
        output: gives logits [n, symbols] of n vectors.

    Returns:
        [answers, symbols].
    """
    answers = len(positions)
    filled = pad_end(positions, (0, -answers % ANSWERS_TOGETHER))
    return output(vectors.flatten(0, 1)[filled])[:answers]


def generate_greedily(
    step: Callable[[Tensor, S], tuple[Tensor, S]], first: Tensor, state: S, max_characters: int
) -> Tensor:
    """Greedy decoding, until every row has a full stop.

    Args:
        step: maps symbols [rows] and a state to logits [rows, symbols] and the next state.
        first: int64 [rows], what the network reads before its first answer symbol.
        state: before that.
        max_characters: greatest length of an answer.

    Returns:
        int64 [rows, up to max_characters].
    """
    symbols, written = first, []
    stopped = torch.zeros_like(first, dtype=torch.bool)
    for _ in range(max_characters):
        logits, state = step(symbols, state)
        symbols = logits.argmax(1)
        written.append(symbols)
        stopped |= symbols == FULL_STOP
        if stopped.all():
            break
    return torch.stack(written, 1) if written else first.new_zeros(len(first), 0)


def input_batches(inputs: Sequence[str]) -> Iterator[tuple[list[int], Tensor, Tensor]]:
    """Inputs in batches of similar length, the longest first: their indices, symbols and lengths."""
    order = sorted(range(len(inputs)), key=lambda i: -len(inputs[i]))
    for start in range(0, len(order), EVALUATION_ROWS):
        rows = order[start : start + EVALUATION_ROWS]
        yield rows, *pad([inputs[i] for i in rows])


def up_to_full_stop(symbols: npt.NDArray[np.int64]) -> str:
    """The text of generated symbols, up to and with the first full stop."""
    stops = np.flatnonzero(symbols == FULL_STOP)
    return decode(symbols[: stops[0] + 1] if stops.size else symbols)


def evaluation_batches(layout: Layout, samples: Samples) -> Sequence[Batch]:
    """All samples once, in batches of the layout."""
    if layout is Layout.PAIRS:
        return pair_batches(samples, EVALUATION_ROWS)
    return stream_batches(samples, EVALUATION_ROWS // 2, EVALUATION_WINDOW)

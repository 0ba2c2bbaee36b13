"""Samples as tensors, in the two layouts that learners take.

STREAM   rows of running text (lanes), samples packed back to back, cut into windows; the state is carried over
PAIRS    one sample a row, padded; rows of similar length share a batch
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from generators.samples import BoolArray, IntArray, Samples
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, encode


class Layout(Enum):
    """The layouts of a batch."""

    STREAM = "stream"
    PAIRS = "pairs"


@dataclass(frozen=True, slots=True)
class PairBatch:
    """One sample a row, the longest input first.

    Attributes:
        inputs: int64 [rows, input time], padded at the end.
        input_lengths: int64 [rows], descending; stays on the CPU.
        targets: int64 [rows, target time], padded at the end.
        positions: int64 [answers], where in the flattened [rows, target time] the targets' characters are.
        answers: int64 [answers], those characters' symbols.
        owners: int64 [answers], the index of the sample that each belongs to.
        characters: read and written, without padding.
    """

    inputs: Tensor
    input_lengths: Tensor
    targets: Tensor
    positions: Tensor
    answers: Tensor
    owners: IntArray
    characters: int

    @property
    def rows(self) -> int:
        """How many samples."""
        return len(self.inputs)

    def to(self, device: torch.device) -> PairBatch:
        """The same on another device."""
        return replace(
            self,
            inputs=_moved(self.inputs, device),
            targets=_moved(self.targets, device),
            positions=_moved(self.positions, device),
            answers=_moved(self.answers, device),
        )


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """A window of running text, one lane per row.

    Attributes:
        symbols: int64 [lanes, time].
        positions: int64 [answers], where in the flattened [lanes, time] the *next* character is to be predicted:
            a target's, or for a language model any.
        answers: int64 [answers], those next characters' symbols.
        owners: int64 [answers], the index of the sample whose target each is in; -1 outside of targets.
        characters: read, including unused ends of lanes.
    """

    symbols: Tensor
    positions: Tensor
    answers: Tensor
    owners: IntArray
    characters: int

    @property
    def rows(self) -> int:
        """How many lanes."""
        return len(self.symbols)

    def to(self, device: torch.device) -> StreamBatch:
        """The same on another device."""
        return replace(
            self,
            symbols=_moved(self.symbols, device),
            positions=_moved(self.positions, device),
            answers=_moved(self.answers, device),
        )


Batch = PairBatch | StreamBatch


def _moved(x: Tensor, device: torch.device) -> Tensor:
    """The tensor on a device; to a GPU by an asynchronous copy from pinned memory."""
    return x.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else x.to(device)


def pad(texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Symbols [n, longest], padded at the end, at least one per row; and the lengths [n]."""
    flat, lengths = encode(texts)
    symbols = np.full((len(texts), int(lengths.max(initial=1))), PADDING, np.int64)
    symbols[np.arange(symbols.shape[1]) < lengths[:, None]] = flat
    return torch.from_numpy(symbols), torch.from_numpy(lengths)


def pair_batches(samples: Samples, batch_size: int, sorted_together: int | None = None) -> list[PairBatch]:
    """All samples in batches of similar length.

    Args:
        samples: of any lengths.
        batch_size: rows of a batch.
        sorted_together: samples are sorted by input length within groups of this many batches; None: all together. More
            sorting saves padding, but batches of a single length have less representative gradients.
    """
    lengths = np.fromiter(map(len, samples.inputs), np.int64, len(samples))
    target_lengths = np.fromiter(map(len, samples.targets), np.int64, len(samples))
    together = len(samples) if sorted_together is None else sorted_together * batch_size
    order = np.lexsort((target_lengths, lengths, np.arange(len(samples)) // max(1, together)))
    starts = range(0, len(samples), batch_size)
    return [_pair_batch(samples, order[start : start + batch_size][::-1]) for start in starts]


def _pair_batch(samples: Samples, rows: IntArray) -> PairBatch:
    inputs, input_lengths = pad([samples.inputs[i] for i in rows])
    targets, target_lengths = pad([samples.targets[i] for i in rows])
    positions = torch.nonzero((torch.arange(targets.shape[1]) < target_lengths[:, None]).ravel()).squeeze(1)
    answers = targets.ravel()[positions]
    owners = np.repeat(rows, target_lengths.numpy())
    characters = int(input_lengths.sum()) + len(answers)
    return PairBatch(inputs, input_lengths, targets, positions, answers, owners, characters)


@dataclass(frozen=True, slots=True)
class Streams:
    """Samples packed back to back in lanes.

    Attributes:
        symbols: int64 [lanes, length].
        owners: int64 [lanes, length], the sample whose target has this character; -1 elsewhere.
        complete: whether every lane is full, except for an end too short for the next sample.
    """

    symbols: IntArray
    owners: IntArray
    complete: bool

    @property
    def in_targets(self) -> BoolArray:
        """Which characters belong to a target: [lanes, length]."""
        return self.owners >= 0

    @property
    def in_texts(self) -> BoolArray:
        """Which characters belong to a sample, input or target: [lanes, length]."""
        inside: BoolArray = self.symbols != PADDING
        return inside


def pack(samples: Samples, lanes: int, length: int) -> Streams:
    """Fill lane after lane: a sample's input, the end of input, its target, and the next sample.

    Samples beyond the last lane are left out; `complete` says whether there were enough.

    Raises:
        ValueError: a sample longer than a lane.
    """
    inputs, input_lengths = encode(samples.inputs)
    targets, target_lengths = encode(samples.targets)
    sizes = input_lengths + 1 + target_lengths
    if sizes.max(initial=0) > length:
        raise ValueError(f"a sample of {sizes.max()} characters does not fit in a lane of {length}")
    ends = np.cumsum(sizes)
    in_input = np.arange(int(sizes.max(initial=0))) < input_lengths[:, None]
    in_target = (np.arange(in_input.shape[1]) > input_lengths[:, None]) & (
        np.arange(in_input.shape[1]) < sizes[:, None]
    )
    rows = np.full(in_input.shape, END_OF_INPUT, np.int64)
    rows[in_input] = inputs
    rows[in_target] = targets
    text = rows[np.arange(in_input.shape[1]) < sizes[:, None]]
    owners = np.where(in_target, np.arange(len(samples))[:, None], -1)[np.arange(in_input.shape[1]) < sizes[:, None]]
    symbols = np.full((lanes, length), PADDING, np.int64)
    lane_owners = np.full((lanes, length), -1, np.int64)
    start, lane = 0, 0
    while lane < lanes and start < len(text):
        end = int(ends[np.searchsorted(ends, start + length, "right") - 1])
        symbols[lane, : end - start] = text[start:end]
        lane_owners[lane, : end - start] = owners[start:end]
        start, lane = end, lane + 1
    return Streams(symbols, lane_owners, complete=lane == lanes and start < len(text))


def windows(streams: Streams, window: int, predicted: BoolArray) -> list[StreamBatch]:
    """Cut lanes into windows; the last character of each predicts the first of the next.

    Args:
        streams: to cut.
        window: characters of a lane.
        predicted: [lanes, length], which characters are predicted from those before them.
    """
    batches = []
    length = streams.symbols.shape[1]
    for start in range(0, length - 1, window):
        end = min(start + window, length - 1)
        owners = streams.owners[:, start + 1 : end + 1].ravel()
        positions = np.flatnonzero(predicted[:, start + 1 : end + 1])
        answers = streams.symbols[:, start + 1 : end + 1].ravel()[positions]
        symbols = _tensor(streams.symbols[:, start:end])
        answered = _tensor(positions), _tensor(answers), owners[positions]
        batches.append(StreamBatch(symbols, *answered, symbols.numel()))
    return batches


def stream_batches(samples: Samples, lanes: int, window: int) -> list[StreamBatch]:
    """All samples in windows over lanes just long enough, for evaluation; targets' characters are predicted."""
    streams = _just_long_enough(samples, lanes)
    return windows(streams, window, streams.in_targets)


def text_batches(samples: Samples, lanes: int, window: int) -> list[StreamBatch]:
    """As `stream_batches`, but every character is predicted; each lane starts with a full stop, as if after a text."""
    streams = _just_long_enough(samples, lanes)
    edge = np.full((len(streams.symbols), 1), FULL_STOP, np.int64)
    begun = Streams(np.hstack([edge, streams.symbols]), np.hstack([edge * 0 - 1, streams.owners]), streams.complete)
    return windows(begun, window, begun.in_texts)


def _just_long_enough(samples: Samples, lanes: int) -> Streams:
    size = sum(map(len, samples.inputs)) + sum(map(len, samples.targets)) + len(samples)
    longest = max(len(i) + len(t) + 1 for i, t in samples)
    lanes = max(1, min(lanes, len(samples)))
    # A lane loses less than one sample at its end, so this length always suffices.
    return pack(samples, lanes, -(-size // lanes) + longest)


def _tensor(array: npt.NDArray[np.int64]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))

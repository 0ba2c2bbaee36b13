"""Learners that can be watched: what they tell of themselves, character by character.

Columns are what a network reads, one a character: the input, the end of input, and the answer but for its last.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol, runtime_checkable

from torch import Tensor

HIDDEN = "hidden"


class Trace(NamedTuple):
    """Units of one kind in one layer, over the characters that it reads.

    Attributes:
        part: the layer, as "decoder layer 1".
        kind: "forget gate", "cell" and so on; HIDDEN are those that the layer hands on, and each has them.
        first: column of the first character.
        values: [columns, units].
    """

    part: str
    kind: str
    first: int
    values: Tensor


class Look(NamedTuple):
    """Attention weights of one head.

    Attributes:
        part: who looks at what, as "decoder layer 1 to the input".
        head: which, counted from 1.
        first: column of the first character from which it looks.
        at: column of the first character at which it looks.
        weights: [columns that look, columns looked at], rows that sum to 1.
    """

    part: str
    head: int
    first: int
    at: int
    weights: Tensor


class Watched(NamedTuple):
    """What a network did while it read an input and wrote an answer.

    Attributes:
        probabilities: [columns, symbols], of the character after each; nan where the network predicts none.
        traces: of its layers, in the order in which it computes them.
        looks: of its heads, likewise.
    """

    probabilities: Tensor
    traces: list[Trace]
    looks: list[Look]


@runtime_checkable
class Watchable(Protocol):
    """A learner that can be watched."""

    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read one input and write this answer, without dropout, as in `generate`.

        Args:
            inputs: int64 [1, time], as of `batches.pad`.
            lengths: int64 [1], 0 if there is but padding; on the CPU.
            answer: int64 [characters].
        """
        ...


@runtime_checkable
class WatchableText(Protocol):
    """A learner that can be watched while it reads a running text."""

    def watch_text(self, symbols: Tensor, before: int) -> Watched:
        """Read a text that comes after one symbol, without dropout.

        Args:
            symbols: int64 [columns].
            before: the symbol.
        """
        ...

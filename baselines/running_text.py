"""Recurrent layers that read and write one running text, whatever their cell (Zaremba & Sutskever 2014)."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor, nn

from baselines.recurrent import RecurrentStack, State
from l2e.learner import StreamLearner


class RunningText(StreamLearner):
    """A stack of recurrent layers and an output layer.

    Args:
        stack: reads symbols.
        output: from the stack's outputs to a logit a symbol.
    """

    def __init__(self, stack: RecurrentStack, output: nn.Module) -> None:
        super().__init__()
        self.stack = stack
        self.output = output

    def read(self, symbols: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Read on: the stack's outputs [rows, time, width], and the state afterwards."""
        outputs, state = self.stack(symbols.T, state)
        return outputs.transpose(0, 1), state

    def states_after(self, texts: Tensor, lengths: Tensor) -> Iterable[tuple[int, State]]:
        """All rows at once."""
        return [(len(texts), self.stack.read(texts.T, lengths))]

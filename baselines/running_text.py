"""Recurrent layers that read and write one running text, whatever their cell (Zaremba & Sutskever 2014)."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from baselines.recurrent import RecurrentStack, State
from baselines.watched_steps import after_columns, noting, steps, traces_of, written_from
from l2e.learner import StreamLearner
from l2e.vocabulary import FULL_STOP
from l2e.watching import Watched


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

    def watch(self, inputs: Tensor, lengths: Tensor, answer: Tensor) -> Watched:
        """Read an input as if it came after a full stop, then write this answer; see `Watchable`."""
        return self.watch_text(torch.cat([inputs[0, : int(lengths)], written_from(answer)]), FULL_STOP)

    @torch.no_grad()
    def watch_text(self, symbols: Tensor, before: int) -> Watched:
        """Read a text that comes after one symbol; see `WatchableText`."""
        self.eval()
        _, state = self.read(symbols.new_full((1, 1), before))
        with noting(self.stack) as notes:
            probabilities = [one for one, _ in steps(self, symbols, state)]
        return Watched(after_columns(0, probabilities), traces_of(notes, self.stack.layers), [])

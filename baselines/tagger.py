"""Many to many, in step: a character of the answer is written as soon as a character of the input is read.

    it reads    end x_1    y_1 x_2    y_2 x_3    …
    it writes       y_1        y_2        y_3    …

Before it writes y_t a recurrent network has read x_1 to x_t and, as the last output comes back in the lectures' network
for parity, y_1 to y_(t-1); the end of input stands for y_0, and for every x after the last. So it tags the characters
of an input one by one, and cannot look ahead.

Parameters, for n cells, L layers and s symbols: those of a stack, P(n) in `baselines.seq2seq`, and the output's
s·(n + 1).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from baselines.options import check_one_of
from baselines.recurrent import State
from baselines.seq2seq import CELLS
from l2e.learner import PairLearner
from l2e.vocabulary import END_OF_INPUT, PADDING


class Tagger(PairLearner):
    """One network reads a character and writes a character, by turns.

    A state is the rest of the input int64 [rows, time], then the parts of the stack's.

    Args:
        symbols: how many there are.
        cells: per layer.
        layers: one above the other.
        cell: lstm, gru, gru_reset_before or elman.
        dropout: of each layer's outputs in training, as a fraction.

    Raises:
        ValueError: an unknown cell; fewer than one cell or layer; a dropout that is no fraction.
    """

    def __init__(
        self, symbols: int, cells: int = 128, layers: int = 1, cell: str = "gru", dropout: float = 0.0
    ) -> None:
        super().__init__()
        check_one_of("cell", cell, CELLS)
        self.stack = CELLS[cell](symbols, cells, layers, dropout=dropout)
        self.output = nn.Linear(cells, symbols)

    def encode(self, inputs: Tensor, lengths: Tensor) -> State:
        """Nothing is read yet."""
        rest = inputs.masked_fill(inputs == PADDING, END_OF_INPUT)
        return rest, *self.stack.zero_state(len(inputs))

    def decode(self, symbols: Tensor, state: State) -> tuple[Tensor, State]:
        """For each character written, read it and the next of the input: the outputs after the latter."""
        rest, *before = state
        rows, time = symbols.shape
        read = pad(rest, (0, max(0, time - rest.shape[1])), value=END_OF_INPUT)[:, :time]
        by_turns = torch.stack([symbols, read], 2).reshape(rows, 2 * time)
        outputs, after = self.stack(by_turns.T, tuple(before))
        return outputs[1::2].transpose(0, 1), (rest[:, time:], *after)

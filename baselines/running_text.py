"""One network that reads and writes one running text, whatever its cell (Zaremba & Sutskever 2014).

At every character the network predicts the next one; only those of targets count.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor, nn

from baselines.answers import logits_at
from baselines.generation import generate_greedily
from baselines.recurrent import RecurrentStack, State
from l2e.batches import Layout, StreamBatch
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT, FULL_STOP


class RunningText(Learner):
    """A stack of recurrent layers and an output layer.

    Args:
        stack: reads symbols.
        output: from the stack's outputs to a logit a symbol.
    """

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(self, stack: RecurrentStack, output: nn.Module) -> None:
        super().__init__()
        self.stack = stack
        self.output = output

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        """Predict the answers' characters within running text."""
        outputs, state = self.stack(batch.symbols.T, state)
        return logits_at(batch.positions, outputs.transpose(0, 1), self.output), state

    def step(self, symbols: Tensor, state: State | None) -> tuple[Tensor, State]:
        """Read one symbol a row [rows]; the logits of the next [rows, symbols], and the state afterwards."""
        outputs, state = self.stack(symbols[None], state)
        return self.output(outputs[0]), state

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        """Write answers as if each input came after a full stop, as every sample of a stream but the first does."""
        first = inputs.new_full((len(inputs), 1), FULL_STOP)
        state = self.stack.read(torch.cat([first, inputs], 1).T, lengths + 1)
        return generate_greedily(self.step, inputs.new_full((len(inputs),), END_OF_INPUT), state, max_characters)

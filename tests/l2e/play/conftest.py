"""Networks to play with: saved ones as they are before training, and ones that write what they are told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor

from l2e.batches import Layout, PairBatch
from l2e.experiments.experiment import Experiment
from l2e.experiments.run import Run
from l2e.learner import Learner
from l2e.vocabulary import SYMBOLS, decode, encode
from tests.toys import experiment, untrained


def saved_run(folder: Path, **changes: Any) -> Run:
    """A run with one checkpoint of a network that has learnt nothing."""
    of: Experiment = experiment(**{"learner": {"name": "seq2seq", "options": {"cells": 8}}, **changes})
    run = Run(folder / of.name)
    run.begin(of)
    torch.manual_seed(of.seed)
    run.save_checkpoint(1, untrained(of.make_learner()))
    return run


class Scripted(Learner):
    """At each place it writes the script's next symbol with odds of 3 to 1 against any other, whatever it reads."""

    layout: ClassVar[Layout] = Layout.PAIRS

    def __init__(self, script: list[int]) -> None:
        super().__init__()
        self.script = torch.tensor(script)
        self.odds = torch.nn.Parameter(torch.tensor(3.0))
        self.read = ""

    def forward(self, batch: PairBatch, state: None = None) -> tuple[Tensor, None]:
        return torch.eye(SYMBOLS)[self.script[: len(batch.positions)]] * self.odds.log(), None

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        self.read = decode(inputs[0, : lengths[0]].numpy())
        return self.script[None, :max_characters]


def script(text: str) -> list[int]:
    symbols: list[int] = encode([text])[0].tolist()
    return symbols

"""One network reads and writes running text, whatever its cell."""

import pytest
import torch
from torch import Tensor, nn

from baselines.running_text import RunningText
from l2e.registry import Group, create
from l2e.vocabulary import SYMBOLS
from tests.baselines.references import OneByOne, Read, check_stream


@pytest.mark.parametrize(
    ("name", "cell", "options"),
    [
        ("lstm", "lstm", {}),
        ("lstm", "lstm", {"skip": True}),
        ("gru", "gru", {}),
        ("gru", "gru_reset_before", {"reset": "before"}),
        ("elman", "elman", {"embedding": False}),
    ],
)
def test_it_predicts_what_torchs_layers_do_one_symbol_at_a_time(
    name: str, cell: str, options: dict[str, object]
) -> None:
    torch.manual_seed(1)
    learner: RunningText = create(Group.LEARNER, name, {"cells": 16, "layers": 2, **options}, SYMBOLS).double().eval()
    for parameter in learner.parameters():
        nn.init.normal_(parameter)
    nn.init.zeros_(learner.output.bias)  # so that what was read decides

    def network() -> Read:
        outputs = OneByOne(cell, learner.stack)

        def read(symbol: int) -> Tensor:
            return learner.logits(outputs(symbol))

        return read

    check_stream(learner, network)

"""The smallest network of the lectures: three Elman cells learn to write HELLO, one letter after another, from H."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from baselines.elman import Elman
from l2e.batches import StreamBatch
from l2e.learner import generate_greedily

LETTERS = "EHLO"


def made() -> Elman:
    torch.manual_seed(0)
    return Elman(len(LETTERS), cells=3, layers=1, embedding=False)


def hello() -> StreamBatch:
    """Reads HELL and is to predict ELLO."""
    text = torch.tensor([LETTERS.index(letter) for letter in "HELLO"])
    owners = np.zeros(4, np.int64)
    return StreamBatch(text[None, :-1], torch.arange(4), text[1:], owners, characters=4)


def written(learner: Elman) -> str:
    first = torch.tensor([LETTERS.index("H")])
    with torch.no_grad():
        symbols = generate_greedily(learner.step, first, None, 4)
    return "H" + "".join(LETTERS[i] for i in symbols[0].tolist())


def test_it_has_24_parameters_within_and_16_to_the_output() -> None:
    learner = made()
    assert sum(parameter.numel() for parameter in learner.stack.parameters()) == 3 * 4 + 3 * 3 + 3 == 24
    assert sum(parameter.numel() for parameter in learner.output.parameters()) == 4 * 3 + 4 == 16


def test_it_learns_to_write_hello() -> None:
    learner, batch = made(), hello()
    optimizer = torch.optim.Adam(learner.parameters(), 0.03)
    assert written(learner) != "HELLO"
    for _ in range(150):
        optimizer.zero_grad()
        cross_entropy(learner(batch)[0], batch.answers).backward()
        optimizer.step()
    assert written(learner) == "HELLO"

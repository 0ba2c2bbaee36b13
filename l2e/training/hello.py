"""HELLO: the smallest network of the lectures learns to write a word from its first letter.

Three Elman cells over the letters E, H, L and O, which go in one-hot, have 3·(4 + 3 + 1) = 24 parameters, and their
output layer 4·(3 + 1) = 16. An L is followed by an L once and by an O once, so no network without memory writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from l2e.batches import StreamBatch
from l2e.learner import StreamLearner, generate_greedily
from l2e.registry import Group, create

WORD = "HELLO"
LETTERS = "".join(sorted(set(WORD)))
RATE = 0.01  # of Adam


class Written(NamedTuple):
    """How far the network is.

    Attributes:
        update: updates so far.
        loss: mean cross-entropy of the letters after the first, in nats.
        text: what it writes after the first letter, itself included, the likeliest letter each time.
    """

    update: int
    loss: float
    text: str


def hello_network(seed: int) -> StreamLearner:
    """The network before training."""
    torch.manual_seed(seed)
    options = {"cells": 3, "layers": 1, "embedding": False}
    network: StreamLearner = create(Group.LEARNER, "elman", options, len(LETTERS))
    return network


def learn_hello(network: StreamLearner, updates: int, every: int) -> Iterator[Written]:
    """Train it on the word, and look at it before the first update, and after every so many."""
    letters = torch.tensor([LETTERS.index(letter) for letter in WORD])
    steps = len(WORD) - 1
    batch = StreamBatch(letters[None, :-1], torch.arange(steps), letters[1:], np.zeros(steps, np.int64), steps)
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    for update in range(updates + 1):
        loss = cross_entropy(network(batch)[0], batch.answers)
        if update % every == 0:
            yield Written(update, loss.item(), _write(network, letters[:1], steps))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()


@torch.no_grad()
def _write(network: StreamLearner, first: Tensor, letters: int) -> str:
    written = generate_greedily(network.step, first, None, letters)
    return "".join(LETTERS[symbol] for symbol in [*first.tolist(), *written[0].tolist()])

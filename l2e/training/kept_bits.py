"""How much of a string a predictor keeps until it has to write it again.

The lectures' argument against hidden Markov models: with N states they remember log2 N bits. All strings of d digits
are equally likely, so their copies would cost d·log2 10 bits each to who has not read them. What a copy costs less than
that, on average, has been kept. Predictors are fitted to all strings, and measured on all: this is about memory, and
nothing is left to generalise to.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from generators.samples import Samples
from l2e.batches import Layout, stream_batches
from l2e.learner import Predictor, StreamLearner
from l2e.metrics import Rule, score
from l2e.registry import Group, UnknownNameError, create, factory
from l2e.vocabulary import SYMBOLS

CELLS = 64  # of the network
UPDATES = 400
ROWS = 64  # of an update
RATE = 0.01  # of Adam at first; it falls to zero


class Kept(NamedTuple):
    """What one predictor makes of all strings.

    Attributes:
        predictor: its name.
        digits: of a string.
        all_bits: in a string.
        kept_bits: of them, on average; below zero where copies cost more than guesses.
        copied: the share of strings that it writes without a mistake, each character the likeliest.
    """

    predictor: str
    digits: int
    all_bits: float
    kept_bits: float
    copied: float


def kept_bits(longest: int, states: Sequence[int], network: str, seed: int) -> Iterator[Kept]:
    """For strings of 1 digit to the longest: what hidden Markov models keep, and what a network does.

    Raises:
        UnknownNameError: there is no such learner, or it is not of running text.
    """
    if getattr(factory(Group.LEARNER, network), "layout", None) is not Layout.STREAM:
        raise UnknownNameError(f"{network} reads the whole input before it writes; give a learner of running text")
    task = create(Group.TASK, "copy", {})
    for digits in range(1, longest + 1):
        samples = _all_strings(digits)
        for number in states:
            options = {"states": number, "seed": seed}
            model = create(Group.PREDICTOR, "hmm", options, samples, task.answer)
            yield _kept(f"hmm[states={number}]", digits, model.bits(samples).mean(), model, samples)
        learner = _trained(network, samples, seed)
        yield _kept(f"{network}[cells={CELLS}]", digits, _cost(learner, samples), learner, samples)


def _kept(name: str, digits: int, cost: float, predictor: Predictor, samples: Samples) -> Kept:
    """Of a predictor to which a copy costs so many bits."""
    right, counted = score(predictor.predict(samples.inputs, digits + 1), samples.targets, Rule.EXACT_MATCH)
    every = digits * math.log2(10)
    return Kept(name, digits, every, every - float(cost), float(right.sum() / counted.sum()))


def _all_strings(digits: int) -> Samples:
    inputs = ["".join(string) for string in product("0123456789", repeat=digits)]
    ones = np.ones(len(inputs), np.int64)
    return Samples(inputs, [text + "." for text in inputs], digits * ones, ones)


def _trained(name: str, samples: Samples, seed: int) -> StreamLearner:
    torch.manual_seed(seed)
    learner: StreamLearner = create(Group.LEARNER, name, {"cells": CELLS, "layers": 1}, SYMBOLS)
    optimizer = torch.optim.Adam(learner.parameters(), RATE)
    rng = np.random.default_rng(seed)
    for update in range(UPDATES):
        optimizer.param_groups[0]["lr"] = RATE * (1 - update / UPDATES)
        optimizer.zero_grad()
        _loss(learner, samples.take(rng.integers(0, len(samples), ROWS))).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return learner.eval()


def _loss(learner: StreamLearner, samples: Samples) -> Tensor:
    """The cross-entropy of the targets' characters given the inputs, in nats a sample; each sample in a lane."""
    [batch] = stream_batches(samples, len(samples), sys.maxsize)
    return cross_entropy(learner(batch)[0], batch.answers, reduction="sum") / len(samples)


@torch.no_grad()
def _cost(learner: StreamLearner, samples: Samples) -> float:
    """The bits of a target given its input, on average."""
    return _loss(learner, samples).item() / math.log(2)

"""Learners as language models of a task's texts: bits per character, and sampling.

A text is a sample in a stream: the input, the end of input, the target; it follows the full stop of the text before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from generators.errors import InputError
from generators.samples import Samples
from generators.splits import Split, split_of
from l2e.batches import StreamBatch, text_batches
from l2e.learner import EVALUATION_ROWS, EVALUATION_WINDOW, Learner, State
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, decode

SHOWN = 5  # symbols of which a place's probabilities are kept


@torch.no_grad()
def bits_per_character(learner: Learner, samples: Samples) -> float:
    """The mean of -log2 of the probability of each character of the texts; the smaller, the better.

    Args:
        learner: of running text.
        samples: inputs, ends of input and targets count equally.
    """
    learner.eval()
    nats, characters = 0.0, 0
    state: State = None
    for batch in text_batches(samples, EVALUATION_ROWS // 2, EVALUATION_WINDOW):
        logits, state = learner(batch.to(learner.device), state)
        nats += cross_entropy(logits, batch.answers.to(learner.device), reduction="sum").item()
        characters += len(batch.answers)
    return nats / characters / math.log(2)


@dataclass(frozen=True, slots=True)
class Written:
    """A text sampled from a learner.

    Attributes:
        input: up to the end of input, or all of a text without one.
        target: after it; empty where there is no end of input.
        right: the true target, or None where the input is not in the task's language.
    """

    input: str
    target: str
    right: str | None

    @property
    def parses(self) -> bool:
        """Whether the input is in the task's language."""
        return self.right is not None

    @property
    def agrees(self) -> bool:
        """Whether the sampled target is the true one."""
        return self.right == self.target

    @property
    def in_training_split(self) -> bool:
        """Whether the input belongs to the training split, by its hash; of random texts a third do."""
        return split_of(self.input) is Split.TRAIN


class Draws(NamedTuple):
    """Symbols drawn from a learner one after another, in rows.

    Attributes:
        symbols: int64 [rows, time].
        probabilities: [rows, time], of each, whatever the temperature.
        likeliest: int64 [rows, time, SHOWN], the likeliest symbols at each place, in that order.
        theirs: [rows, time, SHOWN], their probabilities.
    """

    symbols: Tensor
    probabilities: Tensor
    likeliest: Tensor
    theirs: Tensor


@torch.no_grad()
def draw_symbols(
    learner: Learner,
    read: Sequence[int],
    n: int,
    temperature: float,
    seed: int,
    most: int,
    never: Sequence[int],
    stop: int | None = None,
) -> Draws:
    """Draw symbols from a learner of running text, in n rows.

    Args:
        learner: a learner of running text.
        read: symbols that every row begins with; they are not among those returned.
        n: rows.
        temperature: divides the logits; 0 is greedy.
        seed: of the draws.
        most: symbols of a row.
        never: symbols that are not to be drawn.
        stop: when all rows have it, no more is drawn.
    """
    learner.eval()
    random = torch.Generator(learner.device).manual_seed(seed)
    symbols = torch.tensor(read, device=learner.device).repeat(n, 1)
    state, drawn = None, []
    stopped = torch.zeros(n, dtype=torch.bool, device=learner.device)
    for _ in range(most):
        ends = torch.arange(1, n + 1, device=learner.device) * symbols.shape[1] - 1
        batch = StreamBatch(symbols, ends, symbols[:, -1], np.arange(n), symbols.numel())
        logits, state = learner(batch, state)
        logits[:, list(never)] = -torch.inf
        if temperature:
            chosen = torch.multinomial((logits / temperature).softmax(1), 1, generator=random)
        else:
            chosen = logits.argmax(1, keepdim=True)
        chances = logits.softmax(1)
        theirs, likeliest = chances.topk(min(SHOWN, chances.shape[1]))
        drawn.append(Draws(chosen[:, 0], chances.gather(1, chosen)[:, 0], likeliest, theirs))
        symbols = chosen
        stopped |= chosen[:, 0] == stop
        if stopped.all():
            break
    return Draws(*(torch.stack(column, 1) for column in zip(*drawn, strict=True)))


def write_texts(learner: Learner, n: int, temperature: float, seed: int, max_characters: int) -> list[tuple[str, str]]:
    """Sample texts from a learner of running text, inputs and targets.

    Args:
        learner: a learner of running text.
        n: how many.
        temperature: divides the logits; 0 is greedy.
        seed: of the samples.
        max_characters: greatest length of a text.
    """
    drawn = draw_symbols(learner, [FULL_STOP], n, temperature, seed, max_characters, [PADDING], FULL_STOP)
    return [_split(row) for row in drawn.symbols.tolist()]


def _split(symbols: Sequence[int]) -> tuple[str, str]:
    """The input and the target of a text of symbols, up to and including its first full stop."""
    end = symbols.index(FULL_STOP) + 1 if FULL_STOP in symbols else len(symbols)
    text = list(symbols[:end])
    middle = text.index(END_OF_INPUT) if END_OF_INPUT in text else len(text)
    rest = [symbol for symbol in text[middle + 1 :] if symbol != END_OF_INPUT]
    return decode(np.array(text[:middle], np.int64)), decode(np.array(rest, np.int64))


def judge(text: tuple[str, str], answer: Callable[[str], str]) -> Written:
    """Compare a sampled text with the task's own target."""
    written, target = text
    try:
        right: str | None = answer(written)
    except InputError:
        right = None
    return Written(written, target, right)

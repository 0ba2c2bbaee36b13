"""Learners as language models of a task's texts: bits per character, and sampling.

A text is a sample in a stream: the input, the end of input, the target; it follows the full stop of the text before.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from generators.errors import InputError
from generators.samples import Samples
from generators.splits import Split, split_of
from l2e.batches import StreamBatch, text_batches
from l2e.learner import EVALUATION_ROWS, EVALUATION_WINDOW, Learner, State
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, PADDING, decode


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


@torch.no_grad()
def write_texts(learner: Learner, n: int, temperature: float, seed: int, max_characters: int) -> list[tuple[str, str]]:
    """Sample texts from a learner of running text, inputs and targets.

    Args:
        learner: a learner of running text.
        n: how many.
        temperature: divides the logits; 0 is greedy.
        seed: of the samples.
        max_characters: greatest length of a text.
    """
    learner.eval()
    random = torch.Generator(learner.device).manual_seed(seed)
    symbols = torch.full((n,), FULL_STOP, device=learner.device)
    positions, state, written = torch.arange(n, device=learner.device), None, []
    stopped = torch.zeros(n, dtype=torch.bool, device=learner.device)
    for _ in range(max_characters):
        batch = StreamBatch(symbols[:, None], positions, symbols, positions.cpu().numpy(), n)
        logits, state = learner(batch, state)
        logits[:, PADDING] = -torch.inf
        if temperature:
            symbols = torch.multinomial((logits / temperature).softmax(1), 1, generator=random)[:, 0]
        else:
            symbols = logits.argmax(1)
        written.append(symbols)
        stopped |= symbols == FULL_STOP
        if stopped.all():
            break
    return [_split(row.tolist()) for row in torch.stack(written, 1)]


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

"""What one network answers without help, and how likely it held each character of it.

The answer is free-running, as `predict` gives it. A second pass then reads the input and that very answer under teacher
forcing, so that the probabilities at each character are those that it was chosen by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from generators.samples import IntArray
from generators.scrambling import Scrambling
from l2e.batches import Batch, Layout, PairBatch, StreamBatch, pad
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode

LIKELIEST = 5  # symbols that are told of each character

# As texts are encoded, and the two marks too, which a network that has learnt little may write.
_SYMBOL_OF = {decode(np.array([symbol])): symbol for symbol in range(SYMBOLS)}


@dataclass(frozen=True, slots=True)
class Written:
    """One character of an answer.

    Attributes:
        character: that was written.
        likeliest: characters and their probabilities, the likeliest first, which is the written one.
        right: the probability of the target's character at this place; None where there is none.
    """

    character: str
    likeliest: list[tuple[str, float]]
    right: float | None


def write_answer(
    learner: Learner, input: str, target: str | None, max_characters: int, view: Scrambling | None
) -> list[Written]:
    """What a network answers, character by character.

    Args:
        learner: that is asked.
        input: as a person reads it.
        target: the right answer; None where it is not known.
        max_characters: when to stop at the latest.
        view: the scrambled view that the network was trained on; None for plain text. Characters are told as a person
            reads them.

    Raises:
        InputError: a character outside the alphabet.
    """
    read = view.scramble(input) if view else input
    [answer] = learner.predict([read], max_characters)
    distributions = answer_distributions(learner, read, answer)
    shown = [decode(np.array([symbol])) for symbol in range(SYMBOLS)]
    if view:
        shown = [view.unscramble(character) for character in shown]
    symbol_of = {character: symbol for symbol, character in enumerate(shown)}
    right = [symbol_of.get(character) for character in target or ""]
    right += [None] * (len(answer) - len(right))
    order = np.argsort(-distributions, axis=1, kind="stable")[:, :LIKELIEST].tolist()
    return [
        Written(
            shown[_SYMBOL_OF[character]],
            [(shown[symbol], float(probabilities[symbol])) for symbol in likeliest],
            None if at is None else float(probabilities[at]),
        )
        for character, probabilities, likeliest, at in zip(answer, distributions, order, right, strict=False)
    ]


@torch.no_grad()
def answer_distributions(learner: Learner, input: str, answer: str) -> npt.NDArray[np.float64]:
    """How likely a network holds each symbol at each character of an answer, the answer's earlier ones given.

    A learner of running text reads the input as if it came after a full stop, as when it is asked to predict.

    Args:
        learner: of either layout.
        input: as the network reads it.
        answer: at least one character; those of the two marks are legal here.

    Returns:
        Probabilities [characters, symbols]; each row's sum is 1.

    Raises:
        InputError: a character of the input outside the alphabet.
    """
    learner.eval()
    symbols = np.array([_SYMBOL_OF[character] for character in answer], np.int64)
    logits, _ = learner(_BATCHES[learner.layout](input, symbols).to(learner.device), None)
    probabilities: npt.NDArray[np.float64] = logits.double().softmax(1).cpu().numpy()
    return probabilities


def _pair(input: str, answer: IntArray) -> PairBatch:
    """One row."""
    inputs, lengths = pad([input])
    targets, positions = torch.from_numpy(answer), torch.arange(len(answer))
    owners = np.zeros(len(answer), np.int64)
    return PairBatch(inputs, lengths, targets[None], positions, targets, owners, len(input) + len(answer))


def _stream(input: str, answer: IntArray) -> StreamBatch:
    """One lane, which begins with a full stop as if after a text."""
    read, _ = encode([input])
    lane = torch.from_numpy(np.concatenate([[FULL_STOP], read, [END_OF_INPUT], answer[:-1]]))
    positions = torch.arange(len(lane) - len(answer), len(lane))
    owners = np.zeros(len(answer), np.int64)
    return StreamBatch(lane[None], positions, torch.from_numpy(answer), owners, len(lane))


_BATCHES: dict[Layout, Callable[[str, IntArray], Batch]] = {Layout.PAIRS: _pair, Layout.STREAM: _stream}

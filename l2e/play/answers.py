"""A network's free-running answer, with the probabilities of its characters.

A second pass reads the input and that answer under teacher forcing, which gives the probabilities it was chosen by.
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

LIKELIEST = 5  # most likely symbols shown per character

# As texts are encoded, and the special symbols, which a poorly trained network may write.
_SYMBOL_OF = {decode(np.array([symbol])): symbol for symbol in range(SYMBOLS)}


@dataclass(frozen=True, slots=True)
class Written:
    """One character of an answer.

    Attributes:
        character: as written.
        likeliest: characters and their probabilities, in descending order; the first is the one written.
        right: the probability of the target's character at this position; None where there is none.
    """

    character: str
    likeliest: list[tuple[str, float]]
    right: float | None


def write_answer(
    learner: Learner, input: str, target: str | None, max_characters: int, view: Scrambling | None
) -> list[Written]:
    """A network's answer, character by character.

    Args:
        learner: answers.
        input: unscrambled.
        target: None where it is not known.
        max_characters: greatest length of the answer.
        view: the scrambled view that the network was trained on; None for plain text.

    Raises:
        InputError: a character outside the vocabulary.
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
    """Probabilities of each symbol at each character of an answer, given the answer's earlier ones.

    A learner of running text reads the input as if it came after a full stop, as in `predict`.

    Args:
        learner: of either layout.
        input: as the network reads it.
        answer: at least one character; may have the special symbols.

    Returns:
        Probabilities [characters, symbols].

    Raises:
        InputError: a character of the input outside the vocabulary.
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
    """One row of running text, which starts with a full stop as if after a text."""
    read, _ = encode([input])
    lane = torch.from_numpy(np.concatenate([[FULL_STOP], read, [END_OF_INPUT], answer[:-1]]))
    positions = torch.arange(len(lane) - len(answer), len(lane))
    owners = np.zeros(len(answer), np.int64)
    return StreamBatch(lane[None], positions, torch.from_numpy(answer), owners, len(lane))


_BATCHES: dict[Layout, Callable[[str, IntArray], Batch]] = {Layout.PAIRS: _pair, Layout.STREAM: _stream}

"""A hidden Markov model of running text, fitted by Baum & Welch (`baselines.baum_welch`).

The running text of a sample is its input, the mark of its end, and its target. The next character is predicted from
what is known of the state after those before it, p(x_(t+1) | x_1 … x_t) = α_t A B.

All that the model knows of an input when it begins to answer is which of its N states it may be in. So the answer's
probability, averaged over n equally likely inputs with different answers, is at most N / n: summed over inputs,
Σ_x Σ_s p(s | x) p(y_x | s) ≤ Σ_s Σ_x p(y_x | s) ≤ N. It keeps log2 N bits of the input and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from baselines.baum_welch import Floats, Model, Texts, drawn_model, forward, update
from generators.samples import IntArray, Samples
from generators.seeding import keyed_generator
from l2e.vocabulary import CHARACTERS, END_MARK, encode, running_texts

SYMBOLS = CHARACTERS + END_MARK
FLOOR = 1e-6  # of a symbol's probability in a state, so that none is impossible
ENOUGH = 1e-4  # nats a text: an update that gains less is the last


class HiddenMarkov:
    """Fits a hidden Markov model to running text, and continues it.

    Args:
        training: whose running texts it is fitted to.
        answer: unused.
        states: how many hidden states.
        updates: of Baum & Welch, at most.
        seed: of the model to begin with.

    Attributes:
        model: what was fitted, over SYMBOLS.

    Raises:
        ValueError: no state, or no training samples.
        InputError: a character outside the alphabet.
    """

    def __init__(
        self, training: Samples, answer: Callable[[str], str], states: int = 16, updates: int = 100, seed: int = 0
    ) -> None:
        if states < 1:
            raise ValueError(f"a hidden Markov model has 1 state or more, not {states}")
        if not training:
            raise ValueError("no training samples, so no hidden Markov model")
        self.answer_symbols = np.unique(_symbols("".join(training.targets)))
        self.model = _fitted(_texts_of(running_texts(training)), states, updates, seed)

    def bits(self, samples: Samples) -> Floats:
        """The cost [samples] of each target, given its input: minus the binary logarithm of its probability."""
        texts = _padded(running_texts(samples))
        _, likely = forward(self.model, texts)
        targets = np.fromiter(map(len, samples.targets), np.int64, len(samples))
        place = np.arange(len(likely))[:, None]
        in_target = (place >= texts.lengths - targets) & (place < texts.lengths)
        found: Floats = -(np.log2(likely) * in_target).sum(0)
        return found

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The likeliest character after what was read and written so far, and so on up to a full stop."""
        if not inputs or not max_characters:
            return [""] * len(inputs)
        known = forward(self.model, _padded([text + END_MARK for text in inputs]))[0][-1]
        written = np.empty((len(inputs), max_characters), np.int64)
        for place in range(max_characters):
            written[:, place] = self._likeliest(known)
            joint = known @ self.model.transition * self.model.emission.T[written[:, place]]
            known = joint / joint.sum(1, keepdims=True)
        texts = ["".join(SYMBOLS[symbol] for symbol in row) for row in written.tolist()]
        return [text[: text.index(".") + 1] if "." in text else text for text in texts]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The likeliest character at each position after the input and the correct earlier ones."""
        if not samples:
            return []
        known, _ = forward(self.model, _padded(running_texts(samples)))
        answers = []
        for i, (text, target) in enumerate(samples):
            begin = len(text)  # the place of the mark
            answers.append("".join(SYMBOLS[s] for s in self._likeliest(known[begin : begin + len(target), i]).tolist()))
        return answers

    def _likeliest(self, known: Floats) -> IntArray:
        """Of the symbols that answers are made of, the likeliest to come next [n]; of equals the first."""
        chances = known @ self.model.transition @ self.model.emission[:, self.answer_symbols]
        found: IntArray = self.answer_symbols[chances.argmax(1)]
        return found


def _fitted(texts: Texts, states: int, updates: int, seed: int) -> Model:
    """A model over SYMBOLS, fitted over those that occur."""
    occur, places = np.unique(texts.symbols, return_inverse=True)
    texts = texts._replace(symbols=places.reshape(texts.symbols.shape))
    model = drawn_model(states, len(occur), keyed_generator("hidden Markov model", seed))
    before = -np.inf
    for _ in range(updates):
        model, now = update(model, texts)
        if now - before < ENOUGH * texts.counts.sum():
            break
        before = now
    emission = np.full((states, len(SYMBOLS)), FLOOR / len(SYMBOLS))
    emission[:, occur] += (1 - FLOOR) * model.emission
    return model._replace(emission=emission)


def _texts_of(texts: Sequence[str]) -> Texts:
    """Each text once, with how often it occurs."""
    different, counts = np.unique(texts, return_counts=True)
    return _padded(different.tolist())._replace(counts=counts)


def _padded(texts: Sequence[str]) -> Texts:
    """Texts as they are, of at least one character each."""
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    symbols = np.zeros((len(texts), int(lengths.max(initial=1))), np.int64)
    symbols[np.arange(symbols.shape[1]) < lengths[:, None]] = _symbols("".join(texts))
    return Texts(symbols, lengths, np.ones_like(lengths))


def _symbols(text: str) -> IntArray:
    """Places in SYMBOLS.

    Raises:
        InputError: a character outside the alphabet.
    """
    encode(text.split(END_MARK))  # refuses what is not in the alphabet
    places = np.zeros(128, np.int64)
    places[np.frombuffer(SYMBOLS.encode("ascii"), np.uint8)] = np.arange(len(SYMBOLS))
    return places[np.frombuffer(text.encode("ascii"), np.uint8)]

"""Character n-grams with interpolated back-off: which character follows the n - 1 before it.

The running text of a sample is its input, the mark of its end, and its target. After a context h of up to n - 1
characters, seen N(h) times and followed by T(h) different characters, and with h′ for h without its oldest character,

    p(c | h) = (N(h·c) + T(h)·p(c | h′)) / (N(h) + T(h)),    below the empty context 1 / symbols

which is method C of Witten & Bell (1991), "The zero-frequency problem", IEEE Transactions on Information Theory 37(4),
in the interpolated form of Chen & Goodman (1998), "An empirical study of smoothing techniques for language modeling".
A context never seen leaves p(c | h′) as it is; no symbol has probability zero.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from generators.samples import Samples
from l2e.vocabulary import CHARACTERS, END_MARK, FULL_STOP, decode, encode, running_texts

START = "\x00"  # fills the contexts at the beginning of a text; it is never predicted
STOP = decode(np.array([FULL_STOP]))
SYMBOLS = CHARACTERS + END_MARK


class NGram:
    """Counts how often each character follows each context in running text.

    Args:
        training: whose running texts are counted.
        answer: unused.
        order: n, the characters of a gram; the last of them is predicted from the others.

    Raises:
        ValueError: an order below 1, or no training samples.
        InputError: a character outside the alphabet.
    """

    def __init__(self, training: Samples, answer: Callable[[str], str], order: int = 5) -> None:
        if order < 1:
            raise ValueError(f"an n-gram has 1 character or more, not {order}")
        if not training:
            raise ValueError("no training samples, so no n-grams")
        self.reach = order - 1
        self.followers: dict[str, dict[str, int]] = {}  # by context of each length up to the reach
        self.seen: dict[str, int] = {}  # how often, by context
        self._count(running_texts(training))
        self.answer_characters = "".join(sorted(set().union(*training.targets)))
        self._likeliest: dict[str, str] = {}

    def probabilities(self, context: str, symbols: str = SYMBOLS) -> list[float]:
        """Of each of these symbols to come next after a text; over all SYMBOLS they sum to one."""
        context = self._last(START * self.reach + context)
        found = [1 / len(SYMBOLS)] * len(symbols)
        for start in range(self.reach, -1, -1):
            followers = self.followers.get(context[start:])
            if followers is None:
                break  # what was never seen was never seen after more characters either
            kinds = len(followers)
            total = self.seen[context[start:]] + kinds
            found = [(followers.get(c, 0) + kinds * p) / total for c, p in zip(symbols, found, strict=True)]
        return found

    def bits_per_character(self, texts: Sequence[str]) -> float:
        """Mean cross-entropy in bits of the characters of running texts; NaN without any.

        Raises:
            InputError: a character outside the alphabet.
        """
        grams = Counter(self._grams(texts))
        costs = [-math.log2(self.probabilities(gram[:-1], gram[-1])[0]) * count for gram, count in grams.items()]
        return math.fsum(costs) / grams.total() if grams else math.nan

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The likeliest character after what was read and written so far, and so on up to a full stop."""
        return [self._continue(text + END_MARK, max_characters) for text in inputs]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The likeliest character at each position after the input and the correct earlier ones."""
        answers = []
        for target, text in zip(samples.targets, running_texts(samples), strict=True):
            begin = len(text) - len(target)
            answers.append("".join(self._next(text[: begin + i]) for i in range(len(target))))
        return answers

    def _count(self, texts: Sequence[str]) -> None:
        grams = Counter(self._grams(texts))
        for _ in range(self.reach + 1):
            shorter: Counter[str] = Counter()
            for gram, count in grams.items():
                self.followers.setdefault(gram[:-1], {})[gram[-1]] = count
                shorter[gram[1:]] += count
            grams = shorter
        self.seen = {context: sum(followers.values()) for context, followers in self.followers.items()}

    def _grams(self, texts: Sequence[str]) -> Iterator[str]:
        """Every character of the texts with the context before it."""
        encode([part for text in texts for part in text.split(END_MARK)])  # refuses what is not in the alphabet
        for text in texts:
            padded = START * self.reach + text
            for start in range(len(text)):
                yield padded[start : start + self.reach + 1]

    def _last(self, text: str) -> str:
        return text[len(text) - self.reach :]

    def _next(self, text: str) -> str:
        """The likeliest next of the characters that answers are made of; of equals the first in the alphabet."""
        context = self._last(START * self.reach + text)
        if context not in self._likeliest:
            found = self.probabilities(context, self.answer_characters)
            self._likeliest[context] = self.answer_characters[found.index(max(found))]
        return self._likeliest[context]

    def _continue(self, text: str, max_characters: int) -> str:
        written = ""
        while len(written) < max_characters and not written.endswith(STOP):
            written += self._next(text + written)
        return written

"""A trivial baseline: at each position of the answer, the character most frequent there in the training split."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import zip_longest

from generators.samples import Samples


class MostFrequent:
    """Counts how often each character stands at each position of an answer.

    Args:
        training: where the frequencies are counted.
        answer: unused.
    """

    def __init__(self, training: Samples, answer: Callable[[str], str]) -> None:
        columns = zip_longest(*training.targets)
        counts = [Counter(character for character in column if character is not None) for column in columns]
        # Between equally frequent characters the first in the alphabet wins, so that the baseline is one figure.
        self.text = "".join(min(count, key=lambda c: (-count[c], c)) for count in counts)

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The same text for every input: up to the first position where a full stop is most frequent."""
        end = self.text.find(".") + 1 or len(self.text)
        return [self.text[: min(end, max_characters)]] * len(inputs)

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The most frequent character at each position; a full stop where training targets never reach."""
        return [self.text[: len(target)].ljust(len(target), ".") for target in samples.targets]

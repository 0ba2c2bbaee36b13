"""A trivial baseline: every character uniform among the twelve that answers are made of.

Under teacher forcing one character in twelve is right, 8.3 %.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from generators.samples import Samples
from generators.seeding import keyed_generator
from l2e.vocabulary import ANSWER_CHARACTERS


class Uniform:
    """Guesses characters uniformly, up to the first full stop.

    Args:
        training: unused.
        answer: unused.
    """

    def __init__(self, training: Samples, answer: Callable[[str], str]) -> None:
        pass

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """Random characters until a full stop."""
        texts = _random_texts([max_characters] * len(inputs), "free-running")
        return [text[: text.index(".") + 1] if "." in text else text for text in texts]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """A random character at each position."""
        return _random_texts([len(target) for target in samples.targets], "teacher-forced")


def _random_texts(lengths: Sequence[int], purpose: str) -> list[str]:
    characters = np.array(list(ANSWER_CHARACTERS))
    rng = keyed_generator("uniform guess", purpose)
    return ["".join(rng.choice(characters, length)) for length in lengths]

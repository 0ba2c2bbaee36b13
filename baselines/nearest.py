"""A trivial baseline, one nearest neighbour: the answer of the training sample whose input is nearest by edit distance.

The distance is Levenshtein's (1966): the fewest characters inserted, deleted or replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from generators.samples import Samples

ROWS = 256  # compared together, so that the distances take little memory


class Nearest:
    """Looks answers up in the training samples.

    Args:
        training: where answers are looked up.
        answer: unused.

    Raises:
        ValueError: no training samples.
    """

    def __init__(self, training: Samples, answer: Callable[[str], str]) -> None:
        if not training:
            raise ValueError("no training samples, so no nearest one")
        self.training = training
        self._found: dict[str, int] = {}  # the same inputs are answered for several metrics

    def nearest(self, inputs: Sequence[str]) -> list[int]:
        """The positions of the nearest training samples, the first of equally near ones."""
        known, new = self.training.inputs, [*set(inputs) - self._found.keys()]
        longest = max(map(len, [*known, *new]))  # and no two texts are further apart
        for start in range(0, len(new), ROWS):
            rows = new[start : start + ROWS]
            distances = cdist(rows, known, scorer=Levenshtein.distance, dtype=np.min_scalar_type(longest), workers=1)
            self._found.update(zip(rows, distances.argmin(1).tolist(), strict=True))
        return [self._found[text] for text in inputs]

    def predict(self, inputs: Sequence[str], max_characters: int) -> list[str]:
        """The targets of the nearest."""
        return [self.training.targets[i][:max_characters] for i in self.nearest(inputs)]

    def predict_teacher_forced(self, samples: Samples) -> list[str]:
        """The same, whatever the given characters; a full stop at each position beyond their end."""
        answers = self.predict(samples.inputs, max(map(len, samples.targets), default=0))
        return [a[: len(t)].ljust(len(t), ".") for a, t in zip(answers, samples.targets, strict=True)]

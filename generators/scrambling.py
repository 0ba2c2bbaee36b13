"""Character permutations of samples, to show programs as a network without prior knowledge sees them.

A seed fixes the permutation. Line ends and the full stop are not permuted, so that targets still end in a full stop.
Samples are scrambled after the split.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, replace

from generators.samples import Samples
from generators.seeding import keyed_generator

SCRAMBLED = string.digits + string.ascii_lowercase + " ()*+-:;<=>"


@dataclass(frozen=True)
class Scrambling:
    """A permutation of the characters of the small language.

    >>> view = Scrambling(0)
    >>> view.unscramble(view.scramble("print(12+34)"))
    'print(12+34)'

    Attributes:
        seed: which permutation.
    """

    seed: int

    def _permuted(self) -> str:
        order = keyed_generator("scrambling", self.seed).permutation(len(SCRAMBLED))
        return "".join(SCRAMBLED[i] for i in order)

    def scramble(self, text: str) -> str:
        """The text as the network sees it."""
        return text.translate(str.maketrans(SCRAMBLED, self._permuted()))

    def unscramble(self, text: str) -> str:
        """The text that `scramble` was given."""
        return text.translate(str.maketrans(self._permuted(), SCRAMBLED))

    def view(self, samples: Samples) -> Samples:
        """Samples with scrambled inputs and targets."""
        return self._translated(samples, str.maketrans(SCRAMBLED, self._permuted()))

    def unview(self, samples: Samples) -> Samples:
        """The samples that `view` was given."""
        return self._translated(samples, str.maketrans(self._permuted(), SCRAMBLED))

    def _translated(self, samples: Samples, table: dict[int, int]) -> Samples:
        return replace(
            samples,
            inputs=[text.translate(table) for text in samples.inputs],
            targets=[text.translate(table) for text in samples.targets],
        )

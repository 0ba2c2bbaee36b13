"""Addition of two numbers (Zaremba & Sutskever 2014): `print(398345+425098)` gives `823443.`."""

from __future__ import annotations

import numpy as np

from generators.interpreter import execute
from generators.program import INT64_BITS, uniform_constants
from generators.samples import IntArray, Samples
from generators.task import Traits, check_difficulties
from generators.text import decimal, spell
from generators.traits import sum_traits

LONGEST = 1000


class Addition:
    """Sums of two numbers, both uniform in [1, 10^length].

    >>> Addition().answer("print(398345+425098)")
    '823443.'
    """

    name = "addition"

    def answer(self, input: str) -> str:
        """The sum, and a full stop; any program of the small language is answered."""
        return execute(input) + "."

    def traits(self, input: str) -> Traits:
        """How many columns of the sum carry."""
        return sum_traits(input)

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Write one sum a row; lengths [n, operands] give the second number column 1."""
        check_difficulties(self.name, lengths, nestings, LONGEST, 1, per_operand=True)
        columns = lengths[:, None] if lengths.ndim == 1 else lengths
        longest = int(columns.max(initial=1))
        value_type = np.int64 if (2 * 10**longest).bit_length() < INT64_BITS else object
        a, b = (uniform_constants(columns[:, i % columns.shape[1]], value_type, rng) for i in (0, 1))
        inputs = spell([b"print(", decimal(a), b"+", decimal(b), b")"])
        return Samples(inputs, spell([decimal(a + b), b"."]), columns.max(axis=1, initial=1), nestings)

"""Addition of two numbers (Zaremba & Sutskever 2014): `print(398345+425098)` gives `823443.`."""

from __future__ import annotations

import numpy as np

from generators.interpreter import execute
from generators.program import INT64_BITS, uniform_constants
from generators.samples import IntArray, Samples
from generators.task import Traits, check_difficulties
from generators.text import decimal, spell
from generators.traits import carries, sum_traits

LONGEST = 1000


class Addition:
    """Sums of two numbers, both uniform in [1, 10^length].

    >>> Addition().answer("print(398345+425098)")
    '823443.'
    """

    name = "addition"
    selectable_traits = ("many_carries",)

    def answer(self, input: str) -> str:
        """The sum and a full stop; accepts any program of the small language."""
        return execute(input) + "."

    def traits(self, input: str) -> Traits:
        """How many columns of the sum carry."""
        return sum_traits(input)

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate one sum a row; with lengths [n, operands], column 1 is for the second number."""
        columns = self._columns(lengths, nestings)
        return _written(*_numbers(columns, rng), columns, nestings)

    def sample_with(self, trait: str, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Sums that carry in at least half as many columns as the shorter number may have digits (`many_carries`)."""
        columns = self._columns(lengths, nestings)
        first, second = _numbers(columns, rng)
        missing = np.arange(len(columns))
        while missing.size:
            enough = 2 * carries(first[missing], second[missing]) >= columns[missing, :2].min(axis=1)
            missing = missing[~enough.astype(bool)]
            first[missing], second[missing] = _numbers(columns[missing], rng)
        return _written(first, second, columns, nestings)

    def _columns(self, lengths: IntArray, nestings: IntArray) -> IntArray:
        """A number's length in each column, [n, operands]; [n, 1] where both have the same.

        Raises:
            DifficultyError: a difficulty that no sum has.
        """
        check_difficulties(self.name, lengths, nestings, LONGEST, 1, per_operand=True)
        return lengths[:, None] if lengths.ndim == 1 else lengths


def _numbers(columns: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
    """The two numbers of each sum, [n] each; Python's whole numbers where 64 bits are not enough."""
    longest = int(columns.max(initial=1))
    value_type = np.int64 if (2 * 10**longest).bit_length() < INT64_BITS else object
    first, second = (uniform_constants(columns[:, i % columns.shape[1]], value_type, rng) for i in (0, 1))
    return first, second


def _written(first: IntArray, second: IntArray, columns: IntArray, nestings: IntArray) -> Samples:
    inputs = spell([b"print(", decimal(first), b"+", decimal(second), b")"])
    return Samples(inputs, spell([decimal(first + second), b"."]), columns.max(axis=1, initial=1), nestings)

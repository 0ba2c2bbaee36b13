"""Running counts: the parity of bits, the total of signed digits, and which of two inputs has the larger total.

A recurrent network with hand-set weights solves each exactly at any length, as it need only carry one number from step
to step. The difficulty is the number of steps; bits, digits and signs are independent and uniform.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from generators.samples import BoolArray, IntArray, Samples
from generators.steps import read_bits, read_pairs, read_signed_digits
from generators.task import check_difficulties
from generators.text import Text, decimal, signed, spell

LONGEST = 10_000


class Parity:
    """Whether the number of ones is odd: 1 if it is, else 0.

    Not every split has strings of one or two bits; let a curriculum start higher: `--set curriculum.shortest=8`.

    Args:
        every_prefix: the target is the parity of the first bit, of the first two, and so on to that of all.

    >>> Parity().answer("0101101011")
    '0.'
    >>> Parity(every_prefix=True).answer("0101101011")
    '0110110010.'
    """

    def __init__(self, every_prefix: bool = False) -> None:
        self.every_prefix = every_prefix
        self.name = "parity[every prefix]" if every_prefix else "parity"

    def answer(self, input: str) -> str:
        """The parity of the bits, or of the bits of every prefix."""
        parities = read_bits(input)[:, 0].cumsum() % 2
        return "".join(map(str, parities if self.every_prefix else parities[-1:])) + "."

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate strings of the given numbers of bits."""
        check_difficulties(self.name, lengths, nestings, LONGEST, 1)
        taken = _taken(lengths)
        bits = rng.integers(0, 2, taken.shape, np.uint8) * taken
        inputs = spell([(bits + ord("0")) * taken])
        parities = (bits.cumsum(1, np.uint8) % 2 + ord("0")) * taken
        if not self.every_prefix:
            parities = parities[np.arange(len(lengths)), lengths - 1][:, None]
        return Samples(inputs, spell([parities, b"."]), lengths, nestings)


class Total:
    """The total of signed digits.

    >>> Total().answer("+4-3+7")
    '8.'
    """

    name = "total"

    def answer(self, input: str) -> str:
        """The total."""
        return f"{read_signed_digits(input).sum()}."

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate the given numbers of signed digits."""
        check_difficulties(self.name, lengths, nestings, LONGEST, 1)
        taken = _taken(lengths)
        negative = rng.integers(0, 2, taken.shape, np.uint8).astype(bool)
        digits = rng.integers(0, 10, taken.shape, np.uint8)
        totals = (np.where(negative, -1, 1) * digits * taken).sum(1)
        signs = np.where(negative, np.uint8(ord("-")), np.uint8(ord("+")))
        inputs = spell([_side_by_side([signs, digits + ord("0")], taken)])
        return Samples(inputs, spell([signed(totals), b"."]), lengths, nestings)


class Larger:
    """Which of two inputs has the larger total: 1 the first, 2 the second, 0 neither.

    >>> Larger().answer("4,3;2,5;9,0")
    '1.'
    """

    name = "larger"

    def answer(self, input: str) -> str:
        """1, 2 or 0."""
        first, second = read_pairs(input).sum(0)
        return f"{1 if first > second else 2 if second > first else 0}."

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate the given numbers of pairs of digits."""
        check_difficulties(self.name, lengths, nestings, LONGEST, 1)
        taken = _taken(lengths)
        first, second = (rng.integers(0, 10, taken.shape, np.uint8) for _ in range(2))
        differences = ((first.astype(np.int64) - second) * taken).sum(1)
        larger = np.select([differences > 0, differences < 0], [1, 2], 0)
        semicolons, commas = np.full_like(first, ord(";")), np.full_like(first, ord(","))
        steps = _side_by_side([semicolons, first + ord("0"), commas, second + ord("0")], taken)
        inputs = spell([steps[:, 1:]])  # no semicolon before the first pair
        return Samples(inputs, spell([decimal(larger), b"."]), lengths, nestings)


def _taken(lengths: IntArray) -> BoolArray:
    """Which steps a row takes, [n, longest]."""
    taken: BoolArray = np.arange(lengths.max(initial=1)) < lengths[:, None]
    return taken


def _side_by_side(characters: Sequence[Text], taken: BoolArray) -> Text:
    """The characters [n, longest] of every step after one another, as one column; NUL for a step not taken."""
    steps = np.stack(characters, 2) * taken[:, :, None]
    return steps.reshape(len(steps), steps.shape[1] * steps.shape[2])

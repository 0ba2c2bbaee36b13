"""Digit strings to be copied, reversed or doubled; the difficulty is the number of digits.

`Copy` is the memorization task of Zaremba & Sutskever 2014 (section 6.3) with its four input schemes; in `Reverse` and
`Double` the *target* is backwards or twice, as in Kaiser & Sutskever's and Dehghani et al.'s tables.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np

from generators.errors import DifficultyError
from generators.samples import IntArray, Samples
from generators.syntax import error_at
from generators.task import check_difficulties
from generators.text import spell

LONGEST = 10_000
SCHEMES = ("plain", "reversed", "doubled", "both")
DIGITS = frozenset("0123456789")


class Memorization(ABC):
    """Digit strings of a given number of digits, each digit uniform."""

    name: str

    @abstractmethod
    def write(self, digits: str) -> tuple[str, str]:
        """The input and the target (without its full stop) for a digit string."""

    @abstractmethod
    def answer(self, input: str) -> str:
        """The exact target of an input."""

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate one digit string a row."""
        check_difficulties(self.name, lengths, nestings, LONGEST, 1)
        shape = (len(lengths), int(lengths.max(initial=1)))
        digits = rng.integers(ord("0"), ord("9") + 1, shape, dtype=np.uint8)
        digits[np.arange(shape[1]) >= lengths[:, None]] = 0
        pairs = [self.write(text) for text in spell([digits])]
        return Samples([pair[0] for pair in pairs], [pair[1] + "." for pair in pairs], lengths, nestings)


class Copy(Memorization):
    """Write the digits of the input again.

    Args:
        scheme: how the input is shown: plain; reversed (written backwards); doubled (written twice with `;`
            between); both. The target is the same in all four.

    >>> Copy("both").answer("321;321")
    '123.'
    """

    def __init__(self, scheme: str = "plain") -> None:
        if scheme not in SCHEMES:
            raise DifficultyError(f"unknown input scheme {scheme!r}; legal: {', '.join(SCHEMES)}")
        self.backwards = scheme in ("reversed", "both")
        self.twice = scheme in ("doubled", "both")
        self.name = "copy" if scheme == "plain" else f"copy[{scheme}]"

    def write(self, digits: str) -> tuple[str, str]:
        """The digits as the scheme shows them, and as they are."""
        shown = digits[::-1] if self.backwards else digits
        return (f"{shown};{shown}" if self.twice else shown), digits

    def answer(self, input: str) -> str:
        """The digits in their first order."""
        shown = input
        if self.twice:
            shown, semicolon, again = input.partition(";")
            if not semicolon:
                raise error_at(input, len(input), "expected ';' and the digits again")
            if again != shown:
                same = next((i for i, (a, b) in enumerate(zip(shown, again, strict=False)) if a != b), None)
                start = len(shown) + 1 + (min(len(shown), len(again)) if same is None else same)
                raise error_at(input, start, "the digits after ';' differ from those before")
        check_digits(shown, input)
        return (shown[::-1] if self.backwards else shown) + "."


class Reverse(Memorization):
    """Write the digits backwards.

    >>> Reverse().answer("1234")
    '4321.'
    """

    name = "reverse"

    def write(self, digits: str) -> tuple[str, str]:
        """The digits, and the digits backwards."""
        return digits, digits[::-1]

    def answer(self, input: str) -> str:
        """The digits backwards."""
        check_digits(input, input)
        return input[::-1] + "."


class Double(Memorization):
    """Write the digits twice.

    >>> Double().answer("1234")
    '12341234.'
    """

    name = "double"

    def write(self, digits: str) -> tuple[str, str]:
        """The digits, and the digits twice."""
        return digits, digits + digits

    def answer(self, input: str) -> str:
        """The digits twice."""
        check_digits(input, input)
        return input + input + "."


def check_digits(digits: str, input: str) -> None:
    """Raise unless the text is one or more digits.

    Raises:
        InputError: at the first character that is not a digit, or at the end of an empty string.
    """
    for index, character in enumerate(digits):
        if character not in DIGITS:
            raise error_at(input, index, f"expected a digit but found {character!r}")
    if not digits:
        raise error_at(input, 0, "expected one digit or more")

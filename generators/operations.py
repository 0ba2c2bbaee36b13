"""The six operations of the program task, each with its text and its value.

An operation is applied to a group of programs at once, with the earlier result in the same slot: operands, texts and
values are columns with one row per program (Zaremba & Sutskever 2014, and their release).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from generators.samples import IntArray
from generators.text import Numbers, Text, choose, decimal

Parts = list[Text | bytes]


class Operand(NamedTuple):
    """A column of expressions and their values."""

    text: Parts
    value: Numbers


class Written(NamedTuple):
    """What an operation writes: statements before, and the expression that carries its result."""

    statements: Parts
    expression: Parts
    value: Numbers


@dataclass(frozen=True)
class Draws:
    """Operands and random numbers of an operation, for a group of programs.

    Attributes:
        operands: one column per slot; the earlier result is already in its place.
        variables: gives a column of fresh variable names.
        most_repeats: [n], the greatest small multiplier or loop count, 4·length.
        rng: random generator.
    """

    operands: list[Operand]
    variables: Callable[[], Text]
    most_repeats: IntArray
    rng: np.random.Generator

    def repeats(self) -> Operand:
        """Small multipliers or loop counts, uniform in [1, 4·length]."""
        counts = self.rng.integers(1, self.most_repeats + 1)
        return Operand([decimal(counts)], counts)

    def coin(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """True or false with equal probability, per row."""
        return self.rng.integers(0, 2, len(self.most_repeats), dtype=np.int8).astype(bool)

    def sign(self) -> tuple[Text, Numbers]:
        """A plus or a minus: as text, and as 1 or -1."""
        plus = self.coin()
        return choose(plus, b"+", b"-"), np.where(plus, 1, -1)


def pair(draws: Draws) -> Written:
    """`(a+b)` or `(a-b)`."""
    a, b = draws.operands
    sign_text, sign = draws.sign()
    return Written([], [b"(", *a.text, sign_text, *b.text, b")"], a.value + sign * b.value)


def multiplication(draws: Draws) -> Written:
    """`(a*k)` or `(k*a)` with a small k, so that one pass and constant memory suffice."""
    (a,) = draws.operands
    k = draws.repeats()
    k_first = draws.coin()[:, None]
    before = _where(k_first, [*k.text, b"*"])
    after = _where(~k_first, [b"*", *k.text])
    return Written([], [b"(", *before, *a.text, *after, b")"], a.value * k.value)


def _where(condition: np.ndarray[tuple[int, int], np.dtype[np.bool_]], parts: Parts) -> Parts:
    """The parts in the rows where the condition [n, 1] holds, nothing in the others."""
    return [(part if isinstance(part, np.ndarray) else np.frombuffer(part, np.uint8)) * condition for part in parts]


def identity(draws: Draws) -> Written:
    """`a`."""
    (a,) = draws.operands
    return Written([], a.text, a.value)


def variable(draws: Draws) -> Written:
    """`v=a;` then `(v+b)` or `(v-b)`."""
    a, b = draws.operands
    v = draws.variables()
    sign_text, sign = draws.sign()
    return Written([v, b"=", *a.text, b";\n"], [b"(", v, sign_text, *b.text, b")"], a.value + sign * b.value)


def loop(draws: Draws) -> Written:
    """`v=a`, `for x in range(k):v+=b` or `v-=b`, then `v`."""
    a, b = draws.operands
    v = draws.variables()
    k = draws.repeats()
    sign_text, sign = draws.sign()
    statements = [v, b"=", *a.text, b"\nfor x in range(", *k.text, b"):", v, sign_text, b"=", *b.text, b"\n"]
    return Written(statements, [v], a.value + sign * k.value * b.value)


def conditional(draws: Draws) -> Written:
    """`(c if a>b else d)` or with `<`."""
    a, b, c, d = draws.operands
    greater = draws.coin()
    holds = np.where(greater, a.value > b.value, a.value < b.value).astype(bool)
    sign_text = choose(greater, b">", b"<")
    expression = [b"(", *c.text, b" if ", *a.text, sign_text, *b.text, b" else ", *d.text, b")"]
    return Written([], expression, np.where(holds, c.value, d.value))


class Operation(NamedTuple):
    """An operation by name: how many operands it takes, how many variables, and how it is written."""

    operands: int
    variables: int
    write: Callable[[Draws], Written]


OPERATIONS = {
    "pair": Operation(2, 0, pair),
    "multiplication": Operation(1, 0, multiplication),
    "identity": Operation(1, 0, identity),
    "variable": Operation(2, 1, variable),
    "loop": Operation(2, 1, loop),
    "conditional": Operation(4, 0, conditional),
}

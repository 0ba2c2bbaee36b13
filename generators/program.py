r"""Programs as a chain of operations (Zaremba & Sutskever 2014; surface form of their 2014 release).

Each operation takes the result of the one before in a random slot; its other operands are constants drawn uniformly
from [1, 10^length]. The last line prints the last result.

>>> task = Program()
>>> task.answer("d=9973;\nprint((3*(d-849)))")
'27372.'
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generators.errors import DifficultyError
from generators.interpreter import execute
from generators.operations import OPERATIONS, Draws, Operand, Operation
from generators.samples import IntArray, Samples
from generators.task import Traits, check_difficulties
from generators.text import Numbers, Text, decimal, join, signed, spell
from generators.traits import program_traits

VARIABLES = np.frombuffer(b"abcdefghij", np.uint8)  # x is reserved for loops
MOST_OPERANDS = max(operation.operands for operation in OPERATIONS.values())
LONGEST = 100
INT64_BITS = 63

CONTROL = ("loop", "conditional")
ALGEBRA = ("pair", "multiplication", "identity", "variable")


class Program:
    """Random programs over all six operations or any subset of them.

    Args:
        operations: names out of pair, multiplication, identity, variable, loop, conditional; a sequence, or one
            string with commas between.
        name: what the task is called; by default it follows from the operations.

    Raises:
        DifficultyError: no operation, an unknown one, or one named twice.
    """

    def __init__(self, operations: Sequence[str] | str = tuple(OPERATIONS), name: str | None = None) -> None:
        chosen = tuple(operations.split(",")) if isinstance(operations, str) else tuple(operations)
        unknown = [operation for operation in chosen if operation not in OPERATIONS]
        if unknown or not chosen or len(set(chosen)) < len(chosen):
            what = f"unknown operation {unknown[0]!r}" if unknown else f"operations {','.join(chosen)!r}"
            raise DifficultyError(f"{what}; name each of these at most once: {', '.join(OPERATIONS)}")
        self.operations = chosen
        self.name = name or ("program" if set(chosen) == set(OPERATIONS) else f"program[{','.join(chosen)}]")

    def answer(self, input: str) -> str:
        """What the program prints, and a full stop."""
        return execute(input) + "."

    def traits(self, input: str) -> Traits:
        """The operations that occur in the program; the carries where it is the sum of two numbers."""
        return program_traits(input)

    def sample(self, lengths: IntArray, nestings: IntArray, rng: np.random.Generator) -> Samples:
        """Generate one program a row; with lengths [n, operands], column 4·i+j is for operand j of operation i."""
        check_difficulties(self.name, lengths, nestings, LONGEST, len(VARIABLES), per_operand=True)
        columns = lengths[:, None] if lengths.ndim == 1 else lengths
        chain = _Chain(columns, int(nestings.max(initial=1)), rng)
        choices = [OPERATIONS[name] for name in self.operations]
        for depth in range(int(nestings.max(initial=0))):
            chain.extend(np.flatnonzero(nestings > depth), depth, choices)
        inputs = spell([chain.statements, b"print(", chain.expressions, b")"])
        targets = spell([signed(chain.values), b"."])
        return Samples(inputs, targets, columns.max(axis=1, initial=1), nestings)


def control(**options: str) -> Program:
    """Loops and conditionals only, as later papers use them."""
    return Program(CONTROL, name="control", **options)


def algebra(**options: str) -> Program:
    """Everything but loops and conditionals."""
    return Program(ALGEBRA, name="algebra", **options)


class _Group(NamedTuple):
    """Programs of equal shape after one more operation: which rows they are, and their new columns."""

    rows: IntArray
    statements: Text
    expressions: Text
    values: Numbers


class _Chain:
    """n programs under construction, a row each: statements so far, the expression that comes next, its value."""

    def __init__(self, lengths: IntArray, deepest: int, rng: np.random.Generator) -> None:
        rows, longest = len(lengths), int(lengths.max(initial=1))
        # Every operation multiplies a bound on the values by at most 4·length + 1.
        bound = 10**longest * (4 * longest + 1) ** deepest
        self.value_type: npt.DTypeLike = np.int64 if bound.bit_length() < INT64_BITS else object
        self.lengths = lengths
        self.rng = rng
        self.statements: Text = np.empty((rows, 0), np.uint8)
        self.expressions: Text = np.empty((rows, 0), np.uint8)
        self.values: Numbers = np.zeros(rows, self.value_type)
        self.unused = np.tile(VARIABLES, (rows, 1))
        self.used = np.zeros(rows, np.int64)

    def extend(self, rows: IntArray, depth: int, choices: list[Operation]) -> None:
        """Apply one more uniformly drawn operation to these programs, grouped by shape."""
        operation = self.rng.integers(0, len(choices), len(rows))
        slot = (self.rng.random(len(rows)) * np.array([choice.operands for choice in choices])[operation]).astype(int)
        shape = operation * MOST_OPERANDS + (slot if depth else 0)
        order = np.argsort(shape.astype(np.int8), kind="stable")  # a radix sort, as eight bits hold the shapes
        bounds = np.searchsorted(shape[order], np.arange(len(choices) * MOST_OPERANDS + 1))
        groups = []
        for index, (start, end) in enumerate(itertools.pairwise(bounds)):
            if start < end:
                kind, earlier = divmod(index, MOST_OPERANDS)
                groups.append(self._write(choices[kind], rows[order[start:end]], depth, earlier if depth else None))
        self.statements = _replace(self.statements, [(group.rows, group.statements) for group in groups])
        self.expressions = _replace(self.expressions, [(group.rows, group.expressions) for group in groups])
        for group in groups:
            self.values[group.rows] = group.values

    def _write(self, operation: Operation, rows: IntArray, depth: int, earlier: int | None) -> _Group:
        """Apply one operation to the programs at these rows, the earlier result in slot `earlier`."""
        operands = [
            Operand([self.expressions[rows]], self.values[rows])
            if slot == earlier
            else self._constant(rows, MOST_OPERANDS * depth + slot)
            for slot in range(operation.operands)
        ]
        most_repeats = 4 * self._lengths(rows, MOST_OPERANDS * (depth + 1) - 1)
        written = operation.write(Draws(operands, lambda: self._variable(rows), most_repeats, self.rng))
        statements = join([self.statements[rows], *written.statements], len(rows))
        return _Group(rows, statements, join(written.expression, len(rows)), written.value)

    def _lengths(self, rows: IntArray, operand: int) -> IntArray:
        lengths: IntArray = self.lengths[rows, operand % self.lengths.shape[1]]
        return lengths

    def _constant(self, rows: IntArray, operand: int) -> Operand:
        values = uniform_constants(self._lengths(rows, operand), self.value_type, self.rng)
        return Operand([decimal(values)], values)

    def _variable(self, rows: IntArray) -> Text:
        """A letter not used before, uniformly: one step of a Fisher–Yates shuffle in every row."""
        first = self.used[rows]
        drawn = first + self.rng.integers(0, len(VARIABLES) - first)
        letters = self.unused[rows, drawn]
        self.unused[rows, drawn] = self.unused[rows, first]
        self.used[rows] += 1
        column: Text = letters[:, None]
        return column


def _replace(text: Text, blocks: list[tuple[IntArray, Text]]) -> Text:
    """The column with the given rows replaced, as wide as its widest row needs."""
    width = max([text.shape[1], *(block.shape[1] for _, block in blocks)])
    replaced = np.zeros((len(text), width), np.uint8)
    if sum(len(rows) for rows, _ in blocks) < len(text):
        replaced[:, : text.shape[1]] = text
    for rows, block in blocks:
        replaced[rows, : block.shape[1]] = block
        replaced[rows, block.shape[1] :] = 0
    return replaced


def uniform_constants(lengths: IntArray, value_type: npt.DTypeLike, rng: np.random.Generator) -> Numbers:
    """Integers uniform in [1, 10^length], a row each, exact at any length."""
    if value_type == np.int64:
        return rng.integers(1, 10**lengths + 1)
    digits_at_once = 18
    values = np.ones(len(lengths), object)
    for start in range(0, int(lengths.max(initial=0)), digits_at_once):
        digits = np.clip(lengths - start, 0, digits_at_once)
        values += rng.integers(0, 10**digits).astype(object) * 10**start
    return values

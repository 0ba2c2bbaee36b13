"""Traits of an input for error analysis, read from its syntax tree: its operations, and the carries of a sum."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from generators.parser import parse
from generators.syntax import (
    Assignment,
    Comparison,
    Conditional,
    Expression,
    Loop,
    Negation,
    Product,
    Program,
    Sum,
    Variable,
)
from generators.task import Traits

Numbers = TypeVar("Numbers", int, npt.NDArray[np.int64])  # arrays of Python's whole numbers too

OPERATIONS_SEEN = ("pair +", "pair -", "multiplication", "variable", "loop", "conditional")
NOTHING_SEEN = "identity alone"  # invisible in the text next to any other operation


def program_traits(text: str) -> Traits:
    r"""The operations of a program, each once; and the carries, where it is just the sum of two numbers.

    A pair counts by its sign. A program without any visible operation has identities only.

    Raises:
        InputError: the text is not a program.

    >>> program_traits("d=9973;\nprint((3*(d-849)))")
    {'operation': ('multiplication', 'variable'), 'carries': ()}
    """
    program = parse(text)
    return {"operation": _operations(program), "carries": _carries(program)}


def sum_traits(text: str) -> Traits:
    """The carries of a sum of two numbers; none for any other program.

    Raises:
        InputError: the text is not a program.

    >>> sum_traits("print(95+17)")
    {'carries': (2,)}
    """
    return {"carries": _carries(parse(text))}


def carries(a: Numbers, b: Numbers) -> Numbers:
    """How many columns of a written addition carry a one into the next; of two numbers, or of arrays [n].

    Each carry lowers the sum of digits by nine.

    Args:
        a: not negative.
        b: not negative.

    >>> carries(999, 1), carries(50, 50), carries(12, 34)
    (3, 1, 0)
    """
    return (_digit_sum(a) + _digit_sum(b) - _digit_sum(a + b)) // 9


def _digit_sum(numbers: Numbers) -> Numbers:
    total = numbers % 10
    while np.any(numbers := numbers // 10):
        total = total + numbers % 10
    return total


def _carries(program: Program) -> tuple[int, ...]:
    printed = program.printed
    if program.statements or not isinstance(printed, Sum) or not isinstance(printed.first, int):
        return ()
    match printed.rest:
        case (("+", int(second)),):
            return (carries(printed.first, second),)
        case _:
            return ()


def _operations(program: Program) -> tuple[str, ...]:
    changed_in_loops = {
        assignment.variable
        for statement in program.statements
        if isinstance(statement, Loop)
        for assignment in statement.body
    }
    assigned = {statement.variable for statement in program.statements if isinstance(statement, Assignment)}
    named = assigned - changed_in_loops  # what a loop changes was assigned for the loop's sake
    found = {"loop"} if any(isinstance(statement, Loop) for statement in program.statements) else set[str]()
    if named:
        found.add("variable")
    for node in _nodes(program):
        if isinstance(node, Product):
            found.add("multiplication")
        elif isinstance(node, Conditional):
            found.add("conditional")
        elif isinstance(node, Sum) and not (isinstance(node.first, Variable) and node.first.name in named):
            found |= {f"pair {sign}" for sign, _ in node.rest}
    return tuple(operation for operation in OPERATIONS_SEEN if operation in found) or (NOTHING_SEEN,)


def _nodes(program: Program) -> Iterator[Expression]:
    """Every expression of a program, inner ones too, in no particular order."""
    left = [program.printed]
    for statement in program.statements:
        if isinstance(statement, Assignment):
            left.append(statement.value)
        else:
            left += [statement.count, *(assignment.value for assignment in statement.body)]
    while left:
        node = left.pop()
        yield node
        left += _parts(node)


def _parts(node: Expression) -> tuple[Expression, ...]:
    match node:
        case Sum(first=first, rest=rest):
            return (first, *(term for _, term in rest))
        case Product(factors=factors):
            return factors
        case Negation(operand=operand):
            return (operand,)
        case Conditional(chosen=chosen, condition=Comparison(left=left, right=right), otherwise=otherwise):
            return (chosen, left, right, otherwise)
        case _:
            return ()

"""What a program prints, computed on its syntax tree; `exec` and `eval` are never called.

The language is the part of Python that `generators.syntax` describes: assignments, for loops over a range, sums,
products, conditionals, and one print(...) at the end. As in CPython only the chosen branch of a conditional is
evaluated, and a loop's variable keeps its last value.

Any text is answered or rejected within about a second: values have at most MAX_DIGITS digits; loops that add the same
amount in every iteration are computed in closed form; for all others, iterations times tokens of the body add up to at
most MAX_STEPS.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from generators.parser import parse
from generators.syntax import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_DIGITS,
    Assignment,
    Comparison,
    Conditional,
    Expression,
    Loop,
    Negation,
    Program,
    Sum,
    Variable,
    error,
)

__all__ = ["MAX_CHARACTERS", "MAX_DEPTH", "MAX_DIGITS", "MAX_STEPS", "execute"]

MAX_STEPS = 300_000  # an iteration of v+=x costs 3, so 100 000 iterations of it

LIMIT = 10**MAX_DIGITS
COMPARE: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def execute(text: str) -> str:
    r"""What CPython 3 would print for the program, without the line end.

    Raises:
        InputError: the text is not in the language or exceeds one of its limits; says line and column.

    >>> execute("g=4420\nfor x in range(13):g-=(10*(8453-7678))\nprint(g)")
    '-96330'
    """
    return str(_Machine(text).run(parse(text)))


class _Machine:
    """The variables of a running program, and its remaining steps."""

    __slots__ = ("steps", "text", "variables")

    def __init__(self, text: str) -> None:
        self.text = text
        self.variables: dict[str, int] = {}
        self.steps = MAX_STEPS

    def run(self, program: Program) -> int:
        """The value that the program prints."""
        for statement in program.statements:
            if isinstance(statement, Assignment):
                self.assign(statement)
            else:
                self.loop(statement)
        return self.evaluate(program.printed)

    def assign(self, statement: Assignment, times: int = 1) -> None:
        """Set the variable, or add to it the given number of times."""
        name = statement.variable
        if statement.operator == "=":
            self.variables[name] = self.evaluate(statement.value)
            return
        before = self.value_of(name, statement.at)
        amount = self.evaluate(statement.value) * times
        after = before + amount if statement.operator == "+=" else before - amount
        self.variables[name] = self.bounded(after, statement.at)

    def loop(self, loop: Loop) -> None:
        """Run all iterations, in closed form where each does the same."""
        turns = self.evaluate(loop.count)
        if turns <= 0:
            return
        if loop.is_steady:
            self.assign(loop.body[0], turns)
            self.variables[loop.variable] = turns - 1
            return
        self.steps -= turns * loop.size
        if self.steps < 0:
            message = f"expected shorter loops: turns times tokens of the body come to more than {MAX_STEPS}"
            raise error(self.text, loop.at, message)
        for turn in range(turns):
            self.variables[loop.variable] = turn
            for statement in loop.body:
                self.assign(statement)

    def evaluate(self, node: Expression) -> int:
        """The value of an expression."""
        if isinstance(node, int):
            return node
        if isinstance(node, Variable):
            return self.value_of(node.name, node.at)
        if isinstance(node, Sum):
            value = self.evaluate(node.first)
            for sign, term in node.rest:
                value = value + self.evaluate(term) if sign == "+" else value - self.evaluate(term)
            return self.bounded(value, node.at)
        if isinstance(node, Conditional):
            return self.evaluate(node.chosen if self.holds(node.condition) else node.otherwise)
        if isinstance(node, Negation):
            return -self.evaluate(node.operand)
        value = 1
        for factor in node.factors:
            value = self.bounded(value * self.evaluate(factor), node.at)
        return value

    def holds(self, condition: Comparison) -> bool:
        """Whether a condition is true."""
        return COMPARE[condition.operator](self.evaluate(condition.left), self.evaluate(condition.right))

    def value_of(self, name: str, at: int) -> int:
        """The value of a variable, which must have one."""
        value = self.variables.get(name)
        if value is None:
            raise error(self.text, at, f"expected a variable that has a value: {name!r} has none here")
        return value

    def bounded(self, value: int, at: int) -> int:
        """The value; an error if it has too many digits."""
        if -LIMIT < value < LIMIT:
            return value
        raise error(self.text, at, f"expected values of at most {MAX_DIGITS} digits")

"""The small language of the program task: its grammar and limits, its tokens and its syntax tree.

A subset of Python: what is legal here CPython runs, and prints the same. In EBNF, where `newline` is one or more line
ends, and line ends inside parentheses are skipped as in Python:

    program     = { assignments , newline | loop } , { assignment , ";" } , "print" , "(" , value , ")" , [ ";" ]
    assignments = assignment , { ";" , assignment } , [ ";" ]
    assignment  = name , ( "=" | "+=" | "-=" ) , value
    loop        = "for" , name , "in" , "range" , "(" , value , ")" , ":" ,
                  ( assignments , newline | newline , indent , { assignments , newline } , dedent )
    value       = sum , [ "if" , condition , "else" , value ]
    condition   = sum , ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) , sum | "(" , condition , ")"
    sum         = product , { ( "+" | "-" ) , product }
    product     = operand , { "*" , operand }
    operand     = number | name | ( "+" | "-" ) , operand | "(" , value , ")"
    number      = digit , { digit }             without leading zeros
    name        = letter , { letter }           ASCII, and none of Python's keywords, print or range

A text has at most MAX_CHARACTERS characters, a number at most MAX_DIGITS digits; parentheses, signs and conditionals
together nest at most MAX_DEPTH deep. A node that can fail when it is evaluated knows the index `at` of its token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from generators.errors import InputError

MAX_CHARACTERS = 100_000
MAX_DEPTH = 100  # the parser takes five of Python's 1000 frames a level
MAX_DIGITS = 2000  # two such numbers multiply in microseconds; CPython itself writes at most 4300 digits

# Possessive quantifiers keep the time linear for any text.
TOKEN = re.compile(
    r"""[ \t]*+(
        [0-9][0-9A-Za-z_.]*+ | [A-Za-z_][0-9A-Za-z_]*+
        | \*\*=? | //=? | [-+*/%<>=!]= | \r?\n (?: [ \t]*+ \r?\n )*+ [ \t]*+ | . | \Z
    )""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a variable."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Negation:
    """-operand."""

    operand: Expression


@dataclass(frozen=True, slots=True)
class Sum:
    """First, then each of the rest added or subtracted; flat, so that long sums are not deep."""

    first: Expression
    rest: tuple[tuple[str, Expression], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Product:
    """All factors multiplied."""

    factors: tuple[Expression, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Left operator right; the condition of a conditional."""

    left: Expression
    operator: str
    right: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Conditional:
    """Chosen if condition else otherwise."""

    chosen: Expression
    condition: Comparison
    otherwise: Expression


Expression: TypeAlias = int | Variable | Negation | Sum | Product | Conditional  # an int is a number's own value


@dataclass(frozen=True, slots=True)
class Assignment:
    """An assignment: variable = value, or += or -=."""

    variable: str
    operator: str
    value: Expression
    at: int


@dataclass(frozen=True, slots=True)
class Loop:
    """For variable in range(count): body.

    Attributes:
        variable: the loop's variable.
        count: the number of iterations.
        body: at least one assignment.
        is_steady: the body adds the same amount in every iteration, so the loop has a closed form.
        size: tokens of the body, the cost of an iteration.
        at: its first token.
    """

    variable: str
    count: Expression
    body: tuple[Assignment, ...]
    is_steady: bool
    size: int
    at: int


@dataclass(frozen=True, slots=True)
class Program:
    """Statements, and what is printed after them."""

    statements: tuple[Assignment | Loop, ...]
    printed: Expression


def tokenize(text: str) -> list[str]:
    r"""The tokens as plain strings; where each began is found again only to report an error.

    Every line begins with the line end before it, and carries its indentation there; the text ends in an empty token.

    >>> tokenize("a=12\n  b")
    ['\n', 'a', '=', '12', '\n  ', 'b', '']
    """
    return TOKEN.findall("\n" + text)


def error(text: str, token: int, message: str) -> InputError:
    """An error at the token of this index."""
    starts = (match.start(1) for match in TOKEN.finditer("\n" + text))
    start = next(start for index, start in enumerate(starts) if index == token)
    return error_at(text, max(start - 1, 0), message)


def error_at(text: str, start: int, message: str) -> InputError:
    """An error at the character of this index."""
    line_start = text.rfind("\n", 0, start) + 1
    return InputError(message, text, text.count("\n", 0, start) + 1, start - line_start + 1)

"""Reads programs of the small language (its grammar: `generators.syntax`) and reports errors with their place."""

from __future__ import annotations

import keyword
import string
from typing import NoReturn

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
    Product,
    Program,
    Sum,
    Variable,
    error,
    error_at,
    tokenize,
)

COMPARISONS = frozenset(("<", "<=", ">", ">=", "==", "!="))
ASSIGNMENTS = frozenset(("=", "+=", "-="))
SIGNS = frozenset("+-")
LETTERS = frozenset(string.ascii_letters + "_")
RESERVED = frozenset(keyword.kwlist) | {"print", "range"}

NOTES = {
    **dict.fromkeys(RESERVED - {"if", "else", "in", "range"}, "a word of Python that the language lacks"),
    **dict.fromkeys(("**=", "*=", "/=", "//=", "%="), "the only augmented assignments are += and -="),
    **dict.fromkeys(("/", "//", "%"), "the language has no division"),
    **dict.fromkeys("\"'", "the language has no strings"),
    "**": "the language has no powers",
    ".": "the language has whole numbers only",
    "#": "the language has no comments",
    ",": "print and range take one value",
    "\\": "a line may be continued inside parentheses only",
    "for": "loops cannot be nested, and each begins a line of its own",
    "print": "print(...) is the last statement, outside loops",
}
OPERATOR = "one of + - *"
LONGEST_QUOTE = 40


def parse(text: str) -> Program:
    """Read a program.

    Raises:
        InputError: the text is not in the language, or exceeds one of its limits.
    """
    if len(text) > MAX_CHARACTERS:
        raise error_at(text, MAX_CHARACTERS, f"the text is longer than {MAX_CHARACTERS} characters")
    if not text.isascii():
        start, found = next((i, c) for i, c in enumerate(text) if not c.isascii())
        raise error_at(text, start, f"expected ASCII characters only but found {found!r} (U+{ord(found):04X})")
    return _Parser(text).program()


class _Parser:
    """Recursive descent over the tokens of one text, a method for each rule of the grammar."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokenize(text)
        self.index = 0
        self.token = self.tokens[0]
        self.open = 0

    def advance(self) -> None:
        """Go to the next token, skipping line ends inside parentheses."""
        self.index += 1
        self.token = self.tokens[self.index]
        if self.open and "\n" in self.token:
            self.index += 1
            self.token = self.tokens[self.index]

    def take(self, token: str) -> None:
        """Go past this token."""
        if self.token != token:
            self.unexpected(repr(token))
        self.advance()

    def unexpected(self, expected: str) -> NoReturn:
        """Raise an error that says what was expected and what was found."""
        token, note = self.token, NOTES.get(self.token, "")
        if token[:1].isdigit() and not token.isdigit():
            note = "a number is whole and written in digits only"
        elif token[:1] in LETTERS and not token.isalpha():
            note = "a name has letters only"
        found = "the end of the line" if "\n" in token else repr(token) if token else "the end of the text"
        if len(found) > LONGEST_QUOTE:
            found = found[: LONGEST_QUOTE - 4] + "...'"
        raise error(self.text, self.index, f"expected {expected} but found {found}" + (f" ({note})" if note else ""))

    def program(self) -> Program:
        statements: list[Assignment | Loop] = []
        while self.token != "print":
            self.begin_line()
            if self.token == "for":
                statements.append(self.loop())
            elif self.token != "print":
                statements += self.assignments("an assignment or print(...)")
        self.advance()
        printed = self.number(self.argument(0))
        if self.token == ";":
            self.advance()
        if "\n" in self.token:
            self.advance()
        if self.token:
            self.unexpected("the end of the text")
        return Program(tuple(statements), printed)

    def begin_line(self) -> None:
        """Go past the end of the line before, to a line without indentation."""
        indentation = _indentation(self.token)
        if self.token:
            self.advance()
        if not self.token:
            self.unexpected("print(...) as the last statement")
        if indentation:
            raise error(self.text, self.index, "expected no indentation here")

    def loop(self) -> Loop:
        at = self.index
        self.advance()
        variable = self.name("a variable")
        self.take("in")
        self.take("range")
        count = self.number(self.argument(0))
        self.take(":")
        start = self.index
        body = self.block() if "\n" in self.token else self.assignments("an assignment")
        if self.token and "\n" not in self.token:
            self.unexpected("a new line")
        first = body[0]
        changing = {variable, first.variable}
        is_steady = (
            len(body) == 1
            and first.operator != "="
            and first.variable != variable
            and changing.isdisjoint(self.tokens[first.at + 2 : self.index])
        )
        return Loop(variable, count, tuple(body), is_steady, self.index - start, at)

    def block(self) -> list[Assignment]:
        """Lines of assignments, all with the indentation of the first."""
        indentation = _indentation(self.token)
        if not indentation:
            self.unexpected("an assignment, here or on an indented line,")
        body: list[Assignment] = []
        while found := _indentation(self.token):
            self.advance()
            if found != indentation:
                raise error(self.text, self.index, "expected the same indentation as in the line before")
            body += self.assignments("an assignment")
        return body

    def assignments(self, expected: str) -> list[Assignment]:
        """The assignments of one line, up to its end or to a print(...)."""
        found = [self.assignment(expected)]
        while self.token == ";":
            self.advance()
            if not self.token or "\n" in self.token or self.token == "print":
                return found
            found.append(self.assignment(expected))
        if self.token and "\n" not in self.token:
            self.unexpected(f"a new line, ';' or {OPERATOR}")
        return found

    def assignment(self, expected: str) -> Assignment:
        at = self.index
        variable = self.name(expected)
        operator = self.token
        if operator not in ASSIGNMENTS:
            self.unexpected("'=', '+=' or '-='")
        self.advance()
        return Assignment(variable, operator, self.number(self.expression(0)), at)

    def name(self, expected: str) -> str:
        name = self.token
        if not name.isalpha() or name in RESERVED:
            self.unexpected(expected)
        self.advance()
        return name

    def argument(self, depth: int) -> Expression | Comparison:
        """The content of parentheses."""
        opened = self.index
        if self.token != "(":
            self.unexpected("'('")
        self.open += 1
        self.advance()
        inner = self.expression(depth + 1)
        if self.token != ")":
            before, here = error(self.text, opened, ""), error(self.text, self.index, "")
            which = f" for the '(' in line {before.line}, column {before.column}," if before.line < here.line else ""
            self.unexpected(f"{OPERATOR} or a ')'{which}")
        self.open -= 1
        self.advance()
        return inner

    def expression(self, depth: int) -> Expression | Comparison:
        """A value, or in parentheses perhaps a condition."""
        self.check_depth(depth)
        node = self.comparison(self.sum(depth), depth)
        if self.token != "if":
            return node
        chosen = self.number(node)
        self.advance()
        condition = self.comparison(self.sum(depth + 1), depth)
        if not isinstance(condition, Comparison):
            self.unexpected("a comparison, as in a>b,")
        self.take("else")
        return Conditional(chosen, condition, self.number(self.expression(depth + 1)))

    def comparison(self, left: Expression | Comparison, depth: int) -> Expression | Comparison:
        """An expression with this left side: a comparison if its operator comes next."""
        if self.token not in COMPARISONS:
            return left
        at, operator = self.index, self.token
        self.advance()
        node = Comparison(self.number(left), operator, self.number(self.sum(depth + 1)), at)
        if self.token in COMPARISONS:
            raise error(self.text, self.index, "expected a single comparison, not a chain of them")
        return node

    def sum(self, depth: int) -> Expression | Comparison:
        at = self.index
        first = self.product(depth)
        if self.token not in SIGNS:
            return first
        first, rest = self.number(first), []
        while self.token in SIGNS:
            sign = self.token
            self.advance()
            rest.append((sign, self.number(self.product(depth))))
        return Sum(first, tuple(rest), at)

    def product(self, depth: int) -> Expression | Comparison:
        at = self.index
        first = self.operand(depth)
        if self.token != "*":
            return first
        factors = [self.number(first)]
        while self.token == "*":
            self.advance()
            factors.append(self.number(self.operand(depth)))
        return Product(tuple(factors), at)

    def operand(self, depth: int) -> Expression | Comparison:
        token = self.token
        if token.isdigit():
            return self.literal()
        if token == "(":
            return self.argument(depth)
        if token in SIGNS:
            self.check_depth(depth)
            self.advance()
            operand = self.number(self.operand(depth + 1))
            return Negation(operand) if token == "-" else operand
        at = self.index
        return Variable(self.name("a number, a variable or '('"), at)

    def literal(self) -> int:
        digits = self.token
        if len(digits) > MAX_DIGITS:
            raise error(self.text, self.index, f"expected a number of at most {MAX_DIGITS} digits")
        if digits[0] == "0" and digits.strip("0"):
            raise error(self.text, self.index, "expected a number without leading zeros")
        self.advance()
        return int(digits)

    def number(self, node: Expression | Comparison) -> Expression:
        """The node; an error if it is a comparison rather than a number."""
        if isinstance(node, Comparison):
            message = "expected a number: a comparison is only legal as a condition, as in (1 if a>b else 2)"
            raise error(self.text, node.at, message)
        return node

    def check_depth(self, depth: int) -> None:
        """Raise if nested deeper than the stack allows."""
        if depth > MAX_DEPTH:
            message = f"expected parentheses, signs and conditionals nested at most {MAX_DEPTH} deep"
            raise error(self.text, self.index, message)


def _indentation(token: str) -> str:
    """The indentation of a line, from the token that ended the line before."""
    return token.rpartition("\n")[2] if "\n" in token else ""

"""Errors of `generators`, with messages for the user."""

from __future__ import annotations

EXCERPT = 80


class DifficultyError(ValueError):
    """A difficulty, option or split that a task cannot serve; names the value and the legal range."""


class TextError(ValueError):
    """A text that cannot be read or is too short to be modelled; says which, and what would do."""


class InputError(ValueError):
    r"""An input that is not in a task's language: what is wrong, and where.

    Args:
        message: what was expected and what was found instead.
        text: the whole input.
        line: counted from 1; lines end at a newline.
        column: counted from 1, in characters.

    >>> print(InputError("expected a number but found '*'", "a=5\nprint((3**4))", 2, 10))
    line 2, column 10: expected a number but found '*'
    print((3**4))
             ^
    """

    def __init__(self, message: str, text: str, line: int, column: int) -> None:
        super().__init__(message, text, line, column)
        self.message = message
        self.text = text
        self.line = line
        self.column = column

    def __str__(self) -> str:
        source = self.text.split("\n", self.line)[self.line - 1]
        start = 0
        if len(source) > EXCERPT:
            start = max(0, min(self.column - 1 - EXCERPT // 2, len(source) - EXCERPT))
        # Control characters are replaced one for one, so that the caret stays below its column.
        shown = "".join(c if c.isprintable() else " " for c in source[start : start + EXCERPT])
        caret = " " * (self.column - 1 - start) + "^"
        return f"line {self.line}, column {self.column}: {self.message}\n{shown.rstrip()}\n{caret}"

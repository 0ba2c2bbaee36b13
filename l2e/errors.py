"""Errors for the user of a command: a message that suffices, and an exit code."""

from __future__ import annotations

from typing import ClassVar

FAILED, BAD_USAGE = 1, 2


class ExplainedError(Exception):
    """An error that the command line shows as one message, without a traceback, and exits with its `exit_code`.

    A plug-in may raise one of its own.
    """

    exit_code: ClassVar[int] = FAILED


class Said(UserWarning):
    """A warning that the command line shows as one line."""


def reasons(error: Exception) -> str:
    """What is wrong, as sentences without line ends: of a pydantic validation error each problem with its place."""
    problems = getattr(error, "errors", None)
    if problems is None:
        return str(error) or type(error).__name__
    return "; ".join(
        ": ".join(filter(None, [".".join(map(str, one["loc"])), one["msg"].removeprefix("Value error, ")]))
        for one in problems()
    )

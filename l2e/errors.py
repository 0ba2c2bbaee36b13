"""Errors for the user of a command: a message that suffices, and an exit code."""

from __future__ import annotations

from typing import ClassVar

FAILED, BAD_USAGE = 1, 2


class ExplainedError(Exception):
    """An error that the command line shows as one message, without a traceback, and exits with its `exit_code`.

    A plug-in may raise one of its own.
    """

    exit_code: ClassVar[int] = FAILED

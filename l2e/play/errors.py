"""What keeps the page from being shown, said for the person who reads it."""

from __future__ import annotations

from l2e.errors import ExplainedError


class PlayError(ExplainedError, RuntimeError):
    """A page that cannot be shown; the message says what to install, or what to give instead."""


def check_flask() -> None:
    """Find out before the work whether a page can be shown.

    Raises:
        PlayError: Flask is not installed.
    """
    try:
        import flask  # noqa: F401
    except ImportError:
        raise PlayError("play needs Flask: pip install 'l2e[play]'") from None

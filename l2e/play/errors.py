"""Errors of the page, with messages for the user."""

from __future__ import annotations

from l2e.errors import ExplainedError


class PlayError(ExplainedError, RuntimeError):
    """A page that cannot be shown."""


def check_flask() -> None:
    """Check early that a page can be shown.

    Raises:
        PlayError: Flask is not installed.
    """
    try:
        import flask  # noqa: F401
    except ImportError:
        raise PlayError("play needs Flask: pip install 'l2e[play]'") from None

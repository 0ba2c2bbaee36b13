"""Checks of the ranges of curricula's options."""

from __future__ import annotations


def check_fraction(name: str, value: float) -> None:
    """Check that a value is a fraction.

    Raises:
        ValueError: the value is outside [0, 1].
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; it is a fraction, from 0 to 1")


def check_positive(name: str, value: float) -> None:
    """Check that a value is positive.

    Raises:
        ValueError: the value is 0 or less.
    """
    if not value > 0:
        raise ValueError(f"{name} is {value}; it is greater than 0")

"""Refusing options of curricula that lie outside what they mean."""

from __future__ import annotations


def check_fraction(name: str, value: float) -> None:
    """Refuse what is no fraction.

    Raises:
        ValueError: the value is outside [0, 1].
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}; it is a fraction, from 0 to 1")


def check_positive(name: str, value: float) -> None:
    """Refuse what is not greater than 0.

    Raises:
        ValueError: the value is 0 or less.
    """
    if not value > 0:
        raise ValueError(f"{name} is {value}; it is greater than 0")

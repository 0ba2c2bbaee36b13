"""Inputs that arrive step by step: how they are written, and the numbers in them.

bits            0101101011     one bit per step
signed digits   +4-3+7         one digit with its sign per step
pairs           4,3;2,5;9,0    one digit of each input per step
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray
from generators.syntax import error_at

BIT, DIGIT, SIGN, COMMA, SEMICOLON = "01", "0123456789", "+-", ",", ";"
NAMES = {BIT: "0 or 1", DIGIT: "a digit", SIGN: "'+' or '-'", COMMA: "','", SEMICOLON: "';'"}


def read_bits(text: str) -> IntArray:
    """The bits of a text, [steps, 1].

    Raises:
        InputError: at the first character that is not a bit, or at the end of an empty text.

    >>> read_bits("011").tolist()
    [[0], [1], [1]]
    """
    return _digits(_check(text, [BIT], step=1))[:, None]


def read_signed_digits(text: str) -> IntArray:
    """The signed digits of a text, [steps, 1].

    Raises:
        InputError: at the first character that does not belong, or at the end of a text that stops too early.

    >>> read_signed_digits("+4-3+7").tolist()
    [[4], [-3], [7]]
    """
    codes = _check(text, [SIGN, DIGIT], step=2)
    return (_digits(codes[1::2]) * np.where(codes[::2] == ord("-"), -1, 1))[:, None]


def read_pairs(text: str) -> IntArray:
    """The first and the second inputs of a text, [steps, 2].

    Raises:
        InputError: at the first character that does not belong, or at the end of a text that stops too early.

    >>> read_pairs("4,3;2,5").tolist()
    [[4, 3], [2, 5]]
    """
    return _digits(_check(text, [DIGIT, COMMA, DIGIT, SEMICOLON], step=3)[::2]).reshape(-1, 2)


def _check(text: str, cycle: Sequence[str], step: int) -> npt.NDArray[np.uint8]:
    """The character codes of a text that repeats the cycle of legal characters and ends with a whole step."""
    for index, character in enumerate(text):
        legal = cycle[index % len(cycle)]
        if character not in legal:
            raise error_at(text, index, f"expected {NAMES[legal]} but found {character!r}")
    if not text or len(text) % len(cycle) != step % len(cycle):
        raise error_at(text, len(text), f"expected {NAMES[cycle[len(text) % len(cycle)]]} but the input ends")
    return np.frombuffer(text.encode("ascii"), np.uint8)


def _digits(codes: npt.NDArray[np.uint8]) -> IntArray:
    return codes.astype(np.int64) - ord("0")

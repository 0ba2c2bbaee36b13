"""Columns of text as byte matrices, so that many texts take a few array operations.

A column of n texts is a matrix [n, width] of bytes in which NUL stands for "no character here". To concatenate
texts is to concatenate matrices; NULs are dropped when the rows are read out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from generators.samples import BoolArray

Text = npt.NDArray[np.uint8]
Numbers = npt.NDArray[Any]  # int64, or object where 64 bits do not hold the values

GROUP = 10_000
END_OF_ROW = b"\x01"


def _decimal_groups() -> npt.NDArray[np.uint32]:
    """The numbers 0…9999 as four bytes each: first without leading zeros, then with them."""
    padded = np.array([f"{i:04d}" for i in range(GROUP)], dtype="S4").view(np.uint8).reshape(GROUP, 4)
    digits = np.arange(4)
    stripped = padded * (digits >= 4 - np.array([len(str(i)) for i in range(GROUP)])[:, None])
    stripped[0] = 0
    return np.concatenate([stripped, padded]).astype(np.uint8).view(np.uint32).ravel()


DECIMAL_GROUPS = _decimal_groups()


def decimal(values: Numbers) -> Text:
    """Non-negative integers [n] in decimal.

    >>> spell([decimal(np.array([7, 120345, 0]))])
    ['7', '120345', '0']
    """
    if values.dtype == object:
        written = np.array([str(value) for value in values], dtype="S")
        return written.view(np.uint8).reshape(len(values), written.itemsize)
    digits = len(str(values.max(initial=0)))
    groups = -(-digits // 4)
    columns = np.empty((len(values), groups), np.uint32)
    for column in range(groups - 1, -1, -1):
        rest = values // GROUP
        columns[:, column] = DECIMAL_GROUPS[values - GROUP * (rest - (rest > 0))]
        values = rest
    text = columns.view(np.uint8).reshape(len(values), 4 * groups)[:, 4 * groups - digits :]
    text[:, -1] |= np.uint8(ord("0"))  # only a lone zero has no last digit yet; a digit keeps its bits
    return text


def signed(values: Numbers) -> Text:
    """Integers [n] in decimal, a minus before the negative ones."""
    return join([choose(values < 0, b"-", b"\0"), decimal(abs(values))], len(values))


def choose(condition: BoolArray, if_true: bytes, if_false: bytes) -> Text:
    """One of two characters per row, by condition [n]."""
    return np.where(condition, np.uint8(ord(if_true)), np.uint8(ord(if_false)))[:, None]


def join(parts: Sequence[Text | bytes], rows: int) -> Text:
    """Concatenate columns and literals to one column [rows, total width]."""
    text = np.empty(
        (rows, sum(part.shape[1] if isinstance(part, np.ndarray) else len(part) for part in parts)), np.uint8
    )
    start = 0
    for part in parts:
        block = part if isinstance(part, np.ndarray) else np.frombuffer(part, np.uint8)
        text[:, start : start + block.shape[-1]] = block
        start += block.shape[-1]
    return text


def spell(parts: Sequence[Text | bytes]) -> list[str]:
    """The rows of concatenated columns as n strings; at least one part is a matrix."""
    rows = next(len(part) for part in parts if isinstance(part, np.ndarray))
    text = join([*parts, END_OF_ROW], rows)
    return text.tobytes().translate(None, b"\0").decode("ascii").split(END_OF_ROW.decode())[:-1]

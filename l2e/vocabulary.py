"""The vocabulary of all networks and tasks: printable ASCII characters, the line end, padding and the end of input."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from generators.errors import InputError
from generators.samples import IntArray, Sample

CHARACTERS = "\n" + "".join(map(chr, range(ord(" "), ord("~") + 1)))
PADDING, END_OF_INPUT = 0, 1
SYMBOLS = 2 + len(CHARACTERS)
ANSWER_CHARACTERS = "0123456789-."  # what targets of the built-in tasks are made of; 12, as in the paper

_TO_SYMBOL = np.zeros(256, np.int64)
_TO_SYMBOL[np.frombuffer(CHARACTERS.encode("ascii"), np.uint8)] = np.arange(2, SYMBOLS)
_TO_CHARACTER = np.frombuffer(("\x00\x01" + CHARACTERS).encode("ascii"), np.uint8)

FULL_STOP = int(_TO_SYMBOL[ord(".")])


def encode(texts: Sequence[str]) -> tuple[IntArray, IntArray]:
    """The symbols of all texts, concatenated [characters], and the length of each text [n].

    Raises:
        InputError: a character outside the vocabulary.
    """
    lengths = np.fromiter(map(len, texts), np.int64, len(texts))
    flat = _TO_SYMBOL[np.frombuffer("".join(texts).encode("utf-8", "surrogatepass"), np.uint8)]
    if len(flat) != lengths.sum() or not flat.all():
        for text in texts:
            _refuse_unknown(text)
    return flat, lengths


def decode(symbols: npt.NDArray[np.integer]) -> str:
    """The text of symbols [characters]; the two special symbols become control characters that no target has."""
    text: str = _TO_CHARACTER[symbols].tobytes().decode("ascii")
    return text


END_MARK = decode(np.array([END_OF_INPUT]))  # in running texts, the mark of the end of input


def running_texts(samples: Iterable[Sample]) -> list[str]:
    """Each input, the end-of-input character, and its target, as one text per sample."""
    return [f"{sample.input}{END_MARK}{sample.target}" for sample in samples]


def _refuse_unknown(text: str) -> None:
    for index, character in enumerate(text):
        if character not in CHARACTERS:
            line = text.count("\n", 0, index) + 1
            column = index - text.rfind("\n", 0, index)
            raise InputError(
                f"{character!r} is not in the vocabulary (printable ASCII and line ends)", text, line, column
            )

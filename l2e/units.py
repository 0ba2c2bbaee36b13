"""The vocabulary of a text: the characters, words or pieces that its training part has, and one symbol for all others.

Every unit is a stretch of the text, spaces and line ends included, so that the units side by side are the text, and
probabilities of characters, words and pieces can be compared: as bits for the same text.

A unit that the training part has once or never is *unknown* (of pieces none is, as every byte is one). It costs what
its symbol costs and what it takes to say which it is. A character is one of all of Unicode's, each as likely. A word is
spelled, and its end said, by n-grams of the characters of those words that the training part has once, as Brown et al.
(1992), "An estimate of an upper bound for the entropy of English", spell theirs.
"""

from __future__ import annotations

import math
import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray
from l2e.errors import ExplainedError
from l2e.registry import Group, create
from l2e.vocabulary import END_OF_INPUT, PADDING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

START = END_OF_INPUT  # what a network reads before a stretch of text
UNKNOWN = 2
KNOWN = 3  # the symbol of the first known unit
NEVER_WRITTEN = (PADDING, START, UNKNOWN)

ANY_CHARACTER = math.log2(0x110000 - 0x800)  # bits; Unicode without surrogates
SPELLING_ORDER = 4
WORD = re.compile(r" ?\w+(?:['’]\w+)*| ?[^\w\s]|\s")
SPLITS: dict[str, Callable[[str], list[str]]] = {"characters": list, "words": WORD.findall}


class UnitsError(ExplainedError, RuntimeError):
    """Units that cannot be made here; the message says what to install."""


class Reading(NamedTuple):
    """A text as networks read it.

    Attributes:
        units: [time], texts; side by side they are the whole.
        symbols: int64 [time].
        spelling: [time], bits that it takes to say which unknown unit it is; 0 for known ones.
    """

    units: list[str]
    symbols: IntArray
    spelling: npt.NDArray[np.float64]

    @property
    def unknown(self) -> int:
        """How many units are unknown."""
        return int((self.symbols == UNKNOWN).sum())


class Vocabulary(ABC):
    """Units and their symbols.

    Attributes:
        units: their name.
        size: how many symbols there are, those for padding, start and unknown units among them.
    """

    units: str
    size: int

    @abstractmethod
    def read(self, text: str) -> Reading:
        """The units of a text."""

    @abstractmethod
    def write(self, symbols: Sequence[int]) -> str:
        """The text of known symbols."""

    @abstractmethod
    def to_json(self) -> dict[str, Any]:
        """All that `vocabulary_from` needs to make it again."""


class Listed(Vocabulary):
    """Characters or words.

    Args:
        units: which.
        known: those that have a symbol.
        rare: those that the training part has once, by which unknown words are spelled.
    """

    def __init__(self, units: str, known: Sequence[str], rare: Sequence[str]) -> None:
        self.units = units
        self.known, self.rare = list(known), list(rare)
        self.size = KNOWN + len(known)
        self._symbol = {unit: symbol for symbol, unit in enumerate(known, KNOWN)}
        self._spelling = Spelling([*known, *rare], rare) if units == "words" else None

    @classmethod
    def of(cls, units: str, text: str) -> Listed:
        """The units that a text has twice or more often."""
        counts = Counter(SPLITS[units](text))
        return cls(units, sorted(u for u, n in counts.items() if n > 1), sorted(u for u, n in counts.items() if n == 1))

    def read(self, text: str) -> Reading:
        """The units of a text."""
        units = SPLITS[self.units](text)
        symbols = np.array([self._symbol.get(unit, UNKNOWN) for unit in units], np.int64)
        spelling = [0.0 if unit in self._symbol else self._spell(unit) for unit in units]
        return Reading(units, symbols, np.array(spelling, np.float64))

    def _spell(self, unit: str) -> float:
        return ANY_CHARACTER if self._spelling is None else self._spelling.bits(unit)

    def write(self, symbols: Sequence[int]) -> str:
        """The units side by side."""
        return "".join(self.known[symbol - KNOWN] for symbol in symbols)

    def to_json(self) -> dict[str, Any]:
        """Units, known and rare ones."""
        return {"units": self.units, "known": self.known, "rare": self.rare}


class Spelling:
    """What it costs to spell a word that is not known.

    Args:
        words: whose characters are the alphabet; any other is one of all of Unicode's.
        rare: whose spellings are counted.
    """

    END, OTHER = 0, 1

    def __init__(self, words: Sequence[str], rare: Sequence[str]) -> None:
        self._alphabet = {character: i for i, character in enumerate(sorted(set("".join(words))), 2)}
        text = [symbol for word in rare for symbol in self._symbols(word)]
        size, order = 2 + len(self._alphabet), {"order": SPELLING_ORDER}
        self._model = create(Group.LANGUAGE_MODEL, "kneser_ney", order, np.array([self.END, *text], np.int64), size)
        self.bits = cache(self._bits)

    def _bits(self, word: str) -> float:
        """Of the characters and the end, as if after the end of another word."""
        symbols = np.array([self.END, *self._symbols(word)], np.int64)
        return float(self._model.bits(symbols)[1:].sum()) + ANY_CHARACTER * int((symbols == self.OTHER).sum())

    def _symbols(self, word: str) -> list[int]:
        return [*(self._alphabet.get(character, self.OTHER) for character in word), self.END]


class Pieces(Vocabulary):
    """Pieces of words: the 256 bytes, and pairs that occur often, made of bytes or of other pairs.

    Byte-pair encoding (Sennrich, Haddow & Birch 2016) on bytes, as in Radford et al. 2019. A text can be cut into
    pieces in many ways; its probability is that of the one that the encoding chooses, and a little too low for that.

    Args:
        tokenizer: Hugging Face's, as its JSON.
    """

    units = "pieces"

    def __init__(self, tokenizer: str) -> None:
        self._tokenizer: Tokenizer = _tokenizers().Tokenizer.from_str(tokenizer)
        self.size = KNOWN + self._tokenizer.get_vocab_size()

    @classmethod
    def of(cls, pieces: int, text: str) -> Pieces:
        """At most so many pieces, by how often they occur in a text."""
        library = _tokenizers()
        bytes_ = library.pre_tokenizers.ByteLevel
        tokenizer = library.Tokenizer(library.models.BPE())
        tokenizer.pre_tokenizer, tokenizer.decoder = bytes_(add_prefix_space=False), library.decoders.ByteLevel()
        trainer = library.trainers.BpeTrainer(
            vocab_size=pieces, initial_alphabet=bytes_.alphabet(), show_progress=False
        )
        tokenizer.train_from_iterator([text], trainer)
        return cls(tokenizer.to_str())

    def read(self, text: str) -> Reading:
        """The pieces of a text; a character of several pieces stands with the first of them."""
        encoding = self._tokenizer.encode(text)
        ends = np.maximum.accumulate([0, *(end for _, end in encoding.offsets)]).tolist()
        units = [text[start:end] for start, end in pairwise(ends)]
        return Reading(units, np.array(encoding.ids, np.int64) + KNOWN, np.zeros(len(units)))

    def write(self, symbols: Sequence[int]) -> str:
        """The text of the pieces; bytes that are no whole character become �."""
        return str(self._tokenizer.decode([symbol - KNOWN for symbol in symbols], skip_special_tokens=False))

    def to_json(self) -> dict[str, Any]:
        """Units, and the tokenizer."""
        return {"units": self.units, "tokenizer": self._tokenizer.to_str()}


def vocabulary_of(units: str, pieces: int, training: str) -> Vocabulary:
    """The vocabulary of a training part.

    Raises:
        UnitsError: pieces, and the package for them is not installed.
    """
    return Pieces.of(pieces, training) if units == "pieces" else Listed.of(units, training)


def vocabulary_from(content: dict[str, Any]) -> Vocabulary:
    """The vocabulary that `to_json` described.

    Raises:
        UnitsError: as `vocabulary_of`.
    """
    if content["units"] == "pieces":
        return Pieces(content["tokenizer"])
    return Listed(**content)


def _tokenizers() -> Any:
    try:
        import tokenizers
    except ImportError:
        raise UnitsError("units=pieces wants the package tokenizers: pip install 'l2e[pieces]'") from None
    return tokenizers

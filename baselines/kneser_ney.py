"""N-grams of any symbols with interpolated Kneser–Ney smoothing, for characters, words or pieces alike.

For a context h of up to n - 1 symbols, h′ for h without its oldest, c for counts and T(h) for how many different
symbols followed h,

    p(w | h) = (max(c(h·w) - D, 0) + D·T(h)·p(w | h′)) / c(h),    below the empty context 1 / symbols.

In the longest context c counts how often h·w occurred; in a shorter one, after how many different symbols it did, so
that a word known from a single phrase is not thought likely after others. D is n₁ / (n₁ + 2n₂) of each length, where
n₁ and n₂ are how many grams have a count of 1 and of 2. A context never seen leaves p(w | h′) as it is. Kneser & Ney
(1995), "Improved backing-off for M-gram language modeling", with a discount a length as in Ney, Essen & Kneser (1994),
interpolated as in Chen & Goodman (1998), "An empirical study of smoothing techniques for language modeling", section 3.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray

FloatArray = npt.NDArray[np.float64]
WITHOUT_SINGLES = 0.5  # the discount where no gram has a count of 1, and the estimate is not defined


class Level(NamedTuple):
    """Grams of one length, numbered in the order of their keys.

    Attributes:
        keys: [grams], sorted; of a gram's first symbol and of the gram without it.
        counts: [grams].
        totals: of the counts of all grams with one context, by the context's number.
        kinds: how many such grams have a count.
        discount: D.
    """

    keys: IntArray
    counts: FloatArray
    totals: FloatArray
    kinds: FloatArray
    discount: float


class KneserNey:
    """Counts what follows each context in a text; the text begins after n marks.

    Args:
        training: int [time], of 0 to symbols - 1.
        symbols: how many there are.
        order: n, the symbols of a gram; the last of them is predicted from the others.

    Raises:
        ValueError: an order below 1.
    """

    def __init__(self, training: IntArray, symbols: int, order: int = 5) -> None:
        if order < 1:
            raise ValueError(f"an n-gram has 1 symbol or more, not {order}")
        self.symbols = symbols
        self.order = order
        text = self._begun(training)
        numbers = [np.zeros(len(text), np.int64)]  # of the gram of each length that ends at each place
        keys: list[IntArray] = []
        for length in range(1, order + 1):
            found, of_place = np.unique(self._keys(numbers[-1], text, length), return_inverse=True)
            keys.append(found)
            numbers.append(of_place)
        self.levels = [self._level(length, keys, numbers) for length in range(1, order + 1)]

    def bits(self, symbols: IntArray) -> FloatArray:
        """-log₂ p of each symbol [time] after those before it."""
        text = self._begun(symbols)
        probability = np.full(len(symbols), 1 / self.symbols)
        number = np.zeros(len(text), np.int64)  # -1 for a gram never seen
        for length, (keys, counts, totals, kinds, discount) in enumerate(self.levels, 1):
            context = number[self.order - 1 : -1]
            number = np.where(number < 0, -1, _positions(self._keys(number, text, length), keys))
            gram = number[self.order :]
            total = np.where(context < 0, 0.0, totals[context])
            count = np.where(gram < 0, 0.0, counts[gram])
            new = np.maximum(count - discount, 0) + discount * kinds[context] * probability
            probability = np.where(total > 0, new / np.maximum(total, 1), probability)
        return np.asarray(-np.log2(probability))

    def _begun(self, symbols: IntArray) -> IntArray:
        """A text after its marks, which are 0; all symbols are moved up by one."""
        return np.concatenate([np.zeros(self.order, np.int64), symbols + 1])

    def _keys(self, shorter: IntArray, text: IntArray, length: int) -> IntArray:
        """Of the gram that ends at each place: the number of the gram without its first symbol, and that symbol."""
        first = np.concatenate([np.zeros(length - 1, np.int64), text[: len(text) - length + 1]])
        keys: IntArray = shorter * (self.symbols + 1) + first
        return keys

    def _level(self, length: int, keys: list[IntArray], numbers: list[IntArray]) -> Level:
        grams, of_place = len(keys[length - 1]), numbers[length][self.order :]
        if length == self.order:
            counts = np.bincount(of_place, minlength=grams)
        else:  # of the grams one longer that occur, each counts once for the gram without its first symbol
            occurring = np.unique(numbers[length + 1][self.order :])
            counts = np.bincount(keys[length][occurring] // (self.symbols + 1), minlength=grams)
        context_of = np.zeros(grams, np.int64)
        context_of[of_place] = numbers[length - 1][self.order - 1 : -1]
        contexts = len(keys[length - 2]) if length > 1 else 1
        once, twice = np.count_nonzero(counts == 1), np.count_nonzero(counts == 2)
        return Level(
            keys[length - 1],
            counts.astype(float),
            np.bincount(context_of, counts, contexts).astype(float),
            np.bincount(context_of, counts > 0, contexts).astype(float),
            once / (once + 2 * twice) if once else WITHOUT_SINGLES,
        )


def _positions(wanted: IntArray, keys: IntArray) -> IntArray:
    """Where each key stands among the sorted ones; -1 for one that is not there."""
    places = np.searchsorted(keys, wanted).clip(max=len(keys) - 1)
    return np.where(keys[places] == wanted, places, -1)

"""The plain writers do the same work as ours: texts that print their targets, and symbols of the alphabet."""

import contextlib
import io
import random
import zlib
from collections.abc import Callable

import pytest

from l2e.perf.plain_samples import Pair, to_ids, write_programs, write_sums
from l2e.vocabulary import encode


@pytest.mark.parametrize(
    "write",
    [
        lambda rng: write_programs(300, 4, 1, rng),
        lambda rng: write_programs(300, 4, 3, rng),
        lambda rng: write_sums(300, 3, rng),
    ],
    ids=["nesting 1", "nesting 3", "sums"],
)
def test_texts_of_the_scalar_writers_print_their_targets(write: Callable[[random.Random], list[Pair]]) -> None:
    pairs = write(random.Random(0))
    assert len(pairs) > 60
    for text, target in pairs:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(text, {})
        assert printed.getvalue().strip() + "." == target
        assert zlib.crc32(text.encode()) % 3 == 0


def test_sums_have_numbers_of_every_length_alike() -> None:
    pairs = write_sums(3000, 3, random.Random(0))
    firsts = [len(text[len("print(") :].partition("+")[0]) for text, _ in pairs]
    assert all(0.25 < firsts.count(digits) / len(firsts) < 0.42 for digits in (1, 2, 3))


def test_their_symbols_are_the_alphabets() -> None:
    texts = ["print((12+34))", "a=7;\nprint(a)"]
    assert [symbol for ids in to_ids(texts) for symbol in ids] == encode(texts)[0].tolist()

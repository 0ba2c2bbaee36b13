"""Inputs that arrive step by step: what is read out of them, and what is refused where."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import InputError
from generators.samples import IntArray
from generators.steps import read_bits, read_pairs, read_signed_digits

DIGIT = st.integers(0, 9)
READERS = [read_bits, read_signed_digits, read_pairs]
each_reader = pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)


def refusal(read: Callable[[str], IntArray], text: str) -> tuple[int, int, str]:
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.line, caught.value.column, caught.value.message


def outcome(read: Callable[[str], IntArray], text: str) -> tuple[tuple[int, int] | None, int]:
    """Where the text is refused, or how many digits are read."""
    try:
        return None, read(text).size
    except InputError as error:
        return (error.line, error.column), 0


@given(st.lists(st.tuples(DIGIT, DIGIT), min_size=1))
def test_what_was_written_is_read(pairs: list[tuple[int, int]]) -> None:
    assert read_bits("".join(str(a % 2) for a, _ in pairs)).tolist() == [[a % 2] for a, _ in pairs]
    assert read_signed_digits("".join(f"{a - b:+d}" for a, b in pairs)).tolist() == [[a - b] for a, b in pairs]
    assert read_pairs(";".join(f"{a},{b}" for a, b in pairs)).tolist() == [[a, b] for a, b in pairs]


def test_a_zero_may_have_either_sign() -> None:
    assert read_signed_digits("+0-0").tolist() == [[0], [0]]


@pytest.mark.parametrize(
    ("read", "text", "column", "message"),
    [
        (read_bits, "012", 3, "expected 0 or 1 but found '2'"),
        (read_bits, "0 1", 2, "expected 0 or 1 but found ' '"),
        (read_bits, "01\n", 3, r"expected 0 or 1 but found '\n'"),
        (read_bits, "1١", 2, "expected 0 or 1 but found '١'"),
        (read_bits, "", 1, "expected 0 or 1 but the input ends"),
        (read_signed_digits, "4-3", 1, "expected '+' or '-' but found '4'"),
        (read_signed_digits, "+4-37", 5, "expected '+' or '-' but found '7'"),
        (read_signed_digits, "+4--3", 4, "expected a digit but found '-'"),
        (read_signed_digits, "+4 -3", 3, "expected '+' or '-' but found ' '"),
        (read_signed_digits, "+²", 2, "expected a digit but found '²'"),
        (read_signed_digits, "+4-", 4, "expected a digit but the input ends"),
        (read_signed_digits, "", 1, "expected '+' or '-' but the input ends"),
        (read_pairs, "4;3", 2, "expected ',' but found ';'"),
        (read_pairs, "4,3,2,5", 4, "expected ';' but found ','"),
        (read_pairs, "4,33", 4, "expected ';' but found '3'"),
        (read_pairs, "4,-3", 3, "expected a digit but found '-'"),
        (read_pairs, "4", 2, "expected ',' but the input ends"),
        (read_pairs, "4,3;", 5, "expected a digit but the input ends"),
        (read_pairs, "", 1, "expected a digit but the input ends"),
    ],
)
def test_what_is_not_of_the_language_is_refused_at_its_place(
    read: Callable[[str], IntArray], text: str, column: int, message: str
) -> None:
    assert refusal(read, text) == (1, column, message)


def test_the_place_counts_lines() -> None:
    assert refusal(read_signed_digits, "+4\n-3")[:2] == (1, 3)
    assert refusal(read_pairs, "\n1,2")[:2] == (1, 1)


@each_reader
@given(text=st.text("01+-,;9x\n", max_size=12))
def test_every_text_is_read_whole_or_refused_within_it(read: Callable[[str], IntArray], text: str) -> None:
    place, digits = outcome(read, text)
    if place is None:
        assert digits == sum(character.isdigit() for character in text)
    else:
        assert 1 <= place[1] <= len(text.split("\n")[place[0] - 1]) + 1

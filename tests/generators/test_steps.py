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


@given(st.lists(st.integers(0, 1), min_size=1))
def test_bits_are_read_as_they_were_written(bits: list[int]) -> None:
    assert read_bits("".join(map(str, bits))).tolist() == [[bit] for bit in bits]


@given(st.lists(st.integers(-9, 9), min_size=1))
def test_signed_digits_are_read_as_they_were_written(numbers: list[int]) -> None:
    assert read_signed_digits("".join(f"{n:+d}" for n in numbers)).tolist() == [[n] for n in numbers]


@given(st.lists(st.tuples(DIGIT, DIGIT), min_size=1))
def test_pairs_are_read_as_they_were_written(pairs: list[tuple[int, int]]) -> None:
    assert read_pairs(";".join(f"{a},{b}" for a, b in pairs)).tolist() == [[a, b] for a, b in pairs]


def test_a_zero_may_have_either_sign() -> None:
    assert read_signed_digits("+0-0").tolist() == [[0], [0]]


@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("012", (1, 3), "'2'"),
        ("0 1", (1, 2), "' '"),
        ("01\n", (1, 3), r"'\n'"),
        ("1١", (1, 2), "'١'"),
        ("-1", (1, 1), "'-'"),
    ],
)
def test_what_is_no_bit_is_refused_at_its_place(text: str, place: tuple[int, int], found: str) -> None:
    assert refusal(read_bits, text) == (*place, f"expected 0 or 1 but found {found}")


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("4-3", 1, "expected '+' or '-' but found '4'"),
        ("+4-37", 5, "expected '+' or '-' but found '7'"),
        ("+4--3", 4, "expected a digit but found '-'"),
        ("+4 -3", 3, "expected '+' or '-' but found ' '"),
        ("+²", 2, "expected a digit but found '²'"),
        ("+4-", 4, "expected a digit but the input ends"),
    ],
)
def test_what_is_no_signed_digit_is_refused_at_its_place(text: str, column: int, message: str) -> None:
    assert refusal(read_signed_digits, text) == (1, column, message)


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("4;3", 2, "expected ',' but found ';'"),
        ("4,3,2,5", 4, "expected ';' but found ','"),
        ("4,33", 4, "expected ';' but found '3'"),
        ("4,-3", 3, "expected a digit but found '-'"),
        ("4", 2, "expected ',' but the input ends"),
        ("4,", 3, "expected a digit but the input ends"),
        ("4,3;", 5, "expected a digit but the input ends"),
        ("4,3;2", 6, "expected ',' but the input ends"),
    ],
)
def test_what_is_no_pair_is_refused_at_its_place(text: str, column: int, message: str) -> None:
    assert refusal(read_pairs, text) == (1, column, message)


@each_reader
def test_an_empty_input_is_refused(read: Callable[[str], IntArray]) -> None:
    line, column, message = refusal(read, "")
    assert (line, column) == (1, 1)
    assert message.endswith("but the input ends")


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

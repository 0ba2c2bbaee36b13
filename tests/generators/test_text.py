"""Columns of text against str(), the plain way to write a number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.text import Numbers, choose, decimal, join, signed, spell

EDGES = [0, *(10**k + d for k in range(1, 19) for d in (-1, 0, 1)), 2**62]


def numbers(values: list[int], dtype: type = np.int64) -> Numbers:
    return np.array(values, dtype)


@pytest.mark.parametrize("dtype", [np.int64, object])
def test_decimal_is_right_around_every_power_of_ten(dtype: type) -> None:
    assert spell([decimal(numbers(EDGES, dtype))]) == [str(value) for value in EDGES]


@pytest.mark.parametrize("value", EDGES)
def test_decimal_is_right_where_a_number_stands_alone(value: int) -> None:
    assert spell([decimal(numbers([value]))]) == [str(value)]


def test_decimal_is_no_wider_than_its_longest_number() -> None:
    assert decimal(numbers([7, 12345])).shape == (2, 5)


@pytest.mark.parametrize("write", [decimal, signed])
@pytest.mark.parametrize("dtype", [np.int64, object])
def test_no_numbers_are_no_texts(write: type, dtype: type) -> None:
    assert spell([write(numbers([], dtype))]) == []


@pytest.mark.parametrize(("dtype", "greatest"), [(np.int64, 2**62), (object, 10**40)])
@given(data=st.data())
def test_numbers_are_written_as_str_writes_them(dtype: type, greatest: int, data: st.DataObject) -> None:
    values = data.draw(st.lists(st.integers(0, greatest) | st.integers(0, 20_000), min_size=1, max_size=20))
    negated = [-value if data.draw(st.booleans()) else value for value in values]
    assert spell([decimal(numbers(values, dtype))]) == [str(value) for value in values]
    assert spell([signed(numbers(negated, dtype))]) == [str(value) for value in negated]


def test_choose_takes_a_character_a_row() -> None:
    assert spell([choose(np.array([True, False, True]), b"+", b"-")]) == ["+", "-", "+"]


def test_choosing_nul_writes_nothing() -> None:
    assert spell([choose(np.array([True, False]), b"-", b"\0"), b"1"]) == ["-1", "1"]


def test_join_puts_columns_and_literals_side_by_side() -> None:
    joined = join([b"a=", decimal(numbers([5, 12])), b";"], 2)
    assert joined.shape == (2, 5)
    assert spell([joined]) == ["a=5;", "a=12;"]


def test_joining_nothing_gives_rows_without_text() -> None:
    assert spell([join([], 3)]) == ["", "", ""]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=20))
def test_spelling_columns_together_is_spelling_them_one_by_one(pairs: list[tuple[int, int]]) -> None:
    a, b = (numbers([pair[i] for pair in pairs]) for i in (0, 1))
    assert spell([b"(", decimal(a), b"+", decimal(b), b")\n"]) == [f"({x}+{y})\n" for x, y in pairs]

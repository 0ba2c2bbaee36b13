"""Sums of two numbers, exact at any length."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.addition import LONGEST, Addition
from generators.errors import InputError
from generators.samples import Difficulties, Samples
from generators.task import Selective, write_samples
from generators.traits import carries


def write(lengths: list[int] | list[list[int]], seed: int = 0) -> Samples:
    return Addition().sample(np.array(lengths), np.ones(len(lengths), np.int64), np.random.default_rng(seed))


def operands(samples: Samples) -> list[tuple[int, int]]:
    matches = [re.fullmatch(r"print\(([1-9]\d*)\+([1-9]\d*)\)", text) for text in samples.inputs]
    assert all(matches)
    return [(int(match[1]), int(match[2])) for match in matches if match]


@given(st.lists(st.integers(1, 40), min_size=1, max_size=10), st.integers(0, 2**32))
def test_the_target_is_the_sum_and_a_full_stop(lengths: list[int], seed: int) -> None:
    samples = write(lengths, seed)
    assert samples.targets == [f"{a + b}." for a, b in operands(samples)]


@pytest.mark.parametrize("length", [1, 17, 18, 19, 200, LONGEST])
def test_the_answer_of_an_input_is_its_target(length: int) -> None:
    samples = write([length] * 20)
    assert [Addition().answer(text) for text in samples.inputs] == samples.targets


@pytest.mark.parametrize("slot", [0, 1])
def test_one_digit_operands_are_uniform_from_1_to_10(slot: int, assert_uniform: Callable[..., None]) -> None:
    assert_uniform((pair[slot] for pair in operands(write([1] * 5000))), range(1, 11))


@pytest.mark.parametrize("slot", [0, 1])
@pytest.mark.parametrize("length", [4, 18, 30])
def test_long_operands_are_uniform_at_both_ends(length: int, slot: int, assert_uniform: Callable[..., None]) -> None:
    values = [pair[slot] for pair in operands(write([length] * 5000))]
    assert_uniform(((value - 1) // 10 ** (length - 1) for value in values), range(10))
    assert_uniform((value % 10 for value in values), range(10))


def test_the_operands_are_independent() -> None:
    a, b = np.array(operands(write([6] * 5000))).T
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.07


def test_every_row_has_its_own_length() -> None:
    lengths = [1, 2, 3, 25] * 300
    pairs = operands(write(lengths))
    assert all(max(pair) <= 10**length for pair, length in zip(pairs, lengths, strict=True))
    for length in (1, 2, 3, 25):
        assert max(max(p) for p, own in zip(pairs, lengths, strict=True) if own == length) > 0.9 * 10**length


@pytest.mark.parametrize("width", [2, 4])
def test_lengths_an_operand_give_the_second_number_the_second_column(width: int) -> None:
    samples = write([[1, 5, 9, 9][:width]] * 500)
    a, b = np.array(operands(samples)).max(axis=0)
    assert a == 10
    assert 9 * 10**4 < b <= 10**5


def test_the_length_of_a_sample_is_its_longest_operands() -> None:
    assert write([[1, 5], [7, 2]]).lengths.tolist() == [5, 7]


def test_an_unfinished_sum_is_refused_at_its_place() -> None:
    with pytest.raises(InputError) as caught:
        Addition().answer("print(12+)")
    assert (caught.value.line, caught.value.column) == (1, 10)


@pytest.mark.parametrize("lengths", [[1, 2, 3, 9] * 20, [30] * 20, [[5, 2], [2, 5]] * 20], ids=["short", "long", "two"])
def test_sums_with_many_carries_carry_in_at_least_half_of_the_shorter_numbers_columns(
    lengths: list[int] | list[list[int]],
) -> None:
    array, ones = np.array(lengths), np.ones(len(lengths), np.int64)
    samples = Addition().sample_with("many_carries", array, ones, np.random.default_rng(0))
    shorter = array if array.ndim == 1 else array.min(axis=1)
    assert all(2 * carries(a, b) >= n for (a, b), n in zip(operands(samples), shorter, strict=True))
    assert samples.lengths.tolist() == (array if array.ndim == 1 else array.max(axis=1)).tolist()
    assert samples.targets == [f"{a + b}." for a, b in operands(samples)]


def test_only_the_samples_that_are_asked_to_have_a_trait_and_keep_their_places() -> None:
    lengths = np.arange(1, 41)
    traits = np.where(lengths % 2, "many_carries", "")
    difficulties = Difficulties(lengths, np.ones_like(lengths), traits)
    assert isinstance(Addition(), Selective)
    samples = write_samples(Addition(), difficulties, np.random.default_rng(0))
    assert samples.lengths.tolist() == lengths.tolist()
    many = [2 * carries(a, b) >= n for (a, b), n in zip(operands(samples), lengths, strict=True)]
    assert all(many[::2])
    assert not all(many[1::2])

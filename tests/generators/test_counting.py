"""Running counts: CPython judges the answers; what is written is uniform and of the length that was asked for."""

import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.counting import LONGEST, Larger, Parity, Total
from generators.errors import DifficultyError
from generators.samples import Samples
from generators.task import Task

TASKS: list[Task] = [Parity(), Parity(every_prefix=True), Total(), Larger()]
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def write(task: Task, lengths: list[int], seed: int = 0) -> Samples:
    return task.sample(np.array(lengths, np.int64), np.ones(len(lengths), np.int64), np.random.default_rng(seed))


@given(st.lists(st.booleans(), min_size=1, max_size=300))
def test_parity_is_that_of_the_sum(bits: list[bool]) -> None:
    assert Parity().answer("".join("01"[bit] for bit in bits)) == f"{sum(bits) % 2}."


@given(st.text("01", min_size=1, max_size=300))
def test_parity_of_every_prefix_is_that_of_each(bits: str) -> None:
    alone = [Parity().answer(bits[:end]).removesuffix(".") for end in range(1, len(bits) + 1)]
    assert Parity(every_prefix=True).answer(bits) == "".join(alone) + "."


@given(st.lists(st.sampled_from([sign + digit for sign in "+-" for digit in "0123456789"]), min_size=1, max_size=300))
def test_total_is_what_python_makes_of_the_sum(terms: list[str]) -> None:
    assert Total().answer("".join(terms)) == f"{eval(''.join(terms))}."


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=300))
def test_larger_compares_the_sums(pairs: list[tuple[int, int]]) -> None:
    first, second = (sum(column) for column in zip(*pairs, strict=True))
    wanted = "1." if first > second else "2." if first < second else "0."
    assert Larger().answer(";".join(f"{a},{b}" for a, b in pairs)) == wanted


@pytest.mark.parametrize(
    ("task", "input", "target"),
    [
        (Parity(), "0101101011", "0."),
        (Parity(every_prefix=True), "0101101011", "0110110010."),
        (Parity(), "0", "0."),
        (Parity(), "1", "1."),
        (Total(), "+4-3+7", "8."),
        (Total(), "+1-3", "-2."),
        (Total(), "-0", "0."),
        (Larger(), "4,3;2,5;9,0", "1."),
        (Larger(), "0,1", "2."),
        (Larger(), "0,1;1,0", "0."),
    ],
)
def test_small_cases(task: Task, input: str, target: str) -> None:
    assert task.answer(input) == target


@each_task
def test_the_answer_of_an_input_is_its_target(task: Task) -> None:
    samples = write(task, list(range(1, 120)))
    assert [task.answer(text) for text in samples.inputs] == samples.targets


@each_task
def test_the_longest_are_answered_exactly(task: Task) -> None:
    samples = write(task, [LONGEST])
    assert task.answer(samples.inputs[0]) == samples.targets[0]


@each_task
def test_every_row_has_exactly_its_number_of_steps(task: Task) -> None:
    lengths = [65, 1, 5, 30] * 10
    inputs = write(task, lengths).inputs
    assert [sum(c.isdigit() for c in text) // (2 if task.name == "larger" else 1) for text in inputs] == lengths


@pytest.mark.parametrize("step", [0, 6])
def test_every_step_is_uniform(step: int, assert_uniform: Callable[..., None]) -> None:
    lengths = [7] * 10_000
    assert_uniform((text[step] for text in write(Parity(), lengths).inputs), "01")
    signed = [sign + digit for sign in "+-" for digit in "0123456789"]
    assert_uniform((text[2 * step : 2 * step + 2] for text in write(Total(), lengths).inputs), signed)
    pairs = [f"{a},{b}" for a in range(10) for b in range(10)]
    assert_uniform((text[4 * step : 4 * step + 3] for text in write(Larger(), lengths).inputs), pairs)


def test_no_bit_depends_on_its_neighbours(assert_uniform: Callable[..., None]) -> None:
    assert_uniform(write(Parity(), [4] * 4000).inputs, [f"{i:04b}" for i in range(16)])


@each_task
def test_a_length_an_operand_is_refused(task: Task) -> None:
    with pytest.raises(DifficultyError, match=rf"'{re.escape(task.name)}' takes one length a sample"):
        task.sample(np.ones((3, 4), np.int64), np.ones(3, np.int64), np.random.default_rng(0))

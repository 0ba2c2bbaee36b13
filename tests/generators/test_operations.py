"""Each operation's text and value, side by side, against CPython."""

import contextlib
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.operations import OPERATIONS, Draws, Operand, Written
from generators.text import choose, decimal, spell

FORMS = {
    "pair": r"print\(\(A[+-]B\)\)",
    "multiplication": r"print\(\((A\*\d+|\d+\*A)\)\)",
    "identity": r"print\(A\)",
    "variable": r"v=A;\nprint\(\(v[+-]B\)\)",
    "loop": r"v=A\nfor x in range\(\d+\):v[+-]=B\nprint\(v\)",
    "conditional": r"print\(\(C if A[<>]B else D\)\)",
}


def write(operation: str, values: list[list[int]], dtype: type = np.int64, most: int = 8, seed: int = 0) -> Written:
    """Apply the operation to columns of values, a list a slot."""
    rows = len(values[0])
    columns = [np.array(column, dtype) for column in values]
    operands = [Operand([decimal(column)], column) for column in columns]
    name = choose(np.ones(rows, bool), b"v", b"v")
    draws = Draws(operands, lambda: name, np.full(rows, most), np.random.default_rng(seed))
    return OPERATIONS[operation].write(draws)


def texts(written: Written) -> list[str]:
    return spell([*written.statements, b"print(", *written.expression, b")"])


def constants(operation: str, n: int = 3000) -> list[list[int]]:
    """The same value in all rows of a slot: 100, 200, …, so that a multiplier is told from an operand."""
    return [[100 * (slot + 1)] * n for slot in range(OPERATIONS[operation].operands)]


def cpython(text: str) -> int:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(text, {})
    return int(printed.getvalue())


def test_there_are_these_six() -> None:
    assert set(OPERATIONS) == set(FORMS)


@pytest.mark.parametrize("operation", OPERATIONS)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_the_value_is_what_cpython_prints(operation: str, seed: int, data: st.DataObject) -> None:
    dtype, greatest = data.draw(st.sampled_from([(np.int64, 10**9), (object, 10**30)]))
    column = st.lists(st.integers(1, greatest) | st.integers(1, 3), min_size=5, max_size=5)
    written = write(operation, [data.draw(column) for _ in range(OPERATIONS[operation].operands)], dtype, seed=seed)
    assert [cpython(text) for text in texts(written)] == written.value.tolist()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_text_has_exactly_its_form(operation: str) -> None:
    for text in set(texts(write(operation, constants(operation)))):
        named = re.sub(r"\b([1-4])00\b", lambda match: "ABCD"[int(match[1]) - 1], text)
        assert re.fullmatch(FORMS[operation], named), text


@pytest.mark.parametrize("operation", ["pair", "variable", "loop"])
def test_plus_and_minus_are_even(operation: str, assert_uniform: Callable[..., None]) -> None:
    written = texts(write(operation, constants(operation)))
    assert_uniform(("+" if "+" in text else "-" for text in written), "+-")


def test_greater_and_less_are_even(assert_uniform: Callable[..., None]) -> None:
    written = texts(write("conditional", constants("conditional")))
    assert_uniform((">" if ">" in text else "<" for text in written), "<>")


def test_the_multiplier_stands_first_in_half(assert_uniform: Callable[..., None]) -> None:
    written = texts(write("multiplication", constants("multiplication")))
    assert_uniform((text.startswith("print((100*") for text in written), [True, False])


@pytest.mark.parametrize("operation", ["multiplication", "loop"])
@pytest.mark.parametrize("most", [4, 32])
def test_repeats_are_uniform_up_to_the_most(operation: str, most: int, assert_uniform: Callable[..., None]) -> None:
    written = texts(write(operation, constants(operation), most=most))
    pattern = re.compile(r"range\((\d+)\)" if operation == "loop" else r"\b(?!100\b)(\d+)\b")
    assert_uniform((int(pattern.findall(text)[0]) for text in written), range(1, most + 1))


def test_equal_sides_of_a_condition_choose_the_last_operand() -> None:
    n = 20
    written = write("conditional", [[7] * n, [7] * n, [1] * n, [2] * n])
    assert {"<" in text for text in texts(written)} == {True, False}
    assert written.value.tolist() == [2] * n


@pytest.mark.parametrize("operation", OPERATIONS)
def test_takes_as_many_variables_as_it_says(operation: str) -> None:
    taken = []
    column = np.array([5])

    def variables() -> np.ndarray:
        taken.append("v")
        return np.array([[ord("v")]], np.uint8)

    operands = [Operand([decimal(column)], column)] * OPERATIONS[operation].operands
    OPERATIONS[operation].write(Draws(operands, variables, np.array([4]), np.random.default_rng(0)))
    assert len(taken) == OPERATIONS[operation].variables

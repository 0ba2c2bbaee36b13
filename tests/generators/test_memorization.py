"""Digit strings: what each scheme shows, what each task wants, and what is refused where."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import DifficultyError, InputError
from generators.memorization import SCHEMES, Copy, Double, Memorization, Reverse
from generators.samples import Samples

DIGITS = st.text("0123456789", min_size=1, max_size=70)
SHOWN: dict[str, Callable[[str], str]] = {
    "plain": lambda digits: digits,
    "reversed": lambda digits: digits[::-1],
    "doubled": lambda digits: f"{digits};{digits}",
    "both": lambda digits: f"{digits[::-1]};{digits[::-1]}",
}
TASKS = [*map(Copy, SCHEMES), Reverse(), Double()]
each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def write(task: Memorization, lengths: list[int], seed: int = 0) -> Samples:
    return task.sample(np.array(lengths, np.int64), np.ones(len(lengths), np.int64), np.random.default_rng(seed))


def refusal(task: Memorization, text: str) -> tuple[int, int, str]:
    with pytest.raises(InputError) as caught:
        task.answer(text)
    return caught.value.line, caught.value.column, caught.value.message


@pytest.mark.parametrize("scheme", SCHEMES)
@given(digits=DIGITS)
def test_copy_wants_the_digits_however_they_are_shown(scheme: str, digits: str) -> None:
    assert Copy(scheme).answer(SHOWN[scheme](digits)) == digits + "."


@pytest.mark.parametrize("scheme", SCHEMES)
def test_copy_shows_the_digits_as_the_scheme_says(scheme: str) -> None:
    samples = write(Copy(scheme), [5, 12, 65] * 20)
    assert samples.inputs == [SHOWN[scheme](target.removesuffix(".")) for target in samples.targets]


@given(DIGITS)
def test_reverse_wants_the_digits_backwards(digits: str) -> None:
    assert Reverse().answer(digits) == digits[::-1] + "."


@given(DIGITS)
def test_double_wants_the_digits_twice(digits: str) -> None:
    assert Double().answer(digits) == digits + digits + "."


@each_task
def test_every_row_has_exactly_its_number_of_digits(task: Memorization) -> None:
    lengths = [65, 1, 5, 30] * 10
    wanted = [target.removesuffix(".") for target in write(task, lengths).targets]
    assert [len(digits) // (2 if task.name == "double" else 1) for digits in wanted] == lengths


@pytest.mark.parametrize("position", [0, 7])
def test_every_digit_is_uniform_the_first_too(position: int, assert_uniform: Callable[..., None]) -> None:
    assert_uniform((text[position] for text in write(Copy(), [8] * 4000).inputs), "0123456789")


def test_no_digit_depends_on_its_neighbour(assert_uniform: Callable[..., None]) -> None:
    inputs = write(Copy(), [2] * 10_000).inputs
    assert_uniform(inputs, [f"{i:02d}" for i in range(100)])


def test_names_tell_the_schemes_apart() -> None:
    names = [task.name for task in TASKS]
    assert names == ["copy", "copy[reversed]", "copy[doubled]", "copy[both]", "reverse", "double"]


def test_an_unknown_scheme_is_refused_with_the_legal_ones() -> None:
    with pytest.raises(DifficultyError, match="'mirrored'; legal: plain, reversed, doubled, both"):
        Copy("mirrored")


def test_a_length_an_operand_is_refused() -> None:
    with pytest.raises(DifficultyError, match="'copy' takes one length a sample"):
        Copy().sample(np.ones((3, 4), np.int64), np.ones(3, np.int64), np.random.default_rng(0))


@pytest.mark.parametrize("task", [Copy(), Copy("reversed"), Reverse(), Double()], ids=lambda task: task.name)
@pytest.mark.parametrize(
    ("text", "place", "found"),
    [
        ("12a4", (1, 3), "'a'"),
        ("12 ", (1, 3), "' '"),
        ("12\n4", (1, 3), r"'\n'"),
        ("-5", (1, 1), "'-'"),
        ("1٣", (1, 2), "'٣'"),
        ("1²", (1, 2), "'²'"),
        ("12;12", (1, 3), "';'"),
        ("123.", (1, 4), "'.'"),
    ],
)
def test_what_is_no_digit_is_refused_at_its_place(
    task: Memorization, text: str, place: tuple[int, int], found: str
) -> None:
    assert refusal(task, text) == (*place, f"expected a digit but found {found}")


@pytest.mark.parametrize("task", [Copy(), Reverse(), Double()], ids=lambda task: task.name)
def test_an_empty_input_is_refused(task: Memorization) -> None:
    assert refusal(task, "") == (1, 1, "expected one digit or more")


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("", 1, "expected ';' and the digits again"),
        ("1234", 5, "expected ';' and the digits again"),
        (";", 1, "expected one digit or more"),
        ("123;133", 6, "the digits after ';' differ from those before"),
        ("123;12", 7, "the digits after ';' differ from those before"),
        ("12;123", 6, "the digits after ';' differ from those before"),
        ("123;", 5, "the digits after ';' differ from those before"),
        ("12;12;12", 6, "the digits after ';' differ from those before"),
        ("1a;1a", 2, "expected a digit but found 'a'"),
    ],
)
@pytest.mark.parametrize("scheme", ["doubled", "both"])
def test_what_is_not_written_twice_is_refused_at_its_place(scheme: str, text: str, column: int, message: str) -> None:
    assert refusal(Copy(scheme), text) == (1, column, message)


@pytest.mark.parametrize(("text", "place"), [("12\n34", (2, 3)), ("1\n2;1\n3", (3, 1)), ("1\n2;1\n2", (1, 2))])
def test_the_place_counts_lines(text: str, place: tuple[int, int]) -> None:
    assert refusal(Copy("both"), text)[:2] == place

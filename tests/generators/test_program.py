"""Programs: CPython prints their targets, the surface is the 2014 release's, and chance is as the paper says."""

import contextlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.errors import DifficultyError, InputError
from generators.operations import OPERATIONS
from generators.program import ALGEBRA, CONTROL, LONGEST, VARIABLES, Program, algebra, control
from generators.samples import Samples

RELEASED = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "zaremba_2014_programs.jsonl").read_text().splitlines()
]
TASKS = [Program(), control(), algebra()]
LETTERS = bytes(VARIABLES).decode()
COUNTED = "pair,multiplication,variable,loop,conditional"  # an identity leaves no trace in the text
EXPRESSION = re.compile(r"\([NV][-+*][NV]\)|\([NV] if [NV][<>][NV] else [NV]\)")
LINES = {"V=N;", "V=V;", "V=N", "V=V", *(f"for x in range(N):V{sign}={o}" for sign in "+-" for o in "NV")}
PRINTS = {"print(N)", "print(V)"}
CONDITIONAL = r"\(N if N[<>]N else N\)"
EARLIER = {  # what a program of nesting 2 looks like with the earlier result in slot 0, 1, …
    "pair": (r"print\(\(\(N[+-]N\)[+-]N\)\)", r"print\(\(N[+-]\(N[+-]N\)\)\)"),
    "variable": (r"V=N;\nV=\(V[+-]N\);\nprint\(\(V[+-]N\)\)", r"V=N;\nV=N;\nprint\(\(V[+-]\(V[+-]N\)\)\)"),
    "loop": (
        r"V=N\nfor x in range\(N\):V[+-]=N\nV=V\nfor x in range\(N\):V[+-]=N\nprint\(V\)",
        r"V=N\nfor x in range\(N\):V[+-]=N\nV=N\nfor x in range\(N\):V[+-]=V\nprint\(V\)",
    ),
    "conditional": (
        rf"print\(\(N if {CONDITIONAL}[<>]N else N\)\)",
        rf"print\(\(N if N[<>]{CONDITIONAL} else N\)\)",
        rf"print\(\({CONDITIONAL} if N[<>]N else N\)\)",
        rf"print\(\(N if N[<>]N else {CONDITIONAL}\)\)",
    ),
}


def write(task: Program, lengths: int | list[int], nestings: int | list[int], n: int, seed: int = 0) -> Samples:
    """n samples, of one difficulty or of difficulties in turn."""
    columns = (np.resize(np.array(values, np.int64), n) for values in (lengths, nestings))
    return task.sample(*columns, np.random.default_rng(seed))


def write_by_operand(operations: str, lengths: list[int], nesting: int, n: int) -> Samples:
    """n samples whose operands have these lengths, column by column."""
    return Program(operations).sample(np.tile(lengths, (n, 1)), np.full(n, nesting, np.int64), np.random.default_rng(0))


def cpython(text: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(text, {})
    return printed.getvalue().removesuffix("\n") + "."


def shape(text: str) -> str:
    return re.sub(r"\b[a-j]\b", "V", re.sub(r"\d+", "N", text))


def collapsed(text: str) -> list[str]:
    """The shapes of the lines, every bracketed expression in place of a number."""
    text, found = shape(text), 1
    while found:
        text, found = EXPRESSION.subn("N", text)
    return text.split("\n")


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", text)]


def operations_of(text: str, nesting: int) -> list[str]:
    """The operations that wrote the program, identities being what is missing from its nesting."""
    found = ["variable"] * text.count(";") + ["loop"] * text.count("for")
    found += ["pair"] * (len(re.findall("[+-]", text)) - len(found))
    found += ["conditional"] * text.count("if") + ["multiplication"] * text.count("*")
    return found + ["identity"] * (nesting - len(found))


# What a program prints


@pytest.mark.parametrize("nesting", range(1, 11))
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_cpython_prints_the_target(task: Program, nesting: int) -> None:
    for length in range(1, 9):
        samples = write(task, length, nesting, 15)
        assert [cpython(text) for text in samples.inputs] == samples.targets


@given(
    st.lists(st.sampled_from(list(OPERATIONS)), min_size=1, unique=True),
    st.lists(st.tuples(st.integers(1, 20), st.integers(1, 10)), min_size=1, max_size=5),
    st.integers(0, 2**32),
)
def test_cpython_prints_the_target_of_any_operations_at_any_difficulties(
    operations: list[str], difficulties: list[tuple[int, int]], seed: int
) -> None:
    lengths, nestings = zip(*difficulties, strict=True)
    samples = write(Program(operations), list(lengths), list(nestings), len(difficulties), seed)
    assert [cpython(text) for text in samples.inputs] == samples.targets


@pytest.mark.parametrize("nesting", [1, 4, 10])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_the_answer_of_an_input_is_its_target(task: Program, nesting: int) -> None:
    samples = write(task, list(range(1, 9)), nesting, 200)
    assert [task.answer(text) for text in samples.inputs] == samples.targets


def test_values_beyond_64_bits_are_exact() -> None:
    samples = write(Program("multiplication,loop"), 12, 8, 200)
    assert sum(abs(int(target[:-1])) > 2**64 for target in samples.targets) > 50
    assert [cpython(text) for text in samples.inputs] == samples.targets


def test_the_hardest_programs_are_answered() -> None:
    samples = write(Program(), LONGEST, 10, 60)
    assert [Program().answer(text) for text in samples.inputs] == samples.targets


# The surface form


def test_at_nesting_1_the_lines_have_the_shapes_of_the_release_and_no_others() -> None:
    released = {shape(line) for row in RELEASED if row["nesting"] == 1 for line in row["input"].split("\n")}
    written = {shape(line) for text in write(Program(), list(range(1, 9)), 1, 2000).inputs for line in text.split("\n")}
    assert written == released
    assert len(written) == 13


@pytest.mark.parametrize("nesting", [2, 3, 4])
def test_deeper_lines_have_the_shapes_of_the_release_and_no_others(nesting: int) -> None:
    released = {line for row in RELEASED if row["nesting"] == nesting for line in collapsed(row["input"])}
    written = {line for text in write(Program(), list(range(1, 9)), nesting, 2000).inputs for line in collapsed(text)}
    assert written == released == LINES | PRINTS


@pytest.mark.parametrize("nesting", range(1, 11))
def test_the_last_line_prints_and_only_the_last(nesting: int) -> None:
    for text in write(Program(), 4, nesting, 200).inputs:
        *lines, last = collapsed(text)
        assert last in PRINTS
        assert set(lines) <= LINES


def test_an_assignment_without_semicolon_is_followed_by_its_loop() -> None:
    for text in write(Program(), 4, 6, 500).inputs:
        loops = re.findall(r"^([a-j])=[^;\n]+\nfor x in range\([1-9]\d*\):\1[+-]=.+$", text, re.MULTILINE)
        assert len(loops) == len(re.findall(r"^[a-j]=.*[^;]$", text, re.MULTILINE)) == text.count("for")


def test_no_number_has_a_leading_zero_or_is_zero() -> None:
    inputs = write(Program(), [1, 4, 12], 5, 1000).inputs
    assert not any(number.startswith("0") for text in inputs for number in re.findall(r"\d+", text))


# Chance


@pytest.mark.parametrize("nesting", [1, 2, 5])
def test_the_six_operations_are_uniform(nesting: int, assert_uniform: Callable[..., None]) -> None:
    inputs = write(Program(), 4, nesting, 6000 // nesting).inputs
    assert_uniform((name for text in inputs for name in operations_of(text, nesting)), OPERATIONS)


@pytest.mark.parametrize("operations", [CONTROL, ALGEBRA, ("loop", "pair", "identity")])
def test_a_subset_uses_its_operations_uniformly(
    operations: tuple[str, ...], assert_uniform: Callable[..., None]
) -> None:
    inputs = write(Program(operations), 4, 3, 1500).inputs
    assert_uniform((name for text in inputs for name in operations_of(text, 3)), operations)


@pytest.mark.parametrize("slot", range(4))
def test_constants_of_one_digit_are_uniform_from_1_to_10(slot: int, assert_uniform: Callable[..., None]) -> None:
    assert_uniform((numbers(text)[slot] for text in write(Program("conditional"), 1, 1, 4000).inputs), range(1, 11))


@pytest.mark.parametrize("length", [2, 4, 16, 18, 19, 40])
def test_long_constants_are_uniform_from_1_to_a_power_of_ten(length: int, assert_uniform: Callable[..., None]) -> None:
    values = [numbers(text)[0] for text in write(Program("identity"), length, 1, 4000).inputs]
    assert_uniform(((value - 1) // 10 ** (length - 1) for value in values), range(10))
    assert_uniform((value % 10 for value in values), range(10))
    assert np.mean([value / 10**length for value in values]) == pytest.approx(0.5, abs=0.025)


@pytest.mark.parametrize("length", [1, 2])
def test_loop_counts_are_uniform_up_to_four_times_the_length(length: int, assert_uniform: Callable[..., None]) -> None:
    inputs = write(Program("loop"), length, 2, 2000).inputs
    counts = (int(count) for text in inputs for count in re.findall(r"range\((\d+)\)", text))
    assert_uniform(counts, range(1, 4 * length + 1))


@pytest.mark.parametrize("operation", EARLIER)
def test_the_slot_of_the_earlier_result_is_uniform(operation: str, assert_uniform: Callable[..., None]) -> None:
    forms = EARLIER[operation]
    shapes = [shape(text) for text in write(Program(operation), 3, 2, 3000).inputs]
    assert_uniform(
        ([bool(re.fullmatch(form, text)) for form in forms].index(True) for text in shapes), range(len(forms))
    )


def test_variables_are_distinct_within_a_program() -> None:
    for text in write(Program("variable,loop"), 2, 10, 200).inputs:
        assert sorted(re.findall(r"^([a-z])=", text, re.MULTILINE)) == list(LETTERS) == list("abcdefghij")


@pytest.mark.parametrize("turn", range(3))
def test_each_variable_is_uniform_over_the_letters(turn: int, assert_uniform: Callable[..., None]) -> None:
    inputs = write(Program("variable,loop"), 2, 3, 3000).inputs
    assert_uniform((re.findall(r"^([a-z])=", text, re.MULTILINE)[turn] for text in inputs), LETTERS)


def test_x_is_the_loops_alone() -> None:
    assert not any("x" in text.replace("for x in", "") for text in write(Program(), 4, 10, 300).inputs)


def test_programs_of_one_call_are_independent() -> None:
    inputs = write(Program(), 8, 4, 2000).inputs
    assert len(set(inputs)) == 2000


# Difficulties


def test_every_program_of_a_call_has_its_own_nesting() -> None:
    nestings = [7, 1, 10, 2, 3, 4, 5, 6, 8, 9]
    samples = write(Program(COUNTED), 3, nestings, 1000)
    assert [len(operations_of(text, 0)) for text in samples.inputs] == samples.nestings.tolist() == nestings * 100


@pytest.mark.parametrize("lengths", [[1, 2, 3, 5], [1, 25, 2, 7]])
def test_every_program_of_a_call_has_its_own_length(lengths: list[int]) -> None:
    samples = write(Program("pair,conditional,variable"), lengths, 3, 2000)
    assert samples.lengths.tolist() == lengths * 500
    for i, length in enumerate(lengths):
        assert 0.9 * 10**length < max(max(numbers(text)) for text in samples.inputs[i :: len(lengths)]) <= 10**length


def test_every_program_of_a_call_has_its_own_greatest_loop_count() -> None:
    inputs = write(Program("loop"), [1, 2, 5], 1, 1500).inputs
    for i, length in enumerate((1, 2, 5)):
        counts = {int(count) for text in inputs[i::3] for count in re.findall(r"range\((\d+)\)", text)}
        assert counts == set(range(1, 4 * length + 1))


def test_an_operand_has_the_length_of_its_column() -> None:
    inputs = write_by_operand("conditional", [2, 3, 4, 5], 1, 500).inputs
    greatest = np.max([numbers(text) for text in inputs], axis=0).tolist()  # written c if a>b else d
    assert [len(str(value - 1)) for value in greatest] == [4, 2, 3, 5]


def test_an_operand_of_a_later_operation_has_the_length_of_its_own_column() -> None:
    inputs = write_by_operand("pair", [1, 1, 9, 9, 3, 5, 9, 9], 2, 500).inputs
    first = [text for text in map(str, inputs) if re.fullmatch(EARLIER["pair"][0], shape(text))]
    last = [text for text in map(str, inputs) if re.fullmatch(EARLIER["pair"][1], shape(text))]
    assert [len(str(value - 1)) for value in np.max([numbers(text) for text in first], axis=0)] == [1, 1, 5]
    assert [len(str(value - 1)) for value in np.max([numbers(text) for text in last], axis=0)] == [3, 1, 1]


def test_a_loop_count_goes_by_the_last_column_of_its_operation() -> None:
    inputs = write_by_operand("loop", [1, 1, 1, 3], 1, 1000).inputs
    a, k, b = np.max([numbers(text) for text in inputs], axis=0).tolist()
    assert (a, k, b) == (10, 12, 10)


def test_columns_are_used_again_where_there_are_fewer_than_operands() -> None:
    inputs = write_by_operand("conditional", [1, 4], 3, 500).inputs
    assert max(numbers(text)[1] for text in inputs if shape(text).startswith("print((N if N")) <= 10
    assert max(max(numbers(text)) for text in inputs) > 9000


def test_the_length_of_a_sample_is_the_greatest_of_its_columns() -> None:
    assert write_by_operand("loop", [1, 3, 2, 1], 1, 2).lengths.tolist() == [3, 3]


def test_an_impossible_length_of_one_operand_is_refused() -> None:
    with pytest.raises(DifficultyError, match=r"^length 0 .* 1 to 100$"):
        write_by_operand("pair", [1, 0, 1, 1], 1, 2)


# Options


@pytest.mark.parametrize(
    ("operations", "what"),
    [
        ("division", "unknown operation 'division'"),
        ("pair,power", "unknown operation 'power'"),
        (("loop", "Pair"), "unknown operation 'Pair'"),
        ("pair,loop,pair", "operations 'pair,loop,pair'"),
        ((), "operations ''"),
        ("", "unknown operation ''"),
    ],
)
def test_wrong_operations_are_refused_with_the_legal_ones(operations: str | tuple[str, ...], what: str) -> None:
    with pytest.raises(DifficultyError) as caught:
        Program(operations)
    assert str(caught.value) == f"{what}; name each of these at most once: {', '.join(OPERATIONS)}"


def test_operations_may_be_a_string_or_a_sequence() -> None:
    a, b = (write(Program(operations), 4, 3, 50).inputs for operations in ("pair,loop", ["pair", "loop"]))
    assert a == b


@pytest.mark.parametrize(
    ("task", "name"),
    [
        (Program(), "program"),
        (Program("pair,loop"), "program[pair,loop]"),
        (Program("pair", name="mine"), "mine"),
        (control(), "control"),
        (algebra(), "algebra"),
    ],
)
def test_a_name_tells_the_operations(task: Program, name: str) -> None:
    assert task.name == name


def test_control_and_algebra_are_all_operations_between_them() -> None:
    assert sorted(control().operations + algebra().operations) == sorted(OPERATIONS)


def test_a_broken_program_is_refused_at_its_place() -> None:
    with pytest.raises(InputError) as caught:
        Program().answer("a=5;\nprint((a**2))")
    assert (caught.value.line, caught.value.column) == (2, 9)

"""What an input is made of: operations against the operations it was written with, carries against written addition."""

import re
from itertools import zip_longest

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generators.addition import Addition
from generators.errors import InputError
from generators.memorization import Copy
from generators.operations import OPERATIONS
from generators.program import Program, control
from generators.task import Described
from generators.traits import carries, program_traits, sum_traits

SEEN = {
    "pair": {"pair +", "pair -"},
    "multiplication": {"multiplication"},
    "identity": {"identity alone"},
    "variable": {"variable"},
    "loop": {"loop"},
    "conditional": {"conditional"},
}


def write(operations: str, nesting: int, n: int) -> list[str]:
    task = Program(operations)
    return task.sample(np.full(n, 3), np.full(n, nesting), np.random.default_rng(0)).inputs


def seen_in_text(text: str) -> set[str]:
    """The operations of a program as the task writes it, by its characters."""
    found = {"variable": ";" in text, "loop": "for" in text, "conditional": "if" in text, "multiplication": "*" in text}
    named = re.findall(r"([a-j])=.*;", text)
    for sign in "+-":
        of_pairs = re.sub(r"[a-j][+-]=", "", re.sub(rf"\(({'|'.join(named) or '!'})[+-]", "", text))
        found[f"pair {sign}"] = sign in of_pairs
    return {name for name, is_there in found.items() if is_there} or {"identity alone"}


@pytest.mark.parametrize("nesting", [1, 2, 3, 5])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_programs_of_one_operation_show_it_and_no_other(operation: str, nesting: int) -> None:
    found = [program_traits(text)["operation"] for text in write(operation, nesting, 60)]
    assert {name for names in found for name in names} == SEEN[operation]


@pytest.mark.parametrize("nesting", [1, 2, 3, 6])
def test_mixed_programs_show_the_operations_that_wrote_them(nesting: int) -> None:
    for text in write(",".join(OPERATIONS), nesting, 400):
        assert set(program_traits(text)["operation"]) == seen_in_text(text), text


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("print(17)", ("identity alone",)),
        ("h=4\nfor x in range(3):h-=2\nprint((h+5))", ("pair +", "loop")),
        ("h=4;\nprint((h-5))", ("variable",)),
        ("h=(4-1);\nprint((h-5))", ("pair -", "variable")),
        ("print((8-(3 if 4<(2*5) else 1)))", ("pair -", "multiplication", "conditional")),
        ("for x in range((1+2)):h=(3*x)\nprint(h)", ("pair +", "multiplication", "loop")),
        ("print(-(1+2))", ("pair +",)),
        ("print(1+2-3)", ("pair +", "pair -")),
    ],
)
def test_operations_are_found_wherever_they_stand(text: str, operations: tuple[str, ...]) -> None:
    assert program_traits(text)["operation"] == operations


def carries_in_columns(a: int, b: int) -> int:
    carry = carried = 0
    for x, y in zip_longest(reversed(str(a)), reversed(str(b)), fillvalue="0"):
        carry = (int(x) + int(y) + carry) // 10
        carried += carry
    return carried


@given(st.integers(0, 10**40), st.integers(0, 10**40))
def test_carries_are_those_of_addition_column_by_column(a: int, b: int) -> None:
    assert carries(a, b) == carries_in_columns(a, b)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("print(95+17)", (2,)),
        ("print((12+34))", (0,)),
        ("print((12-34))", ()),
        ("print((1+2+3))", ()),
        ("print((1+(2*3)))", ()),
        ("print(12)", ()),
        ("a=1;\nprint((a+2))", ()),
        ("a=1;\nprint((5+5))", ()),
    ],
)
def test_only_a_lone_sum_of_two_numbers_has_carries(text: str, expected: tuple[int, ...]) -> None:
    assert sum_traits(text) == {"carries": expected}
    assert program_traits(text)["carries"] == expected


@pytest.mark.parametrize("traits", [program_traits, sum_traits])
def test_what_is_no_program_is_refused_with_its_place(traits: object) -> None:
    with pytest.raises(InputError, match="line 1, column 8"):
        traits("print(1/2)")  # type: ignore[operator]


def test_tasks_of_programs_describe_their_inputs_and_copying_does_not() -> None:
    assert isinstance(control(), Described)
    assert isinstance(Addition(), Described)
    assert not isinstance(Copy(), Described)
    assert control().traits("print((1 if 2<3 else 4))") == {"operation": ("conditional",), "carries": ()}
    assert Addition().traits("print(5+5)") == {"carries": (1,)}

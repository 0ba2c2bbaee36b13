"""Values of options: typed and read back, and held to what a factory's parameters are annotated with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from generators.samples import Difficulty
from l2e.option_values import OptionError, check_values, parse, typed
from l2e.registry import Group, create

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(), st.lists, max_leaves=5
)


@given(JSON)
def test_what_is_typed_is_read_back(value: Any) -> None:
    assert parse(typed(value)) == value


def test_a_text_stands_without_quotes_unless_it_would_be_read_as_something_else() -> None:
    assert [typed(text) for text in ("lstm", "False", "false", "1e3")] == ["lstm", "False", '"false"', '"1e3"']


def taking(hint: Any) -> Callable[..., None]:
    def make(value: Any) -> None: ...

    make.__annotations__["value"] = hint
    return make


@pytest.mark.parametrize(
    ("hint", "value"),
    [
        (bool, True),
        (int, 2**70),
        (float, 1.5),
        (float, 1),
        (str, "12"),
        (int | None, None),
        (Literal["additive", "dot"], "dot"),
        (list[int], [1, 2]),
        (tuple[float, float], [0.9, 1]),
        (Annotated[int, Field(gt=1)], 2),
        (Any, [None]),
    ],
)
def test_a_value_of_the_kind_is_taken(hint: Any, value: Any) -> None:
    check_values("learner", taking(hint), {"value": value})


@pytest.mark.parametrize(
    ("hint", "value", "message"),
    [
        (bool, "False", "learner.value is 'False'; it is true or false, written `true` or `false`"),
        (bool, 1, "learner.value is 1; it is true or false"),
        (bool, [], "learner.value is []; it is true or false"),
        (bool, None, "learner.value is null; it is true or false"),
        (int, True, "learner.value is true; it is a whole number"),
        (int, 64.0, "learner.value is 64.0; it is a whole number"),
        (int, "64x", "learner.value is '64x'; it is a whole number"),
        (float, False, "learner.value is false; it is a number"),
        (str, 12, "learner.value is 12; it is a text, written in quotes"),
        (float | None, "none", "learner.value is 'none'; it is a number, or null"),
        (Literal["additive", "dot"], "dott", "learner.value is 'dott'; it is additive or dot"),
        (list[int], ["a"], 'learner.value is ["a"]; Input should be a valid integer'),
        (Annotated[int, Field(gt=1)], 1, "learner.value is 1; Input should be greater than 1"),
    ],
)
def test_a_value_of_another_kind_is_told_what_would_be_right(hint: Any, value: Any, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        check_values("learner", taking(hint), {"value": value})
    assert str(caught.value).startswith(message)


PLUGIN = """
from __future__ import annotations
from dataclasses import dataclass
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from nowhere import Unknown

class Written:
    def __init__(self, bare, known: bool = False, unknown: Unknown = 0, odd: 5 = 5, own: Written = None) -> None:
        self.values = bare, known, unknown, odd, own
    def sample(self, lengths, nestings, rng): ...
    def answer(self, input): ...

@dataclass
class Listed:
    known: bool = False
"""


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(PLUGIN)
    return tmp_path / "mine.py"


@pytest.mark.parametrize("name", ["Written", "Listed"])
def test_annotations_of_a_users_file_are_looked_up_in_it(plugin: Path, name: str) -> None:
    with pytest.raises(OptionError, match=r"task\.known is 'yes'"):
        create(Group.TASK, f"{plugin}:{name}", {"known": "yes"})


def test_what_has_no_annotation_or_one_that_means_nothing_takes_any_value(plugin: Path) -> None:
    options = dict.fromkeys(("bare", "unknown", "odd", "own"), json.loads('{"any": ["value"]}'))
    made = create(Group.TASK, f"{plugin}:Written", options)
    assert made.values == (options["bare"], False, options["unknown"], options["odd"], options["own"])


def test_a_value_is_given_as_it_is() -> None:
    kept = create(Group.CURRICULUM, "combined", {"mix_fraction": 1}, Difficulty(2, 1)).mix_fraction
    assert (kept, type(kept)) == (1, int)

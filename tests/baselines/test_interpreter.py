"""The oracle: the task's own answers."""

import pytest

from baselines.interpreter import Interpreter
from generators.errors import InputError
from l2e.evaluation.scoring import evaluate
from l2e.metrics import Rule
from tests.toys import ThreeSamples, samples_of

SAMPLES = samples_of(*ThreeSamples.targets.items())


def made() -> Interpreter:
    return Interpreter(samples_of(), ThreeSamples().answer)


def test_is_right_under_every_rule() -> None:
    scored = evaluate(made(), SAMPLES)
    assert [scored.total(rule).accuracy for rule in Rule] == [1, 1, 1]


def test_answers_are_cut_at_max_characters() -> None:
    assert made().predict(["c", "a"], 2) == ["33", "1."]


def test_the_given_characters_change_nothing() -> None:
    assert made().predict_teacher_forced(samples_of(("a", "999."))) == ["1."]


def test_an_input_outside_the_language_is_the_tasks_error() -> None:
    with pytest.raises(InputError, match="expected a, b or c"):
        made().predict(["d"], 9)

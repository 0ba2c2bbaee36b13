"""The nearest neighbour, beside an edit distance of the textbook."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines import nearest
from baselines.nearest import Nearest
from generators.memorization import Copy
from l2e.learner import Predictor
from tests.toys import ThreeSamples, samples_of

TEXTS = st.text("ab1", max_size=6)


def made(*pairs: tuple[str, str]) -> Nearest:
    return Nearest(samples_of(*pairs), ThreeSamples().answer)


def distance(a: str, b: str) -> int:
    """Wagner and Fischer's table, row by row."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def test_meets_the_protocol() -> None:
    assert isinstance(made(("a", "1.")), Predictor)


@given(st.lists(TEXTS, min_size=1, max_size=8), st.lists(TEXTS, max_size=5))
def test_the_nearest_has_the_least_edit_distance_and_is_the_first_of_these(known: list[str], asked: list[str]) -> None:
    found = made(*((text, ".") for text in known)).nearest(asked)
    assert found == [min(range(len(known)), key=lambda i: distance(text, known[i])) for text in asked]


def test_the_answer_is_the_target_of_the_nearest() -> None:
    model = made(("print(1+2)", "3."), ("print(51+72)", "123."))
    assert model.predict(["print(1+3)", "print(51+7)"], 9) == ["3.", "123."]
    assert model.predict(["print(51+7)"], 2) == ["12"]


def test_under_teacher_forcing_it_writes_the_same_and_full_stops_beyond() -> None:
    model = made(("a", "12."), ("bbb", "3."))
    samples = samples_of(("a", "99."), ("a", "9."), ("bb", "9999."), ("b", "."))
    assert model.predict_teacher_forced(samples) == ["12.", "12", "3....", "1"]


def test_more_inputs_than_are_compared_together_are_answered_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "ROWS", 3)
    samples = Copy().sample(np.full(20, 8), np.ones(20, np.int64), np.random.default_rng(0))
    model = Nearest(samples, Copy().answer)
    assert model.predict(samples.inputs, 9) == samples.targets
    assert model.predict(samples.inputs[::-1], 9) == samples.targets[::-1]


@pytest.mark.parametrize(("longer", "shorter"), [(300, 200), (70_000, 60_000)])
def test_distances_between_long_texts_do_not_wrap_around(longer: int, shorter: int) -> None:
    model = made(("a" * longer, "1."), ("c" * shorter, "2."))
    assert model.predict(["c" * longer], 9) == ["2."]


def test_no_inputs_have_no_answers() -> None:
    assert made(("a", "1.")).predict([], 9) == []
    assert made(("a", "1.")).predict_teacher_forced(samples_of()) == []


def test_no_training_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="no training samples"):
        made()

"""The networks with weights set by hand: the lectures' tables, and exactness at any length."""

from collections.abc import Sequence

import numpy as np
import pytest

from baselines.lessons.hand_set import HandSetNetwork, LargerNetwork, ParityNetwork, Recurrence, TotalNetwork, logistic
from generators.counting import Larger, Parity, Total
from generators.errors import InputError
from generators.samples import Samples
from generators.task import Task
from l2e.evaluation.scoring import evaluate
from l2e.learner import Predictor
from l2e.metrics import Rule
from tests.toys import ThreeSamples, samples_of

PAIRS = [(ParityNetwork, Parity()), (TotalNetwork, Total()), (LargerNetwork, Larger())]
each_network = pytest.mark.parametrize(("network", "task"), PAIRS, ids=lambda part: getattr(part, "name", ""))


def made(network: type[HandSetNetwork]) -> HandSetNetwork:
    return network(samples_of(), ThreeSamples().answer)


def write(task: Task, lengths: Sequence[int]) -> Samples:
    return task.sample(np.array(lengths, np.int64), np.ones(len(lengths), np.int64), np.random.default_rng(0))


def bits(network: Recurrence, inputs: Sequence[int]) -> list[tuple[int, int, int]]:
    """What h1, h2 and y are after each of the inputs."""
    return [(int(h[0, 0]), int(h[0, 1]), int(y[0, 0])) for h, y in network.run([[[x]] for x in inputs])]


# Parity


@pytest.mark.parametrize(
    ("before", "x", "h1", "h2", "y"),
    [(0, 0, 0, 0, 0), (0, 1, 0, 1, 1), (1, 0, 0, 1, 1), (1, 1, 1, 1, 0)],
)
def test_a_later_step_is_the_table_of_exclusive_or(before: int, x: int, h1: int, h2: int, y: int) -> None:
    first, second = bits(ParityNetwork.network, [before, x])
    assert first[2] == before
    assert second == (h1, h2, y)


@pytest.mark.parametrize(("x", "h1", "h2"), [(0, 0, 0), (1, 0, 1)])
def test_the_first_step_is_as_if_the_output_before_had_been_0(x: int, h1: int, h2: int) -> None:
    assert bits(ParityNetwork.network, [x])[0] == (h1, h2, x)


def test_the_lectures_sequence_has_the_lectures_parity_bits() -> None:
    outputs = [y for _, _, y in bits(ParityNetwork.network, [0, 1, 0, 1, 1, 0, 1, 0, 1, 1])]
    assert outputs == [0, 1, 1, 0, 1, 1, 0, 0, 1, 0]


def test_parity_has_binary_units_alone() -> None:
    inputs = np.random.default_rng(0).integers(0, 2, (50, 20, 1))
    for h, y in ParityNetwork.network.run(inputs):
        assert set(np.unique(h)) | set(np.unique(y)) <= {0, 1}


def test_parity_of_every_prefix_is_the_output_after_every_step() -> None:
    samples = write(task := Parity(every_prefix=True), [*range(1, 300), 500])
    network = ParityNetwork(samples_of(), task.answer, every_prefix=True)
    assert network.predict(samples.inputs, 501) == samples.targets
    assert network.predict(["0101101011"], 4) == ["0110"]


# Total and larger


def test_the_total_is_in_the_hidden_unit_after_every_step() -> None:
    sums = [(h.item(), y.item()) for h, y in TotalNetwork.network.run([[[4]], [[-3]], [[7]]])]
    assert sums == [(4, 4), (1, 1), (8, 8)]


def test_larger_has_the_difference_in_its_hidden_unit_and_its_logistic_in_its_output() -> None:
    steps = [(h.item(), y.item()) for h, y in LargerNetwork.network.run([[[4, 3]], [[2, 5]], [[4, 2]]])]
    assert [h for h, _ in steps] == [1, -2, 0]
    assert [y for _, y in steps] == pytest.approx([1 / (1 + np.exp(-1)), 1 / (1 + np.exp(2)), 0.5])


def test_the_logistic_is_exact_where_it_decides_and_never_overflows() -> None:
    values = logistic(np.array([-90_000.0, -1.0, 0.0, 1.0, 90_000.0]))
    assert values[2] == 0.5
    assert values.tolist() == sorted(values)
    assert (values[0], values[4]) == (0, 1)


# Each


@each_network
def test_meets_the_protocol(network: type[HandSetNetwork], task: Task) -> None:
    assert isinstance(made(network), Predictor)


@each_network
def test_is_exact_at_any_length(network: type[HandSetNetwork], task: Task) -> None:
    samples = write(task, [*range(1, 300), 499, 500])
    assert made(network).predict(samples.inputs, 9) == [task.answer(text) for text in samples.inputs]


@each_network
def test_is_right_under_every_rule(network: type[HandSetNetwork], task: Task) -> None:
    scored = evaluate(made(network), write(task, [1, 30, 2, 7] * 5))
    assert [scored.total(rule).accuracy for rule in Rule] == [1, 1, 1]


@each_network
def test_an_answer_is_cut_at_max_characters(network: type[HandSetNetwork], task: Task) -> None:
    inputs = write(task, [3]).inputs
    assert made(network).predict(inputs, 1) == [task.answer(inputs[0])[:1]]


@each_network
def test_the_given_characters_change_nothing(network: type[HandSetNetwork], task: Task) -> None:
    text = write(task, [3]).inputs[0]
    answer = task.answer(text)
    forced = made(network).predict_teacher_forced(samples_of((text, "9999."), (text, "9")))
    assert forced == [answer.ljust(5, "."), answer[:1]]


@each_network
def test_no_inputs_have_no_answers(network: type[HandSetNetwork], task: Task) -> None:
    assert made(network).predict([], 9) == []
    assert made(network).predict_teacher_forced(samples_of()) == []


@pytest.mark.parametrize(
    ("network", "text", "column"), [(ParityNetwork, "0121", 3), (TotalNetwork, "4-3", 1), (LargerNetwork, "4,3;", 5)]
)
def test_an_input_outside_the_language_is_refused_at_its_place(
    network: type[HandSetNetwork], text: str, column: int
) -> None:
    with pytest.raises(InputError) as caught:
        made(network).predict([text], 9)
    assert (caught.value.line, caught.value.column) == (1, column)

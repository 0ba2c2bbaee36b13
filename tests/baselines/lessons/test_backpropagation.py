"""Back-propagation by hand gives what torch's gives, and what a difference of losses gives."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import cross_entropy

from baselines.lessons.backpropagation import Numbers, Weights, backpropagate
from generators.samples import IntArray


def drawn(
    time: int, inputs: int, cells: int, outputs: int, seed: int = 0
) -> tuple[Weights, Numbers, IntArray, Numbers]:
    rng = np.random.default_rng(seed)
    shapes = [(cells, inputs), (cells, cells), (cells,), (outputs, cells), (outputs,)]
    weights = Weights(*[rng.normal(size=shape) for shape in shapes])
    return weights, rng.normal(size=(time, inputs)), rng.integers(outputs, size=time), rng.uniform(-1, 1, cells)


def by_torch(weights: Weights, inputs: Numbers, answers: IntArray, hidden: Numbers) -> tuple[float, Weights]:
    """The same from `nn.RNN` and `nn.Linear`."""
    rnn = nn.RNN(weights.u.shape[1], len(weights.b)).double()
    linear = nn.Linear(len(weights.b), len(weights.c)).double()
    u, w, b, v, c = map(torch.from_numpy, weights)
    rnn.load_state_dict({"weight_ih_l0": u, "weight_hh_l0": w, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)})
    linear.load_state_dict({"weight": v, "bias": c})
    states, _ = rnn(torch.from_numpy(inputs), torch.from_numpy(hidden)[None])
    loss = cross_entropy(linear(states), torch.from_numpy(answers), reduction="sum")
    loss.backward()
    by = [rnn.weight_ih_l0, rnn.weight_hh_l0, rnn.bias_ih_l0, linear.weight, linear.bias]
    return loss.item(), Weights(*[parameter.grad.numpy() for parameter in by if parameter.grad is not None])


@given(st.integers(1, 12), st.integers(1, 5), st.integers(1, 6), st.integers(1, 5), st.integers(0, 99))
def test_loss_and_derivatives_are_those_of_torch(time: int, inputs: int, cells: int, outputs: int, seed: int) -> None:
    problem = drawn(time, inputs, cells, outputs, seed)
    loss, found = backpropagate(*problem)
    expected_loss, expected = by_torch(*problem)
    np.testing.assert_allclose(loss, expected_loss, rtol=1e-10, atol=1e-10)
    for name, ours, theirs in zip(Weights._fields, found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


def test_a_sequence_without_steps_costs_nothing_and_teaches_nothing() -> None:
    weights, *rest = drawn(0, 2, 3, 4)
    loss, found = backpropagate(weights, *rest)
    assert loss == 0
    assert [by.shape for by in found] == [weight.shape for weight in weights]
    assert not any(by.any() for by in found)


def test_one_step_from_nothing_teaches_the_recurrent_weights_nothing() -> None:
    weights, inputs, answers, hidden = drawn(1, 2, 3, 4)
    _, found = backpropagate(weights, inputs, answers, np.zeros_like(hidden))
    assert not found.w.any()
    assert all(by.any() for by in (found.u, found.b, found.v, found.c))


def test_derivatives_are_slopes() -> None:
    weights, *rest = drawn(5, 2, 3, 4)
    _, found = backpropagate(weights, *rest)
    width = 1e-6
    for name in Weights._fields:
        steeper, flatter = (getattr(weights, name).copy() for _ in range(2))
        steeper.flat[0] += width
        flatter.flat[0] -= width
        up, _ = backpropagate(weights._replace(**{name: steeper}), *rest)
        down, _ = backpropagate(weights._replace(**{name: flatter}), *rest)
        np.testing.assert_allclose((up - down) / (2 * width), getattr(found, name).flat[0], rtol=1e-6)


def test_equal_weights_make_every_output_as_likely() -> None:
    weights, inputs, answers, hidden = drawn(3, 2, 3, 4)
    even = weights._replace(v=np.zeros_like(weights.v), c=np.zeros_like(weights.c))
    loss, _ = backpropagate(even, inputs, answers, hidden)
    np.testing.assert_allclose(loss, 3 * np.log(4))

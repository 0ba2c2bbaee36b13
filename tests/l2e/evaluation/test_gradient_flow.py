"""How far a loss reaches back: against gradients worked out by hand, and rates that are known beforehand."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from baselines.elman import Elman
from generators.samples import Samples
from l2e.batches import Layout, StreamBatch
from l2e.evaluation.gradient_flow import gradient_norms, half_life
from l2e.learner import Learner
from l2e.registry import Group, create
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS, encode
from tests.toys import samples_of

State = tuple[Tensor, ...]

SAMPLES = samples_of(("1+10", "11."), ("22+9", "31."), ("5-07", "-2."))
ratios = st.one_of(st.floats(0.01, 0.97), st.floats(1.03, 100))


class Fading(Learner):
    """One number: s_t = w s_(t-1), from s_0 = 1; the logit of each symbol is s_t but of one, where it is 0."""

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(self, weight: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        number = self.weight * (state[0] if state else torch.ones(batch.rows, 1))
        logits = number.repeat(1, SYMBOLS)
        logits[:, encode(["1"])[0][0]] = 0
        return logits, (number,)

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        raise NotImplementedError


def elman(scale: float = 1.0, cells: int = 8) -> Elman:
    """Orthogonal recurrent weights times the scale; inputs so small that tanh is close to a straight line."""
    torch.manual_seed(0)
    learner = Elman(SYMBOLS, cells).double()
    with torch.no_grad():
        learner.stack.weight_hh[0].mul_(scale)
        learner.stack.weight_ih[0].mul_(1e-4)
    return learner


def by_hand(learner: Elman, samples: Samples) -> list[float]:
    """The chain rule for the Elman network, one Jacobian U' diag(1 - h²) a character."""
    stack = learner.stack
    assert stack.embedding is not None
    assert isinstance(learner.output, nn.Linear)
    given, recurrent = (weight[0].detach() for weight in (stack.weight_ih, stack.weight_hh))
    embedding, bias = stack.embedding.detach(), stack.bias_ih[0].detach()
    output, constant = learner.output.weight.detach(), learner.output.bias.detach()
    squares = []
    for text, target in samples:
        hidden = [torch.zeros(stack.cells).double()]
        for symbol in [FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT]:
            hidden.append(torch.tanh(given @ embedding[symbol] + recurrent @ hidden[-1] + bias))
        error = torch.softmax(output @ hidden[-1] + constant, 0)
        error[encode([target[0]])[0][0]] -= 1
        gradient, found = output.T @ error, []
        for after in hidden[:2:-1]:
            gradient = recurrent.T @ ((1 - after**2) * gradient)
            found.append(gradient.square().sum().item())
        squares.append(found[: len(text)])
    return [math.sqrt(sum(column) / len(samples)) for column in zip(*squares, strict=True)]


def test_of_an_elman_network_the_norms_are_those_of_the_chain_rule_by_hand() -> None:
    torch.manual_seed(1)
    learner = Elman(SYMBOLS, 5).double()
    assert gradient_norms(learner, SAMPLES) == pytest.approx(by_hand(learner, SAMPLES))


@pytest.mark.parametrize("name", ["gru", "lstm"])
def test_the_norms_are_those_of_moving_the_state_a_little(name: str) -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 3, "layers": 2}, SYMBOLS).double().eval()
    text, target = "1+2", "3."
    symbols = [FULL_STOP, *encode([text])[0].tolist(), END_OF_INPUT]

    @torch.no_grad()
    def read(symbols: list[int], state: State | None) -> tuple[Tensor, State]:
        last = torch.tensor([len(symbols) - 1])
        batch = StreamBatch(torch.tensor([symbols]), last, last, last.numpy(), len(symbols))
        logits, after = learner(batch, state)
        return nn.functional.cross_entropy(logits, torch.from_numpy(encode([target[0]])[0])), after

    expected = []
    for distance in (1, 2, 3):
        _, state = read(symbols[:-distance], None)
        squares = 0.0
        for part, tensor in enumerate(state):
            for place in range(tensor.numel()):
                losses = []
                for step in (1e-6, -1e-6):
                    moved = [t.clone() for t in state]
                    moved[part].view(-1)[place] += step
                    losses.append(read(symbols[-distance:], tuple(moved))[0].item())
                squares += ((losses[0] - losses[1]) / 2e-6) ** 2
        expected.append(math.sqrt(squares))
    assert gradient_norms(learner, samples_of((text, target))) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("weight", [0.5, 0.9, 1.0, 1.1])
def test_through_one_number_the_norm_changes_by_its_weight_a_character(weight: float) -> None:
    norms = gradient_norms(Fading(weight), samples_of(("12345678", "1."), ("87654321", "1.")))
    last = torch.tensor(weight**10, requires_grad=True)
    loss = -(1 / (1 + (SYMBOLS - 1) * last.exp())).log()
    loss.backward()  # type: ignore[no-untyped-call]
    assert last.grad is not None
    assert norms == pytest.approx([last.grad.item() * weight**distance for distance in range(1, 9)], rel=1e-5)


def test_a_norm_whose_square_is_too_small_a_number_is_still_told() -> None:
    norms = gradient_norms(Fading(0.1), samples_of(("1" * 35, "1.")))
    assert [later / before for before, later in pairwise(norms)] == pytest.approx([0.1] * 34, rel=1e-5)


@pytest.mark.parametrize("scale", [0.5, 0.9, 1.2])
def test_orthogonal_weights_times_a_scale_let_the_gradient_vanish_or_explode_at_that_rate(scale: float) -> None:
    norms = gradient_norms(elman(scale), samples_of(("1234567890" * 2, "1.")))
    assert half_life(norms) == pytest.approx(-1 / math.log2(scale), rel=0.01)


def test_smaller_recurrent_weights_forget_sooner() -> None:
    slow, fast = (half_life(gradient_norms(elman(scale), SAMPLES)) for scale in (0.9, 0.5))
    assert 0 < fast < slow


def test_there_is_a_norm_for_each_character_of_the_input() -> None:
    assert len(gradient_norms(elman(), SAMPLES)) == 4
    assert len(gradient_norms(elman(), samples_of(("7", "7.")))) == 1


def test_the_mean_over_samples_is_of_squares() -> None:
    each = [gradient_norms(elman(), SAMPLES.take(np.array([i]))) for i in range(3)]
    squares = [math.sqrt(sum(norm**2 for norm in norms) / 3) for norms in zip(*each, strict=True)]
    assert gradient_norms(elman(), SAMPLES) == pytest.approx(squares)


def test_dropout_takes_no_part() -> None:
    learner: Learner = create(Group.LEARNER, "lstm", {"cells": 8, "dropout": 0.9}, SYMBOLS).train()
    assert gradient_norms(learner, SAMPLES) == gradient_norms(learner, SAMPLES)


def test_no_parameter_is_given_a_gradient() -> None:
    learner = elman()
    gradient_norms(learner, SAMPLES)
    assert all(parameter.grad is None for parameter in learner.parameters())


@pytest.mark.parametrize("name", ["elman", "gru", "jordan", "lstm", "memory"])
def test_every_recurrent_network_has_norms(name: str) -> None:
    learner: Learner = create(Group.LEARNER, name, {"cells": 8}, SYMBOLS)
    assert all(norm > 0 for norm in gradient_norms(learner, SAMPLES))


def test_a_learner_of_pairs_is_refused() -> None:
    with pytest.raises(ValueError, match="want a learner of running text, such as lstm; this one reads pairs"):
        gradient_norms(create(Group.LEARNER, "seq2seq", {"cells": 64}, SYMBOLS), SAMPLES)


def test_a_learner_whose_state_is_characters_is_refused() -> None:
    with pytest.raises(ValueError, match="carries nothing from character to character that could be differentiated"):
        gradient_norms(create(Group.LEARNER, "memoryless", {"cells": 8}, SYMBOLS), SAMPLES)


def test_inputs_of_several_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="want inputs of one length"):
        gradient_norms(elman(), samples_of(("1", "1."), ("22", "2.")))


@given(st.floats(1e-6, 1e6), ratios, st.integers(2, 40))
def test_the_half_life_of_a_geometric_series_is_exact(first: float, ratio: float, n: int) -> None:
    assert half_life([first * ratio**i for i in range(n)]) == pytest.approx(-1 / math.log2(ratio))


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=20), st.floats(1e-3, 1e3))
def test_the_half_life_does_not_depend_on_the_unit(norms: list[float], unit: float) -> None:
    rates = [1 / half_life(list(series)) for series in (norms, [unit * norm for norm in norms])]
    assert rates[0] == pytest.approx(rates[1], abs=1e-9)


def test_a_norm_that_stays_never_halves() -> None:
    assert half_life([4.0] * 5) == math.inf


def test_norms_too_small_to_be_told_from_nothing_do_not_bend_the_line() -> None:
    assert half_life([2.0**-i for i in range(10)] + [0.0] * 10) == pytest.approx(1)


@pytest.mark.parametrize("norms", [[], [1.0], [1.0, 0.0], [0.0, 0.0]])
def test_through_fewer_than_two_norms_there_is_no_line(norms: list[float]) -> None:
    assert math.isnan(half_life(norms))

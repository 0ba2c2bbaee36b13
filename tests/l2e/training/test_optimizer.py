"""First parameters, rates, clipping, one step, and the optimiser's way through a checkpoint."""

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.functional import cross_entropy

from l2e.batches import Batch, pair_batches, stream_batches
from l2e.experiments.recipes import FAST, ZAREMBA_2014, Recipe
from l2e.learner import Learner
from l2e.registry import Group, create
from l2e.training.optimizer import (
    clip_,
    initialize,
    loss_of,
    make_optimizer,
    optimizer_tensors,
    rate_at,
    restore_optimizer,
)
from l2e.training.optimizer import update as one_update
from l2e.vocabulary import SYMBOLS
from tests.toys import samples_of

SAMPLES = samples_of(("1+1", "2."), ("12+1", "13."), ("5-7", "-2."))
recipes = st.builds(
    lambda schedule, warmup, decay: FAST.model_copy(
        update={"schedule": schedule, "warmup_updates": warmup, "decay": decay}
    ),
    st.sampled_from(["constant", "linear", "cosine", "exponential", "staircase"]),
    st.integers(0, 20),
    st.sampled_from([0.5, 0.8, 1.0]),
)


def recipe(**changes: Any) -> Recipe:
    return ZAREMBA_2014.model_copy(update={"rate": 1.0, "decay": 0.5, **changes})


def test_first_parameters_are_uniform_in_the_range() -> None:
    layer = nn.Linear(100, 100)
    initialize(layer, 0.08)
    values = torch.cat([p.detach().ravel() for p in layer.parameters()])
    assert 0.079 < values.max() <= 0.08
    assert -0.079 > values.min() >= -0.08
    assert abs(values.std() - 0.08 / 3**0.5) < 0.002


def test_without_a_range_the_learner_keeps_its_own_first_parameters() -> None:
    layer = nn.Linear(3, 3)
    before = layer.weight.detach().clone()
    initialize(layer, None)
    assert layer.weight.equal(before)


def test_a_constant_rate_falls_by_decays_alone() -> None:
    assert [rate_at(recipe(), fraction, 100, 0) for fraction in (0, 0.5, 0.99)] == [1, 1, 1]
    assert [rate_at(recipe(), 0.5, 100, decays) for decays in (0, 1, 3)] == [1, 0.5, 0.125]


def test_a_linear_rate_falls_in_proportion_to_the_budget() -> None:
    assert [rate_at(recipe(schedule="linear"), fraction, 9, 0) for fraction in (0, 0.25, 0.5, 1, 1.1)] == [
        1,
        0.75,
        0.5,
        0,
        0,
    ]


def test_a_cosine_rate_is_half_of_its_highest_at_half_the_budget() -> None:
    rates = [rate_at(recipe(schedule="cosine"), fraction, 9, 0) for fraction in (0, 1 / 3, 0.5, 2 / 3, 1)]
    assert rates == pytest.approx([1, 0.75, 0.5, 0.25, 0])


def test_an_exponential_rate_falls_by_the_same_factor_in_equal_parts_of_the_budget() -> None:
    made = recipe(schedule="exponential", final_rate=0.0001, rate=2.0)
    rates = [rate_at(made, fraction, 9, 0) for fraction in (0, 0.25, 0.5, 0.75, 1)]
    assert rates == pytest.approx([2, 0.2, 0.02, 0.002, 0.0002])


@pytest.mark.parametrize("step", [0, 1, 99, 100, 101, 550, 999, 1000])
def test_a_staircase_is_the_lectures_decay_by_a_factor_after_every_tenth_of_the_budget(step: int) -> None:
    init_lr, decay_steps, decay_rate = 2.0, 100, 0.5  # exponential_decay(…, staircase=True)
    made = recipe(schedule="staircase", final_rate=decay_rate**10, rate=init_lr)
    assert rate_at(made, step / 1000, step, 0) == pytest.approx(init_lr * decay_rate ** (step // decay_steps))


@given(st.floats(1e-6, 1), st.floats(1e-3, 10))
def test_an_exponential_rate_ends_at_its_final_fraction_of_the_first_and_stays_there(final: float, rate: float) -> None:
    made = recipe(schedule="exponential", final_rate=final, rate=rate)
    assert rate_at(made, 1, 9, 0) == rate_at(made, 1.2, 9, 0) == pytest.approx(final * rate_at(made, 0, 9, 0))


def test_the_rate_rises_over_the_warm_up_and_is_never_zero_there() -> None:
    rates = [rate_at(recipe(warmup_updates=4), 0, updates, 0) for updates in range(6)]
    assert rates == [0.25, 0.5, 0.75, 1, 1, 1]


@given(recipes, st.floats(0, 1.2), st.integers(0, 40), st.integers(0, 5))
def test_the_rate_is_between_zero_and_its_highest(made: Recipe, fraction: float, updates: int, decays: int) -> None:
    assert 0 <= rate_at(made, fraction, updates, decays) <= made.rate


def test_a_long_gradient_is_scaled_to_the_norm_and_a_short_one_is_left() -> None:
    parameters = [nn.Parameter(torch.zeros(2)), nn.Parameter(torch.zeros(1))]
    for scale, norm in ((10.0, 5.0), (0.1, 0.3)):
        for parameter, gradient in zip(parameters, ([1.0, 2.0], [2.0]), strict=True):
            parameter.grad = scale * torch.tensor(gradient)
        clip_(parameters, 5.0)
        found = torch.cat([p.grad for p in parameters if p.grad is not None])
        assert found.norm() == pytest.approx(norm)
        torch.testing.assert_close(found / found.norm(), torch.tensor([1.0, 2.0, 2.0]) / 3)


def test_the_loss_is_summed_and_divided_by_rows_or_averaged() -> None:
    logits, answers = torch.randn(6, SYMBOLS), torch.arange(6)
    summed = cross_entropy(logits, answers, reduction="sum")
    assert loss_of(logits, answers, 4, recipe(loss="sum_per_row")) == pytest.approx(summed / 4)
    assert loss_of(logits, answers, 4, recipe(loss="mean")) == pytest.approx(summed / 6)


def learner_of(name: str) -> Learner:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 64, "layers": 1}, SYMBOLS)
    return learner


def batch_of(name: str) -> Batch:
    return (pair_batches(SAMPLES, 3) if name == "seq2seq" else stream_batches(SAMPLES, 2, 50))[0]


@pytest.mark.parametrize("name", ["lstm", "seq2seq"])
def test_an_update_of_plain_descent_goes_down_the_clipped_gradient(name: str) -> None:
    learner, twin, batch = learner_of(name), learner_of(name), batch_of(name)
    how = recipe(clip_norm=0.1, optimizer="sgd")
    logits, _ = twin(batch, None)
    loss_of(logits, batch.answers, batch.rows, how).backward()
    clip_(twin.parameters(), 0.1)
    step = one_update(learner, make_optimizer(how, learner.parameters()), how, batch, None, 0.25)
    for new, old in zip(learner.parameters(), twin.parameters(), strict=True):
        assert old.grad is not None
        torch.testing.assert_close(new, old - 0.25 * old.grad)
    assert step.loss == pytest.approx(loss_of(logits, batch.answers, batch.rows, how).item())
    assert step.correct == (logits.argmax(1) == batch.answers).sum()


@pytest.mark.parametrize(("name", "has_state"), [("lstm", True), ("seq2seq", False)])
def test_a_streams_state_is_carried_without_its_history_and_pairs_have_none(name: str, has_state: bool) -> None:
    learner = learner_of(name)
    step = one_update(learner, make_optimizer(FAST, learner.parameters()), FAST, batch_of(name), None, 0.01)
    assert (step.state is not None) == has_state
    assert not any(part.requires_grad for part in step.state or ())


@pytest.mark.parametrize("how", [FAST, ZAREMBA_2014], ids=[FAST.name, ZAREMBA_2014.name])
def test_a_restored_optimiser_goes_on_to_the_same_bits(how: Recipe) -> None:
    def train(learner: Learner, optimizer: torch.optim.Optimizer) -> None:
        for _ in range(3):
            one_update(learner, optimizer, how, batch_of("seq2seq"), None, how.rate)

    first = learner_of("seq2seq")
    optimizer = make_optimizer(how, first.parameters())
    train(first, optimizer)
    kept = {name: tensor.clone() for name, tensor in optimizer_tensors(optimizer).items()}
    second = learner_of("seq2seq")
    second.load_state_dict(first.state_dict())
    other = make_optimizer(how, second.parameters())
    restore_optimizer(other, kept)
    train(first, optimizer)
    train(second, other)
    assert all(a.equal(b) for a, b in zip(first.parameters(), second.parameters(), strict=True))


def test_what_an_optimiser_remembers_is_named_by_parameter() -> None:
    layer = nn.Linear(2, 1)
    optimizer = make_optimizer(FAST, layer.parameters())
    assert optimizer_tensors(optimizer) == {}
    layer(torch.ones(2)).backward()
    optimizer.step()
    assert set(optimizer_tensors(optimizer)) == {
        f"{i}.{what}" for i in (0, 1) for what in ("step", "exp_avg", "exp_avg_sq")
    }
    assert optimizer.param_groups[0]["betas"] == FAST.adam_betas


@pytest.mark.parametrize("kind", ["mean", "sum_per_row"])
def test_a_window_without_answers_has_no_loss_and_moves_nothing(kind: str) -> None:
    logits = torch.randn(0, SYMBOLS, requires_grad=True)
    loss = loss_of(logits, torch.empty(0, dtype=torch.int64), 4, recipe(loss=kind))
    loss.backward()  # type: ignore[no-untyped-call]
    assert loss.item() == 0
    assert logits.grad is not None

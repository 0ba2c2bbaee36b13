"""Optimisers of recipes: initialisation, learning-rate schedules, clipping, and their state as tensors."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from l2e.batches import Batch
from l2e.experiments.precision import products_in, wide
from l2e.experiments.recipes import Recipe
from l2e.learner import Learner

STAIRS = 10  # from the first rate to the last


class Step(NamedTuple):
    """Results of one update, still on the device.

    Attributes:
        loss: [], what was minimised.
        correct: int64 [], answer characters predicted correctly.
        state: of a stream after the batch, detached; None for pairs.
        logits: [answers, symbols], before the update, detached.
    """

    loss: Tensor
    correct: Tensor
    state: tuple[Tensor, ...] | None
    logits: Tensor


def update(
    learner: Learner,
    optimizer: torch.optim.Optimizer,
    recipe: Recipe,
    batch: Batch,
    state: tuple[Tensor, ...] | None,
    rate: float,
) -> Step:
    """One step down the gradient of a batch's loss."""
    learner.train()
    with products_in(recipe.precision, learner.device):
        logits, after = learner(batch, state)
    loss = loss_of(logits, batch.answers, batch.rows, recipe)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    clip_(learner.parameters(), recipe.clip_norm)
    for group in optimizer.param_groups:
        group["lr"] = rate
    optimizer.step()
    predicted = logits.detach()
    correct = (predicted.argmax(1) == batch.answers).sum()
    return Step(loss.detach(), correct, None if after is None else tuple(part.detach() for part in after), predicted)


@torch.no_grad()
def logits_after(learner: Learner, recipe: Recipe, batch: Batch, state: tuple[Tensor, ...] | None) -> Tensor:
    """The logits [answers, symbols] of a batch after the update on it, from the same initial state."""
    learner.train()
    with products_in(recipe.precision, learner.device):
        logits: Tensor = learner(batch, state)[0]
    return logits


def loss_of(logits: Tensor, answers: Tensor, rows: int, recipe: Recipe) -> Tensor:
    """Cross-entropy of logits [answers, symbols], summed and divided by the rows, or averaged, as the recipe says."""
    logits = wide(logits)
    if recipe.loss == "mean" and len(answers):  # a window of long inputs may hold no answer; its loss is 0
        return cross_entropy(logits, answers)
    return cross_entropy(logits, answers, reduction="sum") / rows


def initialize(learner: nn.Module, initial_range: float | None) -> None:
    """Initialise all parameters uniformly in ± the range; without a range, keep the learner's own."""
    if initial_range is not None:
        with torch.no_grad():
            for parameter in learner.parameters():
                parameter.uniform_(-initial_range, initial_range)


def make_optimizer(recipe: Recipe, parameters: Iterable[nn.Parameter]) -> torch.optim.Optimizer:
    """The recipe's optimiser."""
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(parameters, lr=recipe.rate)
    return torch.optim.Adam(parameters, lr=recipe.rate, betas=recipe.adam_betas, fused=True)


def rate_at(recipe: Recipe, fraction: float, updates: int, decays: int) -> float:
    """The learning rate at this fraction of the budget, number of updates and number of decays."""
    rate = recipe.rate * recipe.decay**decays
    if updates < recipe.warmup_updates:
        rate *= (updates + 1) / recipe.warmup_updates
    left = max(0.0, 1.0 - fraction)
    if recipe.schedule == "linear":
        return rate * left
    if recipe.schedule == "cosine":
        return rate * math.sin(left * math.pi / 2) ** 2
    if recipe.schedule == "exponential":
        return rate * float(recipe.final_rate ** (1.0 - left))
    if recipe.schedule == "staircase":
        return rate * float(recipe.final_rate ** (math.floor(STAIRS * min(fraction, 1.0)) / STAIRS))
    return rate


def clip_(parameters: Iterable[nn.Parameter], norm: float) -> None:
    """Clip the gradient to the norm."""
    nn.utils.clip_grad_norm_(parameters, norm, foreach=True)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The optimiser's state, by "index of the parameter.name"."""
    state = optimizer.state_dict()["state"]
    return {
        f"{number}.{what}": value.clone()
        for number, memory in state.items()
        for what, value in memory.items()
        if value is not None
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Restore the optimiser's state."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        number, _, what = name.partition(".")
        state.setdefault(int(number), {})[what] = tensor
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})

"""Stacked models: parameters and optimiser states of learners of one shape, for batched matrix products."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call

from l2e.experiments.recipes import Recipe
from l2e.learner import Learner, stacked_models

EPSILON = 1e-8  # Adam's, as torch has it
MEMORIES = {"sgd": (), "adam": ("exp_avg", "exp_avg_sq")}


class Stack:
    """Learners whose parameters are views of stacked ones, so that each can still be read and saved alone.

    Args:
        learners: of one shape, on one device.
        optimizers: one per learner; their states become views too.
        recipe: shared by all.
    """

    def __init__(
        self, learners: Sequence[Learner], optimizers: Sequence[torch.optim.Optimizer], recipe: Recipe
    ) -> None:
        self.recipe = recipe
        self.template = copy.deepcopy(learners[0]).to("meta")
        self.names = [name for name, _ in learners[0].named_parameters()]
        members = [[dict(learner.named_parameters())[name] for name in self.names] for learner in learners]
        self.parameters = [
            torch.stack([member[i].detach() for member in members]).requires_grad_() for i in range(len(self.names))
        ]
        self.steps = torch.stack([_steps(optimizer, self.parameters[0].device) for optimizer in optimizers])
        self.memories = {
            what: [torch.zeros_like(p.detach()) for p in self.parameters] for what in MEMORIES[recipe.optimizer]
        }
        for number, (member, optimizer) in enumerate(zip(members, optimizers, strict=True)):
            self._become_views(number, member, optimizer)

    def _become_views(self, number: int, member: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer) -> None:
        for i, parameter in enumerate(member):
            parameter.data = self.parameters[i].detach()[number]
            remembered = optimizer.state.get(parameter, {})
            memory: dict[str, Tensor] = {}
            for what, stacked in self.memories.items():
                if what in remembered:
                    stacked[i][number] = remembered[what]
                memory[what] = stacked[i][number]
            if memory:
                optimizer.state[parameter] = {"step": self.steps[number], **memory}

    def losses(self, member_loss: Callable[..., Any], *stacked: Any) -> Any:
        """Apply a function of (learner as a callable, its slice of every argument) to all members at once."""

        def of_member(parameters: tuple[Tensor, ...], *arguments: Any) -> Any:
            named = dict(zip(self.names, parameters, strict=True))
            return member_loss(lambda *inputs: functional_call(self.template, named, inputs), *arguments)

        with stacked_models():
            return torch.vmap(of_member, randomness="different")(tuple(self.parameters), *stacked)

    @torch.no_grad()
    def step(self, rates: Tensor) -> None:
        """Clip each member's gradient by its own norm, and take a step at its own rate [members]."""
        gradients = [parameter.grad for parameter in self.parameters]
        present = [gradient for gradient in gradients if gradient is not None]
        norms = sum(gradient.flatten(1).square().sum(1) for gradient in present)
        assert isinstance(norms, Tensor)
        scale = (self.recipe.clip_norm / (norms.sqrt() + 1e-6)).clamp(max=1.0)
        self.steps += 1
        for i, (parameter, gradient) in enumerate(zip(self.parameters, gradients, strict=True)):
            if gradient is not None:
                clipped = gradient * _like(scale, gradient)
                if self.recipe.optimizer == "sgd":
                    parameter -= _like(rates, parameter) * clipped
                else:
                    self._adam(i, parameter, clipped, rates)
            parameter.grad = None

    def _adam(self, i: int, parameter: Tensor, gradient: Tensor, rates: Tensor) -> None:
        first, second = self.recipe.adam_betas
        average, square = self.memories["exp_avg"][i], self.memories["exp_avg_sq"][i]
        average.lerp_(gradient, 1 - first)
        square.mul_(second).addcmul_(gradient, gradient, value=1 - second)
        size = rates / (1 - first**self.steps)
        root = (1 - second**self.steps).sqrt()
        parameter -= _like(size, parameter) * average / (square.sqrt() / _like(root, square) + EPSILON)


def _steps(optimizer: torch.optim.Optimizer, device: torch.device) -> Tensor:
    """The number of steps of an optimiser, as Adam counts them."""
    for memory in optimizer.state.values():
        if "step" in memory:
            return memory["step"].detach().clone().to(device)  # type: ignore[no-any-return]
    return torch.zeros((), device=device)


def _like(values: Tensor, tensor: Tensor) -> Tensor:
    """One value per member [members], shaped to multiply a stacked tensor."""
    return values.view(-1, *[1] * (tensor.dim() - 1))

"""The norm of a loss's gradient with respect to a network's earlier states, by distance.

A recurrent network's state after character t influences a loss some characters later through a product of Jacobians,
one per character (Hochreiter & Schmidhuber 1997, section 3; Pascanu, Mikolov & Bengio 2013). Where the norm falls by a
constant factor a character the gradient vanishes; where it grows, it explodes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch.nn.functional import cross_entropy

from generators.samples import Samples
from l2e.batches import Layout, StreamBatch, pad
from l2e.learner import Learner, StreamLearner
from l2e.registry import unknown
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS


class GradientFlow(NamedTuple):
    """How a loss reaches back.

    Attributes:
        norms: ‖∂loss/∂state‖ at distance 1, 2, … as far as the first character of the input, root mean square over
            samples.
        total: ‖∂loss/∂parameters‖, of all parameters together and the samples' mean loss: what clipping looks at.
    """

    norms: list[float]
    total: float

    def clipped(self, norm: float) -> GradientFlow:
        """After clipping of the parameters' gradient to a norm (Pascanu, Mikolov & Bengio 2013, algorithm 1).

        Every part of it is multiplied by the same number, at most 1, so what came from each distance is too.
        """
        factor = min(1.0, norm / self.total) if self.total else 1.0
        return GradientFlow([factor * one for one in self.norms], factor * self.total)


def gradient_flow(learner: Learner, samples: Samples, path: str | None = None) -> GradientFlow:
    """How the cross-entropy of the first character of the answer, given the whole input, reaches back.

    Distance d is the state d characters before the last one read; of an LSTM hidden state and cell together.

    Args:
        learner: of running text, with a state that can be differentiated.
        samples: with inputs of one length.
        path: the part of the state by which alone gradients go from a character to the one before, as "cell": all
            others are cut there. What a part is for within a step is not cut: a cell is shown by a hidden unit.

    Raises:
        ValueError: a learner of pairs or without a differentiable state; inputs of several lengths; no such path.
    """
    if learner.layout is not Layout.STREAM:
        raise ValueError("gradients over distance want a learner of running text, such as lstm; this one reads pairs")
    if len({len(text) for text in samples.inputs}) != 1:
        raise ValueError("gradients over distance want inputs of one length")
    learner.eval()
    inputs, _ = pad(samples.inputs)
    answers, _ = pad([target[:1] for target in samples.targets])
    before, after = (torch.full((len(samples), 1), symbol) for symbol in (FULL_STOP, END_OF_INPUT))
    kept = None if path is None else _part_of(learner, path)
    states, logits = _read(learner, torch.cat([before, inputs, after], 1).to(learner.device), kept)
    loss = cross_entropy(logits, answers[:, 0].to(logits.device), reduction="sum")
    parts = [part for state in states for part in state]
    parameters = [parameter for parameter in learner.parameters() if parameter.requires_grad]
    # In float64, as the square of a gradient that float32 still holds may be too small for it.
    squares = torch.stack(
        [
            torch.zeros((), dtype=torch.float64) if gradient is None else gradient.double().square().sum().cpu()
            for gradient in torch.autograd.grad(loss, [*parts, *parameters], allow_unused=True)
        ]
    )
    norms = (squares[: len(parts)].view(len(states), -1).sum(1) / len(samples)).sqrt().flip(0)
    return GradientFlow(norms.tolist(), float(squares[len(parts) :].sum().sqrt()) / len(samples))


def gradient_norms(learner: Learner, samples: Samples) -> list[float]:
    """The norms of `gradient_flow`."""
    return gradient_flow(learner, samples).norms


@torch.no_grad()
def scale_recurrent_weights_(learner: Learner, factor: float) -> None:
    """Multiply the weights of what comes back from the step before, `weight_hh` by torch's name for them.

    Raises:
        ValueError: there are none.
    """
    recurrent = [
        parameter
        for name, parameter in learner.named_parameters()
        if any(part.startswith("weight_hh") for part in name.split("."))
    ]
    if not recurrent:
        raise ValueError(f"{type(learner).__name__} has no recurrent weights of torch's name for them, weight_hh")
    for parameter in recurrent:
        parameter.mul_(factor)


def paths_of(learner: Learner) -> tuple[str, ...]:
    """The paths by which gradients reach back, where there are several."""
    return learner.state_parts if isinstance(learner, StreamLearner) else ()


def _part_of(learner: Learner, path: str) -> int:
    if path not in (known := paths_of(learner)):
        raise ValueError(unknown(f"path of {type(learner).__name__}", path, known))
    return known.index(path)


def _read(
    learner: Learner, symbols: torch.Tensor, kept: int | None
) -> tuple[list[tuple[torch.Tensor, ...]], torch.Tensor]:
    """States after each of symbols [rows, time] but the first and the last, and logits [rows, symbols] at the end.

    Of a state all parts go on to the next step, but gradients only through the one that is kept, if one is.
    """
    rows = len(symbols)
    positions = torch.arange(rows, device=learner.device)
    states: list[tuple[torch.Tensor, ...]] = []
    state: tuple[torch.Tensor, ...] | None = None
    logits = torch.empty(rows, SYMBOLS)
    for column in symbols.unbind(1):
        batch = StreamBatch(column[:, None], positions, column, positions.cpu().numpy(), rows)
        logits, state = learner(batch, state)
        if state is None or not all(part.is_floating_point() for part in state):
            raise ValueError("this learner carries nothing from character to character that could be differentiated")
        states.append(state if kept is None else (state[kept],))
        if kept is not None:
            state = tuple(part if number == kept else part.detach() for number, part in enumerate(state))
    return states[1:-1], logits


def half_life(norms: Sequence[float]) -> float:
    """The distance over which the norm halves, from a straight line through its logarithms; negative if it grows.

    Norms of 0, by underflow, are left out; fewer than two others give nan.

    >>> half_life([8.0, 4.0, 2.0, 1.0])
    1.0
    """
    known = [(distance, math.log2(norm)) for distance, norm in enumerate(norms) if norm > 0]
    distances, logs = torch.tensor(known, dtype=torch.float64).view(-1, 2).unbind(1)
    centred = distances - distances.mean()
    slope = float((centred * (logs - logs.mean())).sum() / centred.square().sum())
    return -1 / slope if slope else float("inf")

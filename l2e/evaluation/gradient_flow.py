"""The norm of a loss's gradient with respect to a network's earlier states, by distance.

A recurrent network's state after character t influences a loss some characters later through a product of Jacobians,
one per character (Hochreiter & Schmidhuber 1997, section 3; Pascanu, Mikolov & Bengio 2013). Where the norm falls by a
constant factor a character the gradient vanishes; where it grows, it explodes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch.nn.functional import cross_entropy

from generators.samples import Samples
from l2e.batches import Layout, StreamBatch, pad
from l2e.learner import Learner
from l2e.vocabulary import END_OF_INPUT, FULL_STOP, SYMBOLS


def gradient_norms(learner: Learner, samples: Samples) -> list[float]:
    """‖∂loss/∂state‖ by distance, root mean square over samples.

    The loss is the cross-entropy of the first character of the answer, given the whole input. Distance d is the state
    d characters before the last one read; of an LSTM hidden state and cell together.

    Args:
        learner: of running text, with a state that can be differentiated.
        samples: with inputs of one length.

    Returns:
        Norms at distance 1, 2, … as far as the first character of the input.

    Raises:
        ValueError: a learner of pairs or without a differentiable state; inputs of several lengths.
    """
    if learner.layout is not Layout.STREAM:
        raise ValueError("gradients over distance want a learner of running text, such as lstm; this one reads pairs")
    if len({len(text) for text in samples.inputs}) != 1:
        raise ValueError("gradients over distance want inputs of one length")
    learner.eval()
    inputs, _ = pad(samples.inputs)
    answers, _ = pad([target[:1] for target in samples.targets])
    before, after = (torch.full((len(samples), 1), symbol) for symbol in (FULL_STOP, END_OF_INPUT))
    states, logits = _read(learner, torch.cat([before, inputs, after], 1).to(learner.device))
    loss = cross_entropy(logits, answers[:, 0].to(logits.device), reduction="sum")
    gradients = torch.autograd.grad(loss, [part for state in states for part in state])
    # In float64, as the square of a gradient that float32 still holds may be too small for it.
    squares = torch.stack([gradient.double().square().sum() for gradient in gradients]).view(len(states), -1).sum(1)
    return (squares / len(samples)).sqrt().flip(0).tolist()


def _read(learner: Learner, symbols: torch.Tensor) -> tuple[list[tuple[torch.Tensor, ...]], torch.Tensor]:
    """States after each of symbols [rows, time] but the first and the last, and logits [rows, symbols] at the end."""
    rows = len(symbols)
    positions = torch.arange(rows, device=learner.device)
    states: list[tuple[torch.Tensor, ...]] = []
    state: tuple[torch.Tensor, ...] | None = None
    logits = torch.empty(rows, SYMBOLS)
    for step, column in enumerate(symbols.unbind(1)):
        batch = StreamBatch(column[:, None], positions, column, positions.cpu().numpy(), rows)
        logits, state = learner(batch, state)
        if state is None or not all(part.is_floating_point() for part in state):
            raise ValueError("this learner carries nothing from character to character that could be differentiated")
        state = tuple(part.detach().requires_grad_() if step == 0 else part for part in state)
        states.append(state)
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

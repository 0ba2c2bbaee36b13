"""Back-propagation through time, written out for one Elman network (Rumelhart, Hinton & Williams 1986, section 3).

The network, from h_0 on, reads x_t and is to give all probability to one output k_t:

    z_t = U x_t + W h_(t-1) + b        h_t = tanh(z_t)
    r_t = V h_t + c                    y_t = softmax(r_t)        loss = - sum over t of ln y_t[k_t]

A bar over a variable, here `bar_z`, is the derivative of the loss by it. From the last step to the first:

    bar_r_t = y_t - one-hot of k_t
    bar_h_t = V' bar_r_t + W' bar_z_(t+1)        bar_z_t = bar_h_t * (1 - h_t²)

and, as the same weights serve every step, theirs are sums:

    bar_U = sum bar_z_t x_t'    bar_W = sum bar_z_t h_(t-1)'    bar_V = sum bar_r_t h_t'    bar_b = sum bar_z_t
    bar_c = sum bar_r_t

Nothing is trained with it. It is what the learners' gradients can be held against.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray

Numbers = npt.NDArray[np.float64]


class Weights(NamedTuple):
    """Of an Elman network with n cells, m inputs and k outputs; or the loss's derivatives by them.

    Attributes:
        u: [n, m], of the inputs.
        w: [n, n], recurrent.
        b: [n], the cells' bias.
        v: [k, n], of the outputs.
        c: [k], the outputs' bias.
    """

    u: Numbers
    w: Numbers
    b: Numbers
    v: Numbers
    c: Numbers


def backpropagate(weights: Weights, inputs: Numbers, answers: IntArray, hidden: Numbers) -> tuple[float, Weights]:
    """The loss of one sequence, and its derivatives.

    Args:
        weights: of the network.
        inputs: [time, m].
        answers: [time], the output k that is right at each step.
        hidden: [n], before the first step.

    Returns:
        The cross-entropy, summed over time, and its derivatives by the weights.
    """
    states, outputs = _forward(weights, inputs, hidden)
    steps = np.arange(len(inputs))
    loss = -np.log(outputs[steps, answers]).sum()
    bar_r = outputs.copy()
    bar_r[steps, answers] -= 1
    bar_z = np.zeros((len(inputs) + 1, len(hidden)))  # the last stands for the step after the end
    for t in reversed(steps):
        bar_h = bar_r[t] @ weights.v + bar_z[t + 1] @ weights.w
        bar_z[t] = bar_h * (1 - states[t + 1] ** 2)
    bar_z = bar_z[:-1]
    by_weights = Weights(
        u=bar_z.T @ inputs, w=bar_z.T @ states[:-1], b=bar_z.sum(0), v=bar_r.T @ states[1:], c=bar_r.sum(0)
    )
    return float(loss), by_weights


def _forward(weights: Weights, inputs: Numbers, hidden: Numbers) -> tuple[Numbers, Numbers]:
    """The hidden states [1 + time, n], from before the first step on, and the distributions [time, k]."""
    states = np.empty((1 + len(inputs), len(hidden)))
    states[0] = hidden
    for t, x in enumerate(inputs):
        states[t + 1] = np.tanh(weights.u @ x + weights.w @ states[t] + weights.b)
    scores = states[1:] @ weights.v.T + weights.c
    powers = np.exp(scores - scores.max(1, keepdims=True))
    return states, powers / powers.sum(1, keepdims=True)

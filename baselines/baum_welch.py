"""Hidden Markov models, and their fit to texts (Baum et al. 1970; Rabiner 1989, "A tutorial on hidden Markov models").

A state q_1 is drawn from π, each later one from the row A[q_(t-1)], and each emits a symbol drawn from B[q_t]. The
forward and backward passes are scaled at every step, so that long texts do not underflow, and run over all texts at
once:

    α_t = (α_(t-1) A) * B[:, x_t] / c_t    with c_t = p(x_t | x_1 … x_(t-1)), so that α_t = p(q_t | x_1 … x_t)
    β_t = A (B[:, x_(t+1)] * β_(t+1)) / c_(t+1)                  and α_t * β_t = p(q_t | all of the text)

An update of Baum & Welch replaces π, A and B by how often, in expectation, states begin, follow one another and emit
each symbol. It never makes the texts less likely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from generators.samples import IntArray

Floats = npt.NDArray[np.float64]
ROWS = 512  # texts counted together, so that the passes take little memory


class Model(NamedTuple):
    """Probabilities; rows sum to one.

    Attributes:
        start: π [states].
        transition: A [states, states], from and to.
        emission: B [states, symbols].
    """

    start: Floats
    transition: Floats
    emission: Floats


class Texts(NamedTuple):
    """Different texts, padded at the end with any symbol.

    Attributes:
        symbols: int64 [texts, time].
        lengths: int64 [texts], at least one each.
        counts: int64 [texts], how often each occurs.
    """

    symbols: IntArray
    lengths: IntArray
    counts: IntArray


def drawn_model(states: int, symbols: int, rng: np.random.Generator) -> Model:
    """A model to begin with, every row drawn uniformly from all distributions."""
    return Model(
        rng.dirichlet(np.ones(states)),
        rng.dirichlet(np.ones(states), states),
        rng.dirichlet(np.ones(symbols), states),
    )


def forward(model: Model, texts: Texts) -> tuple[Floats, Floats]:
    """What is known of the state after each symbol, and how likely each symbol was after those before it.

    Returns:
        α [time, texts, states] and c [time, texts]; after a text's end α stays as it was and c is 1.
    """
    symbols, emitted = texts.symbols.T, model.emission.T
    known = np.empty((*symbols.shape, len(model.start)))
    likely = np.ones(symbols.shape)
    for t, x in enumerate(symbols):
        before = model.start[None] if t == 0 else known[t - 1] @ model.transition
        joint = before * emitted[x]
        inside = t < texts.lengths
        likely[t, inside] = joint[inside].sum(1)
        known[t] = joint / likely[t, :, None]
        known[t, ~inside] = known[t - 1, ~inside]
    return known, likely


def log_likelihoods(model: Model, texts: Texts) -> Floats:
    """Natural logarithms of the probabilities of texts [texts]."""
    found: Floats = np.log(forward(model, texts)[1]).sum(0)
    return found


def update(model: Model, texts: Texts) -> tuple[Model, float]:
    """A model under which texts are at least as likely; and their log-likelihood under the one before, in nats."""
    expected, likelihoods = zip(*[_expected(model, block) for block in _blocks(texts)], strict=True)
    start, transition, emission = (sum(parts) for parts in zip(*expected, strict=True))
    better = Model(start / start.sum(), _rows(transition, model.transition), _rows(emission, model.emission))
    return better, sum(likelihoods)


def _blocks(texts: Texts) -> Iterator[Texts]:
    for start in range(0, len(texts.lengths), ROWS):
        block = Texts(*(part[start : start + ROWS] for part in texts))
        yield block._replace(symbols=block.symbols[:, : block.lengths.max()])


def _expected(model: Model, texts: Texts) -> tuple[Model, float]:
    """How often states begin, follow one another and emit each symbol; and the log-likelihood."""
    known, likely = forward(model, texts)
    symbols, emitted = texts.symbols.T, model.emission.T
    followed, emissions = np.zeros_like(model.transition), np.zeros_like(emitted)
    ahead = np.ones_like(known[0])
    for t in range(len(known) - 1, -1, -1):
        counted = np.where(t < texts.lengths, texts.counts, 0)[:, None]
        is_symbol = np.arange(len(emitted))[:, None] == symbols[t]
        emissions += is_symbol.astype(np.float64) @ (known[t] * ahead * counted)
        if t:
            seen = emitted[symbols[t]] * ahead / likely[t, :, None]
            followed += (known[t - 1] * counted).T @ seen
            ahead = np.where(counted > 0, seen @ model.transition.T, 1.0)
    begun = (known[0] * ahead * texts.counts[:, None]).sum(0)
    expected = Model(begun, followed * model.transition, emissions.T)
    return expected, float(np.log(likely).sum(0) @ texts.counts)


def _rows(expected: Floats, before: Floats) -> Floats:
    """Rows that sum to one; a state that is never visited, or never left, keeps what it had."""
    totals = expected.sum(1, keepdims=True)
    return np.where(totals > 0, expected / np.where(totals > 0, totals, 1.0), before)

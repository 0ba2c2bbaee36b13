"""Forward, backward and the updates of Baum & Welch, against all paths of tiny models and against hmmlearn."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baselines import baum_welch
from baselines.baum_welch import Floats, Model, Texts, drawn_model, forward, log_likelihoods, update

SYMBOLS = 3
rows = st.lists(st.integers(0, SYMBOLS - 1), min_size=1, max_size=5)


def model_of(states: int, seed: int) -> Model:
    return drawn_model(states, SYMBOLS, np.random.default_rng(seed))


def texts_of(*texts: list[int], counts: list[int] | None = None) -> Texts:
    lengths = np.array([len(text) for text in texts])
    symbols = np.full((len(texts), lengths.max()), SYMBOLS - 1)
    for row, text in zip(symbols, texts, strict=True):
        row[: len(text)] = text
    return Texts(symbols, lengths, np.array(counts or [1] * len(texts)))


def paths(model: Model, text: list[int]) -> list[tuple[tuple[int, ...], float]]:
    """Every path of states with the probability that it is taken and emits the text."""
    found = []
    for path in product(range(len(model.start)), repeat=len(text)):
        steps = [model.start[path[0]], *(model.transition[a, b] for a, b in pairwise(path))]
        found.append((path, float(np.prod(steps) * np.prod(model.emission[path, text]))))
    return found


@given(rows, rows, st.integers(1, 3), st.integers(0, 99))
def test_texts_are_as_likely_as_all_paths_together(first: list[int], second: list[int], states: int, seed: int) -> None:
    model = model_of(states, seed)
    expected = [np.log(sum(chance for _, chance in paths(model, text))) for text in (first, second)]
    np.testing.assert_allclose(log_likelihoods(model, texts_of(first, second)), expected, rtol=1e-10)


@given(rows, st.integers(1, 3), st.integers(0, 99))
def test_what_is_known_of_the_state_is_what_the_paths_say(text: list[int], states: int, seed: int) -> None:
    model = model_of(states, seed)
    known, _ = forward(model, texts_of(text, [0] * 5))
    for t in range(len(text)):
        expected = np.zeros(states)
        for path, chance in paths(model, text[: t + 1]):
            expected[path[-1]] += chance
        np.testing.assert_allclose(known[t, 0], expected / expected.sum(), rtol=1e-10)


def updated_by_paths(model: Model, texts: list[list[int]], counts: list[int]) -> Model:
    """Baum & Welch's update, every expectation a sum over all paths."""
    start, transition, emission = (np.zeros_like(part) for part in model)
    for text, count in zip(texts, counts, strict=True):
        found = paths(model, text)
        total = sum(chance for _, chance in found)
        for path, chance in found:
            weight = count * chance / total
            start[path[0]] += weight
            np.add.at(transition, (path[:-1], path[1:]), weight)
            np.add.at(emission, (path, text), weight)
    return Model(start / start.sum(), normalized(transition, model.transition), normalized(emission, model.emission))


def normalized(expected: Floats, before: Floats) -> Floats:
    totals = expected.sum(1, keepdims=True)
    return expected / totals if totals.all() else before


@given(st.lists(rows, min_size=1, max_size=4), st.integers(1, 3), st.integers(0, 99))
def test_an_update_is_that_of_expectations_over_all_paths(texts: list[list[int]], states: int, seed: int) -> None:
    model, counts = model_of(states, seed), [1 + i % 3 for i in range(len(texts))]
    found, likelihood = update(model, texts_of(*texts, counts=counts))
    for ours, expected in zip(found, updated_by_paths(model, texts, counts), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-12)
    logs = log_likelihoods(model, texts_of(*texts))
    assert likelihood == pytest.approx(float(logs @ counts))


def test_texts_never_become_less_likely_and_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    texts = texts_of(*(rng.integers(0, SYMBOLS, 1 + i % 40).tolist() for i in range(50)))
    models, likelihoods = [model_of(4, 0)], []
    for _ in range(30):
        model, likelihood = update(models[-1], texts)
        models.append(model)
        likelihoods.append(likelihood)
    assert likelihoods == sorted(likelihoods)
    assert likelihoods[-1] > likelihoods[0] + 50
    monkeypatch.setattr(baum_welch, "ROWS", 7)
    for ours, expected in zip(update(models[0], texts)[0], models[1], strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-9)


@pytest.mark.slow
def test_ten_updates_are_those_of_hmmlearn() -> None:
    from hmmlearn import hmm  # here, as it takes a second to import

    rng = np.random.default_rng(1)
    texts = [rng.integers(0, SYMBOLS, length).tolist() for length in (5, 30, 1, 12)]
    model = model_of(3, 1)
    theirs = hmm.CategoricalHMM(n_components=3, n_iter=10, tol=-np.inf, init_params="")
    theirs.startprob_, theirs.transmat_, theirs.emissionprob_ = model
    theirs.n_features = SYMBOLS
    theirs.fit(np.concatenate(texts)[:, None], [len(text) for text in texts])
    for _ in range(10):
        model, _ = update(model, texts_of(*texts))
    for ours, expected in zip(model, (theirs.startprob_, theirs.transmat_, theirs.emissionprob_), strict=True):
        np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-9)
    assert log_likelihoods(model, texts_of(*texts)).sum() == pytest.approx(
        theirs.score(np.concatenate(texts)[:, None], [len(text) for text in texts])
    )

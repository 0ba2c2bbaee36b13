"""Held-out text: every symbol is predicted once, and pays for what the network makes of all before it."""

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from generators.splits import Split
from l2e.evaluation.text_scoring import (
    CONTEXT,
    baselines,
    held_out_batches,
    lanes_for,
    predict_text,
    text_result,
    total_bits,
)
from l2e.learner import Learner
from l2e.registry import Group, create
from l2e.units import START
from tests import toys


@pytest.mark.parametrize(("length", "lanes"), [(1, 1), (49, 1), (2000, 1), (2000, 2), (4001, 3), (33_000, 32)])
def test_every_symbol_is_predicted_once_from_at_least_so_many_before_it(length: int, lanes: int) -> None:
    symbols = np.arange(3, 3 + length)
    rows: list[list[int]] = [[] for _ in range(lanes)]
    found = []
    for batch in held_out_batches(symbols, lanes):
        read = batch.symbols.tolist()
        for position, answer, owner in zip(
            batch.positions.tolist(), batch.answers.tolist(), batch.owners.tolist(), strict=True
        ):
            row, column = divmod(position, batch.symbols.shape[1])
            before = rows[row] + read[row][: column + 1]
            assert symbols[owner] == answer
            assert before[-1] == (answer - 1 if owner else START)
            assert len(before) >= min(owner + 1, CONTEXT)
            found.append(owner)
        rows = [old + new for old, new in zip(rows, read, strict=True)]
    assert sorted(found) == list(range(length))


@pytest.mark.parametrize("name", ["lstm", "gru", "elman", "jordan", "memory", "memoryless"])
def test_bits_are_of_the_probabilities_after_all_before(name: str) -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 8}, 12).eval()
    symbols = np.random.default_rng(0).integers(2, 12, 70)
    text = torch.tensor([START, *symbols.tolist()])[None]
    state, logits = None, []
    with torch.no_grad():
        for place in range(70):
            vectors, state = learner.read(text[:, place : place + 1], state)  # type: ignore[operator]
            logits.append(learner.logits(vectors[:, 0])[0])  # type: ignore[operator]
    chances = torch.stack(logits).softmax(1)
    found = predict_text(learner, symbols)
    wanted = -chances[torch.arange(70), torch.from_numpy(symbols)].log2()
    assert found.bits == pytest.approx(wanted.numpy(), rel=1e-4)
    assert found.right.tolist() == (chances.argmax(1).numpy() == symbols).tolist()


def test_lanes_change_little_where_what_is_far_back_says_little() -> None:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, "gru", {"cells": 8}, 12)
    symbols = np.random.default_rng(0).integers(2, 12, 3000)
    assert predict_text(learner, symbols, lanes_for(3000)).bits == pytest.approx(predict_text(learner, symbols).bits)


def test_a_network_that_knows_nothing_costs_what_uniform_does_and_both_pay_for_spelling(text_file: Path) -> None:
    of = toys.text_experiment(text_file, units="words")
    text = of.make_text()
    learner = of.make_learner()
    with torch.no_grad():
        for parameter in learner.parameters():
            parameter.zero_()
        learner.output.bias[:2] = -torch.inf  # neither padding nor the start is ever predicted
    result = text_result(of, learner)
    bits = result["bits_per_character"]
    assert bits[str(of.learner)] == pytest.approx(bits["uniform"])
    characters, test = len(text.corpus.part(Split.TEST)), text.test
    spelled = test.spelling.sum() / characters
    assert spelled > 0
    uniform = len(test.units) * math.log2(text.vocabulary.size - 2) / characters
    assert bits["uniform"] == pytest.approx(uniform + spelled)
    assert result["text"]["unknown"] == np.count_nonzero(test.spelling)


def test_n_grams_predict_the_validation_part_best_at_their_order(text_file: Path) -> None:
    text = toys.text_experiment(text_file).make_text()
    found = total_bits(text.test, baselines(text)["kneser_ney"])
    training, test = (reading.symbols - 2 for reading in (text.training, text.test))
    alone = create(Group.LANGUAGE_MODEL, "kneser_ney", {"order": 1}, training, text.vocabulary.size - 2)
    assert found < 0.8 * alone.bits(test).sum()

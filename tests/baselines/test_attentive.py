"""Weights that come with the answers, of every learner that has them."""

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

import l2e.learner
from baselines.attentive import AttentiveLearner
from l2e.batches import pad
from l2e.learner import Attentive
from l2e.registry import Group, create
from l2e.vocabulary import SYMBOLS

INPUTS = ["7", "12+3", "", "8-9+23", "5*5"]

each_learner = pytest.mark.parametrize(
    ("name", "options"),
    [
        ("transformer", {"cells": 16}),
        ("transformer", {"cells": 16, "positions": "rotary", "layers": 1}),
        ("universal", {"cells": 16}),
        ("universal", {"cells": 16, "halting": False}),
        ("attention", {"cells": 16, "score": "additive"}),
        ("attention", {"cells": 16, "score": "dot", "cell": "gru"}),
        ("attention", {"cells": 16, "score": "general", "bidirectional": False}),
        ("attention", {"cells": 16, "score": "concat", "layers": 2}),
    ],
    ids=str,
)


def made(name: str, options: dict[str, Any]) -> AttentiveLearner:
    torch.manual_seed(0)
    learner: AttentiveLearner = create(Group.LEARNER, name, options, SYMBOLS)
    for parameter in learner.double().parameters():
        nn.init.normal_(parameter, std=0.7)
    return learner


@each_learner
def test_answers_are_those_predicted_each_with_its_weights(name: str, options: dict[str, Any]) -> None:
    learner = made(name, options)
    assert isinstance(learner, Attentive)
    found = learner.attention_weights(INPUTS, 6)
    assert [answer for answer, _ in found] == learner.predict(INPUTS, 6)
    assert [weights.shape for _, weights in found] == [
        (len(answer), len(text)) for (answer, _), text in zip(found, INPUTS, strict=True)
    ]


@each_learner
def test_each_characters_weights_add_up_to_one_and_differ(name: str, options: dict[str, Any]) -> None:
    for text, (_, weights) in zip(INPUTS, made(name, options).attention_weights(INPUTS, 6), strict=True):
        if text:
            np.testing.assert_allclose(weights.sum(1), 1)
            assert (weights >= 0).all()
        if len(text) > 1:
            assert weights.std() > 0.001


@each_learner
def test_with_products_in_bfloat16_weights_come_too_and_add_up(name: str, options: dict[str, Any]) -> None:
    learner = made(name, options).float()
    with torch.autocast("cpu", torch.bfloat16):
        found = learner.attention_weights(INPUTS, 6)
        assert [answer for answer, _ in found] == learner.predict(INPUTS, 6)
    for text, (_, weights) in zip(INPUTS, found, strict=True):
        if text:
            np.testing.assert_allclose(weights.sum(1), 1, atol=0.02)


@each_learner
def test_padding_gets_no_weight_at_all(name: str, options: dict[str, Any]) -> None:
    symbols, lengths = pad(["12345", "12", "1"])
    with torch.no_grad():
        _, weights = made(name, options).eval().generate_attentively(symbols, lengths, 4)
    outside = torch.arange(5) >= lengths[:, None]
    assert (weights.transpose(1, 2)[outside] == 0).all()
    assert outside.sum() == 7


@each_learner
def test_weights_do_not_depend_on_the_other_inputs(
    name: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = made(name, options)
    together = learner.attention_weights(INPUTS, 6)
    monkeypatch.setattr(l2e.learner, "EVALUATION_ROWS", 1)
    for (_, weights), (_, alone) in zip(together, learner.attention_weights(INPUTS, 6), strict=True):
        np.testing.assert_allclose(weights, alone, atol=1e-10)


@each_learner
def test_no_character_no_weights(name: str, options: dict[str, Any]) -> None:
    [(answer, weights)] = made(name, options).attention_weights(["12"], 0)
    assert answer == ""
    assert weights.shape == (0, 2)

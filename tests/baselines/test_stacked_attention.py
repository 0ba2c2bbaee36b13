"""Learners of products alone, whose members are trained together: stacked, they compute what each computes."""

import copy
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.func import functional_call

from l2e.batches import Layout, PairBatch, StreamBatch, pair_batches, stream_batches
from l2e.learner import Learner, stacked_models
from l2e.registry import Group, create
from l2e.vocabulary import SYMBOLS
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("8-9+", "-1."), ("", "0."), ("5", "5."))


def made(name: str, options: dict[str, Any], seed: int) -> Learner:
    torch.manual_seed(seed)
    learner: Learner = create(Group.LEARNER, name, {"cells": 8, **options}, SYMBOLS)
    return learner.double()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("transformer", {}),
        ("transformer", {"positions": "rotary"}),
        ("decoder_only", {}),
        ("decoder_only", {"positions": "rotary"}),
        ("universal", {}),
        ("universal", {"halting": False}),
        ("memory", {}),
        ("memory", {"gate": "memory"}),
        ("memoryless", {}),
        ("lstm", {"layers": 2, "skip": True}),
        ("seq2seq", {"bidirectional": True, "layers": 2}),
        ("attention", {"layers": 2}),
        ("attention", {"score": "concat", "bidirectional": False}),
        ("attention", {"score": "dot", "input_feeding": False}),
    ],
    ids=str,
)
def test_stacked_members_compute_and_learn_what_each_does(name: str, options: dict[str, Any]) -> None:
    members = [made(name, options, seed) for seed in range(3)]
    template = copy.deepcopy(members[0]).to("meta")
    names = [name for name, _ in template.named_parameters()]
    stacked = [torch.stack([dict(member.named_parameters())[name] for member in members]).detach() for name in names]
    stacked = [parameter.requires_grad_() for parameter in stacked]
    pairs = template.layout is Layout.PAIRS
    [batch] = pair_batches(SAMPLES, 9) if pairs else stream_batches(SAMPLES, 2, 50)

    def of_batch(first: Tensor, lengths: Tensor, positions: Tensor) -> PairBatch | StreamBatch:
        if isinstance(batch, PairBatch):
            return PairBatch(first, lengths, batch.targets, positions, batch.answers, batch.owners, 0)
        return StreamBatch(first, positions, batch.answers, batch.owners, 0)

    def logits_of(parameters: tuple[Tensor, ...], *read: Tensor) -> Tensor:
        logits: Tensor = functional_call(template, dict(zip(names, parameters, strict=True)), (of_batch(*read),))[0]
        return logits

    first = batch.inputs if isinstance(batch, PairBatch) else batch.symbols
    lengths = batch.input_lengths if isinstance(batch, PairBatch) else torch.zeros(2)
    read = [part.expand(3, *part.shape).clone() for part in (first, lengths, batch.positions)]
    with stacked_models():
        found = torch.vmap(logits_of)(tuple(stacked), *read)
    expected = torch.stack([member(batch)[0] for member in members])
    torch.testing.assert_close(found, expected)
    found.sin().sum().backward()
    expected.sin().sum().backward()
    for name, parameter in zip(names, stacked, strict=True):
        gradients = [dict(member.named_parameters())[name].grad for member in members]
        torch.testing.assert_close(parameter.grad, torch.stack([g for g in gradients if g is not None]))

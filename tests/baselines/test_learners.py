"""What every learner must do, whatever it is made of: learn, be saved, answer rows apart, and leave padding out."""

from __future__ import annotations

import copy
from dataclasses import replace
from string import ascii_letters

import pytest
import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn.functional import cross_entropy, pad

from generators.samples import Samples
from l2e.batches import Batch, Layout, PairBatch, StreamBatch, pair_batches, stream_batches
from l2e.experiments.recipes import FAST
from l2e.learner import Learner, PairLearner, evaluation_batches, stacked_models
from l2e.registry import Group, catalogue, create, names
from l2e.training.optimizer import loss_of
from l2e.vocabulary import PADDING, SYMBOLS
from tests.baselines.learners import CASES, Case
from tests.toys import samples_of

SAMPLES = samples_of(*[(letter * (1 + i % 3), f"{i}.") for i, letter in enumerate(ascii_letters[:32])])

KNOWN_BY_HEART = 0.004  # of cross-entropy, under which no character's probability is small

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def made(case: Case, seed: int = 0) -> Learner:
    torch.manual_seed(seed)
    learner: Learner = create(Group.LEARNER, case.learner, case.options, SYMBOLS)
    return learner


def precise(case: Case, seed: int = 0) -> Learner:
    """In double precision, far from the first parameters' symmetries."""
    learner = made(case, seed).double().eval()
    with torch.no_grad():
        for parameter in learner.parameters():
            parameter += 0.2 * torch.randn_like(parameter)
    return learner


def batch_of(learner: Learner, samples: Samples = SAMPLES) -> Batch:
    """All samples in one batch."""
    [batch] = evaluation_batches(learner.layout, samples)
    return batch


def logits_of(learner: Learner, batch: Batch) -> Tensor:
    logits: Tensor = learner(batch)[0]
    return logits


def test_every_learner_has_a_case_and_reads_in_the_documented_layout() -> None:
    assert {case.learner for case in CASES} == set(names(Group.LEARNER))
    streams = {name for name, learner in catalogue(Group.LEARNER).items() if learner.layout is Layout.STREAM}
    assert streams == {"elman", "gru", "jordan", "lstm", "memory", "memoryless", "multiplicative"}


@each_case
def test_it_learns_samples_by_heart(case: Case) -> None:
    learner = made(case)
    optimizer = torch.optim.Adam(learner.parameters(), case.rate, betas=(0.9, 0.99))
    batch = batch_of(learner)
    learner.train()
    for update in range(case.updates):
        optimizer.param_groups[0]["lr"] = case.rate * min(1, (update + 1) / 10, 2 * (1 - update / case.updates))
        loss = cross_entropy(logits_of(learner, batch), batch.answers)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimizer.step()
        if loss < KNOWN_BY_HEART:
            break
    assert learner.predict_teacher_forced(SAMPLES) == SAMPLES.targets


@each_case
def test_what_was_saved_answers_the_same_to_the_bit(case: Case) -> None:
    learner, other = made(case, seed=1).eval(), made(case, seed=2).eval()
    batch = batch_of(learner)
    with torch.no_grad():
        assert not logits_of(learner, batch).equal(logits_of(other, batch))
        other.load_state_dict(learner.state_dict())
        assert logits_of(learner, batch).equal(logits_of(other, batch))
    assert learner.predict(SAMPLES.inputs, 5) == other.predict(SAMPLES.inputs, 5)


# Longer than a bfloat16 can count.
LONG = samples_of(*[("98765"[: 2 + i] * (60 - 9 * i), f"{i}.") for i in range(4)])
OF_ONE_LENGTH = samples_of(*[(f"{i}+{i}", f"{i}.") for i in range(4)])
TEXTS = ["12+3", "7", "", "8-9+23", "5", "print(1)", "0", "111111111"]


@each_case
def test_an_answer_does_not_depend_on_the_other_rows(case: Case) -> None:
    learner = precise(case)
    together = learner.predict(TEXTS, 6)
    assert together == [learner.predict([text], 6)[0] for text in TEXTS]
    assert together[::-1] == learner.predict(TEXTS[::-1], 6)
    assert len(set(together)) > 1
    assert [text[:3] for text in together] == learner.predict(TEXTS, 3)
    assert learner.predict([], 3) == []


@each_case
def test_pairs_are_answered_as_under_teacher_forcing_with_the_answer(case: Case) -> None:
    learner = precise(case)
    if isinstance(learner, PairLearner):
        learner.output.bias.detach()[:2] = -100.0  # so that no mark is written, which no target may have
        answers = learner.predict(TEXTS, 6)
        assert learner.predict_teacher_forced(samples_of(*zip(TEXTS, answers, strict=True))) == answers


@each_case
@torch.no_grad()
def test_no_prediction_knows_the_characters_to_come(case: Case) -> None:
    learner = precise(case)
    first, second = (logits_of(learner, batch_of(learner, samples_of(("12+3", target)))) for target in ("15.", "19."))
    torch.testing.assert_close(first[:2], second[:2])
    assert not first[2].allclose(second[2])


@each_case
def test_teacher_forced_predictions_do_not_depend_on_the_other_rows(case: Case) -> None:
    learner = precise(case)
    targets = ["15.", "7.", "0.", "-1.", "5.", "1.", "0.", "111."]
    batch = batch_of(learner, samples_of(*zip(TEXTS, targets, strict=True)))
    with torch.no_grad():
        alone = [logits_of(learner, row_alone(batch, row)) for row in range(batch.rows)]
        torch.testing.assert_close(torch.cat(alone), logits_of(learner, batch), rtol=1e-8, atol=1e-8)


@each_case
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16], ids=str)
def test_in_either_type_of_products_logits_depend_on_no_other_row(case: Case, dtype: torch.dtype) -> None:
    learner = made(case).eval()
    targets = ["15.", "7.", "0.", "-1.", "5.", "1.", "0.", "111."]
    batch = batch_of(learner, samples_of(*zip(TEXTS, targets, strict=True)))
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=dtype == torch.bfloat16):
        together = logits_of(learner, batch).float()
        alone = torch.cat([logits_of(learner, row_alone(batch, row)) for row in range(batch.rows)]).float()
    assert (alone - together).norm() <= (1e-5 if dtype == torch.float32 else 0.02) * together.norm()


def row_alone(batch: Batch, row: int) -> Batch:
    """One row or lane; of pairs without its padding."""
    time = batch.targets.shape[1] if isinstance(batch, PairBatch) else batch.symbols.shape[1]
    mine = (batch.positions // time == row).nonzero().squeeze(1)
    positions, answers, owners = batch.positions[mine] - row * time, batch.answers[mine], batch.owners[mine.numpy()]
    if isinstance(batch, StreamBatch):
        return StreamBatch(batch.symbols[row : row + 1], positions, answers, owners, time)
    lengths = batch.input_lengths[row : row + 1]
    length = max(1, int(lengths))
    inputs, targets = batch.inputs[row : row + 1, :length], batch.targets[row : row + 1, : len(answers)]
    return PairBatch(inputs, lengths, targets, positions, answers, owners, length + len(answers))


@each_case
def test_padding_changes_nothing(case: Case) -> None:
    learner = precise(case)
    batch = batch_of(learner)
    with torch.no_grad():
        expected, found = logits_of(learner, batch), logits_of(learner, padded(batch))
    torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-8)


def padded(batch: Batch) -> Batch:
    """The same with more padding at every end."""
    if isinstance(batch, StreamBatch):
        positions = moved(batch.positions, batch.symbols.shape[1], 5)
        return replace(batch, symbols=pad(batch.symbols, (0, 5), value=PADDING), positions=positions)
    return replace(
        batch,
        inputs=pad(batch.inputs, (0, 3), value=PADDING),
        targets=pad(batch.targets, (0, 2), value=PADDING),
        positions=moved(batch.positions, batch.targets.shape[1], 2),
    )


def moved(positions: Tensor, time: int, more: int) -> Tensor:
    """Positions within rows that have grown."""
    return positions // time * (time + more) + positions % time


@each_case
@pytest.mark.parametrize("layers", [1, 2, 4])
def test_the_number_of_parameters_is_the_documented_one(case: Case, layers: int) -> None:
    options = {**case.options, "layers": layers, "cells": 64}
    with torch.device("meta"):
        learner = create(Group.LEARNER, case.learner, options, SYMBOLS)
    assert sum(parameter.numel() for parameter in learner.parameters()) == case.parameters(SYMBOLS, options)


# Torch's GRU layer, by which this attention reads, has no batching rule.
STACKABLE = [case for case in CASES if (case.learner, case.options.get("cell")) != ("attention", "gru")]


@pytest.mark.parametrize("case", STACKABLE, ids=lambda case: case.id)
def test_stacked_models_compute_and_learn_what_each_does(case: Case) -> None:
    members = [precise(case, seed) for seed in range(3)]
    template = copy.deepcopy(members[0]).to("meta")
    own = [dict(member.named_parameters()) for member in members]
    stacked = {name: torch.stack([part[name] for part in own]).detach().requires_grad_() for name in own[0]}
    batch = batch_of(template, samples_of(("12+3", "15."), ("8-9+", "-1."), ("", "0."), ("5", "5.")))
    tensors = {
        name: getattr(batch, name)
        for name in ("inputs", "input_lengths", "symbols", "positions")
        if hasattr(batch, name)
    }

    def logits(parameters: dict[str, Tensor], read: dict[str, Tensor]) -> Tensor:
        found: Tensor = functional_call(template, parameters, (replace(batch, **read),))[0]
        return found

    with stacked_models():
        found = torch.vmap(logits)(stacked, {name: x.expand(3, *x.shape).clone() for name, x in tensors.items()})
    expected = torch.stack([logits_of(member, batch) for member in members])
    torch.testing.assert_close(found, expected)
    found.sin().sum().backward()
    expected.sin().sum().backward()
    for name, parameter in stacked.items():
        torch.testing.assert_close(parameter.grad, torch.stack([part[name].grad for part in own]))


@each_case
def test_an_update_asks_the_device_for_nothing(case: Case) -> None:
    """On the meta device tensors have no values: to wait for one, or to meet one made elsewhere, is an error there."""
    learner = made(case).to("meta")
    samples = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("321", "321."))
    state = None
    for batch in pair_batches(samples, 4) if learner.layout is Layout.PAIRS else stream_batches(samples, 2, 6)[:2]:
        there = batch.to(torch.device("meta"))
        logits, state = learner(there, state)
        loss_of(logits, there.answers, there.rows, FAST).backward()
        state = None if state is None else tuple(part.detach() for part in state)
        assert logits.shape == (len(batch.answers), SYMBOLS)
    assert all(parameter.grad is not None for parameter in learner.parameters())


@each_case
def test_gradients_reach_every_parameter(case: Case) -> None:
    learner = precise(case).train()
    batch = batch_of(learner)
    cross_entropy(logits_of(learner, batch), batch.answers).backward()
    without = [name for name, parameter in learner.named_parameters() if parameter.grad is None]
    still = [name for name, parameter in learner.named_parameters() if name not in without and not parameter.grad.any()]
    assert without + still == []


@each_case
@pytest.mark.parametrize("samples", [LONG, OF_ONE_LENGTH], ids=["long", "of one length"])
def test_products_in_bfloat16_give_nearly_the_same_logits_and_gradients(case: Case, samples: Samples) -> None:
    learner = made(case).eval()  # so that dropout, which draws anew, is out of it
    if learner.layout is Layout.STREAM:
        samples = SAMPLES  # over hundreds of steps rounding would grow as the gradient does
    [batch] = evaluation_batches(learner.layout, samples)
    found = []
    for in_bfloat16 in (False, True):
        learner.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=in_bfloat16):
            logits, state = learner(batch)
        cross_entropy(logits.float(), batch.answers).backward()
        assert torch.bfloat16 not in [part.dtype for part in state or ()]
        gradients = [p.grad for p in learner.parameters() if p.grad is not None]
        assert len(gradients) == len(list(learner.parameters()))
        found.append((logits.detach().float(), torch.cat([gradient.flatten() for gradient in gradients])))
    for exact, rounded in zip(*found, strict=True):
        assert 0 < (rounded - exact).norm() < 0.1 * exact.norm()


@pytest.mark.parametrize(
    ("case", "options", "legal"),
    [(case, options, legal) for case in CASES for options, legal in case.refused],
    ids=[f"{case.id}-{options}" for case in CASES for options, _ in case.refused],
)
def test_options_it_cannot_take_are_refused_with_what_is_legal(
    case: Case, options: dict[str, object], legal: str
) -> None:
    with pytest.raises(ValueError, match=legal):
        create(Group.LEARNER, case.learner, {**case.options, **options}, SYMBOLS)

"""What every learner must do, whatever it is made of: learn, be saved, answer rows apart, and leave padding out."""

from __future__ import annotations

from dataclasses import replace
from string import ascii_letters

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, pad

from generators.samples import Samples
from l2e.batches import Batch, Layout, PairBatch, StreamBatch
from l2e.learner import Learner, evaluation_batches
from l2e.registry import Group, create
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


def precise(case: Case) -> Learner:
    """In double precision, far from the first parameters' symmetries."""
    learner = made(case).double().eval()
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
    assert len(set(together)) > 1


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


@each_case
def test_answers_do_not_depend_on_their_order(case: Case) -> None:
    learner = precise(case)
    order = [5, 2, 7, 0, 3, 1, 6, 4]
    shuffled = learner.predict([TEXTS[i] for i in order], 6)
    assert shuffled == [learner.predict(TEXTS, 6)[i] for i in order]


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
def test_the_number_of_parameters_is_the_documented_one(case: Case) -> None:
    size = sum(parameter.numel() for parameter in made(case).parameters())
    assert size == case.parameters(SYMBOLS, case.options)


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

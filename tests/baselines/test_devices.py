"""No learner fetches anything from the device within an update.

On the meta device tensors have shapes and no values, so whatever asks for a value there, as a GPU would have to be
waited for, is an error; and so is a tensor that was made on the processor and meets one of the device.
"""

import pytest
import torch

from l2e.batches import Layout, pair_batches, stream_batches
from l2e.experiments.recipes import FAST
from l2e.registry import Group, create
from l2e.training.optimizer import loss_of
from l2e.vocabulary import SYMBOLS
from tests.baselines.learners import CASES, Case
from tests.toys import samples_of

META = torch.device("meta")
SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("321", "321."))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_an_update_asks_the_device_for_nothing(case: Case) -> None:
    learner = create(Group.LEARNER, case.learner, case.options, SYMBOLS).to(META)
    pairs = learner.layout is Layout.PAIRS
    batches = pair_batches(SAMPLES, 4) if pairs else stream_batches(SAMPLES, 2, 6)
    state = None
    for batch in batches[:2]:
        there = batch.to(META)
        logits, state = learner(there, state)
        loss_of(logits, there.answers, there.rows, FAST).backward()
        state = None if state is None else tuple(part.detach() for part in state)
        assert logits.shape == (len(batch.answers), SYMBOLS)
    assert all(parameter.grad is not None for parameter in learner.parameters())

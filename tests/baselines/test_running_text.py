"""One network reads and writes running text, whatever its cell."""

from __future__ import annotations

import pytest
import torch

from baselines.elman import Elman
from baselines.gru import GRU
from baselines.jordan import Jordan
from baselines.lstm import LSTM
from baselines.running_text import RunningText
from l2e.batches import Layout, stream_batches
from l2e.registry import Group, catalogue
from l2e.vocabulary import SYMBOLS
from tests.toys import samples_of

SAMPLES = samples_of(("12+3", "15."), ("7", "7."), ("8-9+", "-1."), ("", "0."), ("5", "5."))

each_learner = pytest.mark.parametrize("kind", [Elman, GRU, Jordan, LSTM])


def made(kind: type[RunningText]) -> RunningText:
    torch.manual_seed(0)
    return kind(SYMBOLS, cells=8, layers=2).double().eval()  # type: ignore[call-arg]


@each_learner
@torch.no_grad()
def test_text_cut_into_windows_is_one_text(kind: type[RunningText]) -> None:
    learner = made(kind)
    [whole] = stream_batches(SAMPLES, 1, 100)
    state, parts = None, []
    for window in stream_batches(SAMPLES, 1, 4):
        logits, state = learner(window, state)
        parts.append(logits)
    assert len(parts) > 2
    torch.testing.assert_close(torch.cat(parts), learner(whole)[0])


@each_learner
@torch.no_grad()
def test_a_step_reads_one_symbol_of_a_window(kind: type[RunningText]) -> None:
    learner = made(kind)
    [batch] = stream_batches(SAMPLES, 1, 100)
    state, steps = None, []
    for symbol in batch.symbols.T:
        logits, state = learner.step(symbol, state)
        steps.append(logits)
    torch.testing.assert_close(torch.cat(steps)[batch.positions], learner(batch)[0])


@each_learner
def test_it_is_registered_and_reads_streams(kind: type[RunningText]) -> None:
    assert kind.layout is Layout.STREAM
    assert catalogue(Group.LEARNER)[kind.__name__.lower()] is kind

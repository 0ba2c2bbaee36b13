"""Learners that are watched: what is told is what they computed when they answered."""

from __future__ import annotations

from contextlib import nullcontext

import pytest
import torch
from torch import Tensor, nn

from baselines.gru import GRU
from baselines.lstm import LSTM
from baselines.seq2seq import Seq2Seq
from l2e.batches import pad
from l2e.learner import Attentive, Learner
from l2e.registry import Group, create
from l2e.vocabulary import FULL_STOP, SYMBOLS, decode, encode
from l2e.watching import Trace, Watchable, Watched
from tests.baselines.learners import CASES, Case

UNWATCHED = ("memory", "memoryless", "tagger")  # the last reads two characters a step
WATCHED = [case for case in CASES if case.learner not in UNWATCHED]
TEXTS = ["12+3", "7", ""]
each_watched = pytest.mark.parametrize("case", WATCHED, ids=lambda case: case.id)
each_precision = pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.bfloat16], ids=str)


def made(case: Case, dtype: torch.dtype = torch.float64) -> Learner:
    """Far from the first parameters' symmetries."""
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, case.learner, case.options, SYMBOLS)
    learner.to(torch.float32 if dtype == torch.bfloat16 else dtype)
    with torch.no_grad():
        for parameter in learner.parameters():
            parameter += 0.2 * torch.randn_like(parameter)
    return learner


def watch(learner: Learner, text: str, answer: str) -> Watched:
    assert isinstance(learner, Watchable)
    return learner.watch(*pad([text]), torch.from_numpy(encode([answer])[0]))


def products_in(dtype: torch.dtype) -> torch.autocast | nullcontext[None]:
    return torch.autocast("cpu", torch.bfloat16) if dtype == torch.bfloat16 else nullcontext()


def written(probabilities: Tensor, text: str) -> str:
    """The likeliest characters from the end of input on."""
    return decode(probabilities[len(text) :].argmax(1).numpy())


def values(traces: list[Trace], part: str, kind: str) -> Tensor:
    [found] = [trace.values for trace in traces if (trace.part, trace.kind) == (part, kind)]
    return found.double()


@pytest.mark.numerics
@each_watched
@each_precision
def test_the_answer_that_is_watched_is_the_one_that_is_predicted(case: Case, dtype: torch.dtype) -> None:
    learner = made(case, dtype)
    for text in TEXTS:
        with products_in(dtype):
            symbols = learner.eval().generate(*pad([text]), 5)[0]
            if FULL_STOP in symbols[:-1]:
                symbols = symbols[: symbols.tolist().index(FULL_STOP) + 1]
            found = learner.watch(*pad([text]), symbols)  # type: ignore[operator]
        assert written(found.probabilities, text) == decode(symbols.numpy())


@each_watched
def test_columns_are_the_input_its_end_and_the_answer_but_its_last(case: Case) -> None:
    learner = made(case)
    for text in TEXTS:
        found = watch(learner, text, "15.")
        columns = len(text) + 3
        assert found.probabilities.shape == (columns, SYMBOLS)
        told = found.probabilities[~found.probabilities.isnan().any(1)]
        torch.testing.assert_close(told.sum(1), torch.ones(len(told)).double())
        assert len(told) == (columns if learner.layout.value == "stream" else 3)
        assert all(trace.first + len(trace.values) in (columns, len(text)) for trace in found.traces)
        for look in found.looks:
            assert look.first + len(look.weights) in (columns, len(text))
            assert look.at + look.weights.shape[1] in (columns, len(text))


@each_watched
def test_of_every_head_the_weights_add_up_to_one_and_none_looks_ahead(case: Case) -> None:
    for look in watch(made(case), "12+3", "15.").looks:
        torch.testing.assert_close(look.weights.sum(1), torch.ones(len(look.weights)).double())
        if look.at == look.first and "encoder" not in look.part:
            assert not look.weights.triu(1).any()


@each_precision
@pytest.mark.parametrize("skip", [False, True])
def test_the_gates_of_an_lstm_are_those_by_which_its_cells_and_hidden_units_change(
    dtype: torch.dtype, skip: bool
) -> None:
    learner = made(Case("", "lstm", {"cells": 16, "layers": 2, "skip": skip}, len), dtype)
    assert isinstance(learner, LSTM)
    with products_in(dtype):
        traces = watch(learner, "12+3", "15.").traces
        _, before = learner.read(torch.full((1, 1), FULL_STOP))
    tolerance = 0.02 if dtype == torch.bfloat16 else 1e-5
    for layer in (0, 1):
        i, f, g, c, o, h = (
            values(traces, f"layer {layer + 1}", kind)
            for kind in ("input gate", "forget gate", "candidate", "cell", "output gate", "hidden")
        )
        earlier = torch.cat([before[1][layer].double(), c[:-1]])
        torch.testing.assert_close(c, f * earlier + i * g, rtol=tolerance, atol=tolerance)
        torch.testing.assert_close(h, o * c.tanh(), rtol=tolerance, atol=tolerance)


@each_precision
@pytest.mark.parametrize("reset", ["before", "after"])
def test_the_gates_of_a_gru_are_those_by_which_its_hidden_units_change(dtype: torch.dtype, reset: str) -> None:
    learner = made(Case("", "gru", {"cells": 16, "layers": 2, "reset": reset}, len), dtype)
    assert isinstance(learner, GRU)
    with products_in(dtype):
        traces = watch(learner, "12+3", "15.").traces
        _, [before] = learner.read(torch.full((1, 1), FULL_STOP))
    tolerance = 0.02 if dtype == torch.bfloat16 else 1e-5
    for layer in (0, 1):
        z, g, h = (values(traces, f"layer {layer + 1}", kind) for kind in ("update gate", "candidate", "hidden"))
        earlier = torch.cat([before[layer].double(), h[:-1]])
        torch.testing.assert_close(h, z * earlier + (1 - z) * g, rtol=tolerance, atol=tolerance)
        assert ((values(traces, f"layer {layer + 1}", "reset gate") - 0.5).abs() < 0.5).all()


@pytest.mark.parametrize(
    "options", [{"reverse": True}, {"bidirectional": True}, {"cell": "gru"}, {"cell": "elman", "layers": 2}], ids=str
)
def test_each_column_of_an_encoder_is_of_the_character_read_there(options: dict[str, object]) -> None:
    learner = made(Case("", "seq2seq", {"cells": 16, **options}, len))
    assert isinstance(learner, Seq2Seq)
    traces = watch(learner, "12+3", "15.").traces
    layers = learner.encoder.layers
    hidden = learner.encode(*pad(["12+3"]))[0][-1, 0]
    top = values(traces, f"encoder layer {layers}", "hidden")
    if learner.backward_encoder is not None:
        hidden, other = hidden.chunk(2)
        torch.testing.assert_close(values(traces, "backward encoder layer 1", "hidden")[0], other)
    torch.testing.assert_close(top[0 if learner.reverse else -1], hidden)


@pytest.mark.parametrize("name", ["attention", "transformer"])
def test_the_heads_mean_weights_are_those_that_come_with_the_answers(name: str) -> None:
    learner = made(Case("", name, {"cells": 16, "layers": 2}, len))
    assert isinstance(learner, Attentive)
    learner.output.bias.detach()[:2] = -100.0  # so that it writes no mark  # type: ignore[union-attr]
    [(answer, weights)] = learner.attention_weights(["12+3"], 4)
    parts = ("decoder to the input", "decoder layer 2 to the input")
    looks = [look.weights for look in watch(learner, "12+3", answer).looks if look.part.startswith(parts)]
    assert len(looks) == (1 if name == "attention" else 4)
    torch.testing.assert_close(torch.stack(looks).mean(0), torch.from_numpy(weights))


def test_dropout_takes_no_part_and_nothing_is_noted_afterwards() -> None:
    learner = made(Case("", "lstm", {"cells": 16, "dropout": 0.9}, len)).train()
    first, again = (watch(learner.train(), "12+3", "15.") for _ in range(2))
    assert first.probabilities.equal(again.probabilities)
    assert learner.stack.notes is None  # type: ignore[union-attr]
    other = made(Case("", "transformer", {"cells": 16}, len))
    watch(other, "1", "1.")
    assert not any(module._forward_hooks for module in other.modules())


def test_learners_without_layers_to_watch_are_not_watchable() -> None:
    for name in UNWATCHED:
        assert not isinstance(create(Group.LEARNER, name, {}, SYMBOLS), Watchable)
    assert not isinstance(nn.Linear(1, 1), Watchable)

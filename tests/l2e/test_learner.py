"""What all learners share, with a toy learner; then what must hold for every registered one."""

from collections.abc import Sequence
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, one_hot

import l2e.learner
from generators.samples import Samples
from generators.splits import Split
from l2e.batches import Batch, Layout, PairBatch, StreamBatch, pair_batches, stream_batches
from l2e.evaluation.held_out import held_out
from l2e.learner import Learner, Predictor, evaluation_batches
from l2e.registry import Group, create, names
from l2e.vocabulary import FULL_STOP, PADDING, SYMBOLS, encode
from tests.toys import LookUp, experiment, samples_of

every_learner = pytest.mark.parametrize("name", names(Group.LEARNER))
every_layout = pytest.mark.parametrize("layout", Layout)
small_samples = st.lists(
    st.tuples(st.text("ab1", max_size=5), st.text("12-", max_size=4)), min_size=1, max_size=12
).map(lambda pairs: samples_of(*((text, target + ".") for text, target in pairs)))


class Parrot(Learner):
    """Predicts the right character under teacher forcing; alone it repeats the input, then a full stop, then twos."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self.layout = layout  # type: ignore[misc]
        self.weight = nn.Parameter(torch.zeros(1))

    def forward(self, batch: Batch, state: Any = None) -> tuple[Tensor, Any]:
        return one_hot(batch.answers, SYMBOLS), state

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        assert lengths.tolist() == sorted(lengths.tolist(), reverse=True)
        twos = torch.full((len(inputs), max_characters), int(encode(["2"])[0][0]))
        written = torch.cat([inputs, twos], 1)
        written[torch.arange(len(inputs)), lengths] = FULL_STOP
        return written[:, :max_characters]


@every_layout
@given(samples=small_samples)
def test_teacher_forced_predictions_come_back_sample_by_sample(layout: Layout, samples: Samples) -> None:
    assert Parrot(layout).predict_teacher_forced(samples) == samples.targets


@every_layout
def test_evaluation_takes_as_many_batches_as_it_needs(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(l2e.learner, "EVALUATION_ROWS", 4)
    monkeypatch.setattr(l2e.learner, "EVALUATION_WINDOW", 3)
    samples = samples_of(*((f"{i}", f"{i * i}.") for i in range(30)))
    assert len(evaluation_batches(layout, samples)) > 3
    assert Parrot(layout).predict_teacher_forced(samples) == samples.targets
    assert Parrot(layout).predict(samples.inputs, 9) == [f"{i}." for i in range(30)]


@given(st.lists(st.text("ab1", max_size=5), max_size=12), st.integers(1, 7))
def test_an_answer_ends_with_its_full_stop_or_at_max_characters(inputs: list[str], most: int) -> None:
    assert Parrot(Layout.PAIRS).predict(inputs, most) == [f"{text}."[:most] for text in inputs]


def test_a_prediction_is_made_in_evaluation_mode_and_without_gradients() -> None:
    parrot = Parrot(Layout.PAIRS).train()
    parrot.predict(["a"], 3)
    assert not parrot.training
    assert torch.is_grad_enabled()


def test_learners_and_look_up_tables_are_predictors() -> None:
    assert isinstance(Parrot(Layout.PAIRS), Predictor)
    assert isinstance(LookUp({}), Predictor)


# Every registered learner.


@pytest.fixture(scope="module")
def samples() -> Samples:
    """Twelve test programs."""
    return held_out(experiment(task="program", length=2, nesting=2), Split.TEST, 12, 2, 2)


def made(name: str, seed: int = 0, **options: Any) -> Learner:
    """A small one; in double precision, so that no two logits come close enough for rounding to matter."""
    torch.manual_seed(seed)
    learner: Learner = create(Group.LEARNER, name, {"cells": 64, "layers": 1, **options}, SYMBOLS)
    return learner.double()


def batches_of(learner: Learner, samples: Samples) -> Sequence[Batch]:
    return pair_batches(samples, 8) if learner.layout is Layout.PAIRS else stream_batches(samples, 4, 30)


@every_learner
def test_forward_gives_logits_at_the_answers_alone(name: str, samples: Samples) -> None:
    learner, state = made(name), None
    for batch in batches_of(learner, samples):
        logits, state = learner(batch, state)
        assert logits.shape == (len(batch.answers), SYMBOLS)


@every_learner
def test_every_parameter_learns(name: str, samples: Samples) -> None:
    learner = made(name, layers=2)
    batch = max(batches_of(learner, samples), key=lambda batch: len(batch.answers))
    cross_entropy(learner(batch, None)[0], batch.answers).backward()
    assert [name for name, p in learner.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0] == []


@every_learner
def test_the_same_question_gets_the_same_answer_twice(name: str, samples: Samples) -> None:
    learner = made(name)
    assert learner.predict(samples.inputs, 9) == learner.predict(samples.inputs, 9)
    assert learner.predict_teacher_forced(samples) == learner.predict_teacher_forced(samples)


@every_learner
def test_the_same_seed_gives_the_same_learner(name: str, samples: Samples) -> None:
    assert made(name).predict(samples.inputs, 9) == made(name).predict(samples.inputs, 9)
    assert made(name).predict(samples.inputs, 9) != made(name, seed=1).predict(samples.inputs, 9)


@every_learner
def test_an_answer_does_not_depend_on_the_other_questions(name: str, samples: Samples) -> None:
    learner = made(name, layers=2)
    together = learner.predict(samples.inputs, 9)
    assert together == [learner.predict([text], 9)[0] for text in samples.inputs]
    assert together[::-1] == learner.predict(samples.inputs[::-1], 9)


@every_learner
def test_generation_stops_at_the_latest_at_max_characters(name: str, samples: Samples) -> None:
    long, short = (made(name).predict(samples.inputs, most) for most in (20, 3))
    assert short == [text[:3] for text in long]
    assert max(map(len, long)) == 20


@every_learner
def test_padding_does_not_change_an_answer(name: str, samples: Samples) -> None:
    learner = made(name).eval()
    symbols, lengths = (torch.from_numpy(part) for part in encode(samples.inputs[:1]))
    padded = torch.cat([symbols, torch.full((17,), PADDING)])
    with torch.no_grad():
        assert learner.generate(symbols[None], lengths, 9).equal(learner.generate(padded[None], lengths, 9))


@every_learner
def test_padding_does_not_change_logits(name: str, samples: Samples) -> None:
    learner = made(name)
    (batch, *_) = batches_of(learner, samples)
    if isinstance(batch, PairBatch):
        ends = torch.full((batch.rows, 5), PADDING)
        rows, columns = batch.positions // batch.targets.shape[1], batch.positions % batch.targets.shape[1]
        targets = torch.cat([batch.targets, ends], 1)
        padded: Batch = PairBatch(
            torch.cat([batch.inputs, ends], 1),
            batch.input_lengths,
            targets,
            rows * targets.shape[1] + columns,
            batch.answers,
            batch.owners,
            batch.characters,
        )
    else:
        ends = torch.full((batch.rows, 5), PADDING)
        rows, columns = batch.positions // batch.symbols.shape[1], batch.positions % batch.symbols.shape[1]
        symbols = torch.cat([batch.symbols, ends], 1)
        positions = rows * symbols.shape[1] + columns
        padded = StreamBatch(symbols, positions, batch.answers, batch.owners, batch.characters)
    torch.testing.assert_close(learner(padded, None)[0], learner(batch, None)[0])


@every_learner
def test_an_empty_input_is_answered(name: str) -> None:
    assert [len(text) > 0 for text in made(name).predict(["", "a", ""], 3)] == [True] * 3
    assert len(made(name).predict([""], 3)) == 1
    assert made(name).predict([], 3) == []


@every_learner
def test_a_state_dict_carries_the_whole_learner(name: str, samples: Samples) -> None:
    first, second = made(name), made(name, seed=1)
    second.load_state_dict(first.state_dict())
    assert second.predict(samples.inputs, 9) == first.predict(samples.inputs, 9)
    assert second.predict_teacher_forced(samples) == first.predict_teacher_forced(samples)

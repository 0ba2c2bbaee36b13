"""What all learners share, with toy learners; that it holds for every built-in one is seen in `tests/baselines`."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import one_hot

import l2e.learner
from generators.samples import Samples
from l2e.batches import Batch, Layout, pad, stream_batches
from l2e.learner import (
    ANSWERS_TOGETHER,
    Learner,
    PairLearner,
    Predictor,
    StreamLearner,
    evaluation_batches,
    generate_greedily,
    logits_at,
)
from l2e.vocabulary import END_MARK, END_OF_INPUT, FULL_STOP, SYMBOLS, decode, encode
from tests.toys import LookUp, samples_of

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


# Learners of one small method


class OneLayer(StreamLearner):
    """Writes `read` and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.embedding, self.gru = nn.Embedding(SYMBOLS, 8), nn.GRU(8, 8, batch_first=True)
        self.output = nn.Linear(8, SYMBOLS)
        for parameter in self.double().parameters():
            nn.init.normal_(parameter)

    def read(self, symbols: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        found: tuple[Tensor, Tensor] = self.gru(self.embedding(symbols), state)
        return found


class Pair(PairLearner):
    """Writes `encode` and `decode`."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = OneLayer()
        self.output = self.inner.output

    def encode(self, inputs: Tensor, lengths: Tensor) -> Tensor:
        present = torch.arange(inputs.shape[1]) < lengths[:, None]
        return (self.inner.embedding(inputs) * present[..., None]).sum(1)[None]

    def decode(self, symbols: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        return self.inner.read(symbols, state)


TEXTS = ["12+3", "7", "", "8-9+", "5", "print(1)"]


def after(learner: OneLayer | Pair, text: str, state: Tensor | None) -> str:
    """The character that is likeliest after a text."""
    network = learner if isinstance(learner, OneLayer) else learner.inner
    vectors, _ = network.read(torch.from_numpy(encode_marked(text)), state)
    return decode(learner.output(vectors[:, -1]).argmax(1).detach().numpy())


def encode_marked(text: str) -> npt.NDArray[np.int64]:
    """Symbols [1, characters] of a text with the mark of the end of input in it."""
    before, _, behind = text.partition(END_MARK)
    return np.concatenate([encode([before])[0], [END_OF_INPUT], encode([behind])[0]])[None]


@pytest.mark.parametrize("kind", [OneLayer, Pair])
def test_generation_comes_with_the_class(kind: type[OneLayer] | type[Pair]) -> None:
    learner, expected = kind(), []
    for text in TEXTS:
        answer, state = "", None
        if isinstance(learner, Pair):
            state = learner.encode(*pad([text]))
        while len(answer) < 6 and not answer.endswith("."):
            answer += after(learner, (f".{text}" if state is None else "") + END_MARK + answer, state)
        expected.append(answer)
    assert learner.predict(TEXTS, 6) == expected
    assert len(set(expected)) > 1


def test_a_stream_is_one_text_whatever_the_windows() -> None:
    learner, state, found = OneLayer(), None, []
    samples = samples_of(*((text, "12.") for text in TEXTS))
    [whole] = stream_batches(samples, 1, 100)
    for window in stream_batches(samples, 1, 4):
        logits, state = learner(window, state)
        found.append(logits)
    torch.testing.assert_close(torch.cat(found), learner(whole)[0])


# What they are made of


@pytest.mark.parametrize("answers", [0, 1, ANSWERS_TOGETHER - 1, ANSWERS_TOGETHER, ANSWERS_TOGETHER + 1])
def test_logits_are_those_of_the_vectors_at_the_positions_in_products_of_few_sizes(answers: int) -> None:
    vectors = torch.randn(5, 40, 3, requires_grad=True)
    positions, output, sizes = torch.randint(200, (answers,)), nn.Linear(3, 7), []

    def noted(x: Tensor) -> Tensor:
        sizes.append(len(x))
        logits: Tensor = output(x)
        return logits

    logits = logits_at(positions, vectors, noted)
    expected = output(vectors.flatten(0, 1)[positions])
    torch.testing.assert_close(logits, expected)
    assert [size % ANSWERS_TOGETHER for size in sizes] == [0]
    ours, theirs = (torch.autograd.grad(x.sin().sum(), vectors)[0] for x in (logits, expected))
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize(
    ("texts", "most", "expected"),
    [
        (["12.", "-3."], 9, ["12.", "-3."]),
        (["1.999", "123.9"], 9, ["1.99", "123."]),  # until every row has written a full stop
        ([".11.", "111."], 9, [".11.", "111."]),  # the first has stopped at once
        (["12345", "123.5"], 4, ["1234", "123."]),
        (["12345"], 0, [""]),
    ],
)
def test_greedy_generation_writes_the_likeliest_symbols_and_reads_them(
    texts: list[str], most: int, expected: list[str]
) -> None:
    script, read = torch.from_numpy(encode(texts)[0].reshape(len(texts), -1)), list[list[int]]()

    def step(symbols: Tensor, written: int) -> tuple[Tensor, int]:
        read.append(symbols.tolist())
        return one_hot(script[:, written], SYMBOLS), written + 1

    found = generate_greedily(step, torch.zeros(len(texts), dtype=torch.int64), 0, most)
    assert [decode(row) for row in found.numpy()] == expected
    assert read == [[0] * len(texts), *script.T.tolist()][: found.shape[1]]

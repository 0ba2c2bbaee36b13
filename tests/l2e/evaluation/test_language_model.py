"""Learners as language models: bits per character, texts that they write, and what the task says of those."""

from __future__ import annotations

import math
import re
import zlib
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

import l2e.evaluation.language_model
from generators.samples import Samples
from l2e.batches import Layout, StreamBatch
from l2e.evaluation.language_model import bits_per_character, judge, write_texts
from l2e.experiments.experiment import TEXT
from l2e.learner import Learner
from l2e.registry import Group, create, names
from l2e.vocabulary import CHARACTERS, END_OF_INPUT, FULL_STOP, PADDING, SYMBOLS, encode
from tests.toys import ThreeSamples, samples_of

State = tuple[Tensor, ...]

SAMPLES = samples_of(("1+1", "2."), ("12+1", "13."), ("5-7", "-2."), ("", "0."), ("8", "8."))
SOME_STREAM_LEARNERS = ["gru", "lstm", "memoryless"]
MARK = chr(END_OF_INPUT)


class Reciter(Learner):
    """Believes that one text follows, whatever it reads, and after its end the same again."""

    layout: ClassVar[Layout] = Layout.STREAM

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = torch.tensor([END_OF_INPUT if c == MARK else int(encode([c])[0][0]) for c in text])
        self.weight = nn.Parameter(torch.ones(1))

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        read = state[0] if state else torch.zeros((), dtype=torch.int64)
        ahead = read + torch.arange(batch.symbols.shape[1])
        believed = 30 * nn.functional.one_hot(self.text[ahead % len(self.text)], SYMBOLS) * self.weight
        logits = believed.repeat(batch.rows, 1)[batch.positions]
        return logits, (read + batch.symbols.shape[1],)

    def generate(self, inputs: Tensor, lengths: Tensor, max_characters: int) -> Tensor:
        raise NotImplementedError


class Indifferent(Reciter):
    """Gives every character of any text the same logits."""

    def __init__(self, logits: Tensor) -> None:
        super().__init__("")
        self.logits = logits

    def forward(self, batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        return self.logits.repeat(len(batch.positions), 1), ()


def made(name: str) -> Learner:
    torch.manual_seed(0)
    learner: Learner = create(Group.LEARNER, name, {"cells": 16}, SYMBOLS)
    return learner.double()


def symbols_of(texts: list[tuple[str, str]]) -> list[int]:
    """One running text: each input, the end of input and the target."""
    found: list[int] = []
    for text, target in texts:
        found += [*encode([text])[0].tolist(), END_OF_INPUT, *encode([target])[0].tolist()]
    return found


@torch.no_grad()
def one_at_a_time(learner: Learner, symbols: list[int]) -> Tensor:
    """Logits [characters, symbols] after each character of one running text."""
    learner.eval()
    found, state = [], None
    for symbol in symbols:
        here = torch.tensor([[symbol]])
        batch = StreamBatch(here, torch.tensor([0]), here[0], here[0].numpy(), 1)
        logits, state = learner(batch, state)
        found.append(logits[0])
    return torch.stack(found)


# Bits per character.


@pytest.mark.parametrize("window", [1, 3, 50])
@pytest.mark.parametrize("name", SOME_STREAM_LEARNERS)
def test_bits_are_those_of_reading_one_character_at_a_time(
    name: str, window: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(l2e.evaluation.language_model, "EVALUATION_ROWS", 2)  # one lane
    monkeypatch.setattr(l2e.evaluation.language_model, "EVALUATION_WINDOW", window)
    learner = made(name)
    symbols = [FULL_STOP, *symbols_of(list(SAMPLES))]
    chances = one_at_a_time(learner, symbols[:-1]).softmax(1)
    bits = [-math.log2(chance[symbol]) for chance, symbol in zip(chances, symbols[1:], strict=True)]
    assert bits_per_character(learner, SAMPLES) == pytest.approx(sum(bits) / len(bits))


@given(st.integers(1, 40), st.integers(1, 150), st.floats(-5, 5))
def test_equal_logits_cost_the_logarithm_of_the_number_of_symbols(length: int, n: int, logit: float) -> None:
    samples = samples_of(*[("7" * length, "1.")] * n)
    learner = Indifferent(torch.full((1, SYMBOLS), logit))
    assert bits_per_character(learner, samples) == pytest.approx(math.log2(SYMBOLS), rel=1e-5)


def test_a_text_that_is_known_by_heart_costs_nothing() -> None:
    text = f"1+1{MARK}2."
    knows = Reciter(text)
    assert bits_per_character(knows, samples_of(("1+1", "2."))) < 1e-6
    assert bits_per_character(knows, samples_of(("1+1", "3."))) > 5


def test_bits_are_measured_without_dropout_or_gradients() -> None:
    learner: Learner = create(Group.LEARNER, "lstm", {"cells": 16, "dropout": 0.9}, SYMBOLS)
    assert bits_per_character(learner.train(), SAMPLES) == bits_per_character(learner, SAMPLES)
    assert torch.is_grad_enabled()


# Writing.


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.0])
def test_the_same_seed_writes_the_same_texts(temperature: float) -> None:
    first, again, other = (write_texts(made("lstm"), 5, temperature, seed, 40) for seed in (3, 3, 4))
    assert first == again
    assert (first == other) == (temperature == 0)


@pytest.mark.parametrize("name", SOME_STREAM_LEARNERS)
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_learner_reads_what_it_has_written(name: str, temperature: float, monkeypatch: pytest.MonkeyPatch) -> None:
    learner = made(name)
    seen: list[Tensor] = []

    def watched(batch: StreamBatch, state: State | None = None) -> tuple[Tensor, State]:
        logits, after = forward(batch, state)
        seen.append(logits.clone())
        return logits, after

    forward = learner.forward
    monkeypatch.setattr(learner, "forward", watched)
    texts = write_texts(learner, 3, temperature, 0, 12)
    monkeypatch.undo()
    for row, (text, _) in enumerate(texts):
        read = [FULL_STOP, *encode([text])[0].tolist()][: len(seen)]
        torch.testing.assert_close(torch.stack(seen)[: len(read), row], one_at_a_time(learner, read))


@pytest.mark.parametrize("name", SOME_STREAM_LEARNERS)
def test_temperature_zero_takes_the_likeliest_character(name: str) -> None:
    learner = made(name)
    symbols = [FULL_STOP]
    while len(symbols) <= 20 and (symbols[-1] != FULL_STOP or len(symbols) == 1):
        logits = one_at_a_time(learner, symbols)[-1]
        logits[PADDING] = -math.inf
        symbols.append(int(logits.argmax()))
    [(text, target)] = write_texts(learner, 1, 0, 0, 20)
    wanted = [symbol for symbol in symbols[1:] if symbol != END_OF_INPUT]
    assert encode([text + target])[0].tolist() == wanted


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_characters_are_drawn_with_the_tempered_probabilities(temperature: float) -> None:
    chances = torch.full((SYMBOLS,), 1e-12)
    letters = encode(["abc"])[0]
    chances[letters] = torch.tensor([0.6, 0.3, 0.1])
    texts = write_texts(Indifferent(chances.log()[None]), 20_000, temperature, 0, 1)
    wanted = torch.tensor([0.6, 0.3, 0.1]) ** (1 / temperature)
    found = [sum(text == letter for text, _ in texts) / len(texts) for letter in "abc"]
    assert found == pytest.approx((wanted / wanted.sum()).tolist(), abs=0.015)  # four standard deviations


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_padding_is_never_written(temperature: float) -> None:
    logits = torch.full((1, SYMBOLS), -9.0)
    logits[:, PADDING], logits[:, encode(["a"])[0][0]] = 20, 10
    assert write_texts(Indifferent(logits), 2, temperature, 0, 3) == [("aaa", "")] * 2


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"1+1{MARK}2.", ("1+1", "2.")),
        (f"1+1{MARK}2.3{MARK}4.", ("1+1", "2.")),
        (f"1{MARK}2{MARK}3.", ("1", "23.")),
        (f"{MARK}2.", ("", "2.")),
        (f"1+1{MARK}.", ("1+1", ".")),
        ("1+1.", ("1+1.", "")),
        (f"1.2{MARK}3.", ("1.", "")),
        (".", (".", "")),
    ],
)
def test_a_text_splits_at_the_end_of_input_and_stops_at_its_full_stop(text: str, written: tuple[str, str]) -> None:
    assert write_texts(Reciter(text), 2, 0, 0, 50) == [written] * 2


@given(st.integers(1, 30), st.sampled_from(["abcdefgh", f"abc{MARK}defgh"]))
def test_a_text_without_a_full_stop_ends_at_max_characters(most: int, text: str) -> None:
    whole = (text * 4)[:most]
    before, _, after = whole.partition(MARK)
    assert write_texts(Reciter(text), 1, 0, 0, most) == [(before, after.replace(MARK, ""))]


def test_each_text_ends_with_its_own_full_stop() -> None:
    likely = torch.full((1, SYMBOLS), -9.0)
    likely[:, encode([".ab"])[0]] = torch.tensor([0.0, 1.0, 1.0])
    texts = [text + target for text, target in write_texts(Indifferent(likely), 30, 1, 0, 200)]
    assert all(re.fullmatch(r"[^.]*\.", text) for text in texts)
    assert len({len(text) for text in texts}) > 5


def test_texts_are_written_without_dropout_or_gradients() -> None:
    learner: Learner = create(Group.LEARNER, "lstm", {"cells": 16, "dropout": 0.9}, SYMBOLS)
    assert write_texts(learner.train(), 3, 1, 0, 20) == write_texts(learner, 3, 1, 0, 20)
    assert torch.is_grad_enabled()


# Judging.


@pytest.mark.parametrize(
    ("text", "right", "parses", "agrees"),
    [
        (("a", "1."), "1.", True, True),
        (("c", "333."), "333.", True, True),
        (("a", "-22."), "1.", True, False),
        (("a", "1"), "1.", True, False),
        (("a", ""), "1.", True, False),
        (("d", "1."), None, False, False),
        (("", ""), None, False, False),
    ],
)
def test_a_text_is_judged_by_what_the_task_answers(
    text: tuple[str, str], right: str | None, parses: bool, agrees: bool
) -> None:
    written = judge(text, ThreeSamples().answer)
    assert (written.input, written.target, written.right) == (*text, right)
    assert (written.parses, written.agrees) == (parses, agrees)


@given(st.text(st.sampled_from(CHARACTERS), max_size=20))
def test_a_text_belongs_to_the_training_split_by_the_hash_of_its_input(text: str) -> None:
    assert judge((text, "1."), ThreeSamples().answer).in_training_split == (zlib.crc32(text.encode()) % 3 == 0)


each_task = pytest.mark.parametrize("name", [name for name in names(Group.TASK) if name != TEXT])


def samples_of_task(name: str) -> Samples:
    ones = np.ones(20, np.int64)
    samples: Samples = create(Group.TASK, name, {}).sample(2 * ones, ones, np.random.default_rng(0))
    return samples


@each_task
def test_the_samples_of_a_task_parse_and_agree(name: str) -> None:
    task = create(Group.TASK, name, {})
    written = [judge((text, target), task.answer) for text, target in samples_of_task(name)]
    assert all(text.parses and text.agrees for text in written)


@each_task
@given(text=st.text(st.sampled_from("print()=;\nforxinage0123456789+-*<>:, if else ."), max_size=60))
def test_whatever_is_written_is_judged(name: str, text: str) -> None:
    written = judge((text, "1."), create(Group.TASK, name, {}).answer)
    assert written.parses == (written.right is not None)

"""`l2e sample`: texts of a network that was trained on all characters, and what they are worth."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generators.scrambling import Scrambling
from generators.splits import Split, split_of
from l2e.evaluation.language_model import write_texts
from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run
from tests import toys
from tests.l2e.cli.conftest import CommandLine, Trained

RECITER = """
import torch
from l2e.vocabulary import decode
from l2e.batches import Layout
from l2e.learner import Learner

class Reciter(Learner):
    layout = Layout.STREAM

    def __init__(self, symbols, text):
        super().__init__()
        texts = [decode(torch.tensor([symbol]).numpy()) for symbol in range(symbols)]
        self.logits = torch.nn.Parameter(torch.tensor([[99.0 * (t == c) for t in texts] for c in text]))

    def forward(self, batch, state=None):
        place = state[0] if state else torch.tensor(0)
        return self.logits[place % len(self.logits)].repeat(batch.rows, 1), (place + 1,)

    def generate(self, inputs, lengths, max_characters):
        raise NotImplementedError
"""
"""Writes one text again and again."""

GRU = Choice(name="gru", options={"cells": 16})


def writer(path: Path, learner: Choice = GRU, **changes: Any) -> Run:
    """A run of a network as it is at first, that was to learn all characters."""
    recipe = toys.experiment().recipe.model_copy(update={"loss_over": "all"})
    of = toys.experiment(learner=learner, recipe=recipe, **changes)
    run = Run(path)
    run.begin(of)
    run.save_checkpoint(1, toys.untrained(of.make_learner()))
    return run


def test_json_holds_the_texts_and_their_totals(l2e: CommandLine, tmp_path: Path) -> None:
    from l2e.evaluation.checkpoint import trained_learner

    run = writer(tmp_path / "run")
    done = l2e("sample", "run", "-n", 12, "--temperature", 0.8, "--max-characters", 60, "--seed", 3, "--json")
    found = json.loads(done.output)
    texts = [(text["input"], text["target"]) for text in found["texts"]]
    assert texts == write_texts(trained_learner(run), 12, 0.8, 3, 60)
    assert found["written"] == 12
    assert found["parse"] == sum(text["right"] is not None for text in found["texts"])
    assert found["agree"] == sum(text["right"] == text["target"] for text in found["texts"])
    assert found["in_training_split"] == sum(split_of(text) is Split.TRAIN for text, _ in texts)


@pytest.mark.parametrize(
    ("text", "verdict", "totals"),
    [
        ("print(1+2)\x013.", "print(1+2)\n  3.  right", "2 written, 2 parse, 2 print what the network says"),
        ("print(1+2)\x014.", "print(1+2)\n  4.  wrong: 3.", "2 written, 2 parse, 0 print what the network says"),
        ("print(.", "print(.\n  (nothing)  does not parse", "2 written, 0 parse, 0 print what the network says"),
    ],
)
def test_a_person_reads_each_text_with_its_verdict_and_the_totals(
    l2e: CommandLine, tmp_path: Path, text: str, verdict: str, totals: str
) -> None:
    (tmp_path / "mine.py").write_text(RECITER)
    writer(tmp_path / "run", Choice(name=f"{tmp_path}/mine.py:Reciter", options={"text": text}))
    done = l2e("sample", "run", "-n", 2)
    in_training_split = 2 * (split_of(text.partition("\x01")[0]) is Split.TRAIN)
    last = f"{totals}, {in_training_split} belong to the training split (by chance a third would)"
    assert done.output.split("\n\n") == [verdict, verdict, last + "\n"]


def test_a_scrambled_view_is_undone(l2e: CommandLine, tmp_path: Path) -> None:
    from l2e.evaluation.checkpoint import trained_learner

    run, view = writer(tmp_path / "run", scramble=7), Scrambling(7)
    found = json.loads(l2e("sample", "run", "-n", 4, "--max-characters", 30, "--json").output)
    assert [(view.scramble(text["input"]), view.scramble(text["target"])) for text in found["texts"]] == write_texts(
        trained_learner(run), 4, 1.0, 0, 30
    )


def test_a_run_trained_on_answers_is_a_failure_that_says_how_to_train(
    error_of: Callable[..., str], trained: Trained
) -> None:
    errors = error_of(1, "sample", trained.path)
    assert f"the run at {trained.path} was trained on answers alone; train one with --loss all" in errors


def test_a_missing_run_is_a_failure(error_of: Callable[..., str]) -> None:
    assert "there is no run at no: experiment.json is missing" in error_of(1, "sample", "no")


@pytest.mark.parametrize("arguments", [["-n", "0"], ["--max-characters", "0"]])
def test_bad_usage_is_told_what_is_right(error_of: Callable[..., str], arguments: list[str]) -> None:
    assert "is not in the range" in error_of(2, "sample", "run", *arguments)


@pytest.mark.parametrize("temperature", ["nan", "inf", "-inf", "-1", "1e-39", "0.009", "1e39"])
def test_a_temperature_that_nothing_can_be_drawn_at_is_bad_usage(
    error_of: Callable[..., str], temperature: str
) -> None:
    errors = error_of(2, "sample", "run", f"--temperature={temperature}")
    assert f"'--temperature': {float(temperature):g} is neither 0 nor from 0.01 to 1000000" in errors


@pytest.mark.parametrize("temperature", ["0", "0.01", "1e6"])
def test_texts_are_drawn_at_the_ends_of_the_temperatures(l2e: CommandLine, tmp_path: Path, temperature: str) -> None:
    writer(tmp_path / "run")
    done = l2e("sample", "run", "-n", 2, "--max-characters", 5, "--temperature", temperature, "--json")
    assert (done.code, done.errors) == (0, "")
    assert json.loads(done.output)["written"] == 2

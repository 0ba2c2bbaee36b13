"""`l2e demo`: what small networks write as they learn."""

import json
from collections.abc import Callable

import pytest

from l2e.training import kept_bits
from tests.l2e.cli.conftest import CommandLine


def test_hello_shows_how_far_the_network_is_until_it_writes_the_word(l2e: CommandLine) -> None:
    done = l2e("demo", "hello", "--seed", 3, "--every", 50)
    assert done.code == 0
    first, _, _, _, *rows = done.output.splitlines()
    assert first == "An Elman network of 40 parameters."
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]
    assert [(update, text) for update, _, text in cells] == [("0", "HEEEE"), ("50", "HELLO"), ("100", "HELLO")]


def test_hello_as_json_has_the_same_looks(l2e: CommandLine) -> None:
    found = json.loads(l2e("demo", "hello", "--updates", 5, "--every", 5, "--json").output)
    assert found["parameters"] == 40
    assert [(look["update"], set(look)) for look in found["looks"]] == [
        (0, {"update", "loss", "text"}),
        (5, {"update", "loss", "text"}),
    ]


def test_hello_without_updates_shows_the_untrained_network(l2e: CommandLine) -> None:
    assert len(json.loads(l2e("demo", "hello", "--updates", 0, "--json").output)["looks"]) == 1


def test_memory_is_a_table_of_predictors_by_digits_and_a_picture(
    l2e: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_bits, "UPDATES", 1)
    asked = ("demo", "memory", "--digits", 2, "--states", 1, "--states", 3, "--learner", "elman")
    done = l2e(*asked, "--out", "drawn/memory.svg")
    assert done.code == 0, done.errors
    lines = [line for line in done.output.splitlines() if line.startswith("|")]
    head, _, *rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    assert head == ["predictor", "of 3.32 (1 digit)", "of 6.64 (2 digits)"]
    assert [row[0] for row in rows] == ["hmm[states=1]", "hmm[states=3]", "elman[cells=64]"]
    assert "<!-- hmm[states=3] -->" in (l2e.folder / "drawn" / "memory.svg").read_text()
    found = json.loads(l2e(*asked, "--json").output)
    assert [f"{one['kept_bits']:z.2f} / {100 * one['copied']:.1f} %" for one in found[:3]] == [row[1] for row in rows]


def test_memory_asks_for_a_learner_of_running_text(error_of: Callable[..., str]) -> None:
    assert "unknown learner 'ltsm'; did you mean 'lstm'?" in error_of(2, "demo", "memory", "--learner", "ltsm")
    assert "seq2seq reads the whole input" in error_of(2, "demo", "memory", "--learner", "seq2seq", "--states", 1)

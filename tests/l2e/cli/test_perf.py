"""`l2e perf` through its real entry point."""

import json
from collections.abc import Callable, Iterator

import pytest
import torch
from click.testing import CliRunner

from l2e.cli import perf
from l2e.perf import benchmarks
from l2e.perf.measure import Line
from l2e.training import run_experiment
from tests.l2e.cli.conftest import CommandLine


def test_lines_are_ratios_in_json(l2e: CommandLine) -> None:
    done = l2e("perf", "generate", "--json", "--threads", 1)
    assert done.code == 0, done.errors
    (line,) = map(json.loads, done.output.splitlines())
    assert line["unit"] == "programs/s"
    assert line["low"] <= line["ratio"] <= line["high"]


def test_a_device_that_is_not_there_is_refused(l2e: CommandLine) -> None:
    done = l2e("perf", "train", "--device", "nonsense")
    assert done.code == 1
    assert "nonsense" in done.errors
    assert done.output == ""


def test_a_race_on_another_device_is_bad_usage(error_of: Callable[..., str]) -> None:
    errors = error_of(2, "perf", "train", "race", "--device", "cuda")
    assert "race runs on the processor only, not on --device cuda" in errors


@pytest.mark.parametrize(
    ("device", "measured"),
    [
        ("cpu", ["train", "race", "memory", "population", "generate", "score"]),
        ("meta", ["train", "population", "score"]),
    ],
)
def test_by_default_all_that_the_device_can_do_is_measured(
    monkeypatch: pytest.MonkeyPatch, device: str, measured: list[str]
) -> None:
    def named(name: str) -> Callable[[object], Iterator[Line]]:
        return lambda device: iter([Line(f"{name} on {device}", 1.0, "runs/s")])

    monkeypatch.setattr(run_experiment, "device_named", torch.device)  # meta is refused for training
    monkeypatch.setattr(benchmarks, "BENCHMARKS", {name: named(name) for name in perf.NAMES})
    done = CliRunner().invoke(perf.command, ["--device", device, "--json"], catch_exceptions=False)
    assert [json.loads(line)["what"] for line in done.output.splitlines()] == [
        f"{name} on {device}" for name in measured
    ]

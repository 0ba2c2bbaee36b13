"""Runs to report on: complete ones, with checks, answers and an environment, nothing trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from l2e.experiments.run import Run
from l2e.reporting.html import Content, gather
from tests.toys import check, experiment, finished_run, row

ENVIRONMENT: dict[str, Any] = {
    "python": "3.11.7",
    "packages": {"l2e": "0.1.0", "torch": "2.13.0"},
    "commit": "0123abcd+",
    "machine": {"processor": "Abacus 9", "cores": 2, "system": "Linux", "gpu": None},
    "threads": 1,
}
Answer = tuple[str, str, str, str]  # input, target, free-running, teacher-forced


def told_run(folder: Path, answers: Sequence[Answer], accuracy: float = 0.5, **changes: Any) -> Run:
    """A complete run of addition with these answers, and two checks, the first at length 1."""
    of = experiment(**changes)
    labels = {"task": str(of.task), "length": of.length, "nesting": of.nesting}
    rules = ("teacher_forced_accuracy", "character_accuracy", "exact_match")
    rows = [row(str(of.learner), str(of.curriculum), of.seed, accuracy, **labels, rule=rule) for rule in rules]
    rows += [row("uniform", None, None, 0.1, **labels, rule=rule) for rule in rules]
    run = finished_run(folder / of.id, of, rows)
    run.write_json("result.json", {**run.result(), "updates": 200, "characters": 12345, "parameters": 678})
    run.write_json("environment.json", ENVIRONMENT)
    for update, length in ((100, 1), (200, of.length)):
        run.append_metrics(
            check(
                update,
                seconds=update / 10,
                validation_accuracy=update / 400,
                target_accuracy=update / 400 * length / of.length,
                length=length,
                nesting=of.nesting,
            )
        )
    fields = ("input", "target", "answer", "teacher_forced")
    at = {"length": of.length, "nesting": of.nesting}
    run.write_predictions(at | dict(zip(fields, answer, strict=True)) for answer in answers)
    return run


SUMS: dict[str, list[Answer]] = {
    "baseline": [
        ("print(1+2)", "3.", "3.", "3."),
        ("print(8+9)", "17.", "18.", "17."),
        ("print(5+5)", "10.", "1.", "10."),
    ],
    "naive": [
        ("print(1+2)", "3.", "3.", "4."),
        ("print(8+9)", "17.", "17.", "17."),
        ("print(5+5)", "10.", "100.", "10."),
    ],
}


def make_two_runs(folder: Path) -> Path:
    """Baseline at 50 % and naive at 75 %, with three answers each."""
    for curriculum, accuracy in (("naive", 0.75), ("baseline", 0.5)):
        told_run(folder, SUMS[curriculum], accuracy, curriculum=curriculum, length=2)
    return folder


@pytest.fixture(scope="session")
def kept_two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of two runs; leave it as it is."""
    return make_two_runs(tmp_path_factory.mktemp("two") / "runs")


@pytest.fixture(scope="session")
def content_of_two_runs(kept_two_runs: Path) -> Content:
    """What a report gathers from them."""
    return gather([kept_two_runs])


@pytest.fixture
def two_runs(tmp_path: Path) -> Path:
    """The folder of two runs."""
    return make_two_runs(tmp_path / "runs")

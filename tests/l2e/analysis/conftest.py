"""Runs to analyse: complete ones, nothing trained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run
from l2e.metrics import Rule
from tests.l2e.reporting.html.conftest import make_two_runs
from tests.toys import check, experiment, finished_run, row


def scored_run(folder: Path, accuracy: float = 0.5, curve: Sequence[float] = (), **changes: Any) -> Run:
    """A complete run of this accuracy under every rule, beside a uniform predictor of 10 %.

    Args:
        folder: where it is put, under its id.
        accuracy: of the run.
        curve: accuracy at the target of checks, one after 100 updates each.
        changes: of the experiment.
    """
    of = experiment(**changes)
    labels = {"task": str(of.task), "length": of.length, "nesting": of.nesting}
    rows = [row(str(of.learner), str(of.curriculum), of.seed, accuracy, **labels, rule=rule.value) for rule in Rule]
    rows += [row("uniform", None, None, 0.1, **labels, rule=rule.value) for rule in Rule]
    run = finished_run(folder / of.id, of, rows)
    run.write_json("result.json", {**run.result(), "updates": 100 * len(curve)})
    for number, height in enumerate(curve, 1):
        run.append_metrics(check(100 * number, target_accuracy=height))
    return run


def scored(folder: Path, seeds: Sequence[float], **changes: Any) -> list[Run]:
    """Runs of these accuracies, of the seeds 0, 1, …"""
    return [scored_run(folder, accuracy, seed=seed, **changes) for seed, accuracy in enumerate(seeds)]


def learnt(folder: Path, curves: Sequence[Sequence[float]], **changes: Any) -> list[Run]:
    """Runs of these curves, of the seeds 0, 1, …"""
    return [scored_run(folder, curve=curve, seed=seed, **changes) for seed, curve in enumerate(curves)]


def set_of(*runs: Sequence[Run]) -> RunSet:
    """All of them."""
    return RunSet.of(run for some in runs for run in some)


def two_files(folder: Path) -> list[str]:
    """Curricula of the same name in files of the same name that say different things."""
    named = []
    for place in ("here", "there"):
        file = folder / place / "mine.py"
        file.parent.mkdir(parents=True)
        file.write_text(f"from tests.toys import Alternating as Mine  # {place}\n")
        named.append(f"{file}:Mine")
    return named


@pytest.fixture(scope="session")
def kept_two_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of baseline and one of naive, with three answers each; leave it as it is."""
    return make_two_runs(tmp_path_factory.mktemp("two") / "runs")

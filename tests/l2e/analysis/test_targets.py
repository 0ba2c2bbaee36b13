"""Runs by task and target."""

from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.targets import by_target
from l2e.experiments.run import Run, RunError
from tests.toys import experiment


def begun(folder: Path, **changes: Any) -> Run:
    of = experiment(**changes)
    run = Run(folder / of.name)
    run.begin(of)
    return run


def test_targets_are_sorted_by_their_numbers_and_scrambled_views_stand_apart(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"length": 10},
        {"length": 9, "scramble": 4},
        {"length": 9},
        {"task": "program", "length": 2, "nesting": 3},
    ]
    found = by_target([begun(tmp_path, **change) for change in changes])
    assert list(found) == [
        "addition (9, 1)",
        "addition (9, 1), scrambled with seed 4",
        "addition (10, 1)",
        "program (2, 3)",
    ]


def test_runs_of_a_target_stand_in_the_papers_order_then_by_seed(tmp_path: Path) -> None:
    order = [("baseline", 0), ("naive", 0), ("naive", 1), ("mix", 0), ("combined", 0)]
    runs = [begun(tmp_path, curriculum=curriculum, seed=seed) for curriculum, seed in order]
    (members,) = by_target(runs[::-1]).values()
    assert members == runs


def test_without_runs_there_are_no_targets() -> None:
    assert by_target([]) == {}


def test_a_run_without_experiment_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"experiment\.json is missing"):
        by_target([Run(tmp_path)])

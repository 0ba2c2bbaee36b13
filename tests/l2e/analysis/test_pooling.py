"""Runs of one strategy, whatever their targets and seeds."""

from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.pooling import pools
from l2e.experiments.run import Run, RunError
from tests.toys import experiment, finished_run


def add_run(folder: Path, **changes: Any) -> Run:
    of = experiment(**changes)
    return finished_run(folder / of.name, of, [])


def test_targets_and_seeds_of_a_strategy_are_together_and_curricula_in_the_papers_order(tmp_path: Path) -> None:
    runs = [
        add_run(tmp_path, curriculum="mix"),
        add_run(tmp_path, curriculum="baseline", length=2, seed=1),
        add_run(tmp_path, curriculum="baseline", length=2, seed=0),
        add_run(tmp_path, curriculum="baseline", length=1, test_samples=5),
    ]
    found = pools(runs)
    assert [(pool.task, pool.strategy) for pool in found] == [("addition", "baseline"), ("addition", "mix")]
    assert [(of.length, of.seed) for _, of in found[0].runs] == [(1, 0), (2, 0), (2, 1)]


def test_other_tasks_views_and_budgets_are_apart(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, **changes) for changes in ({}, {"task": "copy"}, {"scramble": 3}, {"budget": "9updates"})]
    assert [(pool.task, pool.strategy) for pool in pools(runs)] == [
        ("addition", "baseline · budget of the recipe"),
        ("addition", "baseline · budget 9updates"),
        ("addition, scrambled with seed 3", "baseline"),
        ("copy", "baseline"),
    ]


def test_a_run_named_twice_counts_once_and_an_unfinished_one_not(tmp_path: Path) -> None:
    run, begun = add_run(tmp_path), Run(tmp_path / "begun")
    begun.begin(experiment(seed=3))
    (pool,) = pools([run, Run(run.path.parent / "." / run.path.name), begun])
    assert [found.path for found, _ in pool.runs] == [run.path]


def test_only_unfinished_runs_have_no_pool(tmp_path: Path) -> None:
    Run(tmp_path).begin(experiment())
    with pytest.raises(RunError, match="none of the 1 runs is complete yet"):
        pools([Run(tmp_path)])

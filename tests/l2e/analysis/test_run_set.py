"""Runs found, read once, and chosen from."""

from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.run_set import RunSet, find_runs
from l2e.experiments.run import Run, RunError
from tests.l2e.analysis.conftest import scored_run
from tests.toys import experiment, finished_run


def test_a_folder_is_read_whole_and_knows_its_title_and_what_is_unfinished(tmp_path: Path) -> None:
    for length in (10, 5):
        of = experiment(task="copy", length=length)
        finished_run(tmp_path / of.name, of, [])
    begun = Run(tmp_path / "z")
    begun.begin(experiment(seed=9))
    (tmp_path / "title.txt").write_text("Copies\n")
    runs = RunSet.read([tmp_path, tmp_path / "."])
    assert [run.experiment.length for run in runs] == [5, 10]
    assert runs.unfinished == (begun.path,)
    assert runs.heading == "Copies"
    with pytest.raises(RunError, match=f"1 of 3 runs are not complete: {begun}. Results are of whole suites"):
        runs.require_complete()


def test_at_most_five_unfinished_runs_are_named(tmp_path: Path) -> None:
    scored_run(tmp_path)
    for seed in range(7):
        Run(tmp_path / str(seed)).begin(experiment(seed=seed + 1))
    with pytest.raises(RunError, match=r"7 of 8 runs are not complete: (\S+, ){4}\S+ and 2 more\."):
        RunSet.read([tmp_path]).require_complete()


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"there is no run at or below {tmp_path}"):
        find_runs([tmp_path])
    begun = Run(tmp_path / "begun")
    begun.begin(experiment())
    with pytest.raises(RunError, match="none of the 1 runs is complete yet"):
        RunSet.of([begun])
    with pytest.raises(RunError, match=r"there/.* are of the same experiment; give one of them"):
        RunSet.of([scored_run(tmp_path / place) for place in ("here", "there")])
    run = scored_run(tmp_path)
    (run / "experiment.json").unlink()
    with pytest.raises(RunError, match=r"experiment\.json is missing"):
        RunSet.of([run])


def test_a_run_named_twice_is_one(tmp_path: Path) -> None:
    run = scored_run(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    assert len(RunSet.of([run, Run(tmp_path / "elsewhere" / ".." / run.path.name)])) == 1


def test_a_run_with_nothing_but_its_result_has_no_checks_no_answers_and_no_environment(tmp_path: Path) -> None:
    (run,) = RunSet.of([scored_run(tmp_path)])
    assert (run.checks, run.answered, run.environment) == ([], False, {})


def test_targets_are_sorted_by_their_numbers_and_their_runs_in_the_papers_order(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"length": 10},
        {"length": 9, "scramble": 4},
        {"length": 9, "curriculum": "naive"},
        {"length": 9, "seed": 1},
        {"length": 9},
        {"task": "program", "length": 2, "nesting": 3},
    ]
    found = RunSet.of(scored_run(tmp_path, **change) for change in changes).by_target()
    assert list(found) == [
        "addition (9, 1)",
        "addition (9, 1), scrambled with seed 4",
        "addition (10, 1)",
        "program (2, 3)",
    ]
    first = [(str(run.experiment.curriculum), run.experiment.seed) for run in found["addition (9, 1)"]]
    assert first == [("baseline", 0), ("baseline", 1), ("naive", 0)]


def test_a_strategy_is_of_any_target_seed_and_number_of_test_samples(tmp_path: Path) -> None:
    changes: list[dict[str, Any]] = [
        {"curriculum": "mix"},
        {"length": 2, "seed": 1},
        {"length": 2},
        {"test_samples": 5},
        {"scramble": 3},
        {"scramble": 3, "budget": "9updates"},
    ]
    found = RunSet.of(scored_run(tmp_path, **change) for change in changes).by_strategy()
    assert [(strategy.task, strategy.name) for strategy in found] == [
        ("addition", "baseline"),
        ("addition", "mix"),
        ("addition, scrambled with seed 3", "baseline · budget=null"),
        ("addition, scrambled with seed 3", "baseline · budget=9updates"),
    ]
    assert [(run.experiment.length, run.experiment.seed) for run in found[0].runs] == [(1, 0), (2, 0), (2, 1)]


@pytest.mark.parametrize(
    ("other", "cells"),
    [
        *(({name: value}, 1) for name, value in (("seed", 1), ("curriculum", "naive"))),
        *(
            ({name: value}, 2)
            for name, value in (("length", 2), ("budget", "7updates"), ("scramble", 3), ("test_samples", 7))
        ),
    ],
)
def test_a_cell_is_everything_but_seed_and_curriculum(tmp_path: Path, other: dict[str, Any], cells: int) -> None:
    assert len(RunSet.of([scored_run(tmp_path), scored_run(tmp_path, **other)]).by_cell()) == cells


def test_chosen_runs_have_names_of_their_own(tmp_path: Path) -> None:
    runs = RunSet.of(scored_run(tmp_path, curriculum=name, seed=seed) for name in ("naive", "mix") for seed in (0, 1))
    assert runs.names == ["naive · seed 0", "naive · seed 1", "mix · seed 0", "mix · seed 1"]
    assert runs.where(lambda run: run.experiment.seed == 1).names == ["naive", "mix"]
    assert runs.where(lambda run: False).names == []
    assert runs.precisions == [experiment().recipe.precision]
    assert runs.heading == "Learning to execute: addition"

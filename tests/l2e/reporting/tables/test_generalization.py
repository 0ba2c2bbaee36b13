"""What runs kept of being scored beyond their targets, against hand computations."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l2e.analysis.run_set import RunSet
from l2e.evaluation.generalization import EXTRAPOLATION, FILE
from l2e.experiments.experiment import Choice
from l2e.experiments.records import read_record
from l2e.experiments.run import Run
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.generalization import generalization_tables
from tests.l2e.reporting.tables.runs import scored
from tests.toys import row


def scored_beyond(folder: Path, at_target: float, beyond: dict[tuple[int, int], float], **changes: Any) -> Run:
    """A complete run of programs with this accuracy at its target, and these beyond."""
    run = scored(folder, changes.pop("curriculum", "baseline"), at_target, task="program", **changes)
    of = run.experiment()
    trained = {"task": "program", "trained_length": of.length, "trained_nesting": of.nesting}
    kept = [
        row(str(of.learner), str(of.curriculum), of.seed, accuracy, length=length, nesting=nesting, **trained)
        for (length, nesting), accuracy in beyond.items()
    ]
    if beyond:
        run.write_json(FILE, {"update": 7, "n": 100, "rows": kept, "left_out": []})
    return run


def tables_of(runs: Sequence[Run]) -> list[Table]:
    return generalization_tables(RunSet.of(runs), [Rule.EXACT_MATCH])


def test_targets_and_strategies_stand_down_and_steps_across(tmp_path: Path) -> None:
    runs = [
        scored_beyond(tmp_path, 0.75, {(4, 1): 0.5}, length=3, curriculum="naive"),
        scored_beyond(tmp_path, 0.5, {(4, 1): 0.25, (5, 1): 0.25, (3, 2): 0.5}, length=3),
        scored_beyond(tmp_path, 0.75, {(2, 4): 0.5}, length=2, nesting=2),
    ]
    (table,) = tables_of(runs)
    assert table.title == "Exact match beyond the target, %: program"
    assert table.frame.values.tolist() == [
        ["(2, 2)", "baseline", "75.0", "–", "–", "–", "50.0 / -25.0"],
        ["(3, 1)", "baseline", "50.0", "25.0 / -25.0", "25.0 / -25.0", "50.0 / +0.0", "–"],
        ["(3, 1)", "naive", "75.0", "50.0 / -25.0", "–", "–", "–"],
    ]
    steps = ["length +1", "length +2", "nesting +1", "nesting +2"]
    assert list(table.frame.columns) == ["trained at", "strategy", "at the target", *steps]
    assert "–: the task cannot serve this difficulty" in table.words


def test_a_cell_is_the_mean_over_seeds_with_students_interval(tmp_path: Path) -> None:
    # Standard deviation 0.1, t(2) = 4.3027: 4.3027 · 0.1 / √3 = 0.2484.
    runs = [scored_beyond(tmp_path, 0.5 + a, {(2, 1): 0.3 + a}, seed=i) for i, a in enumerate((-0.1, 0.0, 0.1))]
    (table,) = tables_of(runs)
    assert table.frame.values.tolist() == [["(1, 1)", "baseline", "50.0 (25.2–74.8)", "30.0 (5.2–54.8) / -20.0"]]
    assert "–:" not in table.words


def test_a_seed_that_was_not_scored_beyond_does_not_count_at_the_target_either(tmp_path: Path) -> None:
    kept, bare = scored_beyond(tmp_path, 0.5, {(2, 1): 0.25}), scored_beyond(tmp_path, 0.9, {}, seed=1)
    assert tables_of([kept, bare])[0].frame["at the target"].tolist() == ["50.0"]
    assert tables_of([bare]) == []


def test_predictors_that_runs_name_stand_below_once_a_target(tmp_path: Path) -> None:
    named = {"predictors": (Choice(name="nearest"),)}
    runs = [scored_beyond(tmp_path, 0.5, {(2, 1): 0.25}, seed=seed, **named) for seed in (0, 1)]
    for run in runs:
        of_nearest = {"task": "program", "trained_length": 1, "trained_nesting": 1}
        at_target, beyond = (row("nearest", None, None, 0.75 / n, length=n, **of_nearest) for n in (1, 2))
        run.write_json("result.json", {**run.result(), "rows": [*run.result()["rows"], at_target]})
        kept = read_record(run / FILE, EXTRAPOLATION)
        run.write_json(FILE, {**kept, "rows": [*kept["rows"], beyond]})
    (table,) = tables_of(runs)
    assert table.frame["strategy"].tolist() == ["baseline", "nearest"]
    assert table.frame.values.tolist()[1] == ["(1, 1)", "nearest", "75.0", "37.5 / -37.5"]

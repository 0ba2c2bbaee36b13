"""What runs kept of being scored beyond their targets, against hand computations."""

from pathlib import Path
from typing import Any

import pytest

from l2e.evaluation.generalization import FILE
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from l2e.reporting.tables.generalization import extrapolation_table
from tests.toys import experiment, finished_run, row


def scored_run(folder: Path, at_target: float, beyond: dict[tuple[int, int], float], **changes: Any) -> Run:
    """A complete run with this accuracy at its target, and these beyond."""
    of = experiment(task="program", **changes)
    named = (str(of.learner), str(of.curriculum), of.seed)
    where = {"task": "program", "length": of.length, "nesting": of.nesting}
    rows = [row(*named, at_target, **where), row("uniform", None, None, 0.1, **where)]
    run = finished_run(folder / of.id, of, rows)
    trained = {"trained_length": of.length, "trained_nesting": of.nesting}
    kept = [
        row(*named, accuracy, task="program", length=length, nesting=nesting, **trained)
        for (length, nesting), accuracy in beyond.items()
    ]
    if beyond:
        run.write_json(FILE, {"update": 7, "n": 100, "rows": kept, "left_out": []})
    return run


def test_targets_and_strategies_stand_down_and_steps_across(tmp_path: Path) -> None:
    runs = [
        scored_run(tmp_path, 0.75, {(4, 1): 0.5}, length=3, curriculum="naive"),
        scored_run(tmp_path, 0.5, {(4, 1): 0.25, (5, 1): 0.25, (3, 2): 0.5}, length=3),
        scored_run(tmp_path, 0.75, {(2, 4): 0.5}, length=2, nesting=2),
    ]
    (table,) = extrapolation_table(runs, [Rule.EXACT_MATCH])
    assert table.title == "Exact match beyond the target, %: program"
    assert table.frame.to_dict("split")["data"] == [
        ["(2, 2)", "baseline", "75.0 ± 10.0", "–", "–", "–", "50.0 ± 10.0 (-25.0)"],
        ["(3, 1)", "baseline", "50.0 ± 10.0", "25.0 ± 10.0 (-25.0)", "25.0 ± 10.0 (-25.0)", "50.0 ± 10.0 (+0.0)", "–"],
        ["(3, 1)", "naive", "75.0 ± 10.0", "50.0 ± 10.0 (-25.0)", "–", "–", "–"],
    ]
    steps = ["length +1", "length +2", "nesting +1", "nesting +2"]
    assert list(table.frame.columns) == ["trained at", "strategy", "at the target", *steps]
    assert "–: the task cannot serve this difficulty" in table.words


def test_a_cell_is_the_mean_over_seeds_with_students_interval(tmp_path: Path) -> None:
    # Standard deviation 0.1, t(2) = 4.3027: 4.3027 · 0.1 / √3 = 0.2484, above 0 not cut off.
    runs = [scored_run(tmp_path, 0.5 + a, {(2, 1): 0.3 + a}, seed=i) for i, a in enumerate((-0.1, 0.0, 0.1))]
    (table,) = extrapolation_table(runs, [Rule.EXACT_MATCH])
    assert table.frame.iloc[0].tolist() == ["(1, 1)", "baseline", "50.0 ± 24.8", "30.0 ± 24.8 (-20.0)"]
    assert "–" not in table.words


def test_a_seed_that_was_not_scored_beyond_does_not_count_at_the_target_either(tmp_path: Path) -> None:
    runs = [scored_run(tmp_path, 0.5, {(2, 1): 0.25}), scored_run(tmp_path, 0.9, {}, seed=1)]
    (table,) = extrapolation_table(runs, [Rule.EXACT_MATCH])
    assert table.frame["at the target"].tolist() == ["50.0 ± 10.0"]


def test_without_anything_kept_it_is_said_what_would_make_it(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run was scored beyond its target; l2e extrapolate does so"):
        extrapolation_table([scored_run(tmp_path, 0.5, {})])

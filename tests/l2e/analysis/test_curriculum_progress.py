"""Where updates went and what was reached, by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from l2e.analysis.curriculum_progress import level_shares, reached_rows
from l2e.experiments.run import Run
from tests.l2e.analysis.conftest import set_of, two_files
from tests.toys import check, experiment, finished_run


def climbing_run(folder: Path, levels: Sequence[tuple[int, int]], at: float | None = None, **changes: Any) -> Run:
    """A complete run to (2, 2) whose checks, one after 50 updates each, were at these difficulties."""
    of = experiment(**{"task": "program", "curriculum": "naive", "length": 2, "nesting": 2, **changes})
    run = finished_run(folder / of.id, of, [])
    run.write_json("result.json", {**run.result(), "reached": levels[-1] if levels else [2, 2], "reached_at": at})
    for number, (length, nesting) in enumerate(levels, 1):
        run.append_metrics(check(50 * number, length=length, nesting=nesting))
    return run


def test_shares_are_of_the_updates_before_each_check(tmp_path: Path) -> None:
    climbs = climbing_run(tmp_path, [(1, 1), (1, 1), (1, 1), (2, 1)])
    returns = climbing_run(tmp_path, [(1, 1), (2, 1), (1, 1), (2, 2)], seed=1)
    unchecked = climbing_run(tmp_path, [], seed=2)
    found = level_shares(set_of([climbs, returns, unchecked]))
    assert found[["seed", "target", "length", "nesting", "share"]].values.tolist() == [
        *([0, (2, 2), 1, 1, 0.75], [0, (2, 2), 2, 1, 0.25]),
        *([1, (2, 2), 1, 1, 0.5], [1, (2, 2), 2, 1, 0.25], [1, (2, 2), 2, 2, 0.25]),
    ]


def test_what_is_reached_is_the_hardest_difficulty_nesting_first_and_how_many_ended_there(tmp_path: Path) -> None:
    ends = (((2, 2), 0.25), ((2, 1), None), ((2, 2), 0.75))
    some = [climbing_run(tmp_path, [(1, 1), end], at, seed=seed) for seed, (end, at) in enumerate(ends)]
    none = [
        climbing_run(tmp_path, [(2, 1)], curriculum="mix"),
        climbing_run(tmp_path, [(1, 2)], curriculum="mix", seed=1),
    ]
    found = reached_rows(set_of(some, none))
    assert found[["curriculum", "length", "nesting", "reached", "runs", "seeds"]].values.tolist() == [
        ["naive", 2, 2, (2, 2), 2, 3],
        ["mix", 2, 2, (1, 2), 1, 2],
    ]
    assert found["reached_at"].fillna(-1).tolist() == [0.5, -1]


def test_settings_of_one_name_have_rows_of_their_own(tmp_path: Path) -> None:
    budgets = [climbing_run(tmp_path, [(1, 1)], budget=f"{n}updates") for n in (10, 20)]
    files = [climbing_run(tmp_path, [(1, 1)], curriculum=name) for name in two_files(tmp_path)]
    assert reached_rows(set_of(budgets, files))["learner"].nunique() == 4

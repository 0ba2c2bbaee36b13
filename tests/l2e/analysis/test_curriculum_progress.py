"""Where updates went, by hand."""

from pathlib import Path
from typing import Any

import pytest

from l2e.analysis.curriculum_progress import level_shares
from l2e.experiments.run import Run
from l2e.reporting.tables.curriculum_progress import levels_table
from tests.toys import experiment, finished_run, row


def climbing_run(folder: Path, levels: list[tuple[int, int]], every: int = 50, **changes: Any) -> Run:
    """A complete run whose checks, one after so many updates each, were at these difficulties."""
    of = experiment(**changes)
    run = finished_run(folder / of.name, of, [row(str(of.learner), str(of.curriculum), of.seed, 0.5)])
    for number, (length, nesting) in enumerate(levels, 1):
        run.append_metrics({"update": every * number, "length": length, "nesting": nesting})
    return run


def test_shares_are_of_the_updates_before_each_check(tmp_path: Path) -> None:
    run = climbing_run(tmp_path, [(1, 1), (1, 1), (1, 1), (2, 1)], curriculum="naive", length=2)
    found = level_shares([run])
    assert found[["length", "nesting", "share"]].values.tolist() == [[1, 1, 0.75], [2, 1, 0.25]]


def test_a_table_has_a_line_a_curriculum_that_climbs(tmp_path: Path) -> None:
    climbs = climbing_run(tmp_path, [(1, 1), (2, 1), (2, 1), (2, 1)], curriculum="naive", length=2)
    stays = climbing_run(tmp_path, [(2, 1)] * 4, curriculum="baseline", length=2)
    (table,) = levels_table([climbs, stays])
    assert table.frame.values.tolist() == [["addition (2, 1)", "seq2seq", "naive", "25", "75"]]
    assert list(table.frame.columns[3:]) == ["(1, 1)", "(2, 1)"]


def test_seeds_are_averaged_also_where_one_never_came_so_far(tmp_path: Path) -> None:
    runs = [
        climbing_run(tmp_path, [(1, 1)] * 2, curriculum="naive", length=2, seed=0),
        climbing_run(tmp_path, [(1, 1), (2, 1)], curriculum="naive", length=2, seed=1),
    ]
    (table,) = levels_table(runs)
    assert table.frame.values.tolist() == [["addition (2, 1)", "seq2seq", "naive", "75", "25"]]


@pytest.mark.parametrize("levels", [[], [(2, 1)] * 3])
def test_there_is_no_table_where_nothing_moved(tmp_path: Path, levels: list[tuple[int, int]]) -> None:
    assert levels_table([climbing_run(tmp_path, levels, length=2)]) == []


def test_runs_of_other_settings_have_lines_of_their_own(tmp_path: Path) -> None:
    runs = [
        climbing_run(tmp_path, [(1, 1), (2, 1)], curriculum="naive", length=2, budget=budget)
        for budget in ("10updates", "20updates")
    ]
    (table,) = levels_table(runs)
    assert table.frame["(2, 1)"].tolist() == ["50", "50"]

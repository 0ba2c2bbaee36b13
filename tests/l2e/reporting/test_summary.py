"""The first screen: verdicts in sentences and a table of a few rows."""

from pathlib import Path

from l2e.analysis.run_set import RunSet
from l2e.reporting.marking import unmark
from l2e.reporting.summary import MOST_ROWS, summary_of
from tests.l2e.reporting.tables.runs import checked, scored

SLOW, FAST = [0.2, 0.3, 0.4, 0.6], [0.6, 0.95, 0.95, 0.95]


def learnt(folder: Path, length: int) -> RunSet:
    """Five runs of baseline and five of mix, which is better and sooner."""
    curves = {"baseline": SLOW, "mix": FAST}
    return RunSet.of(
        checked(folder, name, [one + seed / 1000 for one in curve], seed, length=length)
        for name, curve in curves.items()
        for seed in range(5)
    )


def test_one_cell_has_its_verdicts_and_a_row_a_curriculum(tmp_path: Path) -> None:
    summary = summary_of(learnt(tmp_path, 2))
    assert summary.asked.startswith("10 runs: task addition; target (2, 1); curricula baseline, mix; learner seq2seq")
    assert summary.asked.endswith("; 5 seeds.")
    assert summary.verdicts == [
        "By exact match, against baseline in 1 cell over 5 seeds: mix better in 1.",
        "To 90 % of characters at the target: mix sooner in 1.",
    ]
    assert summary.table is not None
    rows = summary.table.frame.values.tolist()
    assert [row[:2] for row in rows] == [["addition (2, 1)", "baseline"], ["addition (2, 1)", "mix"]]
    assert rows[0][2:] == ["60.2 (60.0–60.4)", "–", "90 %: – / 0 of 5"]
    assert unmark(rows[1][2], "markdown") == "**95.2** (95.0–95.4)"
    assert (rows[1][3][:7], rows[1][4]) == ("+35.0 (", "90 %: 200 (200–…) / 5 of 5*")


def test_of_several_cells_the_mean_of_their_differences_comes_first(tmp_path: Path) -> None:
    runs = RunSet.of(run.folder for length in (2, 3) for run in learnt(tmp_path, length))
    first, second, _ = summary_of(runs).verdicts
    assert first.startswith("Over all 2 cells, by exact match against baseline: mix better, +35.0 points (+3")
    assert second.endswith("mix better in 2.")


def test_of_many_cells_the_table_is_over_all_of_them(tmp_path: Path) -> None:
    cells = MOST_ROWS // 2 + 1
    runs = [scored(tmp_path, name, 0.5, 0, length) for name in ("baseline", "mix") for length in range(1, cells + 1)]
    assert summary_of(RunSet.of(runs)).table is None  # a seed each has nothing over all cells
    runs += [scored(tmp_path, name, 0.6, 1, length) for name in ("baseline", "mix") for length in range(1, cells + 1)]
    table = summary_of(RunSet.of(runs)).table
    assert table is not None
    assert table.title == "Over all cells"


def test_a_single_run_has_a_row_and_no_verdict(tmp_path: Path) -> None:
    summary = summary_of(RunSet.of([scored(tmp_path, "mix", 0.5)]))
    assert summary.verdicts == []
    assert summary.table is not None
    assert summary.table.frame.values.tolist() == [["addition (1, 1)", "mix", "50.0"]]

"""Errors taken apart, for people."""

from collections.abc import Sequence
from pathlib import Path

from l2e.analysis.error_analysis import error_rows
from l2e.analysis.run_set import RunSet
from l2e.experiments.run import Run
from l2e.reporting.table import Table
from l2e.reporting.tables.error_analysis import error_tables
from tests.l2e.analysis.test_error_analysis import PROGRAMS, SUMS, answered_run


def by_title(runs: Sequence[Run]) -> dict[str, Table]:
    return {table.title: table for table in error_tables(RunSet.of(runs), [])}


def test_strategies_stand_across_and_values_down_with_n(tmp_path: Path) -> None:
    wrong = [(text, target, "0.", target) for text, target, _, _ in SUMS]
    runs = [answered_run(tmp_path, SUMS, curriculum="naive"), answered_run(tmp_path, wrong)]
    table = by_title(runs)["Exact match by answer length, %: addition, target (1, 1)"]
    # Wilson's interval of 0 or 1 in 1 is 79.3 points wide.
    assert table.frame.to_dict("list") == {
        "answer length": ["1", "2", "3"],
        "baseline": ["0.0 (0.0 to 79.3)"] * 3,
        "naive": ["0.0 (0.0 to 79.3)", "100.0 (20.7 to 100.0)", "0.0 (0.0 to 79.3)"],
        "n": ["1", "1", "1"],
    }
    assert "characters before the full stop" in table.words


def test_an_aspect_with_one_value_has_rows_but_no_table(tmp_path: Path) -> None:
    runs = [answered_run(tmp_path, SUMS)]
    assert "sign" in set(error_rows(RunSet.of(runs))["aspect"])
    assert not any("by sign" in title for title in by_title(runs))


def test_runs_that_keep_no_answers_have_no_tables_and_take_none_from_others(tmp_path: Path) -> None:
    kept, bare = answered_run(tmp_path, SUMS), answered_run(tmp_path, SUMS, curriculum="mix")
    bare.predictions_path.unlink()
    assert by_title([bare]) == {}
    assert all("mix" not in table.frame.columns for table in by_title([kept, bare]).values())


def test_kinds_keep_their_order_and_numbers_theirs(tmp_path: Path) -> None:
    answers = [(f"print({n})", f"{n}.", f"{n}.", f"{n}.") for n in (10**11, 5, -5, 0)]
    tables = by_title([answered_run(tmp_path, answers, task="program")])
    where = "%: program, target (1, 1)"
    assert tables[f"Exact match by sign, {where}"].frame["sign"].tolist() == ["negative", "zero", "positive"]
    positions = tables[f"Character accuracy by position from the front, {where}"].frame
    assert positions["position from the front"].tolist() == [str(n) for n in range(1, 14)]
    sizes = tables[f"Share of answers by size of the error, {where}"].frame
    assert sizes["size of the error"].tolist()[::7] == ["exact", "no number"]


def test_what_was_pooled_is_in_the_title_and_how_strategies_differ_in_the_words(tmp_path: Path) -> None:
    runs = [
        answered_run(tmp_path, PROGRAMS, task="program", length=1),
        answered_run(tmp_path, PROGRAMS, task="program", length=2),
        answered_run(tmp_path, PROGRAMS[:2], task="program", length=2, curriculum="mix"),
    ]
    table = by_title(runs)["Exact match by operation, %: program, its 2 targets together: (1, 1), (2, 1)"]
    assert table.words.endswith("The columns are not over the same runs: baseline (1, 1), (2, 1); mix (2, 1).")
    loop = {"operation": "loop", "baseline": "0.0 (0.0 to 65.8)", "mix": "–", "n": "2"}
    assert table.frame.to_dict("records")[0] == loop
    assert table.frame["n"].tolist() == ["2", "2", "2 to 4"]


def test_columns_over_the_same_targets_and_seeds_need_no_words_about_it(tmp_path: Path) -> None:
    runs = [answered_run(tmp_path, SUMS), answered_run(tmp_path, SUMS, curriculum="mix")]
    assert not any("not over the same runs" in table.words for table in by_title(runs).values())
    runs.append(answered_run(tmp_path, SUMS, curriculum="mix", seed=1))
    for title, table in by_title(runs).items():
        assert title.endswith(", target (1, 1)")
        assert table.words.endswith("The columns are not over the same runs: baseline (1, 1); mix (1, 1) × 2.")

"""Tables against hand computations."""

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from l2e.experiments.experiment import Choice
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from l2e.reporting.tables.accuracy import collect, find_runs, paired_tables, paper_tables, summarize
from tests.l2e.reporting.html.conftest import SUMS, told_run
from tests.toys import experiment, finished_run, row

REFERENCES = [("uniform", 0.1), ("most_frequent", 0.3), ("interpreter", 1.0)]
LEARNER = "seq2seq[cells=64]"


def add_run(
    folder: Path,
    curriculum: str,
    accuracy: float,
    seed: int = 0,
    length: int = 1,
    task: str = "addition",
    learner: str = LEARNER,
    **settings: Any,
) -> Run:
    """A complete run of one row, with floors and ceiling."""
    cells = {"cells": int(learner.partition("cells=")[2].rstrip("]"))}
    made = Choice(name="seq2seq", options=cells)
    of = experiment(curriculum=curriculum, seed=seed, length=length, task=task, learner=made, **settings)
    where = {"task": task, "length": length}
    rows = [row(learner, curriculum, seed, accuracy, **where)]
    rows += [row(name, None, None, floor, **where) for name, floor in REFERENCES]
    return finished_run(folder / of.name, of, rows)


def tables(runs: Sequence[Run]) -> dict[str, pd.DataFrame]:
    return {table.title: table.frame for table in paper_tables(collect(runs), [Rule.EXACT_MATCH])}


ABSOLUTE = "Exact match on the test split, %"
RELATIVE = "Exact match relative to baseline, percentage points"
REACHED = "Difficulty reached, and after which part of the training"


def test_a_table_has_a_line_a_curriculum_and_a_column_a_difficulty(tmp_path: Path) -> None:
    frame = tables(
        [add_run(tmp_path, "baseline", 0.5), add_run(tmp_path, "naive", 0.75), add_run(tmp_path, "naive", 0.25, 0, 2)]
    )[ABSOLUTE]
    assert list(frame.columns) == ["learner", "curriculum", "addition (1, 1)", "addition (2, 1)"]
    assert frame[frame["learner"] == "seq2seq"].values.tolist() == [
        ["seq2seq", "baseline", "50.0 ± 10.0", "–"],
        ["seq2seq", "naive", "75.0 ± 10.0", "25.0 ± 10.0"],
    ]


def test_variants_of_a_learner_that_share_a_cell_are_told_apart(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "baseline", 0.5), add_run(tmp_path, "baseline", 0.6, learner="seq2seq[cells=128]")]
    frame = tables(runs)[ABSOLUTE]
    assert frame["learner"].tolist()[:2] == [LEARNER, "seq2seq[cells=128]"]


def test_runs_that_differ_in_more_than_the_seed_are_not_averaged(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "baseline", 0.5), add_run(tmp_path, "baseline", 0.7, budget="7updates")]
    summary = summarize(collect(runs).rows)
    assert sorted(summary[summary["curriculum"] == "baseline"]["accuracy"]) == [0.5, 0.7]


def test_floors_and_ceiling_stand_at_the_bottom_in_their_order(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "mix", 0.5, task="copy"), add_run(tmp_path, "baseline", 0.5)]
    frame = tables(runs)[ABSOLUTE]
    assert frame["curriculum"].tolist() == ["baseline", "mix", "uniform", "most_frequent", "interpreter"]
    assert frame["addition (1, 1)"].tolist()[2:] == ["10.0 ± 10.0", "30.0 ± 10.0", "100.0 ± 10.0"]


def test_a_cell_is_the_mean_over_seeds_with_students_interval(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "naive", accuracy, seed) for seed, accuracy in enumerate((0.4, 0.5, 0.6))]
    # Mean 0.5, standard deviation 0.1, t(2) = 4.3027: 4.3027 · 0.1 / √3 = 0.24842.
    summary = summarize(collect(runs).rows)
    (cell,) = summary[summary["learner"] == LEARNER].to_dict("records")
    assert cell["accuracy"] == pytest.approx(0.5)
    assert (cell["low"], cell["high"]) == pytest.approx((0.5 - 0.24842, 0.5 + 0.24842), abs=1e-5)
    assert (cell["seeds"], cell["n"]) == (3, 300)
    assert tables(runs)[ABSOLUTE]["addition (1, 1)"].iloc[0] == "50.0 ± 24.8"


def test_students_interval_stays_within_0_and_1(tmp_path: Path) -> None:
    summary = summarize(collect([add_run(tmp_path, "naive", seed * 1.0, seed) for seed in (0, 1)]).rows)
    assert summary[["low", "high"]].iloc[0].tolist() == [0.0, 1.0]


def test_the_same_floor_of_many_seeds_is_counted_once(tmp_path: Path) -> None:
    rows = collect([add_run(tmp_path, "naive", 0.5, seed) for seed in range(3)]).rows
    assert rows["learner"].tolist() == [LEARNER, *(name for name, _ in REFERENCES), LEARNER, LEARNER]


def test_relative_to_baseline_is_a_difference_in_points(tmp_path: Path) -> None:
    runs = [
        add_run(tmp_path, "baseline", 0.5),
        add_run(tmp_path, "naive", 0.25),
        add_run(tmp_path, "mix", 0.625),
        add_run(tmp_path, "mix", 0.625, 0, 2),
    ]
    frame = tables(runs)[RELATIVE]
    assert frame.drop(columns="learner").values.tolist() == [["naive", "-25.0", "–"], ["mix", "+12.5", "no baseline"]]


def test_without_a_baseline_there_is_no_relative_table(tmp_path: Path) -> None:
    assert list(tables([add_run(tmp_path, "naive", 0.5)])) == [ABSOLUTE, REACHED]


def test_the_difficulty_reached_stands_seed_beside_seed(tmp_path: Path) -> None:
    frame = tables([add_run(tmp_path, "naive", 0.5, seed) for seed in (0, 1)])[REACHED]
    assert frame["addition (1, 1)"].tolist() == ["(1, 1) at 50 %; (1, 1) at 50 %"]


def test_unfinished_runs_are_named_and_left_out(tmp_path: Path) -> None:
    whole, begun = add_run(tmp_path, "naive", 0.5), Run(tmp_path / "begun")
    begun.begin(experiment(seed=9))
    results = collect([begun, whole])
    assert results.unfinished == [begun.path]
    assert set(results.rows["seed"].dropna()) == {0}


def test_only_unfinished_runs_make_no_table(tmp_path: Path) -> None:
    run = Run(tmp_path / "begun")
    run.begin(experiment())
    with pytest.raises(RunError, match="none of the 1 runs is complete yet"):
        collect([run])


def test_runs_are_found_at_and_below_a_path(tmp_path: Path) -> None:
    runs = [add_run(tmp_path / "deep" / "down", "naive", 0.5), add_run(tmp_path, "mix", 0.5)]
    assert {run.path for run in find_runs([tmp_path])} == {run.path for run in runs}
    assert [run.path for run in find_runs([runs[0].path])] == [runs[0].path]


def test_a_path_without_runs_is_named(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=f"there is no run at or below {tmp_path / 'no'}"):
        find_runs([tmp_path / "no"])


def test_a_flat_row_keeps_options_apart(tmp_path: Path) -> None:
    one = experiment(curriculum=Choice(name="combined", options={"mix_fraction": 0.5}))
    run = finished_run(tmp_path / "run", one, [row(LEARNER, str(one.curriculum), 0, 0.5)])
    assert tables([run])[ABSOLUTE]["curriculum"].tolist() == ["combined[mix_fraction=0.5]"]


def test_a_difficulty_that_was_not_reached_says_how_far_the_run_came(tmp_path: Path) -> None:
    of = experiment(length=3, curriculum="naive")
    run = finished_run(tmp_path / "run", of, [row(LEARNER, "naive", 0, 0.5, length=3)])
    run.write_json("result.json", {**run.result(), "reached": [2, 1], "reached_at": None})
    assert tables([run])[REACHED].iloc[0, -1] == "(2, 1)"
    assert not math.isnan(collect([run]).rows["accuracy"].iloc[0])


def test_runs_that_began_at_their_target_have_no_table_of_what_was_reached(tmp_path: Path) -> None:
    results = collect([add_run(tmp_path, "naive", 0.5)])
    begun_there = replace(results, reached=results.reached.assign(reached_at=0.0))
    assert [table.title for table in paper_tables(begun_there, [Rule.EXACT_MATCH])] == [ABSOLUTE]


def words(runs: Sequence[Run]) -> dict[str, str]:
    return {table.title: table.words for table in paper_tables(collect(runs), [Rule.EXACT_MATCH])}


def sums(folder: Path, curricula: Sequence[str] = ("baseline", "naive")) -> list[Run]:
    """Runs that answered three sums; baseline has one right, naive two."""
    return [told_run(folder, SUMS[curriculum], curriculum=curriculum) for curriculum in curricula]


def test_collected_results_have_the_complete_runs(tmp_path: Path) -> None:
    whole, begun = add_run(tmp_path, "naive", 0.5), Run(tmp_path / "begun")
    begun.begin(experiment(seed=9))
    assert collect([begun, whole]).runs == [whole]


def test_claims_stand_under_the_table_relative_to_baseline_alone(tmp_path: Path) -> None:
    said = words(sums(tmp_path))
    assert "beats" not in said[ABSOLUTE]
    assert "falls below" not in said[ABSOLUTE]
    assert said[RELATIVE].startswith("By exact match on other tasks, naive falls below baseline in 0 of 1 cell")


def test_runs_without_predictions_are_said_not_to_be_compared(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "baseline", 0.5), add_run(tmp_path, "naive", 0.25)]
    assert words(runs)[RELATIVE].startswith(f"Not compared: {runs[1]} has no predictions.jsonl")


def test_a_curriculum_of_which_nothing_is_claimed_needs_no_predictions(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "baseline", 0.5), add_run(tmp_path, "mix", 0.25)]
    assert words(runs)[RELATIVE] == ""


def test_a_paired_cell_is_a_difference_with_its_interval_and_p(tmp_path: Path) -> None:
    (table,) = paired_tables(collect(sums(tmp_path)), [Rule.EXACT_MATCH])
    assert table.title == "Exact match: paired differences from baseline, percentage points"
    # The three samples differ by 0, 1 and 0: mean 1/3, squared deviations 2/3, so 1.96 · √(2/3 / 6) = 0.653. Of the
    # swaps of a sample half leave 1 and half -1, both as far from 0.
    assert table.frame.values.tolist() == [["seq2seq", "naive", "+33.3 ± 65.3 (p = 1)"]]
    assert table.words.splitlines()[1].startswith("By exact match on other tasks, naive falls below baseline")


def test_there_are_no_paired_tables_without_pairs(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="no run can be paired with one of the curriculum baseline"):
        paired_tables(collect(sums(tmp_path, ["naive"])), [Rule.EXACT_MATCH])


def test_a_baseline_is_that_of_the_same_settings(tmp_path: Path) -> None:
    runs = [
        add_run(tmp_path, curriculum, accuracy, scramble=scramble)
        for scramble, accuracies in ((None, {"baseline": 0.9, "naive": 0.8}), (1, {"baseline": 0.3, "naive": 0.4}))
        for curriculum, accuracy in accuracies.items()
    ]
    assert sorted(tables(runs)[RELATIVE]["addition (1, 1)"][0].split("; ")) == ["+10.0", "-10.0"]


def test_a_half_width_over_seeds_is_not_cut_off_where_accuracy_ends(tmp_path: Path) -> None:
    frame = tables([add_run(tmp_path, "baseline", accuracy, seed) for seed, accuracy in enumerate((1.0, 0.96))])[
        ABSOLUTE
    ]
    assert frame["addition (1, 1)"][0] == "98.0 ± 25.4"


def test_columns_are_in_the_order_of_numbers(tmp_path: Path) -> None:
    for length in (10, 5):
        add_run(tmp_path, "baseline", 0.5, length=length)
    assert list(tables(find_runs([tmp_path]))[ABSOLUTE].columns[2:]) == ["addition (5, 1)", "addition (10, 1)"]


def test_a_run_that_is_named_twice_is_found_once(tmp_path: Path) -> None:
    run = add_run(tmp_path, "baseline", 0.5)
    assert [found.path for found in find_runs([tmp_path, run.path])] == [run.path]


def in_type(precision: str) -> dict[str, Any]:
    return {"recipe": experiment().recipe.model_copy(update={"precision": precision})}


def test_the_words_under_a_table_say_in_which_type_products_were_computed(tmp_path: Path) -> None:
    runs = [add_run(tmp_path, "baseline", 0.5, seed, **in_type("bfloat16")) for seed in (0, 1)]
    table = paper_tables(collect(runs), [Rule.EXACT_MATCH])[0]
    assert table.words == "Networks were trained with products in bfloat16, and scored in float32."


def test_runs_in_different_types_share_no_cell(tmp_path: Path) -> None:
    runs = [
        add_run(tmp_path, "baseline", 0.5 + 0.25 * (of == "float32"), **in_type(of)) for of in ("float32", "bfloat16")
    ]
    table = paper_tables(collect(runs), [Rule.EXACT_MATCH])[0]
    cells = {line[0]: line[2] for line in table.frame.values.tolist() if line[0]}
    assert cells == {
        "seq2seq[cells=64] in float32": "75.0 ± 10.0",
        "seq2seq[cells=64] in bfloat16": "50.0 ± 10.0",
    }
    assert "in bfloat16 or float32, as their names say" in table.words

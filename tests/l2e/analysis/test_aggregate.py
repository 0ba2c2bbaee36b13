"""Means over seeds, by hand."""

import math
from pathlib import Path

import pytest

from l2e.analysis.aggregate import CELL, accuracy_rows, interval_over_seeds, summarize, widest_interval
from l2e.experiments.recipes import recipe_named
from l2e.metrics import Rule
from tests.l2e.analysis.conftest import scored, scored_run, set_of
from tests.toys import TINY_RECIPE

T_2 = 4.302653  # Student's t(0.975) with 2 degrees of freedom, from a table


def test_a_cell_is_the_mean_with_students_interval_and_references_come_once(tmp_path: Path) -> None:
    rows = accuracy_rows(set_of(scored(tmp_path, [0.5, 0.6, 0.7])))
    assert len(rows) == (3 + 1) * len(Rule)
    trained, uniform = summarize(rows[rows["rule"] == Rule.EXACT_MATCH.value]).itertuples()
    half = T_2 * 0.1 / math.sqrt(3)
    assert (trained.learner, trained.curriculum, trained.seeds, trained.n) == ("seq2seq", "baseline", 3, 300)
    assert (trained.accuracy, trained.low, trained.high) == pytest.approx((0.6, 0.6 - half, 0.6 + half), abs=1e-6)
    # Of a reference predictor what its own row says, over samples: no seed changes it.
    assert (uniform.learner, uniform.seeds, uniform.n) == ("uniform", 1, 100)
    assert (uniform.accuracy, uniform.low, uniform.high) == pytest.approx((0.1, 0.0, 0.2))


def test_an_interval_over_seeds_ends_where_accuracies_do_and_one_seed_has_none() -> None:
    assert interval_over_seeds([1.0, 0.9, 1.0])[1] == 1.0
    assert interval_over_seeds([0.25, 0.25]) == (0.25, 0.25)
    assert all(map(math.isnan, interval_over_seeds([0.5])))


def test_runs_of_several_recipes_and_targets_are_apart(tmp_path: Path) -> None:
    slower = recipe_named("fast").model_copy(update={**TINY_RECIPE, "rate": 0.5})
    runs = set_of(
        scored(tmp_path, [0.2, 0.4]), scored(tmp_path, [0.6], recipe=slower), scored(tmp_path, [1.0], length=2)
    )
    summary = summarize(accuracy_rows(runs))
    found = summary[(summary["rule"] == "exact_match") & summary["curriculum"].notna()]
    means = dict(zip(zip(found["learner"], found["length"], strict=True), found["accuracy"], strict=True))
    rate = f"seq2seq[rate={recipe_named('fast').rate}]"
    assert means == pytest.approx({(rate, 1): 0.3, ("seq2seq[rate=0.5]", 1): 0.6, (rate, 2): 1.0})


def test_references_on_other_numbers_of_samples_are_other_rows(tmp_path: Path) -> None:
    runs = [scored_run(tmp_path, test_samples=n) for n in (50, 100)] + [scored_run(tmp_path, length=2)]
    summary = summarize(accuracy_rows(set_of(runs)))
    references = summary[(summary["rule"] == "exact_match") & summary["curriculum"].isna()]
    assert references[["length", "learner"]].values.tolist() == [
        [1, "uniform[test_samples=50]"],
        [1, "uniform[test_samples=100]"],
        [2, "uniform"],
    ]


def test_without_runs_there_are_no_rows_but_columns(tmp_path: Path) -> None:
    none = set_of([scored_run(tmp_path)]).where(lambda run: False)
    assert list(summarize(accuracy_rows(none)).columns) == [*CELL, "accuracy", "low", "high", "seeds", "n"]


def test_the_widest_interval_is_of_the_cell_whose_seeds_differ_most_and_references_have_none(tmp_path: Path) -> None:
    narrow, wide = scored(tmp_path, [0.5, 0.6, 0.7]), scored(tmp_path, [0.4, 0.5, 0.7], curriculum="naive")
    low, high = interval_over_seeds([0.4, 0.5, 0.7])
    assert widest_interval(set_of(narrow, wide), Rule.EXACT_MATCH) == pytest.approx(high - low)
    assert widest_interval(set_of(narrow, wide[:1]), Rule.EXACT_MATCH) == math.inf

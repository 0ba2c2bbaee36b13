"""How fast the target is learnt, by hand."""

import math
from pathlib import Path

import pytest

from l2e.analysis.learning import learning_rows, learning_summary
from tests.l2e.analysis.conftest import learnt, scored, scored_run, set_of
from tests.toys import check

EARLY, LATE, NEVER = (0.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0)


def test_a_run_is_there_when_it_stays_and_else_censored_at_its_last_check(tmp_path: Path) -> None:
    rows = learning_rows(set_of(learnt(tmp_path, [(0.6, 0.4, 0.95, 0.9), NEVER])))
    times = rows[["seed", "threshold", "at", "reached"]].values.tolist()
    assert times == [
        *([0, 0.5, 300, True], [0, 0.9, 300, True], [0, 0.99, 400, False]),
        *([1, threshold, 400, False] for threshold in (0.5, 0.9, 0.99)),
    ]


def test_areas_of_a_cell_go_as_far_as_its_longest_run(tmp_path: Path) -> None:
    # Heights from 0 to 100 are those of the first check; the second run keeps its 1 from 200 to 400.
    rows = learning_rows(set_of(learnt(tmp_path, [(0.0, 0.5, 0.5, 0.5), (0.0, 1.0)])))
    areas = rows[rows["threshold"] == 0.5].set_index("seed")["area"].to_dict()
    assert areas == pytest.approx({0: (0.25 + 0.5 + 0.5) / 4, 1: (0.5 + 1 + 1) / 4})


def test_a_row_has_the_median_the_count_and_the_area_over_seeds(tmp_path: Path) -> None:
    summary = learning_summary(set_of(learnt(tmp_path, [EARLY, LATE, NEVER])))
    row = summary[summary["threshold"] == 0.9].to_dict("records")[0]
    assert (row["seeds"], row["reached"], row["median"], row["verdict"]) == (3, 2, 400, "no verdict")
    assert row["area"] == pytest.approx((2.5 + 0.5 + 0) / 12)
    assert row["area_low"] == 0 < row["area"] < row["area_high"]
    assert math.isnan(row["p"])


def test_a_median_that_fewer_than_half_reach_is_infinite_and_one_seed_has_no_interval(tmp_path: Path) -> None:
    summary = learning_summary(set_of(learnt(tmp_path, [NEVER, NEVER, EARLY]), learnt(tmp_path, [EARLY], length=2)))
    first, second = summary[summary["threshold"] == 0.9].to_dict("records")
    assert (first["median"], second["median"]) == (math.inf, 200)
    assert math.isnan(second["area_low"])


@pytest.mark.parametrize(
    ("naive", "verdict"),
    [
        ([EARLY] * 5, "better"),
        ([NEVER] * 5, "worse"),
        ([LATE] * 5, "no difference found"),
        ([EARLY], "no verdict"),
    ],
)
def test_sooner_than_baseline_of_the_same_cell_is_better(
    tmp_path: Path, naive: list[tuple[float, ...]], verdict: str
) -> None:
    runs = set_of(
        learnt(tmp_path, [LATE] * 5),
        learnt(tmp_path, naive, curriculum="naive"),
        learnt(tmp_path, [EARLY] * 5, length=2),
    )
    summary = learning_summary(runs)
    found = summary[(summary["curriculum"] == "naive") & (summary["threshold"] == 0.9)]
    assert found["verdict"].tolist() == [verdict]
    assert set(summary[summary["curriculum"] == "baseline"]["verdict"]) == {"no verdict"}


def test_a_verdict_is_the_tests_own_where_medians_are_alike(tmp_path: Path) -> None:
    # Of either less than half get there: of baseline 6 of 13, and soon, of naive 7 of 60, and late.
    slow, quick = [NEVER] * 53 + [LATE] * 7, [NEVER] * 7 + [EARLY] * 6
    summary = learning_summary(set_of(learnt(tmp_path, quick[::-1]), learnt(tmp_path, slow, curriculum="naive")))
    assert set(summary["median"]) == {math.inf}
    assert summary[summary["curriculum"] == "naive"]["verdict"].tolist() == ["worse"] * 3


def test_p_is_corrected_over_all_that_is_compared_with_baseline_at_a_threshold(tmp_path: Path) -> None:
    curves = {"baseline": LATE, "naive": EARLY, "mix": LATE}
    summary = learning_summary(set_of(*(learnt(tmp_path, [curve] * 5, curriculum=c) for c, curve in curves.items())))
    at = summary[summary["threshold"] == 0.5].set_index("curriculum")
    assert at.loc["naive", "p"] == pytest.approx(2 / math.comb(10, 5))
    assert at.loc["naive", "p_holm"] == pytest.approx(2 * 2 / math.comb(10, 5))


def test_runs_that_did_not_measure_the_target_are_left_out(tmp_path: Path) -> None:
    assert learning_summary(set_of(scored(tmp_path, [0.5, 0.6]))).empty
    old = scored_run(tmp_path, seed=7)
    old.append_metrics(check(100, validation_accuracy=1.0))
    runs = set_of(learnt(tmp_path / "new", [EARLY, LATE]), [old])
    assert set(learning_summary(runs)["seeds"]) == {2}

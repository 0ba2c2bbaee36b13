"""Curricula against one another: what is compared with what, and what counts as beyond chance."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from l2e.analysis.comparison import COLUMNS, comparisons
from l2e.analysis.power import minimum_detectable_difference, pooled_spread
from l2e.metrics import Rule
from tests.l2e.analysis.conftest import scored, set_of, two_files

LOW, HIGH = [0.10, 0.11, 0.12, 0.13, 0.14], [0.80, 0.82, 0.84, 0.86, 0.88]
APART = 2 / math.comb(10, 5)  # the smallest p of five seeds against five
EXACT = [Rule.EXACT_MATCH]


@pytest.mark.parametrize(
    ("naive", "baseline", "p", "verdict"),
    [
        (HIGH, LOW, APART, "better"),
        (LOW, HIGH, APART, "worse"),
        (LOW, LOW, 1.0, "no difference found"),
        (HIGH, LOW[:3], 2 / math.comb(8, 3), "better"),
    ],
)
def test_p_is_the_share_of_regroupings_of_seeds(
    tmp_path: Path, naive: list[float], baseline: list[float], p: float, verdict: str
) -> None:
    runs = set_of(scored(tmp_path, baseline), scored(tmp_path, naive, curriculum="naive"))
    (row,) = comparisons(runs, EXACT).to_dict("records")
    assert (row["seeds"], row["against_seeds"], row["verdict"]) == (len(naive), len(baseline), verdict)
    assert row["p"] == row["p_holm"] == pytest.approx(min(p, 1))
    assert row["difference"] == pytest.approx(sum(naive) / len(naive) - sum(baseline) / len(baseline))
    assert (row["p_holm"] < 0.05) == (not row["low"] <= 0 <= row["high"])
    wins = sum((one > other) + (one == other) / 2 for one in naive for other in baseline)
    assert row["improvement"] == pytest.approx(wins / len(naive) / len(baseline))
    spread = pooled_spread(naive, baseline)
    assert row["detectable"] == pytest.approx(minimum_detectable_difference(spread, len(naive), len(baseline)))


@pytest.mark.parametrize(("naive", "baseline"), [([1.0], [0.25]), ([1.0], LOW), (HIGH[:3], LOW[:3])])
def test_too_few_seeds_give_a_difference_and_no_verdict(
    tmp_path: Path, naive: list[float], baseline: list[float]
) -> None:
    runs = set_of(scored(tmp_path, baseline), scored(tmp_path, naive, curriculum="naive"))
    (row,) = comparisons(runs, EXACT).to_dict("records")
    assert row["difference"] == pytest.approx(sum(naive) / len(naive) - sum(baseline) / len(baseline))
    assert row["verdict"] == "no verdict"
    assert all(math.isnan(row[name]) for name in ("low", "high", "p", "p_holm", "improvement", "detectable"))


def test_seeds_that_do_not_vary_have_a_verdict_too(tmp_path: Path) -> None:
    runs = set_of(scored(tmp_path, [0.5] * 5), scored(tmp_path, [1.0] * 5, curriculum="naive"))
    (row,) = comparisons(runs, EXACT).to_dict("records")
    assert (row["verdict"], row["difference"], row["detectable"]) == ("better", 0.5, 0.0)


def test_p_is_corrected_over_what_is_compared_with_the_same_other_under_a_rule(tmp_path: Path) -> None:
    runs = set_of(
        scored(tmp_path, LOW),
        scored(tmp_path, HIGH, curriculum="combined"),
        scored(tmp_path, HIGH, curriculum="mix"),
        scored(tmp_path, LOW, length=2),
        scored(tmp_path, [0.13, 0.11, 0.12, 0.12, 0.12], length=2, curriculum="mix"),
    )
    frame = comparisons(runs, [Rule.EXACT_MATCH, Rule.CHARACTER]).set_index(["curriculum", "against", "length", "rule"])
    corrected = frame["p_holm"].xs("exact_match", level="rule").to_dict()
    assert corrected == pytest.approx(
        {
            ("combined", "baseline", 1): 3 * APART,
            ("mix", "baseline", 1): 3 * APART,
            ("mix", "baseline", 2): 1.0,
            ("combined", "mix", 1): 1.0,
        }
    )


@pytest.mark.parametrize("other", [{"length": 2}, {"budget": "7updates"}, {"scramble": 3}, {"test_samples": 7}])
def test_runs_that_differ_in_more_than_the_curriculum_are_not_compared(tmp_path: Path, other: dict[str, Any]) -> None:
    empty = comparisons(set_of(scored(tmp_path, LOW), scored(tmp_path, HIGH, curriculum="naive", **other)), list(Rule))
    assert list(empty.columns) == list(COLUMNS)
    assert empty.empty


def test_without_baseline_only_what_is_claimed_to_differ_is_compared(tmp_path: Path) -> None:
    runs = set_of(*(scored(tmp_path, LOW, curriculum=name) for name in ("naive", "mix", "combined")))
    pairs = comparisons(runs, EXACT)[["curriculum", "against"]].values.tolist()
    assert sorted(pairs) == [["combined", "mix"], ["combined", "naive"]]


def test_curricula_of_one_name_in_two_files_are_two(tmp_path: Path) -> None:
    one, other = two_files(tmp_path)
    runs = set_of(
        scored(tmp_path, LOW), scored(tmp_path, LOW, curriculum=one), scored(tmp_path, HIGH, curriculum=other)
    )
    frame = comparisons(runs, EXACT)
    assert frame["seeds"].tolist() == [5, 5]
    assert frame["verdict"].tolist() == ["no difference found", "better"]
    assert frame["learner"].nunique() == 2


def test_the_same_runs_in_another_order_have_the_same_figures(tmp_path: Path) -> None:
    accuracies = {"baseline": LOW, "naive": [0.2, 0.4, 0.1, 0.7, 0.3], "combined": HIGH}
    runs = [run for name, seeds in accuracies.items() for run in scored(tmp_path, seeds, curriculum=name)]
    forth, back = (
        comparisons(set_of(order), list(Rule)).sort_values(["curriculum", "against", "rule"], ignore_index=True)
        for order in (runs, runs[::-1])
    )
    pd.testing.assert_frame_equal(forth, back)

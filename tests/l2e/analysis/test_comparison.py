"""Curricula against one another: what is paired with what, and what counts as beyond chance."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from l2e.analysis.comparison import COLUMNS, comparisons, match
from l2e.experiments.run import Run, RunError
from l2e.metrics import Rule
from tests.l2e.reporting.html.conftest import SUMS, told_run

MANY = 40


def run_of(folder: Path, curriculum: str, right: Sequence[int], seed: int = 0, **changes: Any) -> Run:
    """A run that answered the samples with these numbers rightly, and the rest of MANY wrongly."""
    answers = [(f"print({n})", f"{n % 10}.", f"{n % 10}." if n in right else "no", "..") for n in range(MANY)]
    return told_run(folder, answers, curriculum=curriculum, seed=seed, **changes)


def one_row(runs: Sequence[Run], rule: Rule = Rule.EXACT_MATCH) -> Any:
    (row,) = comparisons(runs, [rule]).itertuples(index=False)
    return row


def test_a_row_a_cell_and_rule(tmp_path: Path) -> None:
    runs = [told_run(tmp_path, SUMS[name], curriculum=name) for name in SUMS]
    frame = comparisons(runs, list(Rule))
    assert list(frame.columns) == list(COLUMNS)
    # Of "3." "17." "10.", 8 characters, baseline has 8 with help, and of its own 2 + 2 + 1 of 2 + 3 + 3; naive has 7
    # with help, and of its own 2 + 3 + 2 of 2 + 3 + 4.
    found = dict(zip(frame["rule"], frame["difference"], strict=True))
    assert found == pytest.approx(
        {"teacher_forced_accuracy": 7 / 8 - 1, "character_accuracy": 7 / 9 - 5 / 8, "exact_match": 2 / 3 - 1 / 3}
    )
    assert frame[["curriculum", "against", "seeds", "n"]].drop_duplicates().values.tolist() == [
        ["naive", "baseline", 1, 3]
    ]


def test_a_large_difference_is_beyond_chance_and_a_small_one_is_not(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, name, range(n)) for name, n in (("baseline", 10), ("naive", 11), ("combined", 35))]
    frame = comparisons(runs, [Rule.EXACT_MATCH]).set_index("curriculum")
    assert frame["difference"].to_dict() == pytest.approx({"naive": 1 / MANY, "combined": 25 / MANY})
    assert frame["beyond_chance"].to_dict() == {"naive": False, "combined": True}
    assert frame.loc["naive", "low"] < 0 < frame.loc["combined", "low"]


def test_p_is_corrected_over_the_cells_of_one_curriculum_and_rule(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, name, range(n), length=1) for name, n in (("baseline", 10), ("naive", 16), ("mix", 16))]
    runs += [run_of(tmp_path, name, range(n), length=2) for name, n in (("baseline", 10), ("naive", 11))]
    frame = comparisons(runs, [Rule.EXACT_MATCH, Rule.CHARACTER]).set_index(["curriculum", "length", "rule"])
    p, corrected = (frame[name].xs("exact_match", level="rule") for name in ("p", "p_holm"))
    assert p["naive", 1] == p["mix", 1] < 0.05 < p["naive", 2]
    assert corrected["naive", 1] == pytest.approx(2 * p["naive", 1])
    assert corrected["mix", 1] == p["mix", 1]


def test_other_pairs_than_with_the_baseline_are_compared_if_wanted_and_correct_each_others_p(tmp_path: Path) -> None:
    right = {"baseline": 10, "naive": 12, "combined": 18}
    runs = [run_of(tmp_path, name, range(n)) for name, n in right.items()]
    frame = comparisons(runs, [Rule.EXACT_MATCH], lambda curriculum, other: curriculum == "combined")
    assert frame[["curriculum", "against"]].values.tolist() == [["combined", "baseline"], ["combined", "naive"]]
    assert frame["difference"].tolist() == pytest.approx([8 / MANY, 6 / MANY])
    assert frame["p_holm"].tolist() == pytest.approx([2 * frame["p"][0], frame["p"][1]])


def test_several_seeds_are_a_mean_with_students_interval(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, "baseline", range(10), seed) for seed in range(3)]
    runs += [run_of(tmp_path, "combined", range(10 + more), seed) for seed, more in enumerate((4, 8, 12))]
    row = one_row(runs)
    # Differences 0.1, 0.2, 0.3: mean 0.2, standard deviation 0.1, t(2) = 4.3027.
    assert (row.seeds, row.n) == (3, MANY)
    assert (row.difference, row.low, row.high) == pytest.approx((0.2, 0.2 - 0.24842, 0.2 + 0.24842), abs=1e-5)


def test_seeds_that_disagree_are_not_beyond_chance_however_many_samples_agree(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, "baseline", range(5), seed) for seed in range(2)]
    runs += [run_of(tmp_path, "combined", range(n), seed) for seed, n in enumerate((40, 6))]
    row = one_row(runs)
    assert row.p_holm < 0.001
    assert row.low < 0
    assert not row.beyond_chance


def test_seeds_that_agree_are_beyond_chance(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, "baseline", range(5), seed) for seed in range(3)]
    runs += [run_of(tmp_path, "combined", range(n), seed) for seed, n in enumerate((24, 25, 26))]
    assert one_row(runs).beyond_chance


def test_seeds_that_answer_alike_do_not_add_up_to_more_samples(tmp_path: Path) -> None:
    one = [run_of(tmp_path, name, range(n)) for name, n in (("baseline", 10), ("combined", 15))]
    two = [run_of(tmp_path, name, range(n), 1) for name, n in (("baseline", 10), ("combined", 15))]
    assert one_row(one + two).p == one_row(one).p


def test_runs_without_a_partner_of_their_seed_are_counted(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, "baseline", [], seed) for seed in (0, 1)]
    runs += [run_of(tmp_path, "naive", [], seed) for seed in (1, 2)]
    (found,) = match(runs)
    assert found.unpaired == 2
    assert [(a.experiment().seed, str(b.experiment().curriculum)) for a, b in found.pairs] == [(1, "baseline")]


@pytest.mark.parametrize(
    "other", [{"length": 2}, {"budget": "7updates"}, {"scramble": 3}, {"test_samples": 7}, {"seed": 1}]
)
def test_runs_that_differ_in_more_than_the_curriculum_are_not_paired(tmp_path: Path, other: dict[str, Any]) -> None:
    runs = [run_of(tmp_path, "baseline", []), run_of(tmp_path, "naive", [], **other)]
    assert match(runs) == []
    empty = comparisons(runs, list(Rule))
    assert list(empty.columns) == list(COLUMNS)
    assert empty.empty


def test_a_run_found_twice_is_one(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, name, []) for name in ("baseline", "naive")]
    (tmp_path / "elsewhere").mkdir()
    again = Run(tmp_path / "elsewhere" / ".." / runs[1].path.name)
    assert len(match([*runs, again])[0].pairs) == 1


def test_one_experiment_in_two_folders_is_refused(tmp_path: Path) -> None:
    runs = [run_of(tmp_path / place, "naive", []) for place in ("here", "there")]
    with pytest.raises(RunError, match=r"there/.* are of the same experiment; give one of them"):
        match(runs)


def test_other_samples_are_refused(tmp_path: Path) -> None:
    runs = [told_run(tmp_path, SUMS[name][::step], curriculum=name) for name, step in (("baseline", 1), ("naive", -1))]
    with pytest.raises(RunError, match="were not tested on the same samples in the same order"):
        comparisons(runs, [Rule.EXACT_MATCH])


def test_a_run_without_predictions_is_named(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, name, []) for name in ("baseline", "naive")]
    runs[1].predictions_path.write_text("")
    with pytest.raises(RunError, match=r"predictions\.jsonl is empty"):
        comparisons(runs, [Rule.EXACT_MATCH])
    runs[1].predictions_path.unlink()
    with pytest.raises(RunError, match=f"{runs[1]} has no predictions.jsonl"):
        comparisons(runs, [Rule.EXACT_MATCH])


def test_the_same_runs_in_another_order_have_the_same_figures(tmp_path: Path) -> None:
    runs = [run_of(tmp_path, name, range(n)) for name, n in (("baseline", 10), ("naive", 20), ("mix", 15))]
    forth, back = (
        comparisons(order, list(Rule)).sort_values(["curriculum", "rule"], ignore_index=True)
        for order in (runs, runs[::-1])
    )
    pd.testing.assert_frame_equal(forth, back)

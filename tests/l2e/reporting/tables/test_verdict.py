"""Differences from baseline over seeds, their verdict in words, and claims."""

from pathlib import Path

import pytest

from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from l2e.reporting.table import Table
from l2e.reporting.tables.verdict import verdict_tables
from tests.l2e.reporting.tables.runs import scored

SPREAD = (-0.02, -0.01, 0.0, 0.01, 0.02)


def tables_of(folder: Path, accuracies: dict[str, float], seeds: int) -> list[Table]:
    """Of runs about these accuracies."""
    runs = [
        scored(folder, curriculum, accuracy + SPREAD[seed], seed)
        for curriculum, accuracy in accuracies.items()
        for seed in range(seeds)
    ]
    return verdict_tables(RunSet.of(runs), [Rule.EXACT_MATCH])


def test_over_seeds_a_difference_has_an_interval_and_a_verdict(tmp_path: Path) -> None:
    found = {"mix": 0.505, "naive": 0.25, "combined": 0.75, "baseline": 0.5}
    differences, overall, _ = tables_of(tmp_path, found, seeds=5)
    assert differences.title == "Exact match relative to baseline, percentage points"
    lines = {line[1]: line[2] for line in differences.frame.values.tolist()}
    assert list(lines) == ["naive", "mix", "combined"]
    assert [lines["naive"][:8], lines["naive"][-2:]] == ["-25.0 (-", ")*"]
    assert [lines["combined"][:8], lines["combined"][-2:]] == ["+25.0 (+", ")*"]
    assert (lines["mix"][:7], lines["mix"][-1]) == ("+0.5 (-", "]")  # with the difference that would have been found
    verdict, words = differences.paragraphs
    assert verdict == (
        "By exact match, against baseline in 1 cell over 5 seeds: "
        "naive worse in 1; mix no difference found in 1; combined better in 1."
    )
    assert "p < 0.05" in words
    assert overall.title == "Over all cells"
    middle = overall.frame.set_index("curriculum")["interquartile mean, %"]
    assert [cell.split()[0] for cell in middle] == ["50.0", "25.0", "50.5", "75.0"]
    assert overall.frame["better than baseline, %"].tolist()[:2] == ["–", "0.0 (0.0–0.0)"]
    relative = overall.frame["relative to baseline, points"].tolist()
    assert [relative[0], relative[1][:6], relative[1][-1]] == ["–", "-25.0 ", "*"]


def test_a_single_seed_has_a_difference_and_no_verdict(tmp_path: Path) -> None:
    differences, claims = tables_of(tmp_path, {"baseline": 0.5, "combined": 0.75}, seeds=1)
    assert differences.frame.values.tolist() == [["seq2seq", "combined", "+25.0†"]]
    assert differences.paragraphs[0] == "1 seed a cell: no verdict."
    assert set(claims.frame["verdict"]) == {"no verdict"}


@pytest.mark.parametrize("found", [{"naive": 0.5}, {"baseline": 0.5}, {"mix": 0.5, "naive": 0.4}])
def test_without_baseline_and_another_there_are_no_differences(tmp_path: Path, found: dict[str, float]) -> None:
    (overall,) = tables_of(tmp_path, found, seeds=2)
    assert set(overall.frame["better than baseline, %"]) == {"–"}


def test_only_the_baseline_of_the_same_settings_is_compared_with(tmp_path: Path) -> None:
    runs = [
        scored(tmp_path, curriculum, accuracy, scramble=scramble)
        for scramble, found in ((None, {"baseline": 0.9, "naive": 0.8}), (1, {"baseline": 0.3, "naive": 0.4}))
        for curriculum, accuracy in found.items()
    ]
    table = verdict_tables(RunSet.of(runs), [Rule.EXACT_MATCH])[0]
    assert table.frame.to_dict("records") == [
        {
            "learner": "seq2seq",
            "curriculum": "naive",
            "addition (1, 1)": "-10.0†",
            "addition, scrambled with seed 1 (1, 1)": "+10.0†",
        }
    ]

"""Curricula over all cells, against hand computations."""

from pathlib import Path

import numpy as np
import pytest

from l2e.analysis.overall import LEVELS, overall, profiles
from l2e.analysis.run_set import RunSet
from l2e.metrics import Rule
from tests.toys import experiment, finished_run, row


def runs_of(folder: Path, accuracies: dict[tuple[str, int], list[float]]) -> RunSet:
    """Runs by curriculum and length, a seed an accuracy."""
    made = []
    for (curriculum, length), several in accuracies.items():
        for seed, accuracy in enumerate(several):
            of = experiment(curriculum=curriculum, length=length, seed=seed)
            rows = [row("seq2seq", curriculum, seed, accuracy, length=length)]
            made.append(finished_run(folder / of.id, of, rows))
    return RunSet.of(made)


def test_the_middle_half_of_all_runs_and_the_probability_of_improvement_over_cells(tmp_path: Path) -> None:
    runs = runs_of(
        tmp_path,
        {
            ("baseline", 1): [0.1, 0.2],
            ("naive", 1): [0.3, 0.4],
            ("baseline", 2): [0.5, 0.6],
            ("naive", 2): [0.5, 0.9],
        },
    )
    baseline, naive = overall(runs, [Rule.EXACT_MATCH]).to_dict("records")
    assert baseline["iqm"] == pytest.approx((0.2 + 0.5) / 2)
    assert naive["iqm"] == pytest.approx((0.4 + 0.5) / 2)
    assert np.isnan(baseline["improvement"])
    # All four pairs of the first cell; of the second one tie, one loss and two wins.
    assert naive["improvement"] == pytest.approx((1 + (0.5 + 0 + 1 + 1) / 4) / 2)
    assert (naive["cells"], naive["runs"]) == (2, 4)


def test_over_cells_a_verdict_needs_fewer_seeds_than_in_one(tmp_path: Path) -> None:
    low, high = [0.1, 0.12, 0.14], [0.7, 0.72, 0.74]
    cells = {("baseline", length): low for length in (1, 2, 3)} | {("naive", length): high for length in (1, 2, 3)}
    naive = overall(runs_of(tmp_path, cells), [Rule.EXACT_MATCH]).iloc[1]
    assert naive["difference"] == pytest.approx(0.6)
    assert (naive["verdict"], naive["p_holm"] < 0.01) == ("better", True)
    alone = {("baseline", 1): low, ("naive", 1): high}
    assert overall(runs_of(tmp_path / "alone", alone), [Rule.EXACT_MATCH])["verdict"].tolist() == ["no verdict"] * 2


def test_cells_that_a_curriculum_lacks_or_has_with_one_seed_are_left_out(tmp_path: Path) -> None:
    cells = {("baseline", 1): [0.1, 0.2], ("naive", 1): [0.3, 0.4], ("baseline", 2): [0.5, 0.6], ("naive", 2): [0.9]}
    assert set(overall(runs_of(tmp_path, cells), [Rule.EXACT_MATCH])["cells"]) == {1}
    assert profiles(runs_of(tmp_path / "one", {("mix", 1): [0.5]}), Rule.EXACT_MATCH) == {}


def test_a_profile_falls_from_all_runs_to_none(tmp_path: Path) -> None:
    (profile,) = profiles(runs_of(tmp_path, {("mix", 1): [0.25, 0.75]}), Rule.EXACT_MATCH).values()
    assert profile.share[LEVELS < 0.25].tolist() == [1.0] * 25
    assert profile.share[-1] == 0
    assert set(profile.share) == {1.0, 0.5, 0.0}
